"""Web addresses: what was asked of the network, what pages say, and how matches stand there.

What a page says of a picture is kept sealed, and only until the picture is examined: of one
without the owner nothing of it stays (`verdicts` sees to that).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from selfcheck.ledger.database import Database, Row
from selfcheck.ledger.items import item_of
from selfcheck.ledger.values import Item, WebItem, kept, told
from selfcheck.model import Answered, Asked, Band, Decision, KnownAddress, Standing, Stood


def log(db: Database, run: int, asked: Iterable[Asked], instead_of: int | None) -> int:
    """Write down requests, in one transaction, in the place of another; give the last one's row."""
    rows = [
        (run, one.at.isoformat(), kept(one.host), one.method, kept(one.address), one.outcome,
         one.status, one.sent, one.received)
        for one in asked
    ]  # fmt: skip
    last = 0
    with db.transaction():
        db.run("DELETE FROM requests WHERE id = ?", (instead_of,))
        for row in rows:
            last = db.run(
                """
                INSERT INTO requests
                    (run, at, host, method, address, outcome, status, sent, received)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                row,
            )
    return last


def logged(db: Database, run: int) -> tuple[Asked, ...]:
    """Read the requests of a run and of those after it, in their order."""
    rows = db.rows(
        """
        SELECT at, host, method, address, outcome, status, sent, received FROM requests
        WHERE run >= ? ORDER BY id
        """,
        (run,),
    )
    return tuple(
        Asked(
            at=datetime.fromisoformat(at),
            host=told(host),
            method=method,
            address=told(address),
            outcome=outcome,
            status=status,
            sent=sent,
            received=received,
        )
        for at, host, method, address, outcome, status, sent, received in rows
    )


def count_page(db: Database, run: int) -> None:
    """Count one more of the user's addresses that this run asks."""
    with db.transaction():
        db.run("UPDATE runs SET pages = pages + 1 WHERE id = ?", (run,))


def pages_since(db: Database, when: datetime) -> int:
    """Count the user's addresses that were asked by runs that began since then."""
    rows = db.rows("SELECT pages, began FROM runs WHERE pages > 0")
    return sum(pages for pages, began in rows if datetime.fromisoformat(began) >= when)


def remember(db: Database, item: Item, sealed: bytes) -> None:
    """Keep what a page says of a picture until it is examined."""
    with db.transaction():
        db.run("INSERT OR REPLACE INTO named VALUES (?, ?)", (item.id, sealed))


def remembered(db: Database, item: Item) -> bytes | None:
    """Give what a page said of a picture, None where nothing is kept."""
    row = db.first("SELECT sealed FROM named WHERE item = ?", (item.id,))
    return None if row is None else bytes(row[0])


def answer(db: Database, item: Item, answered: Answered) -> None:
    """Keep what a host said of a picture that it gave."""
    with db.transaction():
        db.run(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
            (item.id, kept(answered.final), kept(answered.etag), kept(answered.last_modified),
             answered.at.isoformat()),
        )  # fmt: skip


def answered(db: Database, item: Item) -> Answered | None:
    """Give what a host said of a picture, None where it never gave it."""
    row = db.first("SELECT final, etag, last_modified, at FROM answers WHERE item = ?", (item.id,))
    return None if row is None else _answered(row)


_WEB_ITEM = """
    SELECT items.id, items.source, parts.place, locator, items.path, shown, size, stamp, crashes,
           items.state, final, etag, last_modified, at
    FROM items JOIN parts ON parts.id = items.part LEFT JOIN answers ON answers.item = items.id
"""


def of_part(db: Database, source: int, part: int) -> tuple[WebItem, ...]:
    """Give what is known of one page: itself and its pictures, in their order, gone ones too."""
    rows = db.rows(
        f"{_WEB_ITEM} WHERE items.source = ? AND items.part = ? ORDER BY ordinal",
        (source, part),
    )
    return tuple(_web_item(row) for row in rows)


def examined_twin(db: Database, item: Item, since: datetime) -> str | None:
    """Give the SHA-256 of what the same address gave for another page since then, or None."""
    row = db.first(
        """
        SELECT contents.sha256 FROM items JOIN contents ON contents.id = items.content
            JOIN answers ON answers.item = items.id
        WHERE items.source = ? AND items.path = ? AND items.id <> ? AND answers.at >= ?
        """,
        (item.source, kept(item.member.path), item.id, since.isoformat()),
    )
    return None if row is None else row[0].hex()


def exposed(db: Database) -> Iterator[KnownAddress]:
    """Yield the matched pictures at web addresses, by discovery, with what was seen of them."""
    rows = db.rows(
        """
        SELECT items.id, items.path, parts.name, band, contents.sha256, matches.fingerprint,
               decision, final, etag, last_modified, answers.at
        FROM answers JOIN items ON items.id = answers.item JOIN parts ON parts.id = items.part
            JOIN matches ON matches.content = items.content
            JOIN contents ON contents.id = items.content
            LEFT JOIN decisions ON picture = contents.sha256
        ORDER BY items.source, items.ordinal, items.path
        """
    )
    for item, path, page, band, sha256, fingerprint, said, *answered in rows:
        yield KnownAddress(
            item=item,
            address=told(path),
            page=told(page),
            band=Band.YOU if said == Decision.ME.name else Band[band],
            sha256=sha256.hex(),
            fingerprint=fingerprint,
            answered=_answered(tuple(answered)),
            stood=_stood(db, item),
        )


def stand(db: Database, item: int, stood: Stood) -> None:
    """Write down what was seen of a picture at its address; drop it where the item is gone."""
    with db.transaction():
        if db.first("SELECT 1 FROM items WHERE id = ?", (item,)) is not None:
            db.run(
                "INSERT OR REPLACE INTO standings VALUES (?, ?, ?, ?)",
                (item, stood.at.isoformat(), stood.standing.name, kept(stood.detail)),
            )


def changed_pages(db: Database) -> tuple[str, ...]:
    """Name the pages of which a matched picture was last seen changed, and not examined since."""
    rows = db.rows(
        """
        SELECT DISTINCT parts.path FROM standings JOIN items ON items.id = standings.item
            JOIN parts ON parts.id = items.part JOIN answers ON answers.item = items.id
            JOIN matches ON matches.content = items.content
        WHERE standing IN ('CHANGED', 'GONE') AND standings.at > answers.at
            AND standings.at = (SELECT MAX(at) FROM standings AS every WHERE every.item = items.id)
        ORDER BY parts.id
        """
    )
    return tuple(told(path) for (path,) in rows)


def _web_item(row: Row) -> WebItem:
    answered = None if row[10] is None else _answered(row[10:])
    return WebItem(item=item_of(row[:9]), state=row[9], answered=answered)


def _answered(row: Row) -> Answered:
    final, etag, last_modified, at = row
    return Answered(
        final=told(final), etag=told(etag), last_modified=told(last_modified),
        at=datetime.fromisoformat(at),
    )  # fmt: skip


def _stood(db: Database, item: int) -> tuple[Stood, ...]:
    rows = db.rows("SELECT at, standing, detail FROM standings WHERE item = ? ORDER BY at", (item,))
    return tuple(
        Stood(at=datetime.fromisoformat(at), standing=Standing[standing], detail=told(detail))
        for at, standing, detail in rows
    )
