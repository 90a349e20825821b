"""A crew of worker processes: bounded work in hand, and one dead worker loses one item.

Owns the pool and what its failures mean; what a worker does is in `worker`.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from selfcheck.errors import EngineError
from selfcheck.model import Reason, Skipped

if TYPE_CHECKING:
    from selfcheck.flows.worker import Facts, Owner

# Seconds for a worker to start and load the networks, on the slowest machine in use.
STARTING = 120.0
# How often workers may be ended while they are at no task, without an answer in between, before
# the run ends too: then something on this machine keeps ending them.
LOSSES_ALLOWED = 5
# A task that so many workers were lost with has ended them.
HAND_OVERS_ALLOWED = 3
# One that a worker is at and one that it goes on with at once; more would wait behind a long film
# while others have nothing to do.
_TASKS_A_WORKER = 2
# A worker is replaced now and then, so that what a decoder leaks does not add up.
_TASKS_IN_ALL = 5000

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a worker process begins with: nothing of the owner's.

    engine: None for a worker that looks at no face; it loads no networks and writes nothing.
    """

    engine: str | None
    cache: Path


class WorkerDied(Exception):
    """The process that held this task ended before it answered, or took too long."""


def default_workers() -> int:
    """Give one worker a core that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


class Crew:
    """Worker processes that see the pixels and, once they are told, the profile; no network.

    They are spawned, never forked: the parent's database, its locks and its threads stay here.
    They load their libraries while the parent goes on, so this module imports none of them.
    """

    def __init__(
        self, setup: Setup, *, workers: int | None = None, tasks: int = _TASKS_IN_ALL
    ) -> None:
        """Describe the crew; processes start on entering.

        tasks: after so many a worker is replaced by another, which knows nothing; 0 for never.
        """
        self.size = workers or default_workers()
        self._setup = setup
        self._tasks = tasks
        self._hands: list[Hand] = []
        self._losses = 0

    def __enter__(self) -> Self:
        """Start the processes."""
        # A process is spawned as `python -c`, which would look for its first modules in the
        # folder the user stands in: an unpacked archive there must not bring its own.
        os.environ["PYTHONSAFEPATH"] = "1"
        with contextlib.suppress(OSError):
            # A worker may write into this folder but not make it. Without it, the networks are
            # built in memory.
            self._setup.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            for _ in range(self.size):
                self._hands.append(self._hired())
        except EngineError as error:
            self.__exit__(type(error), error, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes: at once after an error, otherwise when their work is done."""
        for hand in self._hands:
            if kind is None:
                hand.pool.close()
            else:
                hand.pool.stop()
        for hand in self._hands:
            hand.pool.join()

    def _hired(self) -> Hand:
        """Start one process.

        Each has a pool, and so a pipe, of its own: one that is ended while it holds the lock of
        a pipe that it shares would leave the others waiting.
        """
        from pebble import ProcessPool

        pool = ProcessPool(
            max_workers=1,
            max_tasks=self._tasks,
            context=multiprocessing.get_context("spawn"),
            initializer=_enter,
            initargs=(self._setup,),
        )
        try:
            pool.schedule(_ready)  # a pool starts its process with its first task
        except (BrokenProcessPool, OSError) as error:
            raise EngineError(
                "A worker process cannot be started.",
                hint="close other programs, then the same command again; it goes on from here",
            ) from error
        return Hand(pool)

    def mend(self) -> None:
        """Replace the workers whose pool broke, as it does when one is ended between two tasks.

        The system does that when memory is short; EngineError when it happens again and again.
        """
        for hand in [hand for hand in self._hands if not hand.pool.active]:
            self._losses += 1
            if self._losses > LOSSES_ALLOWED:
                raise EngineError(
                    "The worker processes are ended from outside again and again; "
                    "memory may be short.",
                    hint="close other programs, then the same command again; it goes on from here",
                )
            self.replace(hand)

    def replace(self, hand: Hand) -> None:
        """Start another worker in the place of one that is gone; it may be told so twice."""
        if hand in self._hands:
            # Stopping gives them errors of its own, which are no answers.
            hand.lost = {task for task in hand.tasks if not task.done()}
            hand.pool.stop()
            hand.pool.join()
            self._hands[self._hands.index(hand)] = self._hired()

    def holds(self, order: Order[T]) -> bool:
        """Say whether a task is still in the hands of a worker, or was answered by one."""
        return order.hand in self._hands or order.answered

    def worked(self) -> None:
        """Note that a worker did its work: what was lost before was no series."""
        self._losses = 0

    def facts(self, owner: Owner | None = None) -> Facts:
        """Have a worker load everything, and learn what it is; EngineError where none starts."""
        from selfcheck.flows import worker

        try:
            return self.call(worker.facts, owner, seconds=STARTING)
        except WorkerDied as error:
            raise EngineError(
                "The worker processes cannot be started.", hint="selfcheck doctor"
            ) from error

    def call(self, function: Callable[..., T], *args: object, seconds: float = 900) -> T:
        """Run one function in a worker and wait for its answer.

        Raises whatever of this program's own errors the function raised, and `WorkerDied`.
        """
        while True:
            order = self.hire(function, *args, seconds=seconds)
            try:
                # The pool's own limit counts from when a worker takes the task, and a worker
                # that cannot start never does.
                return order.answer(within=seconds + STARTING)
            except TimeoutError as error:
                raise WorkerDied(f"no answer within {seconds:.0f} seconds") from error
            except WorkerDied:
                self.replace(order.hand)
                raise
            except BrokenProcessPool:
                continue

    def hire(self, function: Callable[..., T], *args: object, seconds: float) -> Order[T]:
        """Hand one task to the worker that has the fewest, and return at once."""
        self.mend()
        hand = min(self._hands, key=Hand.busy)
        try:
            future: Future[T] = hand.pool.schedule(function, args=args, timeout=seconds)
        except RuntimeError:  # it broke in between
            return self.hire(function, *args, seconds=seconds)
        hand.tasks.append(future)
        return Order(hand, future)


@dataclass(slots=True, eq=False)
class Hand:
    """One worker: its pool of one process, and the tasks it has been given."""

    pool: Any  # pebble's; imported when the first is started
    tasks: list[Future[Any]] = field(default_factory=list)
    lost: set[Future[Any]] = field(default_factory=set)

    def busy(self) -> int:
        """Count the tasks that it has not answered."""
        self.tasks = [task for task in self.tasks if not task.done()]
        return len(self.tasks)


@dataclass(frozen=True, slots=True, eq=False)
class Order(Generic[T]):
    """A task that was handed over, and to whom."""

    hand: Hand
    future: Future[T]

    @property
    def answered(self) -> bool:
        """Say whether it ended by itself, and not with its pool."""
        if self.future in self.hand.lost or not self.future.done():
            return False
        return not isinstance(self.future.exception(), BrokenProcessPool)

    def answer(self, within: float | None = None) -> T:
        """Wait for the value; raise what the task raised, and `WorkerDied`."""
        from pebble import ProcessExpired

        try:
            return self.future.result(within)
        except ProcessExpired as error:
            raise WorkerDied(str(error)) from error


def _enter(setup: Setup) -> None:
    """Make this process a worker."""
    from selfcheck.flows import worker

    worker.enter(setup)


def _ready() -> None:
    """Answer that a worker is there."""


@dataclass(frozen=True, slots=True, eq=False)
class _Held(Generic[K, T]):
    """A task in hand, and what it takes to hand it over again."""

    key: K
    function: Callable[..., T]
    args: tuple[object, ...]
    seconds: float
    order: Order[T]
    hand_overs: int = 1


class Desk(Generic[K, T]):
    """The tasks in hand: never more than a few a worker, answers as they come."""

    def __init__(self, crew: Crew) -> None:
        """Keep a few tasks a worker in hand."""
        self._crew = crew
        self._room = crew.size * _TASKS_A_WORKER
        self._held: list[_Held[K, T]] = []

    @property
    def full(self) -> bool:
        """Say whether no further task should be taken in now."""
        return len(self._held) >= self._room

    @property
    def empty(self) -> bool:
        """Say whether every task has been answered."""
        return not self._held

    def hand_over(self, key: K, function: Callable[..., T], *args: object, seconds: float) -> None:
        """Give a task to the crew, for at most so many seconds from when a worker takes it."""
        order = self._crew.hire(function, *args, seconds=seconds)
        self._held.append(_Held(key, function, args, seconds, order))

    def give_up(self) -> None:
        """Leave every task unanswered; a worker that is at one of them ends."""
        for held in self._held:
            held.order.future.cancel()
        self._held.clear()

    def answers(self, within: float = 0.5) -> Iterator[tuple[K, T | Skipped | None]]:
        """Wait for an answer, half a second at most, and yield those there are.

        An answer is the function's value, a `Skipped` when the time was up, or None when the
        worker died.
        """
        wait(
            [held.order.future for held in self._held], timeout=within, return_when=FIRST_COMPLETED
        )
        self._hand_over_again()
        # The order in which futures ended is not kept by `wait`; the order of hand-over is.
        for held in [held for held in self._held if held.order.answered]:
            self._held.remove(held)
            yield held.key, self._value(held)
        for held in [held for held in self._held if self._given_up(held)]:
            self._held.remove(held)
            yield held.key, None

    def _hand_over_again(self) -> None:
        """Give to others what a worker held that is gone: no item is to blame, the first times."""
        self._crew.mend()
        for index, held in enumerate(self._held):
            if not self._crew.holds(held.order) and not self._given_up(held):
                order = self._crew.hire(held.function, *held.args, seconds=held.seconds)
                self._held[index] = replace(held, order=order, hand_overs=held.hand_overs + 1)

    def _given_up(self, held: _Held[K, T]) -> bool:
        return held.hand_overs >= HAND_OVERS_ALLOWED and not self._crew.holds(held.order)

    def _value(self, held: _Held[K, T]) -> T | Skipped | None:
        try:
            value = held.order.answer()
        except WorkerDied:
            self._crew.replace(held.order.hand)
            return None
        except TimeoutError:
            detail = f"more than {held.seconds:.0f} seconds"
            return Skipped(item="", reason=Reason.TIMED_OUT, detail=detail)
        self._crew.worked()
        return value
