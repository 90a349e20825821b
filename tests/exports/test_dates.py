"""Dates in the words of many languages are read as exactly as they are sure."""

from __future__ import annotations

import pytest

from selfcheck.exports.dates import written


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Oct 19, 2025 1:47:55 pm", "2025-10-19T13:47:55"),  # Facebook, 2021 to 2026
        ("Saturday June 4,2022 12:11 PM GMT", "2022-06-04T12:11:00+00:00"),  # iCloud
        ("Dec 15, 2023, 10:30:00\u202fPM", "2023-12-15T22:30:00"),  # Strava
        ("Oct 05, 2025 12:07:05 am", "2025-10-05T00:07:05"),
        ("Feb 16, 2018 10:17pm", "2018-02-16T22:17:00"),  # 2018
        ("Jan 16, 2019, 10:15 AM", "2019-01-16T10:15:00"),  # 2019
        ("01 Jan 2020, 09:59", "2020-01-01T09:59:00"),  # British English, 2020
        ("14.11.2018, 22:13", "2018-11-14T22:13:00"),  # German, 2018
        ("14. Nov. 2023, 22:13", "2023-11-14T22:13:00"),
        ("3. März 2021, 08:05", "2021-03-03T08:05:00"),
        ("juil 25, 2014 12:06:36 am", "2014-07-25T00:06:36"),  # French, 2025
        ("9 de octubre de 2025, 8:09:15 a. m.", "2025-10-09T08:09:15"),
        ("Tháng 10 01, 2025 10:21:24 ch", "2025-10-01T22:21:24"),  # Vietnamese, 2026
        ("Tháng 12 02, 2024 10:15:35 sáng", "2024-12-02T10:15:35"),
        ("พ.ค. 24, 2023 7:12:54 pm", "2023-05-24T19:12:54"),  # Thai, 2026
        ("มี.ค. 24, 2023 7:12:54 pm", "2023-03-24T19:12:54"),
        ("2023年11月14日 下午10:13", "2023-11-14T22:13:00"),
        ("2023년 11월 14일 오전 10:13", "2023-11-14T10:13:00"),
        ("янв. 14, 2023 10:13:09 am", "2023-01-14T10:13:09"),
        ("2014. július 25., 13:05", "2014-07-25T13:05:00"),  # Hungarian
        ("2014. július 25. 13:05 UTC+02", "2014-07-25T13:05:00+02:00"),
        ("marraskuu 3, 2020 17:00", "2020-11-03T17:00:00"),
        ("5/21/2019, 3:04 PM", "2019-05-21T15:04:00"),
        ("2019-03-01 10:20:30", "2019-03-01T10:20:30"),
        ("Wednesday, January 2, 2010 at 9:40 PM UTC+08:00", "2010-01-02T21:40:00+08:00"),
        ("1 March 2012 at 09:05 UTC", "2012-03-01T09:05:00+00:00"),
    ],
)
def test_date_and_time_are_read(text: str, when: str) -> None:
    found = written(text)
    assert found
    assert found.when.isoformat() == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Oct 19, 2025", "2025-10-19 day"),
        ("Oct 19, 2025 1:47:55 zu", "2025-10-19 day"),  # morning or evening in an unknown word
        ("Oct 19, 2025 99:47", "2025-10-19 day"),
        ("Lis 19, 2025 1:47:55 pm", "2025-01-01 year"),  # Polish November, Croatian October
        ("Qqq 19, 2025 1:47:55 pm", "2025-01-01 year"),
        ("3/1/2019, 3:04 PM", "2019-01-01 year"),
        # A day of the week that begins like a month: it may be either.
        ("martes, 5 de noviembre de 2019 10:20", "2019-01-01 year"),
        ("maandag 4 november 2019 10:20", "2019-01-01 year"),
        ("keskiviikko 6. marraskuuta 2019 17:00", "2019-01-01 year"),
        # A word before the clock that is not known: it may say evening.
        ("2019年3月1日傍晚6:20", "2019-03-01 day"),
        ("2023. márc. 1. du. 4:36", "2023-03-01 day"),
        ("31.02.2019, 15:04", "2019-01-01 year"),
    ],
)
def test_unsure_date_is_read_as_far_as_it_is_sure(text: str, when: str) -> None:
    found = written(text)
    assert found
    assert f"{found.when.date()} {found.precision}" == when


@pytest.mark.parametrize("text", ["", "hello", "1:47 pm", "Oct 19", "x" * 90 + " 2020", "\x00"])
def test_text_without_a_year_is_no_date(text: str) -> None:
    assert written(text) is None
