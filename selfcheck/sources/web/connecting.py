"""Connecting to a host: its name looked up once, every address checked, one of them used.

Owns where a connection may go. It holds for each request and each redirect anew, because
no connection is used twice: none that was allowed for one address serves another.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeAlias

import httpcore

from selfcheck.sources.web.blocked import Ip, is_blocked, parsed
from selfcheck.sources.web.metering import Meter, Metered
from selfcheck.sources.web.outcomes import Outcome, Trouble

# Gives the addresses of a host; raises OSError.
Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
_ADDRESSES_TRIED = 4


async def look_up(host: str, port: int) -> Sequence[str]:
    """Ask the system for a host's addresses, in the order in which to try them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(_written(place) for *_, place in found))


def _written(place: tuple[Any, ...]) -> str:
    # An IPv6 place is address, port, flow, scope; a scope makes it one of this computer's links.
    host, _, *of_six = place
    scope = of_six[-1] if of_six else 0
    return f"{host}%{scope}" if scope and "%" not in str(host) else str(host)


class Connector(httpcore.AsyncNetworkBackend):
    """Connects to one host, for one request, if no address of it is blocked."""

    def __init__(
        self,
        meter: Meter,
        *,
        resolver: Resolver = look_up,
        network: httpcore.AsyncNetworkBackend | None = None,
        private_allowed: bool = False,
    ) -> None:
        """Check what `resolver` says; `network` makes the connections themselves."""
        self._meter = meter
        self._resolver = resolver
        self._network = network or httpcore.AnyIOBackend()
        self._private_allowed = private_allowed

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,  # noqa: ARG002 -- httpcore's interface
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the host's first address that answers; raise Trouble."""
        addresses = await self._checked(host, port)
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                stream = await self._network.connect_tcp(str(address), port, timeout)
            except (httpcore.NetworkError, httpcore.TimeoutException, OSError):
                continue
            try:
                _check_peer(stream, address)
            except BaseException:
                await stream.aclose()
                raise
            return Metered(stream, self._meter)
        raise Trouble(Outcome.UNREACHABLE, f"{host} does not answer on port {port}")

    async def _checked(self, host: str, port: int) -> tuple[Ip, ...]:
        try:
            texts = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise Trouble(Outcome.DNS_FAILED, f"{host} has no address") from error
        if not texts:
            raise Trouble(Outcome.DNS_FAILED, f"{host} has no address")
        addresses = []
        for text in texts:
            address = parsed(text)
            # One of several is enough: a name for both sides is how the check is got round.
            if address is None or is_blocked(address, private_allowed=self._private_allowed):
                raise Trouble(
                    Outcome.BLOCKED_ADDRESS, f"{host} leads to {text}, which is not public"
                )
            addresses.append(address)
        return tuple(addresses)


def _check_peer(stream: httpcore.AsyncNetworkStream, address: Ip) -> None:
    try:
        peer = stream.get_extra_info("server_addr")
    except OSError:
        peer = None
    if not peer or parsed(str(peer[0])) != address:
        raise Trouble(Outcome.BLOCKED_ADDRESS, "the connection went to another address")
