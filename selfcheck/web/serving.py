"""The server's process: shut in, then one page on one socket until the command hangs up.

Owns what any page needs: start, session, closing, idleness. What a page adds is a `Page`.
Imported in that process only.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import resources
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from selfcheck.privacy import cage, network
from selfcheck.web import connections
from selfcheck.web.guard import SEAT, Guard, headers
from selfcheck.web.line import Kind, Message, read, written
from selfcheck.web.listening import port_of
from selfcheck.web.server import Order
from selfcheck.web.session import Session

SESSION, CLOSED = "/session", "/closed"
_SMALL = 4 * 2**10  # bytes of a request that brings no picture
_LOOKS = 0.2  # seconds between two looks at who is still there

Tell = Callable[[Message], None]
Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a page may send to one address: who answers, and the largest body in bytes."""

    answer: Answer
    limit: int = _SMALL


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of the folder `static`, and its media type."""

    name: str
    media: str


class Page(Protocol):
    """What one kind of page adds to the server."""

    camera: bool
    files: Mapping[str, File]
    posts: Mapping[str, Post]

    def take(self, message: Message) -> None:
        """Take what the command says."""


Build = Callable[[Session, Tell], Page]


def run(order: Order, pipe: Connection, build: Build) -> None:
    """Serve a page in this process until the other end of the pipe is closed."""
    # The command decides what Ctrl-C means; the terminal sends it to everybody.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable()
    with asyncio.Runner() as runner:
        # Before the ban: on Windows a loop wakes itself through a socket of its own.
        runner.get_loop()
        network.forbid(serving=True)
        cage.enter_worker(may_write=())
        runner.run(_serve(order, pipe, build))


async def _serve(order: Order, pipe: Connection, build: Build) -> None:
    waiting: SimpleQueue[bytes] = SimpleQueue()
    session = Session(order.token, port=port_of(order.listening))

    def tell(message: Message) -> None:
        waiting.put(written(message))

    page = build(session, tell)
    guarded = _guarded(page, session, order)
    server = connections.server(guarded, headers(camera=page.camera))

    def stop() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    # The command takes its time over a picture, and a full pipe must not hold up the page.
    Thread(target=_send, args=(pipe, waiting), daemon=True).start()
    listen = partial(_listen, pipe, loop, page.take, stop)
    Thread(target=listen, daemon=True).start()
    watch = loop.create_task(_watch(session, tell, order.idle))
    await server.serve(sockets=[order.listening])
    watch.cancel()


def _send(pipe: Connection, waiting: SimpleQueue[bytes]) -> None:
    while True:
        try:
            pipe.send_bytes(waiting.get())
        except OSError:  # the command is gone, which `_listen` learns too
            return


def _listen(
    pipe: Connection,
    loop: asyncio.AbstractEventLoop,
    take: Callable[[Message], None],
    stop: Callable[[], None],
) -> None:
    try:
        while True:
            loop.call_soon_threadsafe(take, read(pipe.recv_bytes()))
    except (EOFError, OSError):
        loop.call_soon_threadsafe(stop)


async def _watch(session: Session, tell: Tell, idle: float) -> None:
    while not session.gone and not session.unused(idle):  # noqa: ASYNC110 -- it waits for time
        await asyncio.sleep(_LOOKS)
    tell(Message(kind=Kind.CLOSED if session.gone else Kind.IDLE))


def _guarded(page: Page, session: Session, order: Order) -> Guard:
    posts = {
        SESSION: Post(answer=partial(_enter, session, order.told)),
        CLOSED: Post(answer=partial(_leave, session)),
        **page.posts,
    }
    routes = [
        *(Route(path, _reading(file), methods=["GET"]) for path, file in page.files.items()),
        *(Route(path, post.answer, methods=["POST"]) for path, post in posts.items()),
    ]
    return Guard(
        Starlette(routes=routes),
        port=port_of(order.listening),
        session=session,
        gets=frozenset(page.files),
        posts={path: post.limit for path, post in posts.items()},
        entrance=SESSION,
    )


def _reading(file: File) -> Answer:
    content = resources.files("selfcheck.web").joinpath("static", file.name).read_bytes()

    async def answer(_: Request) -> Response:
        return Response(content, media_type=file.media)

    return answer


async def _enter(session: Session, told: Mapping[str, bool], request: Request) -> Response:
    """Give the session to the page that brings the token."""
    token = (await request.body()).decode("ascii", "replace")
    cookie = request.cookies.get(session.cookie_name, "")
    entered = session.enter(token=token, cookie=cookie)
    if entered is None:
        return JSONResponse({"reason": "open elsewhere"}, 403)
    cookie, seat = entered
    answer = JSONResponse({**told, SEAT: seat})
    answer.set_cookie(session.cookie_name, cookie, httponly=True, samesite="strict")
    return answer


async def _leave(session: Session, _: Request) -> Response:
    """Note that the page was closed."""
    session.leave()
    return Response(status_code=204)
