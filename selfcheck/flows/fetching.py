"""The process that asks web addresses: it has the network, and nothing else.

Owns the process and what goes to and fro; it is never told of a profile, and what it asks is in
`sources.web`. Pages and pictures are looked at by workers, which have no network.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Self

from selfcheck.errors import SourceError
from selfcheck.privacy import cage

if TYPE_CHECKING:
    from selfcheck.sources.web import Fetched, Wanted

_ENDING = 5.0  # seconds that it may take to end


class Courier:
    """Asks addresses in a process of its own. A context manager; enter it before the network goes.

    `private_hosts` are hosts of the user's own that may lie in private networks.
    """

    def __init__(self, *, private_hosts: frozenset[str] = frozenset()) -> None:
        """Describe it; the process starts on entering."""
        self.in_hand = 0
        context = multiprocessing.get_context("spawn")
        self._connection, self._others = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(self._others, private_hosts), name="fetcher", daemon=True
        )

    def __enter__(self) -> Self:
        """Start the process."""
        self._process.start()
        self._others.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process, and what it is asking."""
        self._connection.close()
        self._process.terminate()
        self._process.join(_ENDING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def ask(self, key: int, wanted: Wanted) -> None:
        """Have an address asked; its answer comes with the key."""
        with _lost_if_broken():
            self._connection.send((key, wanted))
        self.in_hand += 1

    def answers(self, within: float) -> Iterator[tuple[int, Fetched]]:
        """Wait so many seconds for an answer, and yield those there are.

        Raises SourceError where the process was ended from outside.
        """
        while self.in_hand and self._is_there(within):
            with _lost_if_broken():
                key, fetched = self._connection.recv()
            self.in_hand -= 1
            within = 0
            yield key, fetched

    def _is_there(self, within: float) -> bool:
        with _lost_if_broken():
            return self._connection.poll(within)


@contextlib.contextmanager
def _lost_if_broken() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError) as error:
        raise SourceError(
            "The process that asks web addresses was ended from outside.",
            hint="the same command again; it goes on from here",
        ) from error


def _serve(connection: Connection, private_hosts: frozenset[str]) -> None:
    """Be the fetcher's process, until the other end is closed."""
    # The parent decides what Ctrl-C means; the terminal sends it to everybody.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cage.enter_fetcher()
    asyncio.run(_answer_all(connection, private_hosts))


async def _answer_all(connection: Connection, private_hosts: frozenset[str]) -> None:
    from selfcheck.sources.web.fetcher import Fetcher

    fetcher = Fetcher(private_hosts=private_hosts)
    one_at_a_time = asyncio.Lock()

    async def answer(key: int, wanted: Wanted) -> None:
        fetched = await fetcher.fetch(wanted)
        async with one_at_a_time:
            # In a thread: a parent that is busy must not make other answers look slow.
            await asyncio.to_thread(connection.send, (key, fetched))

    tasks: set[asyncio.Task[None]] = set()
    with contextlib.suppress(EOFError, OSError):
        while True:
            key, wanted = await asyncio.to_thread(connection.recv)
            task = asyncio.create_task(answer(key, wanted))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
    for task in tasks:
        task.cancel()
