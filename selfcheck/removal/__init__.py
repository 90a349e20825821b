"""What to do about a picture: the steps for its place, letters, their state and due dates.

Pure: it takes values and gives values and text. It sends nothing, asks nobody and keeps
nothing; flows and the ledger do. docs/removal.md says what it is and is not.
"""

from selfcheck.removal.case import Case, Person, case_of, poster
from selfcheck.removal.catalogue import catalogue, door_for, named, of_kind
from selfcheck.removal.door import Door, DoorKind, Form, Situation, Way
from selfcheck.removal.ical import BEGINS, calendar
from selfcheck.removal.letters import Document, LetterSet, write_letter, write_set
from selfcheck.removal.progress import (
    Reminder,
    Removal,
    State,
    asked,
    may_become,
    moved,
    put_off,
    undone,
    what_is_due,
)
from selfcheck.removal.suggesting import authorities, sendable, suggested
from selfcheck.removal.terms import Law, LetterKind, Term, due, term

__all__ = [
    "BEGINS",
    "Case",
    "Document",
    "Door",
    "DoorKind",
    "Form",
    "Law",
    "LetterKind",
    "LetterSet",
    "Person",
    "Reminder",
    "Removal",
    "Situation",
    "State",
    "Term",
    "Way",
    "asked",
    "authorities",
    "calendar",
    "case_of",
    "catalogue",
    "door_for",
    "due",
    "may_become",
    "moved",
    "named",
    "of_kind",
    "poster",
    "put_off",
    "sendable",
    "suggested",
    "term",
    "undone",
    "what_is_due",
    "write_letter",
    "write_set",
]
