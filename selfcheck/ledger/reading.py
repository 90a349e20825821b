"""What reports are made of, read as values of the model.

Nothing read here tells how often a run was killed, how many workers there were or when anything
was settled: no ids, no times, everything in order of discovery.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from selfcheck.ledger import decisions
from selfcheck.ledger.database import Database
from selfcheck.ledger.placing import contexts_of
from selfcheck.ledger.values import told
from selfcheck.model import (
    Accounting,
    Band,
    Box,
    Decision,
    Exposure,
    FaceQuality,
    Finding,
    Leak,
    Match,
    Missing,
    Occurrence,
    Reason,
    Rule,
    Skipped,
    SourceSummary,
)

_NOTHING = Accounting(found=0, checked=0, duplicate=0, ignored=0, skipped=0, pending=0)


def accounting(db: Database, source: int | None) -> Accounting:
    """Count what became of the files of one source or of all; about 0.5 s for a million."""
    if source is not None:
        return _accountings(db).get(source, _NOTHING)
    return _total(_accountings(db).values())


def sources(db: Database) -> tuple[SourceSummary, ...]:
    """Read every source, in the order in which they were first given."""
    accountings = _accountings(db)
    rows = db.rows("SELECT id, label, platform, unlisted, addresses FROM sources ORDER BY id")
    return tuple(
        SourceSummary(
            label=told(label),
            platform=platform,
            parts=_parts(db, source),
            accounting=accountings.get(source, _NOTHING),
            ignored=_ignored(db, source),
            skipped=_skipped(db, source),
            missing=_missing(db, source),
            unlisted=unlisted,
            absent_parts=_absent_parts(db, source),
            addresses=addresses,
        )
        for source, label, platform, unlisted, addresses in rows
    )


def exposures(db: Database) -> Iterator[Exposure]:
    """Yield every match with all its occurrences, by first occurrence; crops still sealed."""
    rows = db.rows(
        """
        SELECT items.content, items.id FROM matches JOIN items ON items.content = matches.content
        ORDER BY items.source, items.ordinal, items.path
        """
    )
    found: dict[int, list[int]] = {}
    for content, item in rows:
        found.setdefault(content, []).append(item)
    for content, occurring in found.items():
        row = db.first("SELECT sha256 FROM contents WHERE id = ?", (content,))
        if row is not None:  # else it was dropped while we were reading
            yield _exposure(db, row[0].hex(), content, occurring)


def exposure(db: Database, sha256: str) -> Exposure | None:
    """Read one match with all its occurrences; None where there is none."""
    rows = db.rows(
        """
        SELECT items.content, items.id FROM contents JOIN matches ON matches.content = contents.id
            JOIN items ON items.content = contents.id
        WHERE contents.sha256 = ? ORDER BY items.source, items.ordinal, items.path
        """,
        (bytes.fromhex(sha256),),
    )
    return _exposure(db, sha256, rows[0][0], [item for _, item in rows]) if rows else None


def faces_compared(db: Database) -> int:
    """Give how many faces of other people were compared with the profile."""
    row = db.first("SELECT faces FROM state")
    return int(row[0]) if row else 0


def _accountings(db: Database) -> dict[int, Accounting]:
    found: Counter[int] = Counter(
        dict(db.rows("SELECT source, COUNT(*) FROM items GROUP BY source"))
    )
    states = {
        (source, state): count
        for source, state, count in db.rows(
            "SELECT source, state, COUNT(*) FROM items GROUP BY source, state"
        )
    }
    first: Counter[int] = Counter(
        dict(
            # The first occurrence of a content is the checked one, all others are duplicates.
            db.rows(
                """
                SELECT source, COUNT(*) FROM (SELECT MIN(source) AS source FROM items
                    WHERE content IS NOT NULL GROUP BY content) GROUP BY source
                """
            )
        )
    )
    return {
        source: Accounting(
            found=count,
            checked=first[source],
            duplicate=states.get((source, "examined"), 0) - first[source],
            ignored=states.get((source, "ignored"), 0),
            skipped=states.get((source, "skipped"), 0),
            pending=states.get((source, "pending"), 0),
        )
        for source, count in found.items()
    }


def _total(parts: Iterable[Accounting]) -> Accounting:
    every = tuple(parts)
    return Accounting(
        found=sum(one.found for one in every),
        checked=sum(one.checked for one in every),
        duplicate=sum(one.duplicate for one in every),
        ignored=sum(one.ignored for one in every),
        skipped=sum(one.skipped for one in every),
        pending=sum(one.pending for one in every),
    )


def _parts(db: Database, source: int) -> tuple[str, ...]:
    # Parts not given last time come first, as their items do.
    rows = db.rows(
        "SELECT name FROM parts WHERE source = ? ORDER BY place IS NOT NULL, place, id", (source,)
    )
    return tuple(told(name) for (name,) in rows)


def _absent_parts(db: Database, source: int) -> tuple[str, ...]:
    # One that an earlier scan was given is not absent, though it was not given with the others.
    rows = db.rows(
        """
        SELECT name FROM absent_parts WHERE source = ?
            AND name NOT IN (SELECT name FROM parts WHERE source = ?)
        ORDER BY place
        """,
        (source, source),
    )
    return tuple(told(name) for (name,) in rows)


def _ignored(db: Database, source: int) -> tuple[tuple[Rule, int], ...]:
    rows = db.rows(
        "SELECT why, COUNT(*) FROM items WHERE source = ? AND state = 'ignored' GROUP BY why",
        (source,),
    )
    counts: dict[str, int] = dict(rows)
    return tuple((rule, counts[rule.name]) for rule in Rule if rule.name in counts)


def _skipped(db: Database, source: int) -> tuple[Skipped, ...]:
    rows = db.rows(
        """
        SELECT COALESCE(shown, path), why, detail FROM items
        WHERE source = ? AND state = 'skipped' ORDER BY ordinal, path
        """,
        (source,),
    )
    return tuple(
        Skipped(item=told(item), reason=Reason[why], detail=told(detail))
        for item, why, detail in rows
    )


def _missing(db: Database, source: int) -> tuple[Missing, ...]:
    rows = db.rows("SELECT path, listed_in FROM missing WHERE source = ? ORDER BY place", (source,))
    return tuple(Missing(path=told(path), listed_in=told(listed)) for path, listed in rows)


def _occurrence(db: Database, item: int) -> Occurrence:
    row = db.first(
        """
        SELECT sources.label, parts.name, COALESCE(shown, items.path)
        FROM items JOIN sources ON sources.id = items.source JOIN parts ON parts.id = items.part
        WHERE items.id = ?
        """,
        (item,),
    )
    assert row is not None
    label, part, path = (told(value) for value in row)
    return Occurrence(source=label, part=part, path=path, contexts=contexts_of(db, item))


def _quality(row: Sequence[Any]) -> FaceQuality | None:
    width, sharpness, yaw, pitch, contrast, evenness, drawn = row
    if width is None:
        return None
    return FaceQuality(
        width=width,
        sharpness=sharpness,
        yaw=yaw,
        pitch=pitch,
        contrast=contrast,
        evenness=evenness,
        drawn=drawn,
    )


def _exposure(db: Database, sha256: str, content: int, items: Iterable[int]) -> Exposure:
    return Exposure(
        sha256=sha256,
        match=_match(db, content, confirmed=decisions.of(db, sha256) is Decision.ME),
        occurrences=tuple(_occurrence(db, item) for item in items),
    )


def _match(db: Database, content: int, *, confirmed: bool) -> Match:
    row = db.first(
        """
        SELECT band, distance, box_left, box_top, box_right, box_bottom, picture_width,
               picture_height, faces, crop, second, fingerprint,
               width, sharpness, yaw, pitch, contrast, evenness, drawn
        FROM matches WHERE content = ?
        """,
        (content,),
    )
    assert row is not None
    findings = db.rows(
        "SELECT leak, value FROM findings WHERE content = ? ORDER BY place", (content,)
    )
    return Match(
        band=Band.YOU if confirmed else Band[row[0]],
        distance=row[1],
        box=Box(left=row[2], top=row[3], right=row[4], bottom=row[5]),
        picture_width=row[6],
        picture_height=row[7],
        faces=row[8],
        findings=tuple(Finding(leak=Leak[leak], value=told(value)) for leak, value in findings),
        crop=row[9],
        second=row[10],
        fingerprint=row[11],
        quality=_quality(row[12:]),
        confirmed=confirmed,
    )
