"""A source is the parts it shares, whatever they are called and wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from selfcheck.ledger import Ledger
from selfcheck.model import Examined, Ignored, Member, Missing, PartInfo, Reason, Rule, Skipped


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite3") as opened:
        yield opened


def part(mark: str, name: str | None = None) -> PartInfo:
    name = name or f"{mark}.zip"
    return PartInfo(path=f"/here/{name}", kind="zip", fingerprint=mark, name=name)


def member(name: str, index: int = 0) -> Member:
    return Member(part=index, locator=name, path=name, shown=name, size=len(name))


def paths(ledger: Ledger, source: int) -> list[tuple[int, str]]:
    return [(item.member.part, item.member.path) for item in ledger.pending(source)]


def test_an_archive_under_another_name_is_the_same_source(ledger: Ledger) -> None:
    first = ledger.source(label="old", parts=[part("a", "old.zip")])
    ledger.list_members(first, [member("1.jpg")])
    ledger.settle(next(ledger.pending(first)), Ignored(rule=Rule.EMPTY))
    second = ledger.source(label="new", parts=[part("a", "new.zip")])
    ledger.list_members(second, [member("1.jpg")])
    assert first == second
    assert [(one.label, one.parts) for one in ledger.sources()] == [("new", ("new.zip",))]
    assert ledger.accounting().pending == 0


def test_sources_without_a_common_part_are_two(ledger: Ledger) -> None:
    for mark in "ab":
        source = ledger.source(label=mark, parts=[part(mark)])
        ledger.list_members(source, [member("same.jpg")])
    assert [one.accounting.found for one in ledger.sources()] == [1, 1]
    assert ledger.accounting().found == 2


def test_a_growing_set_of_parts_extends_its_source(ledger: Ledger) -> None:
    first = ledger.source(label="export", parts=[part("a")])
    ledger.list_members(first, [member("1.jpg")])
    ledger.settle(next(ledger.pending(first)), Ignored(rule=Rule.EMPTY))
    # The new part sorts before the old one: indexes change, items do not.
    second = ledger.source(label="export", parts=[part("0"), part("a")])
    ledger.list_members(second, [member("0.jpg", 0), member("1.jpg", 1)])
    assert first == second
    assert paths(ledger, second) == [(0, "0.jpg")]
    assert ledger.accounting().found == 2


def test_parts_not_given_this_time_keep_their_items_and_wait(ledger: Ledger) -> None:
    source = ledger.source(label="export", parts=[part("a"), part("b")])
    ledger.list_members(source, [member("a1", 0), member("a2", 0), member("b1", 1)])
    again = ledger.source(label="export", parts=[part("b"), part("c")])
    assert again == source
    ledger.list_members(source, [member("b1", 0), member("c1", 1)])
    assert paths(ledger, source) == [(0, "b1"), (1, "c1")]
    assert ledger.accounting().pending == 4
    assert ledger.sources()[0].parts == ("a.zip", "b.zip", "c.zip")


def test_two_sources_that_turn_out_to_be_one_are_merged(ledger: Ledger) -> None:
    for mark in "ab":
        source = ledger.source(label=mark, parts=[part(mark)])
        ledger.list_members(source, [member(f"{mark}1"), member(f"{mark}2")])
        ledger.set_listing_facts(
            source, missing=[Missing(path="x", listed_in="y")], unlisted=1, addresses=2
        )
        item = next(ledger.pending(source))
        ledger.settle(item, Examined(sha256="0a" * 32, faces=2))
    both = ledger.source(label="both", parts=[part("b"), part("a")])
    names = [("b1", 0), ("b2", 0), ("a1", 1), ("a2", 1)]
    ledger.list_members(both, [member(name, index) for name, index in names])
    assert [one.label for one in ledger.sources()] == ["both"]
    assert paths(ledger, both) == [(0, "b2"), (1, "a2")]
    account = ledger.accounting(both)
    assert (account.found, account.checked, account.duplicate, account.pending) == (4, 1, 1, 2)


def test_parts_of_merged_sources_that_wait_keep_their_order(ledger: Ledger) -> None:
    for marks, names in (("ac", "zx"), ("bd", "yw")):
        source = ledger.source(label="", parts=[part(mark) for mark in marks])
        ledger.list_members(source, [member(names[0], 1), member(names[1], 1)])
        for item in ledger.pending(source):
            why = Skipped(item="", reason=Reason.DAMAGED)
            ledger.settle(item, why)
    both = ledger.source(label="", parts=[part("a"), part("b")])
    ledger.list_members(both, [member("new", 0)])
    assert [one.item for one in ledger.sources()[0].skipped] == list("zxyw")


def test_one_archive_given_twice_in_one_source_is_counted_once(ledger: Ledger) -> None:
    source = ledger.source(label="twice", parts=[part("a", "a.zip"), part("a", "copy.zip")])
    assert ledger.list_members(source, [member("1.jpg", 0), member("1.jpg", 1)]) == 2
    assert ledger.accounting().found == 1
    assert paths(ledger, source) == [(0, "1.jpg")]


def test_platform_missing_and_unlisted_are_replaced(ledger: Ledger) -> None:
    source = ledger.source(label="a", parts=[part("a")])
    for count in (2, 1):
        missing = [Missing(path=f"{n}.jpg", listed_in="posts\ud83d.json") for n in range(count)]
        ledger.set_platform(source, f"platform {count}")
        ledger.set_listing_facts(source, missing=iter(missing), unlisted=count, addresses=7 * count)
        summary = ledger.sources()[0]
        assert summary.platform == f"platform {count}"
        assert summary.missing == tuple(missing)
        assert (summary.unlisted, summary.addresses) == (count, 7 * count)


def test_absent_parts_are_replaced_and_never_those_that_are_known(ledger: Ledger) -> None:
    odd = "c\ud83d.zip"
    ledger.source(label="x", parts=[part("a"), part("d")], absent_parts=("b.zip", odd))
    assert ledger.sources()[0].absent_parts == ("b.zip", odd)
    ledger.source(label="x", parts=[part("b"), part("d")], absent_parts=("a.zip", odd))
    assert ledger.sources()[0].absent_parts == (odd,)
    ledger.source(label="x", parts=[part("d")])
    assert ledger.sources()[0].absent_parts == ()


def test_absent_parts_of_merged_sources_are_those_of_the_whole(ledger: Ledger) -> None:
    for mark in "ac":
        ledger.source(label=mark, parts=[part(mark)], absent_parts=("b.zip",))
    ledger.source(label="all", parts=[part("a"), part("c"), part("b")])
    assert [one.absent_parts for one in ledger.sources()] == [()]


def test_a_source_without_files_is_told_all_the_same(ledger: Ledger) -> None:
    source = ledger.source(label="empty", parts=[])
    ledger.list_members(source, [])
    assert [one.accounting.found for one in ledger.sources()] == [0]
    assert ledger.accounting(source).balances()
