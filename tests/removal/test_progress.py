"""Which state follows which, what is kept of a letter, and what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from selfcheck.errors import UsageError
from selfcheck.removal import (
    LetterKind,
    Removal,
    State,
    asked,
    may_become,
    moved,
    put_off,
    what_is_due,
)

FOUND_ON = date(2026, 1, 1)
ASKED_ON = date(2026, 1, 31)
LATER = date(2026, 3, 1)
PERMITTED = {
    (State.FOUND, State.ASKED),
    (State.FOUND, State.GONE),
    (State.ASKED, State.ASKED),
    (State.ASKED, State.ANSWERED),
    (State.ASKED, State.GONE),
    (State.ASKED, State.DECLINED),
    (State.ANSWERED, State.ASKED),
    (State.ANSWERED, State.GONE),
    (State.ANSWERED, State.DECLINED),
    (State.DECLINED, State.ASKED),
    (State.DECLINED, State.GONE),
    (State.GONE, State.FOUND),
}
FOUND = Removal(item="picture 1", since=FOUND_ON)
WAITING = asked(FOUND, kind=LetterKind.ERASURE, to="Example Ltd", on=ASKED_ON)


@pytest.mark.parametrize(("old", "new"), list(product(State, State)))
def test_states_follow_each_other_as_permitted_and_not_otherwise(old: State, new: State) -> None:
    assert may_become(old, new) == ((old, new) in PERMITTED)
    removal = replace(WAITING, state=old)

    def step() -> Removal:
        if new is State.ASKED:
            return asked(removal, kind=LetterKind.ACCESS, to="Example Ltd", on=LATER)
        return moved(removal, new, on=LATER)

    if (old, new) in PERMITTED:
        assert step().state is new
        assert step().since == LATER
    else:
        with pytest.raises(UsageError, match=f"What is {old} cannot become {new}") as refused:
            step()
        assert "possible are" in refused.value.hint


def test_what_was_asked_is_kept_with_whom_when_and_the_day_due() -> None:
    assert WAITING.state is State.ASKED
    assert (WAITING.kind, WAITING.to) == (LetterKind.ERASURE, "Example Ltd")
    assert (WAITING.asked_on, WAITING.due_on) == (ASKED_ON, date(2026, 2, 28))


def test_an_answer_ends_the_waiting_and_keeps_what_was_asked() -> None:
    answered = moved(WAITING, State.ANSWERED, on=LATER)
    assert answered.due_on is None
    assert (answered.to, answered.asked_on) == ("Example Ltd", ASKED_ON)


def test_an_answer_put_off_with_reasons_is_due_later() -> None:
    assert put_off(WAITING).due_on == date(2026, 4, 30)
    with pytest.raises(UsageError, match="Nobody was asked"):
        put_off(FOUND)


def test_a_picture_that_comes_back_starts_anew() -> None:
    gone = moved(WAITING, State.GONE, on=LATER)
    assert moved(gone, State.FOUND, on=LATER) == Removal(item="picture 1", since=LATER)


def test_asking_needs_a_kind_and_a_recipient() -> None:
    with pytest.raises(UsageError, match="A letter has a kind"):
        moved(FOUND, State.ASKED, on=LATER)


def test_nothing_happens_before_what_happened_before() -> None:
    with pytest.raises(UsageError, match="found since 2026-01-01"):
        asked(FOUND, kind=LetterKind.OWNER, to="x", on=date(2025, 12, 31))


def test_due_is_what_waits_and_whose_day_has_come_the_oldest_first() -> None:
    early = asked(
        Removal(item="b", since=FOUND_ON), kind=LetterKind.OWNER, to="y", on=date(2026, 1, 2)
    )
    answered = moved(WAITING, State.ANSWERED, on=LATER)
    every = (WAITING, answered, early, FOUND)
    assert [each.removal.item for each in what_is_due(every, LATER)] == ["b", "picture 1"]
    assert [each.late for each in what_is_due(every, LATER)] == [44, 1]
    assert what_is_due(every, date(2026, 1, 15)) == ()


def test_an_answer_is_due_on_its_day_and_seen_before_if_asked_for() -> None:
    day = date(2026, 2, 28)
    assert [each.late for each in what_is_due([WAITING], day)] == [0]
    assert what_is_due([WAITING], date(2026, 2, 27)) == ()
    assert [each.late for each in what_is_due([WAITING], date(2026, 2, 21), ahead=7)] == [-7]
    assert what_is_due([WAITING], date(2026, 2, 20), ahead=7) == ()
