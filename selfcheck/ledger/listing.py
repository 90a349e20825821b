"""Listings: which members a source has, in which order, and which of them need no more work.

Every member is committed before anybody works on it. Verdicts are given in `verdicts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from selfcheck.ledger import items, verdicts
from selfcheck.ledger.database import Database
from selfcheck.ledger.values import Item
from selfcheck.model import Member, Skipped

BATCH: Final = 10_000  # members in one transaction
_WAITING: Final = 1_000  # settled members of a stream whose new place may wait for a commit


@dataclass(slots=True, kw_only=True)
class Listing:
    """One pass over the members of a source, and how far it has come."""

    source: int
    number: int
    start: int  # ordinal of the first member
    ordinal: int  # of the next member
    parts: tuple[int, ...]
    moved: list[tuple[int, int, int]] = field(default_factory=list)  # ordinal, number, item
    stayed: list[tuple[int, int]] = field(default_factory=list)  # number, item


def begin(db: Database, source: int, parts: tuple[int, ...]) -> Listing:
    """Begin a listing: a new number, and places after the items of parts not given this time."""
    with db.transaction():
        db.run("UPDATE sources SET listing = listing + 1 WHERE id = ?", (source,))
        row = db.first(
            """
            SELECT listing, (
                SELECT COALESCE(MAX(ordinal) + 1, 0) FROM items JOIN parts ON parts.id = items.part
                WHERE items.source = sources.id AND parts.place IS NULL
            ) FROM sources WHERE id = ?
            """,
            (source,),
        )
    assert row is not None, "the parts were given, so the source is known"
    return Listing(source=source, number=row[0], start=row[1], ordinal=row[1], parts=parts)


def add(db: Database, listing: Listing, members: Iterable[Member | Skipped]) -> int:
    """Record members batch by batch, each batch committed; return how many were listed."""
    rest, count = iter(members), 0
    while batch := list(islice(rest, BATCH)):  # the source is read outside the transaction
        with db.transaction():
            for member in batch:
                _note(db, listing, member)
            _write_places(db, listing)
        count += len(batch)
    return count


def meet(db: Database, listing: Listing, member: Member | Skipped) -> Item | None:
    """Record one member; return it where it is pending, None where it is settled.

    A settled one's place in the order is committed with a later member or at the end: reading
    a long archive again then costs no commit a member.
    """
    if isinstance(member, Member):
        known = items.find(db, listing.source, listing.parts[member.part], member)
        if known is not None and known.settled:
            _place(listing, known)
            if len(listing.moved) + len(listing.stayed) >= _WAITING:
                flush(db, listing)
            return None
    with db.transaction():
        item = _note(db, listing, member)
        _write_places(db, listing)
    return item


def flush(db: Database, listing: Listing) -> None:
    """Commit the places that wait."""
    if listing.moved or listing.stayed:
        with db.transaction():
            _write_places(db, listing)


def end(db: Database, listing: Listing) -> None:
    """Complete a listing: drop the items of its parts that it did not meet, in one transaction."""
    with db.transaction():
        _write_places(db, listing)
        db.run(
            """
            DELETE FROM items WHERE source = ? AND listing <> ? AND (part IS NULL
                OR part IN (SELECT id FROM parts WHERE source = ? AND place IS NOT NULL))
            """,
            (listing.source, listing.number, listing.source),
        )
        verdicts.drop_unused_matches(db)


def _note(db: Database, listing: Listing, member: Member | Skipped) -> Item | None:
    if isinstance(member, Skipped):
        _note_unlistable(db, listing, member)
        return None
    source, part = listing.source, listing.parts[member.part]
    known = items.find(db, source, part, member)
    if known is None:
        item = items.insert(
            db, source, member, part=part, listing=listing.number, ordinal=listing.ordinal
        )
        listing.ordinal += 1
        return item
    if known.listing == listing.number:  # listed twice in one pass: one file all the same
        return None
    _place(listing, known)
    if known.settled:
        return None
    if known.changed or not known.pending:
        verdicts.reopen(db, known.id, member)
        return Item(id=known.id, source=source, member=member, crashes=0)
    return Item(id=known.id, source=source, member=member, crashes=known.crashes)


def _note_unlistable(db: Database, listing: Listing, entry: Skipped) -> None:
    row = items.find_unlistable(db, listing.source, entry, listing.number)
    if row is None:
        items.insert_unlistable(
            db, listing.source, entry, listing=listing.number, ordinal=listing.ordinal
        )
    else:
        db.run(
            "UPDATE items SET ordinal = ?, listing = ? WHERE id = ?",
            (listing.ordinal, listing.number, row),
        )
    listing.ordinal += 1


def _place(listing: Listing, known: items.Known) -> None:
    # An unchanged ordinal is not written again, because it stands in an index.
    if known.ordinal == listing.ordinal:
        listing.stayed.append((listing.number, known.id))
    else:
        listing.moved.append((listing.ordinal, listing.number, known.id))
    listing.ordinal += 1


def _write_places(db: Database, listing: Listing) -> None:
    db.run_each("UPDATE items SET ordinal = ?, listing = ? WHERE id = ?", listing.moved)
    db.run_each("UPDATE items SET listing = ? WHERE id = ?", listing.stayed)
    listing.moved.clear()
    listing.stayed.clear()
