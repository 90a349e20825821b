"""Times as texts write them: ISO 8601, and days with the name of their month.

Owns no platform's fields; Unix times are `values.moment`'s, times in file names `names`'s.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo

from selfcheck.exports.values import text
from selfcheck.model import Moment, Precision

# English and Russian by their first three letters, in every case of the language.
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
    )
    for number, name in enumerate(names.split(), start=1)
}
_DAYS = (
    re.compile(r"(?P<month>[^\W\d_]{3})[^\W\d_]{0,7}\.? (?P<day>\d{1,2}), ?(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2}) (?P<month>[^\W\d_]{3})[^\W\d_]{0,7}\.? (?P<year>\d{4})"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)"),
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s?([AP])\.?M\b)?", re.IGNORECASE)
_ZONE = re.compile(r"\b(?:GMT|UTC)\b")
_LONGEST = 100
_DAY_ONLY = len("2022-06-04")
_TO_THE_MINUTE = re.compile(r"[T ]\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)?$")
_NOON = 12


def iso(value: object) -> Moment | None:
    """Read ISO 8601; naive where it has no zone, and only as exact as it is written."""
    written = text(value) or ""
    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        return None
    if len(written) <= _DAY_ONLY:
        return Moment(when=when, precision=Precision.DAY)
    minute = _TO_THE_MINUTE.search(written)
    return Moment(when=when, precision=Precision.MINUTE if minute else Precision.SECOND)


def spelled(value: object) -> Moment | None:
    """Read `Saturday June 4,2022 12:11 PM GMT`, `Dec 15, 2023, 10:30:00 AM`, `19 июн 2023 в 17:18`.

    Naive unless it says GMT or UTC.
    """
    written = " ".join((text(value) or "")[:_LONGEST].split())
    found = next((match for pattern in _DAYS if (match := pattern.search(written))), None)
    day = found and _day(found)
    if not found or not day:
        return None
    zone = UTC if _ZONE.search(written) else None
    clock = _CLOCK.search(written, found.end())
    return _at(day, clock, zone) if clock else _at_midnight(day, zone)


def _day(found: re.Match[str]) -> date | None:
    name = found["month"].casefold()
    month = int(name) if name.isdecimal() else _MONTHS.get(name, 0)
    try:
        return date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None


def _at(day: date, clock: re.Match[str], zone: tzinfo | None) -> Moment | None:
    hour, half = int(clock[1]), (clock[4] or "").upper()
    if half:
        hour = hour % _NOON + (_NOON if half == "P" else 0)
    try:
        when = datetime(
            day.year, day.month, day.day, hour, int(clock[2]), int(clock[3] or 0), tzinfo=zone
        )
    except ValueError:
        return None
    return Moment(when=when, precision=Precision.SECOND if clock[3] else Precision.MINUTE)


def _at_midnight(day: date, zone: tzinfo | None) -> Moment:
    when = datetime(day.year, day.month, day.day, tzinfo=zone)
    return Moment(when=when, precision=Precision.DAY)
