"""Killed at any moment, the next run goes on and ends as if nobody had killed it."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from selfcheck.ledger import Ledger

PROGRAM = Path(__file__).with_name("killed_scan.py")
KILLS = 10


def start(path: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(path), *more], stdout=subprocess.PIPE, text=True
    )


def run_until(path: Path, lines: int, *more: str) -> set[str]:
    """Run until it has acknowledged so many lines, kill it, and give all it acknowledged."""
    with start(path, *more) as process:
        assert process.stdout is not None
        told = {process.stdout.readline().strip() for _ in range(lines)}
        process.kill()
        return told | {line.strip() for line in process.stdout if line.endswith("\n")}


def settled(path: Path) -> set[str]:
    with Ledger.open(path) as ledger:
        assert ledger._db.first("PRAGMA integrity_check") == ("ok",)
        assert ledger.accounting().balances()
        return {
            row[0] for row in ledger._db.rows("SELECT path FROM items WHERE state <> 'pending'")
        }


def reading(path: Path) -> bytes:
    with Ledger.open(path) as ledger:
        exposures = [(one, one.match.crop) for one in ledger.exposures()]
        facts = (ledger.accounting(), ledger.sources(), exposures, ledger.faces_compared())
        return repr(facts).encode()


def test_ten_kills_lose_nothing_and_change_nothing(tmp_path: Path) -> None:
    alone, killed = tmp_path / "alone.sqlite3", tmp_path / "killed.sqlite3"
    with start(alone) as process:
        process.communicate()
    assert process.returncode == 0
    chance = random.Random(20261122)
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        acknowledged |= run_until(killed, chance.randrange(20)) - {"open", "listed", "placed", ""}
        assert acknowledged <= settled(killed)
    with start(killed) as process:
        rest, _ = process.communicate()
    assert process.returncode == 0
    assert acknowledged.isdisjoint(rest.split()), "what was settled is not done again"
    assert acknowledged
    assert reading(killed) == reading(alone)


def test_ten_kills_of_a_scan_that_writes_in_groups_change_nothing(tmp_path: Path) -> None:
    alone, killed = tmp_path / "alone.sqlite3", tmp_path / "killed.sqlite3"
    with start(alone) as process:
        process.communicate()
    chance = random.Random(20261123)
    before: set[str] = set()
    for _ in range(KILLS):
        run_until(killed, chance.randrange(2, 30), "grouped")
        assert before <= settled(killed), "what is on disk stays there"
        before = settled(killed)
    with start(killed, "grouped") as process:
        process.communicate()
    assert process.returncode == 0
    assert before
    assert reading(killed) == reading(alone)
