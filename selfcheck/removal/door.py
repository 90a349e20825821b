"""What a platform, a site or a search engine offers to somebody who is on a picture, as values.

A door is the way to whoever can take a picture down. The data lie in doors/, one file each;
`reading` checks them, `catalogue` finds the right one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FRESH = timedelta(days=180)
"""How long an entry counts as checked. Platforms move their forms about once a year."""


class DoorKind(StrEnum):
    """Who stands behind a door."""

    PLATFORM = "platform"
    WEBSITE = "website"
    SEARCH = "search"
    FACES = "faces"
    INTIMATE = "intimate"
    AUTHORITY = "authority"


class Situation(StrEnum):
    """What there is to be removed, and so which steps apply."""

    OWN = "own"
    OTHER = "other"
    PAGE = "page"
    CACHE = "cache"
    FACES = "faces"
    INTIMATE = "intimate"
    COMPLAINT = "complaint"


class Source(StrEnum):
    """What an entry was checked against. The value stands in the file."""

    OWN_PAGES = "own pages"  # the service's own pages, in a stored copy
    NOTES = "notes"  # the project's research, with its sources
    OTHERS = "others"  # what others publish about the service
    MEMORY = "memory"


CONFIRMING = frozenset({Source.OWN_PAGES, Source.NOTES, Source.OTHERS})
"""What an entry must have been checked against to have confirmed addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form or page to go to. `under` is how to find it where the address has moved.

    letters: whether it takes what a letter asks for, or names where to send one.
    """

    what: str
    address: str
    verified: bool
    under: str
    letters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What to do in one situation, step by step, and the forms for it."""

    situation: Situation
    steps: tuple[str, ...]
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One platform, site, engine or authority: how to ask it, and what asking takes.

    `name` is the file's; of a platform it is the export's. `serves` are the platforms of
    contexts it answers for. `addressee` is who gets letters, where that is not the title.
    """

    name: str
    title: str
    kind: DoorKind
    serves: tuple[str, ...]
    checked: date
    source: Source
    asks: tuple[str, ...]
    costs: tuple[str, ...]
    usual: str
    ways: tuple[Way, ...]
    addressee: str = ""

    def way(self, situation: Situation) -> Way | None:
        """Give what to do in a situation, or None where this door has no such way."""
        return next((way for way in self.ways if way.situation is situation), None)

    def stale(self, today: date) -> bool:
        """Say whether the entry was checked too long ago to be relied on."""
        return today - self.checked > FRESH


# What each kind of door must tell of: a picture stands in all four ways on a platform.
_ANYWHERE = frozenset({Situation.OWN, Situation.OTHER, Situation.PAGE, Situation.CACHE})
SITUATIONS = {
    DoorKind.PLATFORM: _ANYWHERE,
    DoorKind.WEBSITE: _ANYWHERE,
    DoorKind.SEARCH: frozenset({Situation.CACHE}),
    DoorKind.FACES: frozenset({Situation.FACES}),
    DoorKind.INTIMATE: frozenset({Situation.INTIMATE}),
    DoorKind.AUTHORITY: frozenset({Situation.COMPLAINT}),
}
