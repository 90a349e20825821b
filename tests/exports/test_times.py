"""Times as texts write them; what is no time tells nothing."""

from __future__ import annotations

import pytest

from selfcheck.exports.times import iso, spelled
from selfcheck.model import Moment


def told(found: Moment | None) -> str | None:
    return f"{found.when.isoformat()} {found.precision}" if found else None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2014-07-05 16:20:00", "2014-07-05T16:20:00 second"),
        ("2022-03-04T05:06:07.890Z", "2022-03-04T05:06:07.890000+00:00 second"),
        ("2022-03-04T05:06-07:00", "2022-03-04T05:06:00-07:00 minute"),
        ("2022-03-04", "2022-03-04T00:00:00 day"),
        ("0000-00-00 00:00:00", None),
        ("soon", None),
        (7, None),
    ],
)
def test_iso_is_as_exact_as_it_is_written(written: object, expected: str | None) -> None:
    assert told(iso(written)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Saturday June 4,2022 12:11 PM GMT", "2022-06-04T12:11:00+00:00 minute"),
        ("Thursday October 06,2023 1:05 AM GMT", "2023-10-06T01:05:00+00:00 minute"),
        ("Sunday January 1,2023 12:00 AM GMT", "2023-01-01T00:00:00+00:00 minute"),
        ("Dec 15, 2023, 10:30:00\u202fPM", "2023-12-15T22:30:00 second"),
        ("15.12.2023, 10:30:00", "2023-12-15T10:30:00 second"),
        ("12 янв 2020 в 10:20:30", "2020-01-12T10:20:30 second"),
        ("12 Jan 2020 at 10:20:30 AM", "2020-01-12T10:20:30 second"),
        ("12 Jan 2020", "2020-01-12T00:00:00 day"),
        ("12 Jan 2020 at 99:20", None),
        ("31 Feb 2020", None),
        ("12 Abc 2020", None),
        (None, None),
    ],
)
def test_months_by_name_are_read(written: object, expected: str | None) -> None:
    assert told(spelled(written)) == expected
