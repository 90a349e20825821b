"""Runs and the files written elsewhere are remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfcheck.ledger import Ledger, RunRow, WrittenFile

THEN, LATER = datetime(2026, 1, 2, 3, 4, tzinfo=UTC), datetime(2026, 1, 2, 5, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite3") as opened:
        yield opened


def test_a_new_ledger_knows_of_no_run(ledger: Ledger) -> None:
    assert ledger.last_run() is None
    assert ledger.runs() == 0
    assert ledger.written() == ()


def test_a_run_that_was_killed_has_no_end(ledger: Ledger) -> None:
    ledger.begin_run(command="scan", assurance="filmed", isolation=[], when=THEN)
    assert ledger.last_run() == RunRow(
        command="scan", assurance="filmed", isolation=(), began=THEN, ended=None, outcome=None
    )


def test_the_last_run_is_told_with_its_end(ledger: Ledger) -> None:
    for isolation in ((), ("seccomp", "audit hook")):
        run = ledger.begin_run(command="scan", assurance="camera", isolation=isolation, when=THEN)
        ledger.end_run(run, outcome="finished", when=LATER)
    assert ledger.runs() == 2
    assert ledger.last_run() == RunRow(
        command="scan",
        assurance="camera",
        isolation=("seccomp", "audit hook"),
        began=THEN,
        ended=LATER,
        outcome="finished",
    )


def test_files_written_elsewhere_are_told_once_each(ledger: Ledger) -> None:
    odd = Path("/home/me/b\udcff.csv")
    ledger.note_written(Path("/home/me/a.html"), "report", THEN)
    ledger.note_written(odd, "report", THEN)
    ledger.note_written(odd, "report", LATER)
    assert ledger.written() == (
        WrittenFile(path=Path("/home/me/a.html"), kind="report", when=THEN),
        WrittenFile(path=odd, kind="report", when=LATER),
    )
