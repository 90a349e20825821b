"""Verdicts: what an item turned out to be, the contents behind it, and what reopens it.

Keeps of a content its SHA-256 and size, of a match what a report needs, of all other faces one
running total. Whether an examined item counts as checked or as duplicate follows from the order
of discovery when it is read, so no history of runs can change it.
"""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import assert_never

from selfcheck.ledger import decisions
from selfcheck.ledger.database import Database
from selfcheck.ledger.values import Item, bounded, kept
from selfcheck.model import (
    Copied,
    Decision,
    Examined,
    FaceQuality,
    Ignored,
    Match,
    Member,
    Reason,
    Skipped,
    Verdict,
)

# What another engine or decoder may do better, so that a new configuration tries again.
_WORTH_ANOTHER_TRY = tuple(
    reason.name
    for reason in (
        Reason.TRUNCATED,
        Reason.DAMAGED,
        Reason.NOT_A_PICTURE,
        Reason.TOO_LARGE,
        Reason.UNSUPPORTED,
        Reason.CRASHED,
        Reason.TIMED_OUT,
    )
)


def known(db: Database, size: int, most: int | None) -> frozenset[str]:
    """Give the SHA-256 (hex) of the contents of this size that were examined, the oldest first."""
    rows = db.rows(
        "SELECT sha256 FROM contents WHERE size = ? ORDER BY id LIMIT ?",
        (bounded(size), -1 if most is None else most),
    )
    return frozenset(row[0].hex() for row in rows)


def settle(db: Database, item: Item, verdict: Verdict, size: int | None) -> None:
    """Give an item its verdict; must stand inside a transaction.

    `size` is the content's where the member's own is not to be trusted. Raises ValueError for
    an item that is gone and for a copy of a content that nobody examined.
    """
    _detach(db, item.id)
    content, why, detail = None, None, None
    match verdict:
        case Examined():
            state = "examined"
            content = _examined(db, verdict, item.member.size if size is None else size)
        case Copied():
            state, content = "examined", _content(db, verdict.sha256)
            if content is None:
                raise ValueError("a copy of a content that was never examined")
        case Ignored():
            state, why = "ignored", verdict.rule.name
        case Skipped():
            state, why, detail = "skipped", verdict.reason.name, kept(verdict.detail)
        case _:
            assert_never(verdict)
    db.run(
        "UPDATE items SET state = ?, content = ?, why = ?, detail = ? WHERE id = ?",
        (state, content, why, detail, item.id),
    )
    forget_unmatched(db, item)


def forget_unmatched(db: Database, item: Item) -> None:
    """Forget what a page says of a picture unless it matched; must stand inside a transaction."""
    db.run(
        """
        DELETE FROM named WHERE item = ? AND NOT EXISTS (
            SELECT 1 FROM items JOIN matches ON matches.content = items.content
            WHERE items.id = named.item
        )
        """,
        (item.id,),
    )


def crashed(db: Database, item: Item) -> int:
    """Count one more crash on the item, in one transaction; return how many there were."""
    with db.transaction():
        db.run("UPDATE items SET crashes = crashes + 1 WHERE id = ?", (item.id,))
        row = db.first("SELECT crashes FROM items WHERE id = ?", (item.id,))
    if row is None:
        raise ValueError("no such item in the ledger")
    return int(row[0])


def reopen(db: Database, item: int, member: Member) -> None:
    """Make an item pending again, with what was met; must stand inside a transaction."""
    _detach(db, item)
    db.run(
        "UPDATE items SET crashes = 0, size = ?, stamp = ? WHERE id = ?",
        (bounded(member.size), bounded(member.stamp), item),
    )


def configuration(db: Database) -> str | None:
    """Give the fingerprint that settled what is settled."""
    row = db.first("SELECT configuration FROM state")
    return None if row is None or row[0] is None else str(row[0])


def require_configuration(db: Database, fingerprint: str) -> int:
    """Drop every verdict that another configuration gave; return how many items reopened.

    Other people's encodings are not kept, so nothing but a new look can compare them again.
    """
    with db.transaction():
        if db.first("SELECT configuration FROM state") == (fingerprint,):
            return 0
        db.run("DELETE FROM contexts")
        reopened = db.change(
            """
            UPDATE items SET state = 'pending', content = NULL, why = NULL, detail = NULL
            WHERE part IS NOT NULL AND (state = 'examined' OR (
                state = 'skipped' AND why IN (?, ?, ?, ?, ?, ?, ?)
            ))
            """,
            _WORTH_ANOTHER_TRY,
        )
        db.run("UPDATE items SET crashes = 0 WHERE crashes > 0")
        db.run("DELETE FROM contents")
        db.run("UPDATE state SET configuration = ?, faces = 0", (fingerprint,))
    return reopened


def drop_unused_matches(db: Database) -> None:
    """Forget the matches whose last file is gone; must stand inside a transaction.

    Contents without the owner stay, because their share of the total of faces is not known.
    """
    rows = db.rows(
        """
        SELECT content FROM matches WHERE NOT EXISTS
            (SELECT 1 FROM items WHERE items.content = matches.content)
        """
    )
    for row in rows:
        _drop_match(db, row[0])


def _detach(db: Database, item: int) -> None:
    row = db.first("SELECT state, content FROM items WHERE id = ?", (item,))
    if row is None:
        raise ValueError("no such item in the ledger")
    state, content = row
    if state == "pending":
        return
    db.run("DELETE FROM contexts WHERE item = ?", (item,))
    db.run(
        """
        UPDATE items SET state = 'pending', content = NULL, why = NULL, detail = NULL
        WHERE id = ?
        """,
        (item,),
    )
    if db.first("SELECT 1 FROM items WHERE content = ?", (content,)) is None:
        _drop_match(db, content)


def _drop_match(db: Database, content: int | None) -> None:
    row = db.first("SELECT compared FROM matches WHERE content = ?", (content,))
    if row is not None:
        db.run("UPDATE state SET faces = faces - ?", (row[0],))
        db.run("DELETE FROM contents WHERE id = ?", (content,))


def _content(db: Database, sha256: str) -> int | None:
    row = db.first("SELECT id FROM contents WHERE sha256 = ?", (bytes.fromhex(sha256),))
    return None if row is None else int(row[0])


def _examined(db: Database, verdict: Examined, size: int) -> int:
    content = _content(db, verdict.sha256)
    if content is not None:  # equal bytes have equal faces: nothing to add
        return content
    content = db.run(
        "INSERT INTO contents (sha256, size) VALUES (?, ?)",
        (bytes.fromhex(verdict.sha256), bounded(size)),
    )
    compared = verdict.faces
    # What the owner said is somebody else is kept like everybody else.
    rejected = decisions.of(db, verdict.sha256) is Decision.NOT_ME
    if verdict.match is not None and not rejected:
        compared = max(0, compared - 1)  # the owner's own face
        _keep_match(db, content, verdict.match, compared)
    db.run("UPDATE state SET faces = faces + ?", (compared,))
    return content


def _keep_match(db: Database, content: int, match: Match, compared: int) -> None:
    box = match.box  # its numbers may be numpy's
    measured = astuple(match.quality) if match.quality else (None,) * len(fields(FaceQuality))
    db.run(
        """
        INSERT INTO matches
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            content,
            match.band.name,
            float(match.distance),
            int(box.left),
            int(box.top),
            int(box.right),
            int(box.bottom),
            int(match.picture_width),
            int(match.picture_height),
            int(match.faces),
            compared,
            match.crop,
            match.second,
            match.fingerprint,
            *measured,
        ),
    )
    db.run_each(
        "INSERT INTO findings VALUES (?, ?, ?, ?)",
        [
            (content, place, finding.leak.name, kept(finding.value))
            for place, finding in enumerate(match.findings)
        ],
    )
