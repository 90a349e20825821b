"""Due dates as an iCalendar file (RFC 5545), to be opened in any calendar.

Our own few lines, because a file of whole-day events needs no more. Calendars are often kept
in a cloud, so an event names who was asked and for what, and no picture, caption or address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from selfcheck.privacy.text import safe
from selfcheck.removal.progress import Removal, State
from selfcheck.removal.terms import LetterKind

BEGINS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//selfcheck//removal//EN\r\n"
"""How each calendar of this program begins, and no other does."""
_OCTETS = 75  # RFC 5545, section 3.1: of a line, without its break
_FIRST_OF_CHARACTER = 0xC0
_CONTINUES = 0x80
_DESCRIPTION = (
    "selfcheck recheck says whether the picture is gone; selfcheck remove has the next step."
)


def calendar(removals: Iterable[Removal], *, stamp: datetime) -> bytes:
    """Write one event for each answer that is awaited; equal values give equal bytes.

    `stamp` is when the file is made, with a zone. Opened again, an event replaces the one that
    was made of the same letter before.
    """
    lines: list[str] = []
    for removal in removals:
        if removal.state is State.ASKED and removal.due_on is not None:
            lines += _event(removal, removal.due_on, stamp)
    lines.append("END:VCALENDAR")
    return BEGINS + b"".join(folded(line) for line in lines)


def _event(removal: Removal, due_on: date, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_uid(removal)}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{due_on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(_summary(removal))}"
    yield f"DESCRIPTION:{escaped(_DESCRIPTION)}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _uid(removal: Removal) -> str:
    """Make a name that is the same for the same letter and tells nothing about it."""
    what = "\0".join((removal.item, str(removal.kind), removal.to, str(removal.asked_on)))
    return hashlib.sha256(what.encode("utf-8", "backslashreplace")).hexdigest()[:32] + "@selfcheck"


def _summary(removal: Removal) -> str:
    asked_for = _asked_for(removal.kind) if removal.kind else "removal"
    return f"Answer due: {safe(removal.to, 120) or 'no recipient noted'} ({asked_for})"


def _asked_for(kind: LetterKind) -> str:
    match kind:
        case LetterKind.ACCESS:
            return "access"
        case LetterKind.ERASURE | LetterKind.DELETE:
            return "erasure"
        case LetterKind.OBJECTION:
            return "objection"
        case LetterKind.OPT_OUT | LetterKind.FACES:
            return "opting out"
        case LetterKind.OWNER | LetterKind.UPLOADER:
            return "removal"
        case _ as never:
            assert_never(never)


def escaped(text: str) -> str:
    """Write a value of type TEXT: harmless, on one line, its separators marked (3.3.11)."""
    text = safe(text, 1000)
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text


def folded(line: str) -> bytes:
    """Break a line after at most 75 octets, never within a character, and end it (3.1)."""
    data, pieces = line.encode(), []
    room = _OCTETS
    while len(data) > room:
        cut = room
        while _CONTINUES <= data[cut] < _FIRST_OF_CHARACTER:
            cut -= 1
        pieces.append(data[:cut])
        data = data[cut:]
        room = _OCTETS - 1  # the space that marks what goes on is one of them
    return b"\r\n ".join((*pieces, data)) + b"\r\n"
