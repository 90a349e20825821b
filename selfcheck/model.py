"""The values that flow from source to report, and the few protocols they pass through.

Everything here is frozen and holds plain data: no pixels, no encodings, no open files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import BinaryIO, Protocol, TypeAlias

# --- where bytes come from -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file inside a source, before anybody has looked into it.

    `path` is for matching: NFC, forward slashes, no leading `./`. `shown` is the name as
    recorded, for display only and never trusted. `locator` opens the member again inside
    its part (a byte offset, an ordinal, a relative path) and is unique there. `stamp` changes
    when the file does: the modification time of a folder's file in ns since 1970; that of a
    zip's entry in seconds, as if in UTC, because a zip names no zone; a checksum of a picture
    within mail, a page or a web archive; 0 in a tar.
    """

    part: int
    locator: str
    path: str
    shown: str
    size: int
    stamp: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartInfo:
    """One archive or folder of a source: enough to open it again in another process."""

    path: str
    kind: str  # "folder", "zip", "tar"
    fingerprint: str  # tells the same archive again under another name
    name: str  # for display


class Tree(Protocol):
    """Several parts of one export as one read-only tree. Nothing is extracted to disk."""

    @property
    def label(self) -> str:
        """The name a person would use for it."""

    @property
    def parts(self) -> tuple[PartInfo, ...]:
        """The parts, in the order in which their members are listed."""

    @property
    def streamed(self) -> bool:
        """Whether any part can only be read once, from front to back (tar.gz)."""

    def members(self) -> Iterator[Member | Skipped]:
        """List what can be opened at any time, part by part, in a stable order."""

    def stream(self) -> Iterator[tuple[Member, BinaryIO] | Skipped]:
        """Read the parts that can only be read once, front to back, each member's bytes in turn."""

    def open(self, member: Member) -> BinaryIO:
        """Open a member that can be opened at any time, or a document kept from the stream."""


# --- what an export says about a picture -----------------------------------------------


class PictureKind(StrEnum):
    """What a picture was in its platform's terms."""

    POST = "post"
    ALBUM = "album"
    STORY = "story"
    PROFILE = "profile picture"
    COVER = "cover picture"
    MESSAGE = "message"
    COMMENT = "comment"
    GROUP = "group"
    ARCHIVE = "archived"
    LIBRARY = "photo library"
    FILE = "file"
    PAGE = "page"


class Audience(StrEnum):
    """Who could see a picture, as recorded at export time."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    FRIENDS = "friends"
    GROUP = "group"
    DIRECT = "direct"
    PRIVATE = "private"
    UNKNOWN = "unknown"


# From the widest audience to the narrowest. What is not recorded comes right after those
# that may be strangers: it could be any of them.
REACH = (
    Audience.PUBLIC,
    Audience.UNLISTED,
    Audience.FOLLOWERS,
    Audience.FRIENDS,
    Audience.UNKNOWN,
    Audience.GROUP,
    Audience.DIRECT,
    Audience.PRIVATE,
)


class Author(StrEnum):
    """Who posted or sent a picture."""

    OWNER = "owner"
    OTHER = "somebody else"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """How exactly a time is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point in time and how well it is known. `when` is aware where the zone is known."""

    when: datetime
    precision: Precision = Precision.SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an export says a picture was taken, in WGS 84 degrees, or a place's name."""

    latitude: float | None = None
    longitude: float | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an export tells of one picture in one place where it stands."""

    platform: str
    kind: PictureKind
    permalink: str | None = None
    permalink_derived: bool = False
    caption: str | None = None
    time: Moment | None = None
    author: Author = Author.UNKNOWN
    author_name: str | None = None
    album: str | None = None  # album, chat, group or page
    audience: Audience = Audience.UNKNOWN
    place: Place | None = None
    tagged: int = 0  # other people's names stay in the export; only how many is kept
    listed_in: str | None = None  # which file of the export said so, or which page
    answered: datetime | None = None  # of a web address: when its host gave the picture
    modified: datetime | None = None  # and of when the picture is, by its host's account


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of an export: which member it is, and one context in which it stands."""

    member: Member
    context: Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A picture that an export lists and none of its parts holds."""

    path: str
    listed_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A picture that an export names only by its web address. No archive scan fetches it.

    Without what would let others in: an address that carries a token is given without it.
    """

    address: str
    context: Context


# What an export says, one by one.
Listed: TypeAlias = Picture | Missing | Address


# --- what became of a file -------------------------------------------------------------


class Reason(StrEnum):
    """Why a file that should be readable was not examined. The value is shown to people."""

    TRUNCATED = "the file ends too early"
    DAMAGED = "the file is damaged"
    NOT_A_PICTURE = "named like a picture, but its content is something else"
    TOO_LARGE = "more pixels or bytes than the limit"
    UNSUPPORTED = "a format that is not read"
    ENCRYPTED = "encrypted"
    NO_PERMISSION = "no permission to read it"
    VANISHED = "it was listed and is gone"
    HOSTILE = "built to attack the program that reads it"
    CRASHED = "the decoder crashed on it"
    TIMED_OUT = "it took longer than the limit"
    NESTED = "an archive inside the archive is not read"
    LINK = "a link, device or other special file is not followed"
    GONE = "its host answers that it is not there"
    NO_ANSWER = "its host could not be asked, or gave no answer of use"
    LOGIN_WALL = "its host shows it only to people who are logged in"
    BOT_CHECK = "its host asks whether a person is there"
    CONSENT_PAGE = "its host wants an answer about cookies first"
    NO_WEB_ADDRESS = "not an address that may be asked"


class Rule(StrEnum):
    """Why a file was left alone on purpose. The value is shown to people."""

    DOCUMENT = "text, data or another file that holds no picture"
    SOUND = "sound"
    SYSTEM = "a system's own file (thumbnail cache, folder settings)"
    STICKER = "sticker of a platform"
    EMPTY = "empty file"
    REVISIT = "a web archive's note that an answer was the same as before"
    PIECE = "a piece of a file, as web archives keep them of films"
    PAGE = "a web page, whose pictures count by themselves"
    FRAME = "a page within a page: name its address to have it asked"
    ROBOTS = "its host asks programs to stay away, and you asked to respect that"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """One file that could not be examined: which, why, and what exactly was seen."""

    item: str
    reason: Reason
    detail: str = ""


class Unreadable(Exception):
    """One member of a tree cannot be opened or read on; the run goes on without it."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        """Keep why, in the terms of a report, and what exactly was seen."""
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


# --- faces and matches -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels of the upright picture; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Give the width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Give the height in pixels."""
        return self.bottom - self.top

    def scaled(self, scale: float) -> Box:
        """Give the same rectangle on its picture `scale` times as large."""
        left, top, right, bottom = (
            round(side * scale) for side in (self.left, self.top, self.right, self.bottom)
        )
        return Box(left=left, top=top, right=right, bottom=bottom)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceQuality:
    """What a picture shows of a face.

    width: of the face, in px. sharpness: the energy of fine detail against that of all detail, in
    the upright chip of 150 px; it falls with blur and with enlargement. yaw, pitch: rough turns of
    the head in degrees, positive towards the right of the picture and upwards; past about 35 they
    say no more than "turned". contrast: the standard deviation of the natural logarithm of the
    brightness. evenness: the brightness of the darker half, left or right, by that of the other.
    drawn: the share of the face that is neither black nor white.
    """

    width: int
    sharpness: float
    yaw: float
    pitch: float
    contrast: float
    evenness: float
    drawn: float


class Band(StrEnum):
    """How sure a match is."""

    YOU = "you"
    MAYBE = "maybe"


class Decision(StrEnum):
    """What the owner said of a picture in review. The value is shown to people."""

    ME = "me"
    NOT_ME = "not me"
    UNSURE = "not sure"


class Leak(StrEnum):
    """What a picture's own metadata gives away."""

    GPS = "GPS position"
    TIME = "time taken"
    CAMERA = "camera"
    SERIAL = "camera serial number"
    SOFTWARE = "software"
    PERSON = "names of people"
    CAPTION = "caption"
    THUMBNAIL = "thumbnail that shows more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a picture's metadata gives away, and the value it holds."""

    leak: Leak
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The owner's face in one picture: where, how near, how large, and the stored crop."""

    band: Band
    distance: float  # rounded to 4 decimals before any threshold
    box: Box
    picture_width: int
    picture_height: int
    faces: int  # how many faces the picture shows, the owner's included
    findings: tuple[Finding, ...] = ()
    crop: bytes = field(default=b"", repr=False)  # encrypted under the profile's key
    second: float | None = None  # of a film: where in it; None for a still
    # Perceptual hash of a still, kept for matches only; empty: it is compared with nothing.
    fingerprint: bytes = field(default=b"", repr=False)
    quality: FaceQuality | None = None  # None: matched before it was measured
    confirmed: bool = False  # by the owner, in review: then it is `you`, whatever the distance


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a worker found in one picture's bytes."""

    sha256: str
    faces: int = 0
    match: Match | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The bytes are those of a picture examined before."""

    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """The file was left alone by a named rule."""

    rule: Rule


# What settles an item. `Skipped` keeps its reason and detail.
Verdict: TypeAlias = Examined | Copied | Ignored | Skipped


# --- web addresses ---------------------------------------------------------------------


CUT_OFF = "not waited for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that went to the network, or was stopped before it. Sizes in bytes.

    outcome: in the fetcher's words; `CUT_OFF` where nobody waited for the answer.
    """

    at: datetime
    host: str
    method: str
    address: str
    outcome: str
    status: int | None = None
    sent: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a host said of a picture that it gave; texts as they came, empty where it said nothing.

    final: where redirects led.
    """

    final: str
    etag: str = ""
    last_modified: str = ""
    at: datetime


class Standing(StrEnum):
    """What became of a picture at its address. The value is shown to people."""

    THERE = "still there"
    RESIZED = "still there, resized or saved again"
    CHANGED = "changed"
    GONE = "gone"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """What was seen of a picture at its address, and when."""

    at: datetime
    standing: Standing
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAddress:
    """A matched picture at a web address, and all that was seen of it there, oldest first.

    item: the ledger's own number of it.
    """

    item: int
    address: str
    page: str
    band: Band
    sha256: str
    fingerprint: bytes = field(repr=False)
    answered: Answered
    stood: tuple[Stood, ...] = ()


# --- what a report is made of ----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One place where a matched picture stands."""

    source: str  # the source's label
    part: str
    path: str  # for display
    contexts: tuple[Context, ...]  # several when the export lists the file several times


class Usefulness(StrEnum):
    """How much a picture would help a face-search engine. The value is shown to people."""

    HIGH = "of much use"
    MODERATE = "of some use"
    LOW = "of little use"
    UNKNOWN = "not measured"


class Level(IntEnum):
    """How good one part of a picture of a face is."""

    POOR = 0
    FAIR = 1
    GOOD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a grade: its name in the style of OFIQ, its level, and what it says in words."""

    name: str
    level: Level
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How useful a picture is, and the parts that this follows from."""

    usefulness: Usefulness
    parts: tuple[Part, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say what holds it back; where nothing does, what makes it useful."""
        least = min((part.level for part in self.parts), default=Level.GOOD)
        return tuple(part.words for part in self.parts if part.level is least)


NOT_GRADED = Grade(usefulness=Usefulness.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One matched picture (by content) and every place where it stands, in discovery order.

    `copies` are the same picture in other sizes or encodings, each with its own findings and
    places and no copies of its own. `grade` is that of the most useful of them all.
    """

    sha256: str
    match: Match
    occurrences: tuple[Occurrence, ...]
    copies: tuple[Exposure, ...] = ()
    grade: Grade = NOT_GRADED

    @property
    def whole(self) -> tuple[Exposure, ...]:
        """Give the picture and its copies, itself first."""
        return self, *self.copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """What became of every file: found = checked + duplicate + ignored + skipped + pending."""

    found: int
    checked: int
    duplicate: int
    ignored: int
    skipped: int
    pending: int

    def balances(self) -> bool:
        """Say whether the sum holds."""
        parts = self.checked + self.duplicate + self.ignored + self.skipped + self.pending
        return self.found == parts


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """One source in a report: what it is, what its files became, what the export misses."""

    label: str
    platform: str
    parts: tuple[str, ...]
    accounting: Accounting
    ignored: tuple[tuple[Rule, int], ...]
    skipped: tuple[Skipped, ...]
    missing: tuple[Missing, ...]
    unlisted: int  # pictures that are there and that the export does not list
    absent_parts: tuple[str, ...]  # names of archives that seem to belong here and were not given
    addresses: int  # pictures that the export names by web address only


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """How and when the report's facts came about. Left out when two reports are compared."""

    created: datetime
    version: str
    last_scan: datetime | None
    runs: int
    assurance: str
    isolation: tuple[str, ...]
    asked: tuple[Asked, ...] = ()  # what the last scan told the network, request by request


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """How many false alarms to expect among the strangers' faces of a scan of this size."""

    references: int
    faces_compared: int
    you: float
    maybe: float
    you_limit: float
    maybe_limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a report may say, as values; no report ever asks the ledger."""

    run: RunSummary
    accounting: Accounting
    expectation: Expectation
    sources: tuple[SourceSummary, ...]
    exposures: tuple[Exposure, ...]  # crops decrypted for `you`, empty for `maybe`
    urgent: tuple[str, ...] = ()  # SHA-256 of the `you` among them: what to deal with first
    rule: tuple[str, ...] = ()  # by what they are put into that order, in words


# --- progress --------------------------------------------------------------------------


class Stage(StrEnum):
    """What a long piece of work is doing."""

    LISTING = "listing"
    EXAMINING = "examining"
    PLACING = "reading what the exports say"
    FILM = "watching the film"
    ASKING = "asking web addresses"
    DRAWING = "drawing people who do not exist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of progress: `done` of `total` (None while it is not known)."""

    stage: Stage
    done: int
    total: int | None = None
    you: int = 0
    maybe: int = 0
    skipped: int = 0


OnEvent: TypeAlias = Callable[[Event], None]


def quiet(event: Event) -> None:
    """Listen to nothing: the default for every `on_event`."""
