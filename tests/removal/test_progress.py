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
    undone,
    what_is_due,
)
from selfcheck.removal.words import noted

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
        assert refused.value.hint.startswith(("possible are", "note first that you asked"))


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


def test_what_comes_too_early_names_the_way_to_correct_a_wrong_day() -> None:
    with pytest.raises(UsageError, match="which is later") as refused:
        moved(WAITING, State.GONE, on=FOUND_ON)
    assert "--undo" in refused.value.hint


@pytest.mark.parametrize("state", [State.ANSWERED, State.DECLINED])
def test_an_answer_to_nothing_hints_at_noting_first_that_one_asked(state: State) -> None:
    with pytest.raises(UsageError, match="What is found cannot become") as refused:
        moved(FOUND, state, on=LATER)
    assert refused.value.hint == "note first that you asked, with --asked"


@pytest.mark.parametrize("kind", [LetterKind.UPLOADER, LetterKind.ERASURE])
def test_a_request_that_still_waits_is_not_replaced(kind: LetterKind) -> None:
    with pytest.raises(UsageError, match="Example Ltd is awaited until 2026-02-28") as refused:
        asked(WAITING, kind=kind, to="Otto", on=date(2026, 2, 28))
    assert "--undo" in refused.value.hint
    assert "--became" in refused.value.hint
    assert asked(WAITING, kind=kind, to="Otto", on=LATER).to == "Otto"


def test_where_nothing_was_noted_there_is_nothing_to_take_back() -> None:
    with pytest.raises(UsageError, match="nothing to take back"):
        undone(FOUND)


def test_a_letter_that_is_taken_back_was_never_asked_and_may_be_noted_of_any_day() -> None:
    back = undone(WAITING)
    assert (back.state, back.kind, back.due_on) == (State.FOUND, None, None)
    again = asked(back, kind=LetterKind.ERASURE, to="Example Ltd", on=date(2020, 1, 1))
    assert again.asked_on == date(2020, 1, 1)


@pytest.mark.parametrize("state", [State.ANSWERED, State.GONE, State.DECLINED])
def test_what_came_of_a_letter_is_taken_back_to_that_letter_with_its_day(state: State) -> None:
    assert undone(moved(WAITING, state, on=LATER)) == WAITING


def test_gone_without_a_letter_is_taken_back_to_found() -> None:
    assert undone(moved(FOUND, State.GONE, on=LATER)).state is State.FOUND


@pytest.mark.parametrize(
    ("removal", "said"),
    [
        (FOUND, "not asked yet"),
        (WAITING, "asked for erasure on 31 January 2026; an answer is due on 28 February 2026"),
        (
            moved(WAITING, State.DECLINED, on=LATER),
            "declined on 1 March 2026; asked for erasure on 31 January 2026",
        ),
        (moved(FOUND, State.GONE, on=LATER), "gone since 1 March 2026"),
        (replace(WAITING, due_on=None), "asked for erasure on 31 January 2026"),
        (replace(WAITING, kind=None, asked_on=None, due_on=None), "asked"),
    ],
)
def test_how_far_it_is_is_told_in_words(removal: Removal, said: str) -> None:
    assert noted(removal, date(2026, 2, 28)) == said


def test_an_answer_that_did_not_come_is_told_as_overdue() -> None:
    assert noted(WAITING, LATER).endswith("an answer is overdue since 28 February 2026")


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_has_words_for_what_was_asked(kind: LetterKind) -> None:
    sent = asked(FOUND, kind=kind, to="x", on=ASKED_ON)
    assert "on 31 January 2026; an answer is due on" in noted(sent, ASKED_ON)


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
