"""One request and its answer: a plain GET over a connection of its own, closed at its end.

Owns the conversation. Redirects, repeating and waiting are the fetcher's business.
httpx's own client is left out: it keeps cookies, adds headers, unpacks without a limit and
reads the addresses of redirects before anybody can look at them.
"""

from __future__ import annotations

import ssl
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import httpcore
import httpx

from selfcheck.sources.web.addresses import Address
from selfcheck.sources.web.bodies import Body, most_of
from selfcheck.sources.web.limits import Limits
from selfcheck.sources.web.metering import Meter
from selfcheck.sources.web.outcomes import METHOD, Kind, Outcome, Trouble, Want

_T = TypeVar("_T")
_LONGEST_REASON = 200
CONTENT = frozenset({200, 203})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a host answered. `location` is set for a redirect, whose body is never read."""

    status: int
    headers: httpx.Headers
    body: bytes = b""
    kind: Kind = Kind.EMPTY
    location: str | None = None


class Conversation:
    """One connection, for one request."""

    def __init__(
        self,
        address: Address,
        connector: httpcore.AsyncNetworkBackend,
        meter: Meter,
        tls: ssl.SSLContext | None,
    ) -> None:
        """Prepare; nothing is sent before `ask`."""
        self._meter = meter
        self._limits: Limits = meter.limits
        # Of the checked parts, so that no second reading of the address can differ from the first.
        self._url = httpcore.URL(
            scheme=address.scheme.encode("ascii"),
            host=address.host.encode("ascii"),
            port=address.port,
            target=address.target.encode("ascii"),
        )
        self._connection = httpcore.AsyncHTTPConnection(
            origin=self._url.origin,
            ssl_context=tls,
            http1=True,
            http2=False,
            network_backend=connector,
        )

    async def ask(self, headers: list[tuple[str, str]], want: Want) -> Answer:
        """Ask, read the answer and close the connection; raise Trouble."""
        request = httpcore.Request(
            METHOD,
            self._url,
            headers=[(name.encode("ascii"), value.encode("ascii")) for name, value in headers],
            extensions={"timeout": {"connect": self._limits.connect}},
        )
        try:
            response = await self._told(self._connection.handle_async_request(request))
            return await self._told(self._read(response, want))
        finally:
            await self._connection.aclose()

    async def _told(self, step: Awaitable[_T]) -> _T:
        try:
            return await step
        except httpcore.RemoteProtocolError as error:
            if self._meter.ended:
                raise Trouble(Outcome.CUT_SHORT, "the answer ends too early") from error
            raise Trouble(
                Outcome.MALFORMED, f"the answer is no HTTP: {str(error)[:_LONGEST_REASON]}"
            ) from error

    async def _read(self, response: httpcore.Response, want: Want) -> Answer:
        headers = httpx.Headers(response.headers)
        if response.status in REDIRECTS and "location" in headers:
            return Answer(
                status=response.status, headers=headers, location=_only(headers, "location")
            )
        if response.status not in CONTENT:
            body, kind = await self._start_of(response, headers)
            return Answer(status=response.status, headers=headers, body=body, kind=kind)
        collected = Body(headers, want, self._limits)
        self._meter.expect_body(most_of(want, self._limits))
        async for chunk in response.aiter_stream():
            collected.add(chunk)
        body, kind = collected.finish()
        return Answer(status=response.status, headers=headers, body=body, kind=kind)

    async def _start_of(
        self, response: httpcore.Response, headers: httpx.Headers
    ) -> tuple[bytes, Kind]:
        """Read as much of an error's page as tells what it is: its status stands anyway."""
        self._meter.expect_body(self._limits.error)
        try:
            collected = Body(headers, Want.PAGE, self._limits)
        except Trouble:
            return b"", Kind.OTHER
        try:
            async for chunk in response.aiter_stream():
                collected.add(chunk)
                if collected.size >= self._limits.error:
                    break
        except (Trouble, httpcore.RemoteProtocolError):
            pass
        body, kind = collected.so_far()
        return body[: self._limits.error], kind


def _only(headers: httpx.Headers, name: str) -> str:
    values = headers.get_list(name)
    if len(values) != 1:
        raise Trouble(Outcome.MALFORMED, f"the answer has {len(values)} headers of {name}")
    return values[0]
