"""Items as rows: found by their identity, made, and read back as values. Owns no verdicts.

An item is the same one while part, locator and path are; size and stamp tell that it changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from selfcheck.ledger.database import Database, Row
from selfcheck.ledger.values import Item, bounded, kept, told
from selfcheck.model import Member, Reason, Skipped

PAGE: Final = 500  # items fetched at once

# What a person can mend without changing the file is tried again at the next listing, and so
# is what a busy machine was too slow for: a result must not depend on its load.
_TRY_AGAIN: Final = frozenset(
    {Reason.NO_PERMISSION.name, Reason.VANISHED.name, Reason.TIMED_OUT.name}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An item as the ledger has it, compared with the member that was met."""

    id: int
    listing: int
    ordinal: int
    crashes: int
    changed: bool
    pending: bool
    settled: bool  # it keeps its verdict


def find(db: Database, source: int, part: int, member: Member) -> Known | None:
    """Find the item of a member; `part` is the part's id."""
    rows = db.rows(
        """
        SELECT part, path, locator, size, stamp, id, listing, ordinal, crashes, state, why
        FROM items WHERE source = ? AND key = ?
        """,
        (source, key_of(part, member.locator, member.path)),
    )
    same = (part, kept(member.path), _unless_path(member.locator, member))
    return next((_compared(row, member) for row in rows if row[:3] == same), None)


def insert(
    db: Database, source: int, member: Member, *, part: int, listing: int, ordinal: int
) -> Item:
    """Make the pending item of a member that was never met."""
    item = db.run(
        """
        INSERT INTO items (source, part, listing, ordinal, key, path, locator, shown, size, stamp,
                           state)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')
        """,
        (
            source,
            part,
            listing,
            ordinal,
            key_of(part, member.locator, member.path),
            kept(member.path),
            _unless_path(member.locator, member),
            _unless_path(member.shown, member),
            bounded(member.size),
            bounded(member.stamp),
        ),
    )
    return Item(id=item, source=source, member=member, crashes=0)


def find_unlistable(db: Database, source: int, entry: Skipped, listing: int) -> int | None:
    """Find the row of an entry that could not be listed, in a listing older than this one.

    Equal entries of one listing are several files, so each takes a row of its own.
    """
    row = db.first(
        """
        SELECT id FROM items WHERE source = ? AND key = ? AND part IS NULL AND listing < ?
            AND path = ? AND why = ? AND detail = ? ORDER BY ordinal LIMIT 1
        """,
        (
            source,
            key_of(0, entry.reason.name, entry.item),
            listing,
            kept(entry.item),
            entry.reason.name,
            kept(entry.detail),
        ),
    )
    return None if row is None else int(row[0])


def insert_unlistable(
    db: Database, source: int, entry: Skipped, *, listing: int, ordinal: int
) -> None:
    """Make the row of an entry that could not be listed: found, and skipped."""
    db.run(
        """
        INSERT INTO items (source, listing, ordinal, key, path, size, stamp, state, why, detail)
        VALUES (?, ?, ?, ?, ?, 0, 0, 'skipped', ?, ?)
        """,
        (
            source,
            listing,
            ordinal,
            key_of(0, entry.reason.name, entry.item),
            kept(entry.item),
            entry.reason.name,
            kept(entry.detail),
        ),
    )


def in_state(db: Database, source: int, state: str) -> Iterator[Item]:
    """Yield the items in a state, as listed newest, in its order; settling meanwhile is safe."""
    last = -1
    while rows := _page(db, source, state, last):
        for row in rows:
            yield item_of(row)
        last = rows[-1][9]


def _page(db: Database, source: int, state: str, last: int) -> list[Row]:
    return db.rows(
        """
        SELECT items.id, items.source, parts.place, locator, items.path, shown, size, stamp,
               crashes, ordinal
        FROM items JOIN parts ON parts.id = items.part
        WHERE items.source = ? AND state = ? AND ordinal > ?
            AND listing = (SELECT listing FROM sources WHERE id = ?)
        ORDER BY ordinal LIMIT ?
        """,
        (source, state, last, source, PAGE),
    )


def item_of(row: Row) -> Item:
    """Make an item of (id, source, part's place, locator, path, shown, size, stamp, crashes)."""
    path = told(row[4])
    member = Member(
        part=row[2],
        locator=path if row[3] is None else told(row[3]),
        path=path,
        shown=path if row[5] is None else told(row[5]),
        size=row[6],
        stamp=row[7],
    )
    return Item(id=row[0], source=row[1], member=member, crashes=row[8])


def key_of(part: int, locator: str, path: str) -> int:
    """Give 64 signed bits to find an item by; files of one folder lie near each other.

    The folder makes the upper half, so that a batch touches few pages of the index.
    """
    folder, _, name = path.rpartition("/")
    upper = blake2b(f"{part}\0{folder}".encode("utf-8", "surrogatepass"), digest_size=4)
    lower = blake2b(f"{name}\0{locator}".encode("utf-8", "surrogatepass"), digest_size=4)
    return int.from_bytes(upper.digest() + lower.digest(), "big", signed=True)


def _unless_path(text: str, member: Member) -> str | bytes | None:
    # Most locators and shown names equal the path: the text is kept once.
    return None if text == member.path else kept(text)


def _compared(row: Row, member: Member) -> Known:
    changed = row[3:5] != (bounded(member.size), bounded(member.stamp))
    pending = row[9] == "pending"
    return Known(
        id=row[5],
        listing=row[6],
        ordinal=row[7],
        crashes=row[8],
        changed=changed,
        pending=pending,
        settled=not (changed or pending or row[10] in _TRY_AGAIN),
    )
