"""The review's page in the server's process: what is shown to the page, answers to the command.

Owns the two directions and nothing else: no picture is looked into, and only the newest waits here.
Imported in that process only.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from selfcheck.web.line import Kind, Message
from selfcheck.web.serving import File, Post, Tell
from selfcheck.web.session import Session

ANSWERS: Final = frozenset({"me", "not-me", "unsure", "undo", "stop"})
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
# Seconds for the next picture, after which the page asks again: fewer than a connection has.
PATIENCE = 5.0


class ReviewRelay:
    """Passes each answer on once, and holds the page's request until there is something new."""

    camera = False
    files: Mapping[str, File] = {
        "/": File(name="review.html", media="text/html"),
        "/review.js": File(name="review.js", media="text/javascript"),
        "/review.css": File(name="review.css", media="text/css"),
    }

    def __init__(self, session: Session, tell: Tell, *, patience: float = PATIENCE) -> None:
        """Begin with nothing to show."""
        del session  # a page that is loaded again goes on at any time
        self.posts: Mapping[str, Post] = {
            "/shown": Post(answer=self._ask),
            "/answer": Post(answer=self._answer),
        }
        self._tell = tell
        self._patience = patience
        self._shown = Message(kind=Kind.SHOW)
        self._newer = asyncio.Event()
        self._answered = 0  # the newest question of which the command was told an answer

    def take(self, message: Message) -> None:
        """Show something else from now on."""
        if message.kind is Kind.SHOW:
            self._shown = message
            # Whoever waits is woken, and whoever comes later waits for the next.
            self._newer.set()
            self._newer = asyncio.Event()

    async def _ask(self, request: Request) -> Response:
        """Give what is shown, once it is newer than what the page has."""
        known = _number(request)
        return _unclear() if known is None else await self._after(known)

    async def _answer(self, request: Request) -> Response:
        """Pass an answer on, if it is to what is shown and the first, and give what comes next."""
        number = _number(request)
        answer = (await request.body()).decode("ascii", "replace")
        if number is None or answer not in ANSWERS:
            return _unclear()
        if number == self._shown.number > self._answered and not self._shown.last:
            self._answered = number
            self._tell(Message(kind=Kind.ANSWER, number=number, body=answer.encode()))
        return await self._after(number)

    async def _after(self, number: int) -> Response:
        try:
            async with asyncio.timeout(self._patience):
                while self._shown.number <= number:
                    await self._newer.wait()
        except TimeoutError:
            return JSONResponse({"reason": "nothing new yet"}, 503)
        after = BackgroundTask(self._told_last) if self._shown.last else None
        return Response(self._shown.body, media_type="application/json", background=after)

    async def _told_last(self) -> None:
        self._tell(Message(kind=Kind.SEEN))


def _number(request: Request) -> int | None:
    found = request.headers.get("x-selfcheck-number", "")
    return int(found) if _WHOLE_NUMBER.fullmatch(found) else None


def _unclear() -> Response:
    return JSONResponse({"reason": "what is it about?"}, 400)
