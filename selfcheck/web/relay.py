"""The camera's page in the server's process: pictures to the command, what it shows to the page.

Owns the two directions and nothing else: no picture is looked into, and at most one waits here.
Imported in that process only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from selfcheck.web.line import Kind, Message
from selfcheck.web.serving import File, Post, Tell
from selfcheck.web.session import Session
from selfcheck.web.troubles import CameraTrouble

LARGEST_PICTURE = 2**20
# Pictures on their way to the command: one it looks at, and one so that it need not wait.
ON_THE_WAY = 2
_JPEG = b"\xff\xd8"
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


class CameraRelay:
    """Passes pictures on as fast as the command takes them in, and drops those in between."""

    camera = True
    files: Mapping[str, File] = {
        "/": File(name="camera.html", media="text/html"),
        "/camera.js": File(name="camera.js", media="text/javascript"),
        "/camera.css": File(name="camera.css", media="text/css"),
    }

    def __init__(
        self, session: Session, tell: Tell, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin with nothing to show."""
        self.posts: Mapping[str, Post] = {
            "/frame": Post(answer=self._picture, limit=LARGEST_PICTURE),
            "/trouble": Post(answer=self._trouble),
        }
        self._session = session
        self._tell = tell
        self._now = now
        self._shown = Message(kind=Kind.SHOW, body=b"{}")
        self._seen = 0  # the newest cue that the page was told of
        self._first: float | None = None
        self._serial = -1
        self._cue = 0
        self._credit = ON_THE_WAY
        self._waiting: Message | None = None

    def take(self, message: Message) -> None:
        """Show something else from now on, or learn that a picture was taken in."""
        match message.kind:
            case Kind.SHOW:
                self._shown = message
            case Kind.NEXT:
                self._credit += 1
                self._pass_on()
            case _:
                pass

    async def _picture(self, request: Request) -> Response:
        """Take one picture in and answer at once with what is shown now."""
        data = await request.body()
        serial = _number(request, "x-selfcheck-frame")
        cue = _number(request, "x-selfcheck-cue")
        if serial is None or cue is None:
            return JSONResponse({"reason": "which picture is it?"}, 400)
        if not data.startswith(_JPEG):
            return JSONResponse({"reason": "not a JPEG"}, 415)
        # Two are on their way here at any time, and one can overtake the other.
        if serial > self._serial:
            self._serial = serial
            self._keep(data, cue)
        shown = self._shown
        self._seen = max(self._seen, shown.number)
        after = BackgroundTask(self._told_last) if shown.last else None
        return Response(shown.body, media_type="application/json", background=after)

    def _keep(self, data: bytes, cue: int) -> None:
        now = self._now()
        if self._first is None:
            self._first = now
            self._session.settle()
        # It cannot show what it was not told, nor go back.
        self._cue = max(self._cue, min(cue, self._seen))
        self._waiting = Message(
            kind=Kind.PICTURE, number=self._cue, seconds=now - self._first, body=data
        )
        self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting is not None and self._credit > 0:
            self._credit -= 1
            self._tell(self._waiting)
            self._waiting = None

    async def _told_last(self) -> None:
        self._tell(Message(kind=Kind.SEEN))

    async def _trouble(self, request: Request) -> Response:
        """Pass on what keeps the page from the camera, and answer with words for it."""
        try:
            trouble = CameraTrouble((await request.body()).decode("ascii", "replace"))
        except ValueError:
            return JSONResponse({"reason": "no such trouble"}, 400)
        self._tell(Message(kind=Kind.TROUBLE, body=trouble.value.encode()))
        return JSONResponse({"title": trouble.sentence, "detail": trouble.mend})


def _number(request: Request, name: str) -> int | None:
    found = request.headers.get(name, "")
    return int(found) if _WHOLE_NUMBER.fullmatch(found) else None
