"""What every request has to pass, and what every answer carries. Knows no page.

Owns the rules; who may speak is `session`. A request that is let through comes with its whole
body, which is within its bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from selfcheck.web.listening import HOST
from selfcheck.web.session import Session

# A page sends it along, and a form or a link of another site cannot: holds the seat.
SEAT: Final = "x-selfcheck"
_DIGITS = 9  # of a length that is looked at; Python refuses to read very long numbers
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DEVICES: Final = (
    *("accelerometer", "display-capture", "geolocation", "gyroscope", "hid"),
    *("magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
)


def headers(*, camera: bool) -> list[tuple[str, str]]:
    """Give what every answer carries, errors too."""
    devices = {"camera": "(self)" if camera else "()"} | dict.fromkeys(_DEVICES, "()")
    return [
        ("content-security-policy", _POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("permissions-policy", ", ".join(f"{name}={who}" for name, who in devices.items())),
    ]


class Refused(Exception):
    """A request that is not let through: the status of the answer, and why in a few words."""

    def __init__(self, status: int, reason: str, **headers: str) -> None:
        """Keep them for the answer, with the headers that such an answer has."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers


class Guard:
    """Lets through what the one page of this server asks, and nothing else.

    gets: the addresses that can be read. posts: those that can be written to, each with the
    largest body in bytes. entrance: the one of them for which no session is needed.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int,
        session: Session,
        gets: frozenset[str],
        posts: Mapping[str, int],
        entrance: str,
    ) -> None:
        """Stand before an application."""
        self._app = app
        self._host = f"{HOST}:{port}"
        self._session = session
        self._gets = gets
        self._posts = posts
        self._entrance = entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here and hang up."""
        request = Request(scope, receive)
        try:
            limit = self._limit(request)
            body = await _whole(request, limit)
        except Refused as no:
            # Whoever was refused may have a large body still to come: it is not waited for.
            hang_up = {"connection": "close", **no.headers}
            answer = JSONResponse({"reason": no.reason}, no.status, headers=hang_up)
            await answer(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _once(body), send)

    def _limit(self, request: Request) -> int:
        """Tell how many bytes this request may bring; raise Refused if it may not pass."""
        # First of all: a name that an attacker's server resolves to this computer is not ours.
        if _only(request, "host") != self._host:
            raise Refused(403, "another host")
        path = request.scope["path"]
        match request.method:
            case "GET" if path in self._gets:
                return 0
            case "POST" if path in self._posts:
                self._check_sender(request, path)
                return self._posts[path]
            case "GET" | "POST" if path not in self._gets and path not in self._posts:
                raise Refused(404, "no such page")
            case _:
                allowed = "GET" if path in self._gets else "POST"
                raise Refused(405, "not done this way", allow=allowed)

    def _check_sender(self, request: Request, path: str) -> None:
        if _only(request, "origin") != f"http://{self._host}":
            raise Refused(403, "another origin")
        if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            raise Refused(403, "another site")
        seat = _only(request, SEAT)
        if not seat:
            raise Refused(403, "not sent by the page")
        if path == self._entrance:
            return
        if not self._session.known(request.cookies.get(self._session.cookie_name, "")):
            raise Refused(403, "no session")
        if not self._session.seated(seat):
            raise Refused(403, "open elsewhere")
        self._session.use()


def _only(request: Request, name: str) -> str | None:
    """Give a header that was sent once."""
    found = request.headers.getlist(name)
    return found[0] if len(found) == 1 else None


async def _whole(request: Request, limit: int) -> bytes | None:
    """Read the body, never more than the limit; None when the other side is gone."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > _DIGITS or int(length) > limit:
        raise Refused(413, "too large")
    body = bytearray()
    while True:
        message = await request.receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > limit:
            raise Refused(413, "too large")
        if not message.get("more_body", False):
            return bytes(body)


def _once(body: bytes) -> Receive:
    """Hand over a body that was read already."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
