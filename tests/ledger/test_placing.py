"""Contexts are kept for matches and for nothing else, and leave with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from selfcheck.errors import LedgerError
from selfcheck.ledger import Item, Ledger
from selfcheck.model import (
    Audience,
    Author,
    Band,
    Box,
    Context,
    Copied,
    Examined,
    Finding,
    Ignored,
    Leak,
    Match,
    Member,
    Moment,
    PartInfo,
    PictureKind,
    Place,
    Precision,
    Reason,
    Rule,
    Skipped,
)

PARTS = (PartInfo(path="/a.zip", kind="zip", fingerprint="a", name="a.zip"),)
ONE, TWO = "11" * 32, "22" * 32
MATCH = Match(
    band=Band.MAYBE,
    distance=0.5123,
    box=Box(left=-1, top=2, right=30, bottom=40),
    picture_width=640,
    picture_height=480,
    faces=2,
    findings=(
        Finding(leak=Leak.SERIAL, value="serial 8731"),
        Finding(leak=Leak.CAPTION, value="findings-caption \udce9"),
    ),
    crop=b"\0sealed-crop\xff",
    second=61.25,
    fingerprint=b"perceptual-hash",
)
FULL = Context(
    platform="facebook",
    kind=PictureKind.ALBUM,
    permalink="https://example.org/p/1",
    permalink_derived=True,
    caption="Midsummer swim \ud83d",
    time=Moment(
        when=datetime(2019, 6, 21, 4, 5, 6, 7, timezone(timedelta(hours=2))),
        precision=Precision.MINUTE,
    ),
    author=Author.OTHER,
    author_name="Wilhelmina Uploader",
    album="Lakeside 2019",
    audience=Audience.FRIENDS,
    place=Place(latitude=60.1, longitude=-24.5, name="Hidden Cove"),
    tagged=3,
    listed_in="posts/album_1.json",
)
BARE = Context(
    platform="folder",
    kind=PictureKind.FILE,
    time=Moment(when=datetime(2020, 1, 2)),  # noqa: DTZ001 - an export without a zone
    place=Place(),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


@pytest.fixture
def items(ledger: Ledger) -> list[Item]:
    source = ledger.source(label="a", parts=PARTS)
    ledger.list_members(source, map(member, "abcdef"))
    found = list(ledger.pending(source))
    ledger.settle(found[0], Examined(sha256=ONE, faces=2))
    ledger.settle(found[1], Copied(sha256=ONE))
    ledger.settle(found[2], Ignored(rule=Rule.SOUND))
    ledger.settle(found[3], Skipped(item="d", reason=Reason.DAMAGED))
    ledger.settle(found[4], Examined(sha256=TWO, faces=2, match=MATCH))
    return found


def member(name: str) -> Member:
    return Member(part=0, locator=name, path=name, shown=name.upper(), size=5)


SECRETS = (
    b"Midsummer",
    b"Wilhelmina",
    b"Lakeside",
    b"Hidden Cove",
    b"example.org",
    b"album_1",
    b"serial 8731",
    b"findings-caption",
    b"sealed-crop",
    b"perceptual-hash",
)


def told_by(folder: Path) -> set[bytes]:
    data = b"".join(file.read_bytes() for file in folder.iterdir())
    return {secret for secret in SECRETS if secret in data}


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5])
def test_a_context_of_anything_but_a_match_is_refused_and_never_reaches_the_file(
    ledger: Ledger, items: list[Item], path: Path, number: int
) -> None:
    with pytest.raises(ValueError, match="matches only") as caught:
        ledger.place(items[number], [FULL])
    assert "Midsummer" not in str(caught.value)
    assert told_by(path.parent) & {b"Midsummer", b"Wilhelmina", b"Hidden Cove"} == set()


def test_the_file_itself_refuses_contexts_without_a_match(
    ledger: Ledger, items: list[Item]
) -> None:
    with pytest.raises(LedgerError, match="FOREIGNKEY"), ledger._db.transaction():
        ledger._db.run(
            """
            INSERT INTO contexts (item, place, content, platform, kind, permalink_derived, author,
                                  audience, has_place, tagged)
            SELECT id, 0, content, '', 'FILE', 0, 'OWNER', 'PUBLIC', 0, 0 FROM items WHERE id = ?
            """,
            (items[0].id,),
        )


def test_of_a_content_without_a_match_there_is_its_digest_and_its_size_alone(
    ledger: Ledger, items: list[Item]
) -> None:
    columns = {
        table: [
            row[0] for row in ledger._db.rows("SELECT name FROM pragma_table_info(?)", (table,))
        ]
        for (table,) in ledger._db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    assert columns["contents"] == ["id", "sha256", "size"]
    assert [table for table, names in columns.items() if "fingerprint" in names] == [
        "parts",  # of an archive: it is known again under another name
        "matches",
    ]
    assert ledger._db.rows("SELECT content FROM matches") == [(2,)]


def test_contexts_of_a_match_come_back_as_they_were_given(
    ledger: Ledger, items: list[Item]
) -> None:
    matched = list(ledger.matched(items[4].source))
    assert matched == [items[4]]
    ledger.place(matched[0], [FULL])
    ledger.place(matched[0], [FULL, BARE, FULL])
    (exposure,) = ledger.exposures()
    assert exposure.sha256 == TWO
    assert exposure.match == MATCH
    (occurrence,) = exposure.occurrences
    assert (occurrence.source, occurrence.part, occurrence.path) == ("a", "a.zip", "E")
    assert occurrence.contexts == (FULL, BARE, FULL)


def test_every_occurrence_of_a_match_has_its_own_contexts(
    ledger: Ledger, items: list[Item]
) -> None:
    ledger.settle(items[5], Copied(sha256=TWO))
    matched = list(ledger.matched(items[4].source))
    assert [item.member.path for item in matched] == ["e", "f"]
    for item, context in zip(matched, [FULL, BARE], strict=True):
        ledger.place(item, [context])
    (exposure,) = ledger.exposures()
    assert [one.contexts for one in exposure.occurrences] == [(FULL,), (BARE,)]


def test_exposures_come_by_first_occurrence_in_the_newest_order(
    ledger: Ledger, items: list[Item]
) -> None:
    source = items[0].source
    ledger.settle(items[5], Examined(sha256="33" * 32, faces=1, match=MATCH))
    ledger.settle(items[0], Copied(sha256="33" * 32))
    for order, first in (("abcdef", "33"), ("eabcdf", "22"), ("fedcba", "33"), ("befa", "22")):
        ledger.list_members(source, map(member, order))
        exposures = list(ledger.exposures())
        assert exposures[0].sha256 == first * 32
        shown = [[one.path.lower() for one in each.occurrences] for each in exposures]
        assert [sorted(each, key=order.index) for each in shown] == shown


def test_what_is_kept_of_a_match_is_gone_from_the_file_with_its_last_picture(
    ledger: Ledger, items: list[Item], path: Path
) -> None:
    ledger.place(items[4], [FULL])
    assert told_by(path.parent) == set(SECRETS)  # the search does find what is there
    ledger.list_members(items[0].source, map(member, "abcdf"))
    assert told_by(path.parent) == set()


def test_what_is_kept_of_matches_is_gone_from_the_file_with_their_configuration(
    ledger: Ledger, items: list[Item], path: Path
) -> None:
    ledger.place(items[4], [FULL])
    ledger.require_configuration("other")
    assert told_by(path.parent) == set()


def test_after_destroy_nothing_is_left_in_the_folder_or_in_the_files_old_blocks(
    ledger: Ledger, items: list[Item], path: Path
) -> None:
    ledger.place(items[4], [FULL])
    ledger.note_written(Path("/home/me/report.html"), "report", datetime.now(UTC))
    ledger.begin_listing(items[0].source)
    still = path.parent.parent / f"{path.parent.name}-blocks"
    still.mkdir()
    (still / "ledger").hardlink_to(path)  # what somebody who undeletes the file would see
    ledger.destroy()
    assert list(path.parent.iterdir()) == []
    assert told_by(still) == set()
    blocks = (still / "ledger").read_bytes()
    assert b"report.html" not in blocks
    assert b"a.zip" not in blocks
    with Ledger.open(path) as again:
        assert again.accounting().found == 0


def test_the_journal_is_off_before_rows_are_destroyed_lest_it_copy_them(
    ledger: Ledger, items: list[Item]
) -> None:
    statements: list[str] = []
    ledger._db._connection.set_trace_callback(statements.append)
    ledger.destroy()
    deleting = [statement.startswith("DELETE") for statement in statements]
    assert statements.index("PRAGMA journal_mode = OFF") < deleting.index(True)


def test_a_damaged_ledger_can_still_be_deleted(path: Path) -> None:
    path.write_bytes(b"damaged beyond reading")
    path.with_name("ledger.sqlite3-journal").write_bytes(b"and its journal")
    Ledger.discard(path)
    assert list(path.parent.iterdir()) == []
