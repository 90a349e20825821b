"""What the owner said of a picture: kept by its content, and of somebody else nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfcheck.ledger import Item, Ledger, RemovalRow
from selfcheck.model import (
    Answered,
    Band,
    Box,
    Context,
    Copied,
    Decision,
    Examined,
    Finding,
    Leak,
    Match,
    Member,
    PartInfo,
    PictureKind,
    Standing,
    Stood,
)

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PARTS = (PartInfo(path="/a.zip", kind="zip", fingerprint="a", name="a.zip"),)
ONE, TWO, THREE = "11" * 32, "22" * 32, "33" * 32
SEALED = b"the sealed crop of one picture " * 900
MATCH = Match(
    band=Band.MAYBE,
    distance=0.51,
    box=Box(left=1, top=2, right=30, bottom=40),
    picture_width=640,
    picture_height=480,
    faces=3,
    findings=(Finding(leak=Leak.PERSON, value="FINDING-SECRET"),),
    crop=SEALED,
)
CONTEXT = Context(platform="Folder", kind=PictureKind.FILE, caption="CAPTION-SECRET")


def member(name: str, stamp: int = 0) -> Member:
    return Member(part=0, locator=name, path=name, shown=name, size=5, stamp=stamp)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


@pytest.fixture
def items(ledger: Ledger) -> list[Item]:
    """Give three items, the first two of which match."""
    source = ledger.source(label="a", parts=PARTS)
    ledger.list_members(source, map(member, "abc"))
    found = list(ledger.pending(source))
    for item, sha256 in zip(found, (ONE, TWO), strict=False):
        ledger.settle(item, Examined(sha256=sha256, faces=3, match=MATCH))
        ledger.place(item, [CONTEXT])
    return found


def shown(ledger: Ledger) -> list[str]:
    return [each.sha256 for each in ledger.exposures()]


def test_a_picture_that_is_confirmed_counts_as_you_and_keeps_its_distance(
    ledger: Ledger, items: list[Item]
) -> None:
    ledger.decide(ONE, Decision.ME, NOW)
    first, second = ledger.exposures()
    assert (first.match.band, first.match.confirmed, first.match.distance) == (Band.YOU, True, 0.51)
    assert (second.match.band, second.match.confirmed) == (Band.MAYBE, False)
    assert ledger.exposure(ONE) == first
    assert ledger.exposure(THREE) is None


def test_what_was_not_sure_stays_what_it_was(ledger: Ledger, items: list[Item]) -> None:
    ledger.decide(ONE, Decision.UNSURE, NOW)
    ledger.finish_decisions()
    assert [each.match.band for each in ledger.exposures()] == [Band.MAYBE] * 2
    assert ledger.decisions() == {ONE: Decision.UNSURE}


def test_somebody_else_leaves_nothing_behind_in_the_file(
    ledger: Ledger, items: list[Item], path: Path
) -> None:
    ledger.decide(TWO, Decision.ME, NOW)
    with_both = path.read_bytes()
    ledger.decide(ONE, Decision.NOT_ME, NOW)
    ledger.finish_decisions()
    assert shown(ledger) == [TWO]
    ledger.decide(TWO, Decision.NOT_ME, NOW)
    ledger.finish_decisions()
    assert shown(ledger) == []
    for word in (SEALED[:31], b"CAPTION-SECRET", b"FINDING-SECRET"):
        assert word in with_both
        assert word not in path.read_bytes()
    assert path.with_name(path.name + "-journal").stat().st_size == 0
    account = ledger.accounting()
    assert (account.checked, account.pending) == (2, 1)
    assert account.balances()


def test_freed_space_is_overwritten(ledger: Ledger) -> None:
    assert ledger._db.first("PRAGMA secure_delete") == (1,)


def test_a_rejected_face_is_counted_as_one_more_stranger_as_a_rescan_would(
    ledger: Ledger, items: list[Item]
) -> None:
    assert ledger.faces_compared() == 4
    ledger.decide(ONE, Decision.NOT_ME, NOW)
    ledger.finish_decisions()
    ledger.finish_decisions()
    assert ledger.faces_compared() == 5
    ledger.require_configuration("another")
    for item in ledger.pending(items[0].source):
        sha256 = {"a": ONE, "b": TWO, "c": THREE}[item.member.path]
        match = None if sha256 == THREE else MATCH
        ledger.settle(item, Examined(sha256=sha256, faces=0 if match is None else 3, match=match))
    assert ledger.faces_compared() == 5


def test_a_rescan_does_not_keep_what_was_rejected_before(ledger: Ledger, items: list[Item]) -> None:
    ledger.decide(ONE, Decision.NOT_ME, NOW)
    ledger.finish_decisions()
    ledger.require_configuration("another")
    again = list(ledger.pending(items[0].source))
    ledger.settle(again[0], Examined(sha256=ONE, faces=3, match=MATCH))
    ledger.settle(again[1], Copied(sha256=ONE))
    assert shown(ledger) == []
    with pytest.raises(ValueError, match="matches only"):
        ledger.place(again[0], [CONTEXT])


def test_a_decision_outlives_the_picture_and_a_changed_file(
    ledger: Ledger, items: list[Item]
) -> None:
    ledger.decide(ONE, Decision.ME, NOW)
    ledger.list_members(items[0].source, [member("a", stamp=9)])
    (item,) = ledger.pending(items[0].source)
    assert shown(ledger) == []
    ledger.settle(item, Examined(sha256=ONE, faces=3, match=MATCH))
    (again,) = ledger.exposures()
    assert again.match.confirmed


def test_the_last_decision_can_be_taken_back_and_none_that_is_destroyed(
    ledger: Ledger, items: list[Item]
) -> None:
    ledger.decide(ONE, Decision.UNSURE, NOW)
    ledger.decide(ONE, Decision.NOT_ME, NOW)
    assert ledger.exposure(ONE) is not None
    ledger.take_back(ONE, Decision.UNSURE, NOW)
    assert ledger.decisions() == {ONE: Decision.UNSURE}
    ledger.decide(ONE, Decision.NOT_ME, NOW)
    ledger.decide(TWO, Decision.ME, NOW)
    assert ledger.exposure(ONE) is None
    with pytest.raises(ValueError, match="nothing is kept"):
        ledger.take_back(ONE, None, NOW)
    assert ledger.decisions() == {ONE: Decision.NOT_ME, TWO: Decision.ME}
    ledger.take_back(TWO, None, NOW)
    assert ledger.decisions() == {ONE: Decision.NOT_ME}


def test_what_a_killed_review_left_is_destroyed_when_the_ledger_is_next_opened(path: Path) -> None:
    with Ledger.open(path) as ledger:
        source = ledger.source(label="a", parts=PARTS)
        ledger.list_members(source, [member("a")])
        (item,) = ledger.pending(source)
        ledger.settle(item, Examined(sha256=ONE, faces=1, match=MATCH))
        ledger.decide(ONE, Decision.NOT_ME, NOW)
        # Closed as by a death: without the end of the review.
    assert SEALED[:31] in path.read_bytes()
    with Ledger.open(path) as ledger:
        assert shown(ledger) == []
    assert SEALED[:31] not in path.read_bytes()


def test_what_is_known_of_its_address_and_its_removal_goes_too(
    ledger: Ledger, items: list[Item]
) -> None:
    for item in items[:2]:
        ledger.note_answer(item, Answered(final="https://club.example/1.jpg", at=NOW))
        ledger.remember_named(item, b"what the page says")
        ledger.note_standing(item.id, Stood(at=NOW, standing=Standing.THERE))
    for sha256 in (ONE, TWO):
        ledger.note_removal(
            RemovalRow(sha256=sha256, door="website", state="FOUND", since=NOW.date())
        )
    ledger.decide(TWO, Decision.ME, NOW)
    ledger.decide(ONE, Decision.NOT_ME, NOW)
    ledger.finish_decisions()
    assert [ledger.named(item) for item in items[:2]] == [None, b"what the page says"]
    (known,) = ledger.known_addresses()
    assert (known.sha256, known.band, len(known.stood)) == (TWO, Band.YOU, 1)
    assert ledger._db.first("SELECT COUNT(*) FROM standings") == (1,)
    assert [row.sha256 for row in ledger.removals()] == [TWO]


def test_a_match_of_the_owner_is_not_touched_by_what_others_are(
    ledger: Ledger, items: list[Item]
) -> None:
    ledger.settle(items[2], Examined(sha256=THREE, faces=1, match=replace(MATCH, band=Band.YOU)))
    ledger.decide(ONE, Decision.NOT_ME, NOW)
    ledger.decide(TWO, Decision.UNSURE, NOW)
    ledger.decide(THREE, Decision.ME, NOW)
    assert shown(ledger) == [TWO, THREE]
