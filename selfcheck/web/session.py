"""Who may speak to the server: one window, which came by a token that works once.

Owns token, cookie and seat. A seat is one loaded page: its other windows share the cookie, but
not the seat. A page that is loaded again may take the seat it left, until the first picture has
come: that is when people reload, to let the browser use the camera. After that a reload ends the
check, which needs one person before one camera from beginning to end.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from secrets import token_urlsafe

# A new page asks for the seat within this many seconds after the old one left, or nobody does.
LEFT = 2.0


class Session:
    """The one session of a server."""

    def __init__(self, token: str, *, port: int, now: Callable[[], float] = time.monotonic) -> None:
        """Wait for whoever brings the token."""
        self.cookie_name = f"selfcheck-{port}"  # cookies are shared by all ports of a host
        self.settled = False
        self._token = token
        self._cookie = ""
        self._seat = ""
        self._now = now
        self._used = now()
        self._left: float | None = None

    def enter(self, *, token: str, cookie: str) -> tuple[str, str] | None:
        """Give cookie and seat to a page that may have them; None to any other."""
        if _same(token, self._token):
            self._token = ""
            self._cookie = _secret()
        elif not _same(cookie, self._cookie) or self._seat or self.settled:
            return None
        self._seat = _secret()
        self._left = None
        self.use()
        return self._cookie, self._seat

    def known(self, cookie: str) -> bool:
        """Say whether a cookie is this session's."""
        return _same(cookie, self._cookie)

    def seated(self, seat: str) -> bool:
        """Say whether a page holds the seat."""
        return _same(seat, self._seat)

    def use(self) -> None:
        """Note that the page is in use."""
        self._used = self._now()

    def settle(self) -> None:
        """Let no page take the seat any more once this one leaves it."""
        self.settled = True

    def leave(self) -> None:
        """Give up the seat."""
        self._seat = ""
        self._left = self._now()

    @property
    def gone(self) -> bool:
        """Say whether the page left its seat for good."""
        return self._left is not None and self._now() - self._left > LEFT

    def unused(self, seconds: float) -> bool:
        """Say whether nothing was asked for so long."""
        return self._now() - self._used > seconds


def _secret() -> str:
    return token_urlsafe(32)


def _same(given: str, held: str) -> bool:
    return bool(held) and hmac.compare_digest(given.encode(), held.encode())
