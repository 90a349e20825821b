"""What is asked for, what became of it, and the log of every request: plain frozen values.

Owns the closed list of outcomes. A trouble becomes one of them; how it comes about is
told by the modules beside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from selfcheck.sources.web.addresses import Address

METHOD = "GET"  # of every request there is


class Outcome(StrEnum):
    """What became of one address. All but the first two mean: not checked."""

    OK = "ok"
    NOT_MODIFIED = "not modified"
    GONE = "gone"  # 404 and 410: the host answered that it is not there
    HTTP_ERROR = "http error"
    LOGIN_WALL = "login wall"
    BOT_CHECK = "bot check"
    CONSENT_PAGE = "consent page"
    NOT_AN_IMAGE = "not an image"
    REDIRECTED = "redirected"  # of one request in the log, never of an address
    DEFERRED = "deferred"  # the host asks to come again later
    BLOCKED_ADDRESS = "blocked address"  # of this computer, its network, or nobody's
    BLOCKED_SCHEME = "blocked scheme"  # neither http nor https
    BAD_ADDRESS = "bad address"
    DOWNGRADED = "redirected from https to http"
    REDIRECT_LOOP = "redirect loop"
    TOO_MANY_REDIRECTS = "too many redirects"
    DNS_FAILED = "name not found"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls failed"
    DEADLINE = "deadline"
    TOO_SLOW = "too slow"
    TOO_LARGE = "too large"
    HEADERS_TOO_LARGE = "headers too large"
    BOMB = "bomb"
    UNASKED_ENCODING = "unasked encoding"  # packed in a way that was not asked for
    CUT_SHORT = "cut short"
    MALFORMED = "malformed"


class Want(StrEnum):
    """What an address is expected to be. Its bytes decide what it is."""

    ADDRESS = "address"  # what a user typed: a page, a picture or a film
    PAGE = "page"
    PICTURE = "picture"
    ROBOTS = "robots.txt"


class Kind(StrEnum):
    """What bytes are, as far as fetching needs to know."""

    PICTURE = "picture"
    FILM = "film"
    PAGE = "page"
    OTHER = "other"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an earlier answer said of itself, for asking whether it has changed."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One address to fetch.

    `typed` says that the user gave this very address: only then may it lie on a host that
    the user allowed although it is private. `page` is the page that names it.
    """

    address: Address
    want: Want = Want.ADDRESS
    typed: bool = False
    page: Address | None = None
    known: Known | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request for the log, also one that never left. Sizes in bytes, without TLS."""

    host: str
    method: str
    address: str
    outcome: Outcome
    status: int | None = None
    sent: int = 0  # 0: nothing left this computer but the look-up of the name
    received: int = 0
    at: float = field(default=0.0, compare=False)  # when it began, in seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The headers of an answer that are kept, as they came; empty where there was none."""

    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of one address: the outcome, why, and what came."""

    outcome: Outcome
    address: Address
    final: Address
    detail: str = ""
    chain: tuple[str, ...] = ()  # where redirects led, in order
    status: int | None = None
    told: Told = field(default_factory=Told)
    kind: Kind = Kind.EMPTY
    body: bytes = field(default=b"", repr=False)  # of OK only
    requests: tuple[Request, ...] = ()
    again_in: float | None = None  # seconds, of DEFERRED, where the host said


class Trouble(Exception):
    """Something ended one request; the fetcher makes a value of it, and it goes no further."""

    def __init__(self, outcome: Outcome, detail: str, *, again_in: float | None = None) -> None:
        """Keep the outcome, why in half a sentence, and in how many seconds to ask again."""
        super().__init__(outcome, detail)
        self.outcome = outcome
        self.detail = detail
        self.again_in = again_in
