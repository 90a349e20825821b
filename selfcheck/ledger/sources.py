"""Sources and their parts: found again by fingerprints, extended, merged. Owns no members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from selfcheck.ledger.database import Database
from selfcheck.ledger.values import kept
from selfcheck.model import Missing, PartInfo


def recognise(
    db: Database, label: str, parts: Sequence[PartInfo], absent: Sequence[str]
) -> tuple[int, tuple[int, ...]]:
    """Find or make the source that these parts belong to, in one transaction.

    `absent` are the names of parts that were not given with these.

    Returns the source and the id of each part, in the order given. Two parts with one
    fingerprint are the same archive and get one id.
    """
    with db.transaction():
        known = sorted({row[0] for part in parts for row in _owner(db, part)})
        if known:
            own = int(known[0])
            for other in known[1:]:
                _merge(db, own, int(other))
            db.run("UPDATE sources SET label = ? WHERE id = ?", (kept(label), own))
        else:
            own = db.run("INSERT INTO sources (label) VALUES (?)", (kept(label),))
        _set_absent(db, own, absent)
        return own, _take_parts(db, own, parts)


def set_platform(db: Database, source: int, platform: str) -> None:
    """Record which platform's export the source is."""
    with db.transaction():
        db.run("UPDATE sources SET platform = ? WHERE id = ?", (platform, source))


def set_facts(
    db: Database, source: int, missing: Iterable[Missing], unlisted: int, addresses: int
) -> None:
    """Replace what is known of pictures missing, unlisted or in the web, in one transaction."""
    rows = [
        (source, place, kept(one.path), kept(one.listed_in)) for place, one in enumerate(missing)
    ]
    with db.transaction():
        db.run(
            "UPDATE sources SET unlisted = ?, addresses = ? WHERE id = ?",
            (unlisted, addresses, source),
        )
        db.run("DELETE FROM missing WHERE source = ?", (source,))
        db.run_each("INSERT INTO missing VALUES (?, ?, ?, ?)", rows)


def _set_absent(db: Database, source: int, absent: Sequence[str]) -> None:
    rows = [(source, place, kept(name)) for place, name in enumerate(absent)]
    db.run("DELETE FROM absent_parts WHERE source = ?", (source,))
    db.run_each("INSERT INTO absent_parts VALUES (?, ?, ?)", rows)


def _owner(db: Database, part: PartInfo) -> list[tuple[int]]:
    return db.rows("SELECT source FROM parts WHERE fingerprint = ?", (part.fingerprint,))


def _merge(db: Database, own: int, other: int) -> None:
    # Two sources turn out to be parts of one export: the other's items follow ours.
    row = db.first("SELECT COALESCE(MAX(ordinal) + 1, 0) FROM items WHERE source = ?", (own,))
    shift = row[0] if row else 0
    db.run(
        "UPDATE items SET source = ?, ordinal = ordinal + ? WHERE source = ?", (own, shift, other)
    )
    db.run("UPDATE parts SET source = ? WHERE source = ?", (own, other))
    db.run("DELETE FROM sources WHERE id = ?", (other,))


def _take_parts(db: Database, source: int, parts: Sequence[PartInfo]) -> tuple[int, ...]:
    db.run("UPDATE parts SET place = NULL WHERE source = ?", (source,))
    ids: dict[str, int] = {}
    for place, part in enumerate(parts):
        if part.fingerprint not in ids:
            ids[part.fingerprint] = _take_part(db, source, place, part)
    return tuple(ids[part.fingerprint] for part in parts)


def _take_part(db: Database, source: int, place: int, part: PartInfo) -> int:
    values = (source, place, kept(part.path), part.kind, kept(part.name), part.fingerprint)
    db.run(
        """
        INSERT INTO parts (source, place, path, kind, name, fingerprint) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (fingerprint) DO UPDATE SET source = excluded.source, place = excluded.place,
            path = excluded.path, kind = excluded.kind, name = excluded.name
        """,
        values,
    )
    row = db.first("SELECT id FROM parts WHERE fingerprint = ?", (part.fingerprint,))
    assert row is not None
    return int(row[0])
