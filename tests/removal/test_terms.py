"""Days on which answers are due: months by the calendar, days, working days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.removal import Law, LetterKind, due, term
from selfcheck.removal.terms import add_months, add_working_days

DAYS = st.dates(date(1970, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_of_the_month(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == later


@given(DAYS, st.integers(0, 48))
def test_months_move_by_months_and_never_past_the_day(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("day", "days", "later"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday to Monday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # Saturday to Monday
        (date(2026, 11, 27), 15, date(2026, 12, 18)),
        (date(2026, 11, 30), 4, date(2026, 12, 4)),
        (date(2026, 11, 28), 0, date(2026, 11, 28)),
    ],
)
def test_working_days_leave_out_weekends(day: date, days: int, later: date) -> None:
    assert add_working_days(day, days) == later


@pytest.mark.parametrize("kind", [LetterKind.ACCESS, LetterKind.ERASURE, LetterKind.OBJECTION])
def test_by_the_gdpr_a_month_and_with_reasons_three(kind: LetterKind) -> None:
    assert due(kind, date(2026, 1, 31)) == date(2026, 2, 28)
    assert due(kind, date(2026, 1, 31), extended=True) == date(2026, 4, 30)
    assert term(kind).law is Law.GDPR


def test_by_the_ccpa_45_days_to_delete_and_with_reasons_90() -> None:
    assert due(LetterKind.DELETE, date(2026, 11, 27)) == date(2027, 1, 11)
    assert due(LetterKind.DELETE, date(2026, 11, 27), extended=True) == date(2027, 2, 25)


def test_by_the_ccpa_15_business_days_to_opt_out_and_no_more() -> None:
    assert due(LetterKind.OPT_OUT, date(2026, 11, 27)) == date(2026, 12, 18)
    assert due(LetterKind.OPT_OUT, date(2026, 11, 27), extended=True) == date(2026, 12, 18)


@pytest.mark.parametrize("kind", [LetterKind.OWNER, LetterKind.UPLOADER, LetterKind.FACES])
def test_a_plain_request_has_a_day_that_no_law_sets(kind: LetterKind) -> None:
    assert due(kind, date(2026, 11, 27)) > date(2026, 11, 27)
    assert term(kind).law is Law.NONE
    assert term(kind).basis == ""


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_has_a_term_and_a_law_its_basis(kind: LetterKind) -> None:
    assert (term(kind).law is Law.NONE) == (term(kind).basis == "")
