"""What is listed is committed first, and only what is new or changed is worked on again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from selfcheck.ledger import Ledger, items, listing
from selfcheck.ledger.items import key_of
from selfcheck.model import Examined, Ignored, Member, PartInfo, Reason, Rule, Skipped

PARTS = (PartInfo(path="/a", kind="folder", fingerprint="a", name="a"),)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


@pytest.fixture
def source(ledger: Ledger) -> int:
    return ledger.source(label="a", parts=PARTS)


def member(name: str, size: int = 5, stamp: int = 0) -> Member:
    return Member(part=0, locator=name, path=name, shown=name, size=size, stamp=stamp)


def settle_all(ledger: Ledger, source: int) -> None:
    for item in ledger.pending(source):
        ledger.settle(item, Ignored(rule=Rule.EMPTY))


def names(ledger: Ledger, source: int) -> list[str]:
    return [item.member.path for item in ledger.pending(source)]


def test_an_error_of_the_source_keeps_what_came_before_and_drops_nothing(
    ledger: Ledger, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "BATCH", 2)
    ledger.list_members(source, map(member, "abcdef"))

    def breaking() -> Iterator[Member]:
        yield from map(member, "xab")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        ledger.list_members(source, breaking())
    assert ledger.accounting().found == 7
    assert names(ledger, source) == ["x", "a"]  # one whole batch of the listing that broke off
    with pytest.raises(ValueError, match="no listing"):
        ledger.end_listing(source)


def test_meeting_without_a_listing_is_refused(ledger: Ledger, source: int) -> None:
    with pytest.raises(ValueError, match="no listing"):
        ledger.meet(source, member("a"))


def test_names_of_any_kind_survive(ledger: Ledger, source: int) -> None:
    odd = [
        Member(part=0, locator="1", path="a\udcff.jpg", shown="A\udcff.jpg", size=1),
        Member(part=0, locator="2", path="nul\0.jpg", shown="nul\0.jpg", size=2),
        Member(part=0, locator="\ud800", path="x", shown="", size=2**70, stamp=-(2**70)),
        Member(part=0, locator="4", path="'; DROP TABLE items; --", shown="ü\u202e", size=0),
    ]
    for _ in range(2):
        ledger.list_members(source, [*odd, Skipped(item="\udc80", reason=Reason.DAMAGED)])
        found = [item.member for item in ledger.pending(source)]
        assert found == [*odd[:2], replace(odd[2], size=2**63 - 1, stamp=1 - 2**63), odd[3]]
        assert ledger.accounting().found == 5


def test_a_second_listing_of_the_same_members_leaves_nothing_to_do(
    ledger: Ledger, source: int
) -> None:
    ledger.list_members(source, map(member, "abc"))
    settle_all(ledger, source)
    assert ledger.list_members(source, map(member, "abc")) == 3
    assert names(ledger, source) == []


@pytest.mark.parametrize("changed", [member("b", size=6), member("b", stamp=1)])
def test_a_changed_file_is_worked_on_again(ledger: Ledger, source: int, changed: Member) -> None:
    ledger.list_members(source, map(member, "abc"))
    settle_all(ledger, source)
    ledger.list_members(source, [member("a"), changed, member("c")])
    assert [item.member for item in ledger.pending(source)] == [changed]
    assert ledger.accounting().ignored == 2


def test_a_file_that_is_gone_leaves_the_accounting(ledger: Ledger, source: int) -> None:
    ledger.list_members(source, [*map(member, "abc"), Skipped(item="d", reason=Reason.NESTED)])
    settle_all(ledger, source)
    ledger.list_members(source, map(member, "ac"))
    account = ledger.accounting()
    assert (account.found, account.ignored, account.skipped) == (2, 2, 0)


def test_the_order_is_that_of_the_newest_listing(ledger: Ledger, source: int) -> None:
    ledger.list_members(source, map(member, "abcd"))
    ledger.list_members(source, map(member, "dxca"))
    assert names(ledger, source) == ["d", "x", "c", "a"]


def test_entries_that_cannot_be_listed_count_as_found_and_skipped(
    ledger: Ledger, source: int
) -> None:
    twins = [Skipped(item="rest of a.zip", reason=Reason.TRUNCATED, detail="at 77")] * 2
    for _ in range(3):
        assert ledger.list_members(source, [member("a"), *twins]) == 3
        assert ledger.sources()[0].skipped == tuple(twins)
        account = ledger.accounting(source)
        assert (account.found, account.skipped, account.pending) == (3, 2, 1)


def test_a_file_listed_twice_in_one_pass_is_one_file(ledger: Ledger, source: int) -> None:
    ledger.list_members(source, map(member, "aba"))
    assert names(ledger, source) == ["a", "b"]
    assert ledger.accounting().found == 2


@pytest.mark.parametrize("reason", [Reason.NO_PERMISSION, Reason.VANISHED, Reason.TIMED_OUT])
def test_what_a_person_can_mend_is_tried_again(ledger: Ledger, source: int, reason: Reason) -> None:
    ledger.list_members(source, map(member, "ab"))
    for item in ledger.pending(source):
        ledger.settle(item, Skipped(item="x", reason=reason))
    ledger.list_members(source, map(member, "ab"))
    assert names(ledger, source) == ["a", "b"]


def test_what_is_damaged_stays_skipped(ledger: Ledger, source: int) -> None:
    ledger.list_members(source, [member("a")])
    for item in ledger.pending(source):
        ledger.settle(item, Skipped(item="x", reason=Reason.DAMAGED))
    ledger.list_members(source, [member("a")])
    assert names(ledger, source) == []


def test_members_whose_keys_collide_are_told_apart(
    ledger: Ledger, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfcheck.ledger.items.key_of", lambda *_: 7)
    for _ in range(2):
        ledger.list_members(source, map(member, "abc"))
        assert names(ledger, source) == ["a", "b", "c"]


def test_keys_of_one_folder_lie_together() -> None:
    keys = sorted(
        (key_of(1, name, f"{folder}/{name}"), folder) for folder in "abc" for name in "xy"
    )
    folders = [folder for _, folder in keys]
    assert [folders[0], folders[2], folders[4]] == [folders[1], folders[3], folders[5]]


def test_a_stream_is_met_member_by_member_and_goes_on_after_a_kill(path: Path) -> None:
    with Ledger.open(path) as ledger:
        source = ledger.source(label="a", parts=PARTS)
        ledger.begin_listing(source)
        for name in "ab":
            item = ledger.meet(source, member(name))
            assert item is not None
            ledger.settle(item, Ignored(rule=Rule.SOUND))
        assert ledger.meet(source, Skipped(item="odd", reason=Reason.DAMAGED)) is None
        assert ledger.meet(source, member("c")) is not None  # then the process dies
    with Ledger.open(path) as ledger:
        source = ledger.source(label="a", parts=PARTS)
        ledger.begin_listing(source)
        assert [ledger.meet(source, member(name)) for name in "ab"] == [None, None]
        assert ledger.meet(source, Skipped(item="odd", reason=Reason.DAMAGED)) is None
        third, fourth = (ledger.meet(source, member(name)) for name in "cd")
        assert third is not None
        assert fourth is not None
        assert [item.id for item in ledger.pending(source)] == [third.id, fourth.id]
        ledger.end_listing(source)
        account = ledger.accounting()
    assert (account.found, account.ignored, account.skipped, account.pending) == (5, 2, 1, 2)


def test_a_stream_read_again_costs_few_commits(
    ledger: Ledger, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_WAITING", 3)
    everybody = [member(str(n)) for n in range(10)]
    ledger.list_members(source, everybody)
    settle_all(ledger, source)
    ledger.begin_listing(source)
    commits: list[str] = []
    ledger._db._connection.set_trace_callback(
        lambda statement: commits.append(statement) if statement == "COMMIT" else None
    )
    assert not any(ledger.meet(source, one) for one in reversed(everybody))
    assert len(commits) == 3
    ledger.end_listing(source)
    assert ledger.accounting().found == 10


def test_listed_and_streamed_parts_share_one_listing(ledger: Ledger, source: int) -> None:
    ledger.begin_listing(source)
    ledger.list_members(source, map(member, "ab"))
    ledger.meet(source, member("c"))
    ledger.end_listing(source)
    assert names(ledger, source) == ["a", "b", "c"]


def test_settling_while_reading_what_is_pending_skips_and_repeats_nothing(
    ledger: Ledger, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "PAGE", 3)
    everybody = [member(f"{n:02}") for n in range(20)]
    ledger.list_members(source, everybody)
    seen = []
    for number, item in enumerate(ledger.pending(source)):
        seen.append(item.member)
        if number % 2:
            ledger.settle(item, Examined(sha256=f"{number:064x}"))
        else:
            ledger.crashed(item)
    assert seen == everybody
    assert [item.crashes for item in ledger.pending(source)] == [1] * 10
    assert [item.member for item in ledger.examined(source)] == everybody[1::2]
