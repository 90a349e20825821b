"""What became of a picture that should go: found, asked, answered, gone or declined.

Values and the steps between them. The ledger keeps them, `selfcheck status` reminds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from selfcheck.errors import UsageError
from selfcheck.privacy.text import safe
from selfcheck.removal.terms import LetterKind, due


class State(StrEnum):
    """Where a removal stands. The value is shown to people."""

    FOUND = "found"
    ASKED = "asked"
    ANSWERED = "answered"
    GONE = "gone"
    DECLINED = "declined"


# One may ask again after any answer. What is gone can come back, as `recheck` sees.
_NEXT = {
    State.FOUND: frozenset({State.ASKED, State.GONE}),
    State.ASKED: frozenset({State.ASKED, State.ANSWERED, State.GONE, State.DECLINED}),
    State.ANSWERED: frozenset({State.ASKED, State.GONE, State.DECLINED}),
    State.DECLINED: frozenset({State.ASKED, State.GONE}),
    State.GONE: frozenset({State.FOUND}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One picture that should go from one place, and how far that is.

    `item` is how its keeper finds it again. Once asked: `kind` of letter, `to` whom, when,
    and by when an answer is due.
    """

    item: str
    state: State = State.FOUND
    since: date
    kind: LetterKind | None = None
    to: str = ""
    asked_on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """An answer that is due, or will be soon. `late` counts the days since; below 0: until."""

    removal: Removal
    due_on: date
    late: int


def may_become(old: State, new: State) -> bool:
    """Say whether one state may follow another."""
    return new in _NEXT[old]


def asked(removal: Removal, *, kind: LetterKind, to: str, on: date) -> Removal:
    """Note that the user sent a letter; UsageError where nothing is left to ask for.

    A request whose answer is still awaited is not replaced: its due day would be lost.
    """
    _permit(removal, State.ASKED, on)
    if removal.due_on is not None and on <= removal.due_on:
        raise UsageError(
            f"An answer of {safe(removal.to, 120)} is awaited until {removal.due_on.isoformat()},"
            " and one request at a time is noted for a place.",
            hint="note what came of it, such as --became declined, or take it back with --undo",
        )
    return replace(
        removal,
        state=State.ASKED,
        since=on,
        kind=kind,
        to=to,
        asked_on=on,
        due_on=due(kind, on),
    )


def put_off(removal: Removal) -> Removal:
    """Note that whoever was asked took the longer time that the law allows them, with reasons."""
    if removal.state is not State.ASKED or removal.kind is None or removal.asked_on is None:
        raise UsageError(
            "Nobody was asked, so no answer was put off.", hint="note the letter first"
        )
    return replace(removal, due_on=due(removal.kind, removal.asked_on, extended=True))


def moved(removal: Removal, state: State, *, on: date) -> Removal:
    """Note any other change; UsageError where the states do not follow each other.

    What comes back starts anew, with nobody asked.
    """
    if state is State.ASKED:
        raise UsageError("A letter has a kind and a recipient.", hint="say what was sent to whom")
    _permit(removal, state, on)
    if state is State.FOUND:
        return Removal(item=removal.item, since=on)
    return replace(removal, state=state, since=on, due_on=None)


def undone(removal: Removal) -> Removal:
    """Take back the last note; UsageError where there is none.

    Only the last state is kept. So what came of a letter leads back to that letter, and a letter
    back to nobody having been asked, on whatever day.
    """
    if removal.state is State.FOUND:
        raise UsageError(
            "Nothing was noted here, so there is nothing to take back.",
            hint="selfcheck remove lists how far each picture is",
        )
    if removal.state is not State.ASKED and removal.kind and removal.asked_on:
        since, due_on = removal.asked_on, due(removal.kind, removal.asked_on)
        return replace(removal, state=State.ASKED, since=since, due_on=due_on)
    return Removal(item=removal.item, since=date.min)


def what_is_due(
    removals: Iterable[Removal], today: date, *, ahead: int = 0
) -> tuple[Reminder, ...]:
    """Give what was asked and should be answered by now, or within `ahead` days; oldest first."""
    reminders = (
        Reminder(removal=each, due_on=each.due_on, late=(today - each.due_on).days)
        for each in removals
        if each.state is State.ASKED and each.due_on is not None
    )
    near = (reminder for reminder in reminders if reminder.late >= -ahead)
    return tuple(sorted(near, key=lambda each: (each.due_on, each.removal.item)))


def _permit(removal: Removal, state: State, on: date) -> None:
    if not may_become(removal.state, state):
        raise UsageError(
            f"What is {removal.state.value} cannot become {state.value}.",
            hint=_instead(removal.state, state),
        )
    if on < removal.since:
        raise UsageError(
            f"It is {removal.state.value} since {removal.since.isoformat()}, which is later.",
            hint="give a later day with --on, or take the last note back with --undo",
        )


def _instead(old: State, new: State) -> str:
    if old is State.FOUND and may_become(State.ASKED, new):
        return "note first that you asked, with --asked"
    return "possible are " + ", ".join(sorted(_NEXT[old]))
