"""The rows that the ledger hands out, and how texts and numbers are kept in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from selfcheck.model import Answered, Member

LARGEST = 2**63 - 1  # SQLite's largest integer; a hostile archive may name larger sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of a source on its way to a verdict, and how often a worker died of it."""

    id: int
    source: int
    member: Member
    crashes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebItem:
    """A picture (or page) at a web address, as the ledger has it.

    state: pending, examined, ignored or skipped. answered: None where its host never gave it.
    """

    item: Item
    state: str
    answered: Answered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run: what was asked, how it was verified and shut in, and how it ended.

    `ended` and `outcome` are None for a run that was killed or is still going on.
    """

    command: str
    assurance: str
    isolation: tuple[str, ...]
    began: datetime
    ended: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalRow:
    """How far the removal of one picture is with one of those who can take it down.

    sha256: of the picture, empty where all pictures of the person are meant. door, state, kind: by
    the names that `removal` gives them. to: who was asked.
    """

    sha256: str
    door: str
    state: str
    since: date
    kind: str | None = None
    to: str = ""
    asked_on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """One file that the tool wrote outside its own folder: a report, a letter, a copy."""

    path: Path
    kind: str
    when: datetime


def kept(text: str) -> str | bytes:
    """Give the form in which a text is kept: bytes where it holds lone surrogates.

    Names that are no UTF-8 and exports with broken escapes have them, and SQLite refuses them.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def kept_or_none(text: str | None) -> str | bytes | None:
    """Do the same for a text that may be absent."""
    return None if text is None else kept(text)


def told(value: str | bytes) -> str:
    """Give back the text that `kept` was given."""
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


def told_or_none(value: str | bytes | None) -> str | None:
    """Do the same for a text that may be absent."""
    return None if value is None else told(value)


def bounded(number: int) -> int:
    """Give the number as the ledger can keep it: within 64 signed bits."""
    return max(-LARGEST, min(LARGEST, number))


def written_or_none(when: datetime | None) -> str | None:
    """Give the form in which a time is kept."""
    return None if when is None else when.isoformat()


def read_or_none(written: str | None) -> datetime | None:
    """Give back the time that `written_or_none` was given."""
    return None if written is None else datetime.fromisoformat(written)
