"""Hosts made by the tests: one server on loopback that stands for every name they invent.

The names lead to public addresses that nobody is asked at: the network given to the fetcher
connects to the server instead. Nothing in the program itself lets a test reach loopback.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpcore

from selfcheck.sources.web import Fetched, Limits, Pace, Want, Wanted, typed
from selfcheck.sources.web.addresses import Address
from selfcheck.sources.web.blocked import parsed
from selfcheck.sources.web.fetcher import Fetcher

PUBLIC = "93.184.215.14"
QUICK = Limits(deadline=3, connect=2, rate_over=2)
PAGE = b"<!doctype html><title>A club</title><p>Its members.</p>"
PICTURE = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 4

Handler: TypeAlias = Callable[["Guest"], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the server saw it."""

    host: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    after: bytes  # what came behind the headers: a body, which must never be

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.headers)

    def header(self, name: str) -> str:
        return dict(self.headers)[name]


@dataclass(slots=True)
class Guest:
    """Who asks, to answer them."""

    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader

    async def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()


def head(status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def says(*pieces: bytes) -> Handler:
    """Answer with exactly these bytes, and close."""

    async def handler(guest: Guest) -> None:
        await guest.say(*pieces)

    return handler


def gives(body: bytes = b"", status: int = 200, **headers: str) -> Handler:
    """Answer soundly; header names are written with underscores."""
    told = {"Content-Length": str(len(body))}
    told |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    return says(head(status, told.items()), body)


def leads(to: str, status: int = 302) -> Handler:
    """Redirect, with a body that nobody should read."""
    return gives(b"moved", status, location=to)


def in_turn(*handlers: Handler) -> Handler:
    """Answer the first time by the first, and so on; the last stays."""
    left = list(handlers)

    async def handler(guest: Guest) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(guest)

    return handler


async def hangs(guest: Guest) -> None:
    """Never answer."""
    await asyncio.sleep(60)


class Pretending(httpcore.AsyncNetworkStream):
    """A connection to the server that says it goes to the address the fetcher asked for."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, peer: object, network: Network) -> None:
        self._stream = stream
        self._peer = peer
        self._network = network
        self._open = True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        self._network.closed += self._open
        self._open = False
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        try:
            stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            # httpcore closes what is underneath, but knows nothing of this one.
            await self.aclose()
            raise
        self._open = False
        return Pretending(stream, self._peer, self._network)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's interface
        return self._peer if info == "server_addr" else self._stream.get_extra_info(info)


class Network(httpcore.AsyncNetworkBackend):
    """Connects every public address to the server, and counts."""

    def __init__(self, ports: Mapping[int, int], peer: str | None, deaf: frozenset[str]) -> None:
        self._ports = ports
        self._deaf = deaf
        self._peer = peer
        self._inner = httpcore.AnyIOBackend()
        self.dialled: list[tuple[str, int]] = []
        self.opened = 0
        self.closed = 0

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append((host, port))
        if port not in self._ports or host in self._deaf:
            raise httpcore.ConnectError("nobody listens there")
        stream = await self._inner.connect_tcp("127.0.0.1", self._ports[port], timeout)
        self.opened += 1
        return Pretending(stream, (self._peer or host, port), self)


class Names:
    """What names lead to: each look-up takes the next answer, the last one stays."""

    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._names = {name: [list(one) for one in answers] for name, answers in names.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if parsed(host) is not None:
            return [host]
        answers = self._names.get(host, [[PUBLIC]])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return found


class Time:
    """A clock that stands still but for sleeping, which takes no time."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)


@dataclass(slots=True)
class Visit:
    """All that happened."""

    all: tuple[Fetched, ...]
    asked: list[Asked]
    network: Network
    names: Names
    time: Time
    starts: list[float] = field(default_factory=list)
    at_once: int = 0

    @property
    def fetched(self) -> Fetched:
        (one,) = self.all
        return one


@dataclass(slots=True)
class Server:
    """Answers by host and path: routes are keyed `host/path`, or by `/path` for every host."""

    routes: Mapping[str, Handler]
    clock: Callable[[], float]
    asked: list[Asked] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    now: int = 0
    at_once: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        self.now += 1
        self.at_once = max(self.at_once, self.now)
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.now -= 1
            self.tasks.discard(task)
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        self.starts.append(self.clock())
        first, *lines = text.removesuffix("\r\n\r\n").split("\r\n")
        method, path, _ = first.split(" ")
        headers = tuple((name, value) for name, _, value in (x.partition(": ") for x in lines))
        host = dict(headers)["Host"]
        after = await _soon(reader)
        asked = Asked(host=host, method=method, path=path, headers=headers, after=after)
        self.asked.append(asked)
        self.reached.set()
        route = self.routes.get(host + path) or self.routes.get(path) or gives(b"", 404)
        await route(Guest(writer, reader))
        # Closing while the other side still sends would drop what was just said.
        if writer.can_write_eof():
            writer.write_eof()
        await reader.read()


async def _settled() -> None:
    """Let connections be taken and let go of that are on their way."""
    for _ in range(5):
        await asyncio.sleep(0)


async def _soon(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(0.005):
            return await reader.read(1000)
    except TimeoutError:
        return b""


def address(text: str) -> Address:
    found = typed(text)
    assert isinstance(found, Address), found
    return found


def wanted(text: str, want: Want = Want.ADDRESS, *, by_user: bool = True) -> Wanted:
    return Wanted(address=address(text), want=want, typed=by_user)


def visit(
    what: str | Wanted | Sequence[str | Wanted],
    routes: Mapping[str, Handler] | Handler,
    *,
    names: Mapping[str, Sequence[Sequence[str]]] | None = None,
    limits: Limits = QUICK,
    pace: Pace | None = None,
    private_hosts: frozenset[str] = frozenset(),
    time: Time | None = None,
    peer: str | None = None,
    deaf: frozenset[str] = frozenset(),
    ports: Sequence[int] = (80,),
    server_tls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    now: float = 1_700_000_000.0,
    stop_when_asked: bool = False,
) -> Visit:
    """Fetch from a server that answers by `routes`, all at once where there are several."""
    several = [what] if isinstance(what, (str, Wanted)) else list(what)
    asks = [one if isinstance(one, Wanted) else wanted(one) for one in several]
    clock = time or Time()
    server = Server(routes if isinstance(routes, Mapping) else _anywhere(routes), clock)
    known = Names(names or {})

    async def main() -> Visit:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        secure = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=server_tls)
        own = [one.sockets[0].getsockname()[1] for one in (listening, secure)]
        reached = dict.fromkeys(ports, own[0]) | ({443: own[1]} if server_tls else {})
        network = Network(reached, peer, deaf)
        fetcher = Fetcher(
            limits=limits,
            pace=pace,
            private_hosts=private_hosts,
            resolver=known,
            network=network,
            tls=tls,
            clock=clock,
            sleep=clock.sleep,
            now=lambda: now,
            chance=lambda: 0.5,
        )
        try:
            fetching = asyncio.gather(*(fetcher.fetch(one) for one in asks))
            if stop_when_asked:
                await server.reached.wait()
                await asyncio.sleep(0.02)
                fetching.cancel()
            done = await fetching
        except asyncio.CancelledError:
            done = []
        finally:
            await _settled()
            for task in server.tasks:
                task.cancel()
            await asyncio.gather(*server.tasks, return_exceptions=True)
            for one in (listening, secure):
                one.close()
                await one.wait_closed()
            await _settled()
        return Visit(
            tuple(done), server.asked, network, known, clock, server.starts, server.at_once
        )

    seen = asyncio.run(main())
    # Whatever happened, nothing stays open and nothing but a GET without a body was sent.
    assert seen.network.opened == seen.network.closed
    assert all(one.method == "GET" and not one.after for one in seen.asked)
    return seen


class _Anywhere(dict[str, Handler]):
    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self._handler = handler

    def get(self, key: str, default: Handler | None = None) -> Handler:  # type: ignore[override]
        return self._handler


def _anywhere(handler: Handler) -> Mapping[str, Handler]:
    return _Anywhere(handler)
