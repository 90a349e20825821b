"""Dates, times and what an entry was checked against, in the words of a letter."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from selfcheck.model import Leak, Moment, Precision
from selfcheck.removal.door import Door, Form, Situation, Source
from selfcheck.removal.progress import Removal, State
from selfcheck.removal.terms import LetterKind

# Not strftime: its month names change with the locale.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

SITUATION_WORDS = {
    Situation.OWN: "a picture that you posted",
    Situation.OTHER: "a picture that somebody else posted",
    Situation.PAGE: "a picture of a page, group or channel",
    Situation.CACHE: "a copy in a search engine or archive",
    Situation.FACES: "a face-search engine",
    Situation.INTIMATE: "an intimate picture",
    Situation.COMPLAINT: "a complaint, when the date has passed",
}

_ASKED = {
    LetterKind.ACCESS: "asked for access",
    LetterKind.ERASURE: "asked for erasure",
    LetterKind.OBJECTION: "told of your objection",
    LetterKind.DELETE: "asked for deletion",
    LetterKind.OPT_OUT: "told of your opting out",
    LetterKind.OWNER: "asked to take it down",
    LetterKind.UPLOADER: "asked to take it down",
    LetterKind.FACES: "asked to leave your face out",
}


def day(when: date) -> str:
    """Write a date with its month as a word: 27 November 2026."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def moment(value: Moment) -> str:
    """Write when a picture was posted, to the day: a letter needs no more."""
    if value.precision is Precision.YEAR:
        return f"in {value.when.year}"
    return f"on {day(value.when.date())}"


def listing(parts: tuple[str, ...]) -> str:
    """Join words as a sentence does: a, b and c."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def leaks(kinds: tuple[Leak, ...]) -> str:
    """Name what a file gives away, without what it is."""
    return listing(tuple(kind.value for kind in kinds))


def checked(door: Door, today: date) -> str:
    """Say when an entry was checked and against what, and that it is old where it is."""
    said = f"Checked on {day(door.checked)} {_against(door.source)}."
    if not door.stale(today):
        return said
    months = (today - door.checked).days // 30
    return f"{said} That is about {months} months ago, so expect forms and menus to have moved."


def noted(removal: Removal, today: date) -> str:
    """Say how far a removal is, to stand after who was asked and a comma."""
    since = day(removal.since)
    match removal.state:
        case State.FOUND:
            return "not asked yet"
        case State.ASKED:
            return f"{_asked(removal)}{_awaited(removal.due_on, today)}"
        case State.GONE:
            return f"gone since {since}"
        case State.ANSWERED | State.DECLINED:
            return f"{removal.state.value} on {since}; {_asked(removal)}"
        case _ as never:
            assert_never(never)


def _asked(removal: Removal) -> str:
    asked = _ASKED[removal.kind] if removal.kind else "asked"
    return f"{asked} on {day(removal.asked_on)}" if removal.asked_on else asked


def _awaited(due_on: date | None, today: date) -> str:
    if due_on is None:
        return ""
    late = due_on < today
    return f"; {'an answer is overdue since' if late else 'an answer is due on'} {day(due_on)}"


def _against(source: Source) -> str:
    match source:
        case Source.OWN_PAGES:
            return "against a stored copy of its own pages, its menus from memory"
        case Source.NOTES:
            return "against the project's research notes"
        case Source.OTHERS:
            return "against what others publish about it, its menus from memory"
        case Source.MEMORY:
            return "from memory only, so menus may be called otherwise"
        case _ as never:
            assert_never(never)


def unconfirmed(form: Form) -> str:
    """Say of an address that nobody confirmed where else to look; empty where one did."""
    return "" if form.verified else f"not confirmed; look for it under: {form.under}"
