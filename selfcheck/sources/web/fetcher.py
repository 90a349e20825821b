"""The fetcher: one address in, one value out, with every request that was made for it.

Owns redirects, repeating, the deadline and the outcome. It knows nothing of faces, ledgers
or pages, and follows no link.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
import time
from collections.abc import Awaitable, Callable
from functools import cached_property

import httpcore
import httpx

from selfcheck.sources.web import signs
from selfcheck.sources.web.asking import CONTENT, Answer, Conversation
from selfcheck.sources.web.connecting import Connector, Resolver, look_up
from selfcheck.sources.web.headers import headers_for
from selfcheck.sources.web.limits import Limits, Pace
from selfcheck.sources.web.metering import Meter
from selfcheck.sources.web.outcomes import (
    METHOD,
    Fetched,
    Kind,
    Outcome,
    Request,
    Trouble,
    Want,
    Wanted,
)
from selfcheck.sources.web.politeness import Turns, pause, retry_after
from selfcheck.sources.web.walk import Walk

_CHANCE = secrets.SystemRandom().random
_ASK_AGAIN = frozenset({Outcome.UNREACHABLE, Outcome.TOO_SLOW})
_BUSY = frozenset({429, 502, 503, 504})
_TOO_MANY, _UNAVAILABLE, _NOT_MODIFIED = 429, 503, 304
_GONE = frozenset({404, 410})


class Fetcher:
    """Fetches addresses, gently and within limits. Make one for each run.

    `private_hosts` are hosts of the user's own: their addresses may lie in private networks, where
    the user typed them or a page on the very same host names them. The other
    arguments are the edges of the program: names, connections, certificates, time, chance.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        pace: Pace | None = None,
        private_hosts: frozenset[str] = frozenset(),
        resolver: Resolver = look_up,
        network: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = _CHANCE,
    ) -> None:
        """Prepare; nothing is opened before the first `fetch`, and nothing stays open after one."""
        self._limits = limits or Limits()
        self._private_hosts = private_hosts
        self._resolver = resolver
        self._network = network
        self._given_tls = tls
        self._clock = clock
        self._now = now
        self._sleep = sleep
        self._chance = chance
        self._turns = Turns(pace or Pace(), clock=clock, sleep=sleep, patience=self._limits.wait)

    async def fetch(self, wanted: Wanted) -> Fetched:
        """Fetch one address. Every trouble is an outcome; nothing is raised."""
        walk = Walk(wanted, self._limits)
        try:
            while True:
                answer = await self._answer(walk)
                if answer.location is None:
                    break
                walk.follow(answer.location)
        except Trouble as trouble:
            return walk.ended(trouble)
        return walk.came(answer, *self._judged(walk, answer))

    async def _answer(self, walk: Walk) -> Answer:
        """Ask where the walk stands, again where that may help; raise Trouble."""
        while True:
            walk.tries += 1
            try:
                answer = await self._once(walk)
            except Trouble as trouble:
                if trouble.outcome not in _ASK_AGAIN or walk.is_last_try:
                    raise
                await self._sleep(pause(walk.repeats, self._chance()))
                continue
            if answer.status not in _BUSY or signs.judge(_seen(walk, answer)) is not None:
                return answer
            if not await self._waited(walk, answer):
                return answer

    async def _waited(self, walk: Walk, answer: Answer) -> bool:
        """Wait as a busy host asks, if it may be asked again; raise Trouble(DEFERRED)."""
        walk.status = answer.status
        asked = retry_after(answer.headers.get("retry-after", ""), now=self._now())
        if asked is not None:  # the next turn waits, or is given up where that is too long
            self._turns.hold(walk.at.host, asked)
        asks_to_wait = answer.status == _TOO_MANY or (
            answer.status == _UNAVAILABLE and asked is not None
        )
        if walk.is_last_try and asks_to_wait:
            raise Trouble(Outcome.DEFERRED, "the host asks to come again later", again_in=asked)
        if walk.is_last_try:
            return False
        if asked is None:
            await self._sleep(pause(walk.repeats, self._chance()))
        return True

    async def _once(self, walk: Walk) -> Answer:
        """Make one request, and log it whatever becomes of it; raise Trouble."""
        async with self._turns.turn(walk.at.host):
            meter = Meter(self._limits, self._clock)
            at, started, result = self._now(), self._clock(), Outcome.DEADLINE
            status: int | None = None
            try:
                answer = await self._in_time(walk, meter)
                status, result = answer.status, self._outcome(walk, answer)
            except Trouble as trouble:
                result = trouble.outcome
                raise
            finally:
                walk.spent += self._clock() - started
                walk.requests.append(
                    Request(
                        host=walk.at.host,
                        method=METHOD,
                        address=str(walk.at),
                        outcome=result,
                        status=status,
                        sent=meter.sent,
                        received=meter.received,
                        at=at,
                    )
                )
        return answer

    async def _in_time(self, walk: Walk, meter: Meter) -> Answer:
        connector = Connector(
            meter,
            resolver=self._resolver,
            network=self._network,
            private_allowed=walk.is_own and walk.at.host in self._private_hosts,
        )
        tls = self._tls if walk.at.scheme == "https" else None
        conversation = Conversation(walk.at, connector, meter, tls)
        try:
            async with asyncio.timeout(self._limits.deadline - walk.spent):
                return await conversation.ask(headers_for(walk.wanted, walk.at), walk.wanted.want)
        except TimeoutError as error:
            raise Trouble(
                Outcome.DEADLINE, f"it took longer than {self._limits.deadline:g} s"
            ) from error

    def _outcome(self, walk: Walk, answer: Answer) -> Outcome:
        if answer.location is not None:
            return Outcome.REDIRECTED
        return self._judged(walk, answer)[0]

    @staticmethod
    def _judged(walk: Walk, answer: Answer) -> tuple[Outcome, str]:
        """Say what an answer that is no redirect amounts to, and why."""
        if answer.status == _NOT_MODIFIED and walk.wanted.known is not None:
            return Outcome.NOT_MODIFIED, ""
        sign = signs.judge(_seen(walk, answer))
        if sign is not None:
            return sign
        if answer.status in _GONE:
            return Outcome.GONE, f"the host answered {answer.status}"
        if answer.status not in CONTENT:
            return Outcome.HTTP_ERROR, f"the host answered {answer.status}"
        return _useful(walk.wanted.want, answer.kind)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # Reading the certificates takes some tens of milliseconds, so not before they are needed.
        return self._given_tls or httpx.create_ssl_context(trust_env=False)


def _useful(want: Want, kind: Kind) -> tuple[Outcome, str]:
    match want, kind:
        case Want.ROBOTS, _:
            return Outcome.OK, ""
        case Want.PICTURE, Kind.PAGE:
            return Outcome.NOT_AN_IMAGE, "a page came where a picture should be"
        case _, Kind.OTHER | Kind.EMPTY:
            return Outcome.NOT_AN_IMAGE, "what came is neither picture nor page"
        case _:
            return Outcome.OK, ""


def _seen(walk: Walk, answer: Answer) -> signs.Answer:
    return signs.Answer(
        address=walk.at,
        status=answer.status,
        headers=answer.headers,
        kind=answer.kind,
        body=answer.body,
        redirected=bool(walk.chain),
    )
