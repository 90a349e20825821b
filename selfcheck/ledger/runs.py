"""Runs, and the files written elsewhere: what was done when, for `status` and for `forget`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from selfcheck.ledger.database import Database
from selfcheck.ledger.values import RunRow, WrittenFile, kept, told


def begin(
    db: Database, command: str, assurance: str, isolation: Sequence[str], when: datetime
) -> int:
    """Record that a run begins, in one transaction; return its id."""
    with db.transaction():
        return db.run(
            "INSERT INTO runs (command, assurance, isolation, began) VALUES (?, ?, ?, ?)",
            (command, assurance, json.dumps(list(isolation)), when.isoformat()),
        )


def end(db: Database, run: int, outcome: str, when: datetime) -> None:
    """Record how a run ended, in one transaction."""
    with db.transaction():
        db.run(
            "UPDATE runs SET outcome = ?, ended = ? WHERE id = ?", (outcome, when.isoformat(), run)
        )


def last(db: Database) -> RunRow | None:
    """Read the newest scan, None where there is none."""
    row = db.first(
        """
        SELECT command, assurance, isolation, began, ended, outcome FROM runs
        WHERE command <> 'recheck' ORDER BY id DESC LIMIT 1
        """
    )
    if row is None:
        return None
    return RunRow(
        command=row[0],
        assurance=row[1],
        isolation=tuple(json.loads(row[2])),
        began=datetime.fromisoformat(row[3]),
        ended=None if row[4] is None else datetime.fromisoformat(row[4]),
        outcome=row[5],
    )


def newest(db: Database) -> int | None:
    """Give the newest scan's id, None where there is none."""
    row = db.first("SELECT MAX(id) FROM runs WHERE command <> 'recheck'")
    return None if row is None else row[0]


def count(db: Database) -> int:
    """Count the scans."""
    row = db.first("SELECT COUNT(*) FROM runs WHERE command <> 'recheck'")
    return int(row[0]) if row else 0


def note_written(db: Database, path: Path, kind: str, when: datetime) -> None:
    """Record a file written elsewhere; the same path again replaces what was known of it."""
    with db.transaction():
        db.run(
            "INSERT OR REPLACE INTO written VALUES (?, ?, ?)",
            (kept(str(path)), kind, when.isoformat()),
        )


def written(db: Database) -> tuple[WrittenFile, ...]:
    """Read the files written elsewhere, oldest first."""
    rows = db.rows("SELECT path, kind, at FROM written ORDER BY rowid")
    return tuple(
        WrittenFile(path=Path(told(path)), kind=kind, when=datetime.fromisoformat(at))
        for path, kind, at in rows
    )
