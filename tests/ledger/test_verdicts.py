"""Verdicts: contents are counted once, a new configuration starts afresh, crashes are counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from selfcheck.ledger import Item, Ledger
from selfcheck.model import (
    Band,
    Box,
    Copied,
    Examined,
    Ignored,
    Match,
    Member,
    PartInfo,
    Reason,
    Rule,
    Skipped,
)

PARTS = (PartInfo(path="/a.zip", kind="zip", fingerprint="a", name="a.zip"),)
ONE, TWO = "11" * 32, "22" * 32


def member(name: str, size: int = 5) -> Member:
    return Member(part=0, locator=name, path=name, shown=name, size=size)


def match(faces: int = 3) -> Match:
    return Match(
        band=Band.YOU,
        distance=0.4321,
        box=Box(left=1, top=2, right=30, bottom=40),
        picture_width=640,
        picture_height=480,
        faces=faces,
        crop=b"sealed",
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite3") as opened:
        yield opened


@pytest.fixture
def source(ledger: Ledger) -> int:
    return ledger.source(label="a", parts=PARTS)


@pytest.fixture
def items(ledger: Ledger, source: int) -> list[Item]:
    ledger.list_members(source, map(member, "abcdef"))
    return list(ledger.pending(source))


def test_a_copy_of_nothing_known_is_refused_and_stays_pending(
    ledger: Ledger, items: list[Item]
) -> None:
    with pytest.raises(ValueError, match="never examined"):
        ledger.settle(items[0], Copied(sha256=ONE))
    assert ledger.accounting().pending == 6


def test_an_item_that_is_gone_is_refused(ledger: Ledger, source: int, items: list[Item]) -> None:
    ledger.list_members(source, map(member, "bcdef"))
    with pytest.raises(ValueError, match="no such item"):
        ledger.settle(items[0], Ignored(rule=Rule.EMPTY))
    with pytest.raises(ValueError, match="no such item"):
        ledger.crashed(items[0])
    assert ledger.accounting().pending == 5


def test_an_error_in_a_group_costs_that_verdict_alone(ledger: Ledger, items: list[Item]) -> None:
    with ledger.grouped():
        ledger.settle(items[0], Examined(sha256=ONE))
        with pytest.raises(ValueError, match="never examined"):
            ledger.settle(items[1], Copied(sha256=TWO))
        ledger.settle(items[2], Copied(sha256=ONE))
        assert ledger.known(5) == {ONE}
    account = ledger.accounting()
    assert (account.checked, account.duplicate, account.pending) == (1, 1, 4)


def is_open(ledger: Ledger) -> bool:
    """Say whether something waits for its commit."""
    return ledger._db._connection.in_transaction


def break_off(ledger: Ledger, item: Item) -> None:
    with ledger.grouped():
        ledger.settle(item, Ignored(rule=Rule.EMPTY))
        raise KeyError


def test_a_group_that_is_broken_off_keeps_what_it_holds(ledger: Ledger, items: list[Item]) -> None:
    with pytest.raises(KeyError):
        break_off(ledger, items[0])
    assert not is_open(ledger)
    assert ledger.accounting().ignored == 1


def test_a_group_is_committed_when_it_is_full_or_old(ledger: Ledger, items: list[Item]) -> None:
    time = [100.0]
    with ledger._db.grouped(clock=lambda: time[0]):
        ledger.settle(items[0], Ignored(rule=Rule.EMPTY))
        assert is_open(ledger)
        time[0] += 1
        ledger.keep()
        assert not is_open(ledger)
        for _ in range(499):
            ledger.settle(items[1], Ignored(rule=Rule.EMPTY))
        assert is_open(ledger)
        ledger.settle(items[2], Ignored(rule=Rule.EMPTY))
        assert not is_open(ledger)


def test_a_crash_is_on_disk_at_once(ledger: Ledger, items: list[Item]) -> None:
    with ledger.grouped():
        ledger.settle(items[0], Ignored(rule=Rule.EMPTY))
        assert ledger.crashed(items[1]) == 1
        assert not is_open(ledger)


def test_each_verdict_is_counted_as_what_it_is(ledger: Ledger, items: list[Item]) -> None:
    ledger.settle(items[0], Examined(sha256=ONE, faces=1))
    ledger.settle(items[1], Copied(sha256=ONE))
    ledger.settle(items[2], Ignored(rule=Rule.SOUND))
    ledger.settle(items[3], Skipped(item="d", reason=Reason.TRUNCATED, detail="at byte 7"))
    account = ledger.accounting()
    assert account.balances()
    assert (account.checked, account.duplicate, account.ignored) == (1, 1, 1)
    assert (account.skipped, account.pending) == (1, 2)
    summary = ledger.sources()[0]
    assert summary.ignored == ((Rule.SOUND, 1),)
    assert summary.skipped == (Skipped(item="d", reason=Reason.TRUNCATED, detail="at byte 7"),)


def test_the_first_in_order_is_the_checked_one_whoever_was_settled_first(
    ledger: Ledger, items: list[Item]
) -> None:
    other = ledger.source(label="b", parts=[PartInfo(path="", kind="", fingerprint="b", name="")])
    ledger.list_members(other, [member("z")])
    ledger.settle(next(ledger.pending(other)), Examined(sha256=ONE))
    ledger.settle(items[4], Copied(sha256=ONE))
    counts = [(one.accounting.checked, one.accounting.duplicate) for one in ledger.sources()]
    assert counts == [(1, 0), (0, 1)]


def test_known_gives_settled_contents_of_that_size_only(ledger: Ledger, items: list[Item]) -> None:
    ledger.settle(items[0], Examined(sha256=ONE))
    ledger.settle(items[1], Examined(sha256=TWO), size=9)
    assert ledger.known(5) == {ONE}
    assert ledger.known(9) == {TWO}
    assert ledger.known(2**80) == frozenset()
    assert ledger.known(5, most=0) == frozenset()


def test_faces_of_a_content_count_once_and_the_owners_own_not_at_all(
    ledger: Ledger, items: list[Item]
) -> None:
    ledger.settle(items[0], Examined(sha256=ONE, faces=3, match=match()))
    ledger.settle(items[1], Copied(sha256=ONE))
    ledger.settle(items[2], Examined(sha256=TWO, faces=5))
    ledger.settle(items[3], Examined(sha256=TWO, faces=5))
    assert ledger.faces_compared() == 2 + 5
    assert ledger.accounting().duplicate == 2


def test_a_match_whose_last_file_is_gone_is_forgotten(
    ledger: Ledger, source: int, items: list[Item]
) -> None:
    ledger.settle(items[0], Examined(sha256=ONE, faces=3, match=match()))
    ledger.settle(items[1], Copied(sha256=ONE))
    ledger.list_members(source, map(member, "bcdef"))
    assert len(list(ledger.exposures())) == 1
    ledger.list_members(source, map(member, "cdef"))
    assert list(ledger.exposures()) == []
    assert ledger.faces_compared() == 0
    assert ledger.known(5) == frozenset()  # so that its return is not taken for a copy


def test_a_match_whose_last_file_changed_is_forgotten(
    ledger: Ledger, source: int, items: list[Item]
) -> None:
    ledger.settle(items[0], Examined(sha256=ONE, faces=3, match=match()))
    ledger.list_members(source, [member("a", size=6)])
    assert list(ledger.exposures()) == []
    assert ledger.faces_compared() == 0


def test_a_content_without_the_owner_is_known_though_its_file_is_gone(
    ledger: Ledger, source: int, items: list[Item]
) -> None:
    ledger.settle(items[0], Examined(sha256=ONE, faces=3))
    ledger.list_members(source, [member("moved")])
    assert ledger.known(5) == {ONE}
    ledger.settle(next(ledger.pending(source)), Copied(sha256=ONE))
    account = ledger.accounting()
    assert (account.checked, account.duplicate) == (1, 0)
    assert ledger.faces_compared() == 3


def test_a_verdict_given_again_replaces_the_first(ledger: Ledger, items: list[Item]) -> None:
    ledger.settle(items[0], Examined(sha256=ONE, faces=3, match=match()))
    ledger.settle(items[0], Examined(sha256=TWO, faces=4))
    assert list(ledger.exposures()) == []
    assert ledger.faces_compared() == 4
    assert ledger.accounting().checked == 1


def test_crashes_are_counted_and_start_afresh_for_a_changed_file(
    ledger: Ledger, source: int, items: list[Item]
) -> None:
    assert [ledger.crashed(items[0]) for _ in range(3)] == [1, 2, 3]
    ledger.list_members(source, map(member, "abcdef"))
    assert next(ledger.pending(source)).crashes == 3
    ledger.list_members(source, [member("a", size=7)])
    assert next(ledger.pending(source)).crashes == 0


def test_a_new_configuration_reopens_what_the_engine_decided(
    ledger: Ledger, items: list[Item]
) -> None:
    assert ledger.configuration() is None
    assert ledger.require_configuration("dlib 1, three references") == 0
    assert ledger.configuration() == "dlib 1, three references"
    ledger.settle(items[0], Examined(sha256=ONE, faces=3, match=match()))
    ledger.settle(items[1], Copied(sha256=ONE))
    ledger.settle(items[2], Ignored(rule=Rule.SOUND))
    ledger.settle(items[3], Skipped(item="d", reason=Reason.ENCRYPTED))
    ledger.crashed(items[4])
    ledger.settle(items[4], Skipped(item="e", reason=Reason.CRASHED))
    ledger.settle(items[5], Skipped(item="f", reason=Reason.TIMED_OUT))
    assert ledger.require_configuration("dlib 1, three references") == 0
    assert ledger.accounting().pending == 0
    assert ledger.require_configuration("dlib 1, four references") == 4
    pending = list(ledger.pending(items[0].source))
    assert [(item.member.path, item.crashes) for item in pending] == [(name, 0) for name in "abef"]
    assert (ledger.faces_compared(), ledger.known(5)) == (0, frozenset())
    assert list(ledger.exposures()) == []


@pytest.mark.parametrize("reason", Reason)
def test_what_another_decoder_may_read_is_tried_again(
    ledger: Ledger, items: list[Item], reason: Reason
) -> None:
    ledger.require_configuration("one")
    ledger.settle(items[0], Skipped(item="a", reason=reason))
    before = ledger.accounting().pending
    ledger.require_configuration("other")
    stays = {
        Reason.ENCRYPTED,
        Reason.NO_PERMISSION,
        Reason.VANISHED,
        Reason.HOSTILE,
        Reason.NESTED,
        Reason.LINK,
        Reason.GONE,
        Reason.NO_ANSWER,
        Reason.LOGIN_WALL,
        Reason.BOT_CHECK,
        Reason.CONSENT_PAGE,
        Reason.NO_WEB_ADDRESS,
    }
    assert ledger.accounting().pending - before == (reason not in stays)


def test_an_entry_that_could_not_be_listed_is_not_reopened(ledger: Ledger, source: int) -> None:
    ledger.list_members(source, [Skipped(item="x", reason=Reason.TIMED_OUT)])
    assert ledger.require_configuration("other") == 0
    assert ledger.accounting().skipped == 1
