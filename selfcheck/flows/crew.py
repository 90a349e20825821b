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
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from selfcheck.errors import EngineError
from selfcheck.model import Reason, Skipped

if TYPE_CHECKING:
    from selfcheck.flows.worker import Facts, Owner

# Seconds for a worker to start and load the networks, on the slowest machine in use.
STARTING = 120.0
# How often a run may lose its whole pool: something on this machine keeps ending its workers.
POOLS_ALLOWED = 5

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a worker process begins with: nothing of the owner's."""

    engine: str
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

    def __init__(self, setup: Setup, *, workers: int | None = None) -> None:
        """Describe the crew; processes start on entering."""
        self.size = workers or default_workers()
        self.pools = 0
        self._setup = setup
        self._pool: Any = None

    def __enter__(self) -> Self:
        """Start the processes."""
        # A process is spawned as `python -c`, which would look for its first modules in the
        # folder the user stands in: an unpacked archive there must not bring its own.
        os.environ["PYTHONSAFEPATH"] = "1"
        with contextlib.suppress(OSError):
            # A worker may write into this folder but not make it. Without it, the networks are
            # built in memory.
            self._setup.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes: at once after an error, otherwise when their work is done."""
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()

    def _start(self) -> None:
        from pebble import ProcessPool

        self.pools += 1
        self._pool = ProcessPool(
            max_workers=self.size,
            # A worker is replaced now and then, so that what a decoder leaks does not add up.
            max_tasks=5000,
            context=multiprocessing.get_context("spawn"),
            initializer=_enter,
            initargs=(self._setup,),
        )
        self._pool.schedule(_ready)  # a pool starts its processes with its first task

    def mend(self) -> None:
        """Start a new pool if this one broke; what was in its hands has to be handed over again.

        A pool does not outlive a worker that is ended while none of them is at a task: the
        system may do that when memory is short. EngineError when it happens again and again.
        """
        if self._pool.active:
            return
        self._pool.stop()
        self._pool.join()
        if self.pools >= POOLS_ALLOWED:
            raise EngineError(
                "The worker processes are ended from outside again and again; memory may be short.",
                hint="close other programs, then the same command again; it goes on from here",
            )
        self._start()

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
            future = self.hire(function, *args, seconds=seconds)
            try:
                # The pool's own limit counts from when a worker takes the task, and a worker
                # that cannot start never does.
                return _answer(future, within=seconds + STARTING)
            except TimeoutError as error:
                raise WorkerDied(f"no answer within {seconds:.0f} seconds") from error
            except BrokenProcessPool:
                continue

    def hire(self, function: Callable[..., T], *args: object, seconds: float) -> Future[T]:
        """Hand one task over and return at once."""
        self.mend()
        try:
            future: Future[T] = self._pool.schedule(function, args=args, timeout=seconds)
        except RuntimeError:  # it broke in between
            return self.hire(function, *args, seconds=seconds)
        return future


def _enter(setup: Setup) -> None:
    """Make this process a worker."""
    from selfcheck.flows import worker

    worker.enter(setup)


def _ready() -> None:
    """Answer that a worker is there."""


def _answer(future: Future[T], within: float | None = None) -> T:
    from pebble import ProcessExpired

    try:
        return future.result(within)
    except ProcessExpired as error:
        raise WorkerDied(str(error)) from error


def _lost(future: Future[T]) -> bool:
    """Say whether a task of a broken pool got no answer of its own."""
    return not future.done() or isinstance(future.exception(), BrokenProcessPool)


@dataclass(frozen=True, slots=True)
class _Order(Generic[K, T]):
    """A task as it was handed over, and which of the crew's pools it went to."""

    key: K
    function: Callable[..., T]
    args: tuple[object, ...]
    seconds: float
    pool: int


class Desk(Generic[K, T]):
    """The tasks in hand: never more than a few a worker, answers as they come."""

    def __init__(self, crew: Crew) -> None:
        """Keep at most three tasks a worker in hand."""
        self._crew = crew
        self._room = crew.size * 3
        self._held: dict[Future[T], _Order[K, T]] = {}

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
        future = self._crew.hire(function, *args, seconds=seconds)
        self._held[future] = _Order(key, function, args, seconds, self._crew.pools)

    def give_up(self) -> None:
        """Leave every task unanswered; a worker that is at one of them ends."""
        for future in self._held:
            future.cancel()
        self._held.clear()

    def answers(self) -> Iterator[tuple[K, T | Skipped | None]]:
        """Wait for an answer, half a second at most, and yield those there are.

        An answer is the function's value, a `Skipped` when the time was up, or None when the
        worker died.
        """
        done, _ = wait(self._held, timeout=0.5, return_when=FIRST_COMPLETED)
        self._hand_over_again()
        # The order in which futures ended is not kept by `wait`; the order of hand-over is.
        for future in [held for held in self._held if held in done]:
            order = self._held.pop(future)
            yield order.key, self._value(future, order.seconds)

    def _hand_over_again(self) -> None:
        """Give the crew once more what a broken pool lost: no item is to blame for that."""
        self._crew.mend()
        orders, self._held = self._held, {}
        for future, order in orders.items():
            if order.pool < self._crew.pools and _lost(future):
                self.hand_over(order.key, order.function, *order.args, seconds=order.seconds)
            else:
                self._held[future] = order

    def _value(self, future: Future[T], seconds: float) -> T | Skipped | None:
        try:
            return _answer(future)
        except WorkerDied:
            return None
        except TimeoutError:
            detail = f"more than {seconds:.0f} seconds"
            return Skipped(item="", reason=Reason.TIMED_OUT, detail=detail)
