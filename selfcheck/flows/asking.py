"""What a review asks and what may be answered: values only, for whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from selfcheck.model import Decision


class Answer(StrEnum):
    """What a person may answer to a picture."""

    ME = "me"
    NOT_ME = "not-me"
    UNSURE = "unsure"
    UNDO = "undo"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many pictures were answered how in this review, and how many are left."""

    me: int = 0
    not_me: int = 0
    unsure: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is said of a picture, made safe to display."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One picture to be looked at, or, where `picture` is empty, that there are no more.

    picture: a JPEG of ours, in which all but one head is blurred. place: how many of `total` come
    before it. undo: what can be taken back. before: what was said of this picture earlier.
    """

    picture: bytes = field(default=b"", repr=False)
    facts: tuple[Fact, ...] = ()
    place: int
    total: int
    tally: Tally
    undo: Decision | None = None
    before: Decision | None = None


class Reviewer(Protocol):
    """Where a person sees pictures and answers, one by one."""

    def ask(self, question: Question) -> Answer:
        """Show a question and wait for its answer."""

    def tell(self, tally: Tally) -> None:
        """Show how the review ended."""
