"""Whose turn it is: how many connections at once, how many requests a second, and who waits.

Owns the pace towards hosts, over all that one fetcher does, and when to ask again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from selfcheck.sources.web.limits import Pace
from selfcheck.sources.web.outcomes import Outcome, Trouble

_LONGEST_PAUSE = 60.0


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready: float = 0.0  # from when on the next request may start


class Turns:
    """Lets requests start one after the other, so that no host is pressed."""

    def __init__(
        self,
        pace: Pace,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        patience: float,
    ) -> None:
        """Keep to `pace`; give up a turn that is more than `patience` seconds away."""
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._patience = patience
        self._all = asyncio.Semaphore(pace.connections)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until the host may be asked; raise Trouble(DEFERRED) if that is far away."""
        state = self._host(host)
        async with state.slots:
            await self._begin(state)
            try:
                yield
            finally:
                self._all.release()

    def hold(self, host: str, seconds: float) -> None:
        """Ask the host nothing for so long."""
        state = self._host(host)
        state.ready = max(state.ready, self._clock() + seconds)

    async def _begin(self, state: _Host) -> None:
        # One at a time, and the place among all only at the last: a host that wants to be
        # asked slowly keeps no others waiting.
        async with state.starting:
            while (wait := state.ready - self._clock()) > 0:
                if wait > self._patience:
                    raise Trouble(
                        Outcome.DEFERRED, "the host asked to be left alone", again_in=wait
                    )
                await self._sleep(wait)
            await self._all.acquire()
            state.ready = max(state.ready, self._clock() + self._pace.apart)

    def _host(self, host: str) -> _Host:
        if host not in self._hosts:
            self._hosts[host] = _Host(asyncio.Semaphore(self._pace.per_host))
        return self._hosts[host]


def retry_after(text: str, *, now: float) -> float | None:
    """Read Retry-After, seconds or a date, as seconds from `now` (a Unix time)."""
    text = text.strip()
    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def pause(repeats: int, chance: float) -> float:
    """Give the seconds before the next try: up to 1, 2, 4 ..., `chance` (0 to 1) says how much."""
    longest: float = min(_LONGEST_PAUSE, 2.0**repeats)
    return longest * chance
