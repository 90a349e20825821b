"""The record of checks, and the pause after failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from selfcheck.errors import ProfileError, VerificationFailed
from selfcheck.identity.attempts import (
    ALLOWED,
    PASSED,
    Attempt,
    demand_no_pause,
    history,
    note,
    pause_until,
)

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def attempt(minutes: float = 0, outcome: str = "no face is seen") -> Attempt:
    return Attempt(
        at=NOW + timedelta(minutes=minutes),
        command="verify",
        how="camera",
        outcome=outcome,
        account="ada",
        machine="desk",
    )


def failures(count: int) -> tuple[Attempt, ...]:
    return tuple(attempt(index - count + 1) for index in range(count))


@pytest.mark.parametrize(
    "content",
    [
        b"words\n",
        b"{}\n",
        b"[]\n",
        b'{"at": "yesterday"}\n',
        b'{"at": "2026-11-26T12:00:00", "command": "", "how": "", "outcome": ""}\n',
        b"\xff\xfe",
        b'{"at": "2026-11-26T12:00:00+00:00", "surprise": 1}\n',
        b" " * (2**20 + 1),
    ],
)
def test_a_damaged_record_is_said_and_not_passed_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "attempts"
    path.write_bytes(content)
    with pytest.raises(ProfileError, match="damaged"):
        demand_no_pause(path, NOW)


def test_a_record_that_is_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="cannot be read"):
        history(tmp_path)


def test_where_nothing_was_tried_nothing_is_on_record(tmp_path: Path) -> None:
    assert history(tmp_path / "none") == ()
    demand_no_pause(tmp_path / "none", NOW)


def test_what_was_noted_is_read_again_the_latest_last(tmp_path: Path) -> None:
    path = tmp_path / "attempts"
    first, second = attempt(-5), attempt(0, PASSED)
    note(path, first)
    note(path, second)
    assert history(path) == (first, second)
    assert path.stat().st_mode & 0o077 == 0


def test_only_the_latest_thousands_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfcheck.identity.attempts._KEPT", 3)
    path = tmp_path / "attempts"
    for minute in range(5):
        note(path, attempt(minute))
    assert [one.at for one in history(path)] == [attempt(minute).at for minute in (2, 3, 4)]


def test_two_failures_cause_no_pause() -> None:
    assert pause_until(failures(ALLOWED - 1), NOW) is None


def test_three_failures_cause_a_pause_of_a_minute(tmp_path: Path) -> None:
    assert pause_until(failures(3), NOW) == NOW + timedelta(minutes=1)
    assert pause_until(failures(3), NOW + timedelta(minutes=1)) is None
    for one in failures(3):
        note(tmp_path / "attempts", one)
    with pytest.raises(VerificationFailed, match="pause") as refusal:
        demand_no_pause(tmp_path / "attempts", NOW)
    assert "after" in refusal.value.hint


def test_the_pause_doubles_with_each_failure_up_to_an_hour() -> None:
    pauses = [pause_until(failures(count), NOW) for count in (4, 5, 8, 9, 40)]
    assert [one and one - NOW for one in pauses] == [
        timedelta(minutes=minutes) for minutes in (2, 4, 32, 60, 60)
    ]


def test_a_check_that_was_passed_ends_the_series() -> None:
    assert pause_until((*failures(9), attempt(0, PASSED)), NOW) is None
    assert pause_until((*failures(9), attempt(0, PASSED), *failures(2)), NOW) is None


def test_a_clock_that_was_set_back_does_not_end_a_pause() -> None:
    assert pause_until(failures(3), NOW - timedelta(days=1)) == NOW + timedelta(minutes=1)
