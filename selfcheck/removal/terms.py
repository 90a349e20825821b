"""How long whoever is asked has to answer: months, days and working days, by kind of letter.

Pure arithmetic on dates. Terms run from the day on which a letter arrives, and for mail that
is the day of sending; holidays are not known here, so a day may lie a few days too early.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

_SATURDAY = 5
_MONTHS_A_YEAR = 12


class Law(StrEnum):
    """The law that a letter calls on."""

    NONE = "none"
    GDPR = "GDPR"
    CCPA = "CCPA"


class LetterKind(StrEnum):
    """What a letter asks for. The value names its template."""

    ACCESS = "access"
    ERASURE = "erasure"
    OBJECTION = "objection"
    DELETE = "delete"
    OPT_OUT = "opt_out"
    OWNER = "owner"
    UPLOADER = "uploader"
    FACES = "faces"


class Unit(StrEnum):
    """What a term counts."""

    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long an answer may take, and by how much it may be put off with reasons."""

    law: Law
    unit: Unit
    length: int
    extension: int = 0
    basis: str = ""  # where that is written; empty: a courtesy, no law

    def after(self, day: date, *, extended: bool = False) -> date:
        """Give the last day of a term that began on `day`."""
        length = self.length + (self.extension if extended else 0)
        match self.unit:
            case Unit.MONTHS:
                return add_months(day, length)
            case Unit.DAYS:
                return day + timedelta(days=length)
            case Unit.WORKING_DAYS:
                return add_working_days(day, length)
            case _ as never:
                assert_never(never)


_MONTH = Term(
    law=Law.GDPR, unit=Unit.MONTHS, length=1, extension=2, basis="Article 12(3) of the GDPR"
)
_DELETION = Term(
    law=Law.CCPA,
    unit=Unit.DAYS,
    length=45,
    extension=45,
    basis="section 1798.130(a)(2) of the California Civil Code",
)
# A request to opt out needs no proof of who asks, so it cannot be put off either.
_OPTING_OUT = Term(
    law=Law.CCPA,
    unit=Unit.WORKING_DAYS,
    length=15,
    basis="section 7026(f) of the regulations on the CCPA",
)
_COURTESY = Term(law=Law.NONE, unit=Unit.DAYS, length=14)
_ENGINE = Term(law=Law.NONE, unit=Unit.DAYS, length=30)

_TERMS = {
    LetterKind.ACCESS: _MONTH,
    LetterKind.ERASURE: _MONTH,
    LetterKind.OBJECTION: _MONTH,
    LetterKind.DELETE: _DELETION,
    LetterKind.OPT_OUT: _OPTING_OUT,
    LetterKind.OWNER: _COURTESY,
    LetterKind.UPLOADER: _COURTESY,
    LetterKind.FACES: _ENGINE,
}


def term(kind: LetterKind) -> Term:
    """Give how long an answer to a letter of this kind may take."""
    return _TERMS[kind]


def due(kind: LetterKind, asked_on: date, *, extended: bool = False) -> date:
    """Give the day by which an answer is due; `extended` where it was put off with reasons."""
    return term(kind).after(asked_on, extended=extended)


def add_months(day: date, months: int) -> date:
    """Give the same day some months on, or the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, _MONTHS_A_YEAR)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_working_days(day: date, days: int) -> date:
    """Give the day some working days on, Monday to Friday; holidays count as working days."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day
