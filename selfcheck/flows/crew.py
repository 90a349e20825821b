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
        self._setup = setup
        self._pool: Any = None

    def __enter__(self) -> Self:
        """Start the processes."""
        from pebble import ProcessPool

        # A process is spawned as `python -c`, which would look for its first modules in the
        # folder the user stands in: an unpacked archive there must not bring its own.
        os.environ["PYTHONSAFEPATH"] = "1"
        with contextlib.suppress(OSError):
            # A worker may write into this folder but not make it. Without it, the networks are
            # built in memory.
            self._setup.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._pool = ProcessPool(
            max_workers=self.size,
            # A worker is replaced now and then, so that what a decoder leaks does not add up.
            max_tasks=5000,
            context=multiprocessing.get_context("spawn"),
            initializer=_enter,
            initargs=(self._setup,),
        )
        self._pool.schedule(_ready)  # a pool starts its processes with its first task
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
        future = self.hire(function, *args, seconds=seconds)
        try:
            # The pool's own limit counts from when a worker takes the task, and a worker that
            # cannot start never does.
            return _answer(future, within=seconds + STARTING)
        except TimeoutError as error:
            raise WorkerDied(f"no answer within {seconds:.0f} seconds") from error

    def hire(self, function: Callable[..., T], *args: object, seconds: float) -> Future[T]:
        """Hand one task over and return at once."""
        try:
            future: Future[T] = self._pool.schedule(function, args=args, timeout=seconds)
        except RuntimeError as error:
            raise _ended() from error
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
    except BrokenProcessPool as error:
        raise _ended() from error


def _ended() -> EngineError:
    """Say that the pool is gone: it does not outlive a worker that was ended between two tasks."""
    return EngineError(
        "A worker process was ended from outside.",
        hint="the same command again; it goes on from here",
    )


class Desk(Generic[K, T]):
    """The tasks in hand: never more than a few a worker, answers as they come."""

    def __init__(self, crew: Crew) -> None:
        """Keep at most three tasks a worker in hand."""
        self._crew = crew
        self._room = crew.size * 3
        self._held: dict[Future[T], tuple[K, float]] = {}

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
        self._held[self._crew.hire(function, *args, seconds=seconds)] = key, seconds

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
        # The order in which futures ended is not kept by `wait`; the order of hand-over is.
        for future in [held for held in self._held if held in done]:
            key, seconds = self._held.pop(future)
            yield key, self._value(future, seconds)

    def _value(self, future: Future[T], seconds: float) -> T | Skipped | None:
        try:
            return _answer(future)
        except WorkerDied:
            return None
        except TimeoutError:
            detail = f"more than {seconds:.0f} seconds"
            return Skipped(item="", reason=Reason.TIMED_OUT, detail=detail)
