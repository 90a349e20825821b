"""What the owner said of pictures in review, by the picture's content.

A row outlives rescans. A picture of somebody else loses all that was kept of it as a match: with
the next decision, at the end of the review, or when the ledger is next opened, so that the last
decision can be taken back and no crash can leave such a picture behind.
"""

from __future__ import annotations

from datetime import datetime

from selfcheck.ledger.database import Database
from selfcheck.model import Decision


def decide(db: Database, sha256: str, decision: Decision, when: datetime) -> None:
    """Write down a decision and finish the one before, in one transaction."""
    with db.transaction():
        _destroy_rejected(db)
        _write(db, sha256, decision, when)


def take_back(db: Database, sha256: str, before: Decision | None, when: datetime) -> None:
    """Put what was said before in a decision's place, in one transaction.

    Raises ValueError where the picture is no match any more: what is destroyed does not come back.
    """
    picture = bytes.fromhex(sha256)
    with db.transaction():
        kept = db.first(
            """
            SELECT 1 FROM matches JOIN contents ON contents.id = matches.content
            WHERE contents.sha256 = ?
            """,
            (picture,),
        )
        if kept is None:
            raise ValueError("nothing is kept of this picture any more")
        db.run("DELETE FROM decisions WHERE picture = ?", (picture,))
        if before is not None:
            _write(db, sha256, before, when)


def finish(db: Database) -> None:
    """Destroy what is kept of pictures of somebody else, in one transaction."""
    if _rejected(db):
        with db.transaction():
            _destroy_rejected(db)


def every(db: Database) -> dict[str, Decision]:
    """Read every decision, by the SHA-256 of its picture."""
    rows = db.rows("SELECT picture, decision FROM decisions")
    return {picture.hex(): Decision[decision] for picture, decision in rows}


def of(db: Database, sha256: str) -> Decision | None:
    """Read what was said of one picture."""
    row = db.first("SELECT decision FROM decisions WHERE picture = ?", (bytes.fromhex(sha256),))
    return None if row is None else Decision[row[0]]


def _write(db: Database, sha256: str, decision: Decision, when: datetime) -> None:
    db.run(
        "INSERT OR REPLACE INTO decisions VALUES (?, ?, ?)",
        (bytes.fromhex(sha256), decision.name, when.isoformat()),
    )


def _rejected(db: Database) -> list[tuple[int, bytes]]:
    rows = db.rows(
        """
        SELECT contents.id, picture FROM decisions JOIN contents ON contents.sha256 = picture
            JOIN matches ON matches.content = contents.id
        WHERE decision = ?
        """,
        (Decision.NOT_ME.name,),
    )
    return [(content, picture) for content, picture in rows]


def _destroy_rejected(db: Database) -> None:
    for content, picture in _rejected(db):
        # Findings and contexts go with the match; freed space is overwritten (`secure_delete`).
        db.run("DELETE FROM matches WHERE content = ?", (content,))
        for table in ("named", "standings"):
            db.run(
                f"DELETE FROM {table} WHERE item IN (SELECT id FROM items WHERE content = ?)",  # noqa: S608 -- names of our own tables
                (content,),
            )
        db.run("DELETE FROM removals WHERE picture = ?", (picture,))
        # The face that was taken for the owner's is one more of other people.
        db.run("UPDATE state SET faces = faces + 1")
