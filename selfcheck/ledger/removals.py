"""What became of pictures that should go: by the picture's content and by who was asked.

A row outlives rescans, and the picture: that something is gone is the point of it.
"""

from __future__ import annotations

from datetime import date

from selfcheck.ledger.database import Database, Row
from selfcheck.ledger.values import RemovalRow, kept, told


def note(db: Database, removal: RemovalRow) -> None:
    """Write down how far a removal is, in one transaction."""
    with db.transaction():
        db.run(
            "INSERT OR REPLACE INTO removals VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                bytes.fromhex(removal.sha256),
                removal.door,
                removal.state,
                removal.since.isoformat(),
                removal.kind,
                kept(removal.to),
                _written(removal.asked_on),
                _written(removal.due_on),
            ),
        )


def every(db: Database) -> tuple[RemovalRow, ...]:
    """Read how far each removal is, by picture and door."""
    rows = db.rows(
        """
        SELECT picture, door, state, since, kind, recipient, asked_on, due_on FROM removals
        ORDER BY picture, door
        """
    )
    return tuple(_read(row) for row in rows)


def _read(row: Row) -> RemovalRow:
    picture, door, state, since, kind, recipient, asked_on, due_on = row
    return RemovalRow(
        sha256=picture.hex(),
        door=door,
        state=state,
        since=date.fromisoformat(since),
        kind=kind,
        to=told(recipient),
        asked_on=_day(asked_on),
        due_on=_day(due_on),
    )


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
