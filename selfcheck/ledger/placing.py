"""Contexts: what the exports say of matched pictures, written and read. Of nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from selfcheck.ledger.database import Database, Row
from selfcheck.ledger.items import item_of
from selfcheck.ledger.values import (
    Item,
    kept_or_none,
    read_or_none,
    told_or_none,
    written_or_none,
)
from selfcheck.model import Audience, Author, Context, Moment, PictureKind, Place, Precision


def matched(db: Database, source: int) -> Iterator[Item]:
    """Yield the items whose content has a match, as listed newest, in order of discovery."""
    ids = db.rows(
        """
        SELECT items.id FROM matches JOIN items ON items.content = matches.content
        WHERE items.source = ? AND items.listing = (SELECT listing FROM sources WHERE id = ?)
        ORDER BY items.ordinal
        """,
        (source, source),
    )
    for (item,) in ids:
        row = db.first(
            """
            SELECT items.id, items.source, parts.place, locator, items.path, shown, size, stamp,
                   crashes
            FROM items JOIN parts ON parts.id = items.part WHERE items.id = ?
            """,
            (item,),
        )
        if row is not None:
            yield item_of(row)


def place(db: Database, item: Item, contexts: Sequence[Context]) -> None:
    """Replace the contexts of a matched item, in one transaction.

    Raises ValueError for any other item: of pictures without the owner nothing is kept.
    """
    with db.transaction():
        row = db.first(
            "SELECT content FROM matches WHERE content = (SELECT content FROM items WHERE id = ?)",
            (item.id,),
        )
        if row is None:
            raise ValueError("contexts are kept for matches only")
        db.run("DELETE FROM contexts WHERE item = ?", (item.id,))
        db.run_each(
            """
            INSERT INTO contexts
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (item.id, place, row[0], *_columns(context))
                for place, context in enumerate(contexts)
            ],
        )


def contexts_of(db: Database, item: int) -> tuple[Context, ...]:
    """Read the contexts of an item, in the order in which they were given."""
    rows = db.rows("SELECT * FROM contexts WHERE item = ? ORDER BY place", (item,))
    return tuple(_context(row[3:]) for row in rows)


def _columns(context: Context) -> tuple[str | bytes | int | float | None, ...]:
    time, spot = context.time, context.place or Place()
    return (
        context.platform,
        context.kind.name,
        kept_or_none(context.permalink),
        context.permalink_derived,
        kept_or_none(context.caption),
        time.when.isoformat() if time else None,
        time.precision.name if time else None,
        context.author.name,
        kept_or_none(context.author_name),
        kept_or_none(context.album),
        context.audience.name,
        context.place is not None,
        spot.latitude,
        spot.longitude,
        kept_or_none(spot.name),
        context.tagged,
        kept_or_none(context.listed_in),
        written_or_none(context.answered),
        written_or_none(context.modified),
    )


def _context(row: Row) -> Context:
    spot = Place(latitude=row[12], longitude=row[13], name=told_or_none(row[14]))
    return Context(
        platform=row[0],
        kind=PictureKind[row[1]],
        permalink=told_or_none(row[2]),
        permalink_derived=bool(row[3]),
        caption=told_or_none(row[4]),
        time=_moment(row[5], row[6]),
        author=Author[row[7]],
        author_name=told_or_none(row[8]),
        album=told_or_none(row[9]),
        audience=Audience[row[10]],
        place=spot if row[11] else None,
        tagged=row[15],
        listed_in=told_or_none(row[16]),
        answered=read_or_none(row[17]),
        modified=read_or_none(row[18]),
    )


def _moment(when: str | None, precision: str | None) -> Moment | None:
    if when is None or precision is None:
        return None
    return Moment(when=datetime.fromisoformat(when), precision=Precision[precision])
