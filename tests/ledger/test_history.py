"""The file of the history: added to, interrupted, read; and every change that `check` names."""

from __future__ import annotations

import errno
import json
import os
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfcheck.errors import LedgerError, SelfcheckError
from selfcheck.ledger import history
from selfcheck.ledger.chain import Entry, Head, Outcome, What, chain_key, link, read
from selfcheck.ledger.proof import Ending, Fault, Proof, check

KEY = chain_key(bytes(range(32)))
OURS, THEIRS = "ab" * 16, "cd" * 16
ENTRY = Entry(
    profile=OURS,
    at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    what=What.VERIFY,
    outcome=Outcome.PASSED,
    account="ada",
    machine="here",
)


def written(path: Path, count: int, head: Head | None = None) -> Head:
    head = head or Head()
    for _ in range(count):
        head = history.append(path, KEY, head, ENTRY)
    return head


def checked(path: Path, head: Head | None) -> Proof:
    return check(history.lines(path), key=KEY, head=head, profile=OURS)


def rewritten(path: Path, change: object) -> None:
    """Do something with the list of lines."""
    kept = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(change(kept)))  # type: ignore[operator]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history"


# --- what holds ----------------------------------------------------------------------------


def test_what_was_written_holds(path: Path) -> None:
    found = checked(path, written(path, 7))
    assert found == Proof(lines=7)
    assert found.sentence == "The history holds: 7 lines, none changed, missing or cut."


def test_no_file_and_no_head_is_nothing_noted_yet(path: Path) -> None:
    assert checked(path, None).sentence == "Nothing was noted for this profile yet."


def test_a_file_is_for_its_owner_only(path: Path) -> None:
    written(path, 1)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_beyond_the_head_is_one_that_the_program_ended_in(path: Path) -> None:
    head = written(path, 3)
    written(path, 1, head)
    found = checked(path, head)
    assert (found.fault, found.lines, found.ending) == (None, 4, Ending.AHEAD)
    assert "the program ended while it wrote the last" in found.sentence


def test_a_line_beyond_the_head_is_taken_in_before_the_next(path: Path) -> None:
    head = written(path, 3)
    after = written(path, 1, head)
    assert history.catch_up(path, KEY, head) == after
    assert checked(path, written(path, 1, after)) == Proof(lines=5)


@pytest.mark.parametrize("piece", [b'{"number":4,"pro', b"\0" * 500])
def test_a_piece_of_a_line_beyond_the_head_holds_and_is_dropped_before_the_next(
    path: Path, piece: bytes
) -> None:
    head = written(path, 3)
    with path.open("ab") as file:
        file.write(piece)
    assert checked(path, head).ending is Ending.TORN
    assert history.catch_up(path, KEY, head) == head
    assert path.stat().st_size == head.size
    assert checked(path, written(path, 1, head)) == Proof(lines=4)


def test_the_lines_of_an_earlier_profile_are_counted_and_not_vouched_for(path: Path) -> None:
    gone = Head()
    for _ in range(2):
        gone = history.append(path, chain_key(bytes(32)), gone, replace(ENTRY, profile=THEIRS))
    found = checked(path, written(path, 3, Head(size=gone.size)))
    assert found == Proof(lines=3, earlier=2)
    assert "2 lines before, of an earlier profile, cannot be checked" in found.sentence


# --- what does not -------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_changed_line_is_named(path: Path, number: int) -> None:
    head = written(path, 5)

    def change(lines: list[bytes]) -> list[bytes]:
        lines[number - 1] = lines[number - 1].replace(b"ada", b"eve")
        return lines

    rewritten(path, change)
    found = checked(path, head)
    assert (found.fault, found.first, found.last) == (Fault.CHANGED, number, number)
    assert found.sentence == f"In the history line {number} was changed."


@pytest.mark.parametrize("claimed", [1, 2, 5, 400])
def test_a_line_that_lies_about_its_number_is_found(path: Path, claimed: int) -> None:
    head = written(path, 6)

    def change(lines: list[bytes]) -> list[bytes]:
        lines[2] = json.dumps(json.loads(lines[2]) | {"number": claimed}).encode() + b"\n"
        return lines

    rewritten(path, change)
    found = checked(path, head)
    assert (found.lines, found.first) == (2, 3)
    assert found.fault in {Fault.CHANGED, Fault.ADDED}


@pytest.mark.parametrize(("first", "last"), [(1, 1), (3, 3), (2, 5), (1, 6)])
def test_removed_lines_are_named(path: Path, first: int, last: int) -> None:
    head = written(path, 7)
    rewritten(path, lambda lines: lines[: first - 1] + lines[last:])
    found = checked(path, head)
    assert (found.fault, found.first, found.last) == (Fault.MISSING, first, last)
    assert "missing" in found.sentence


@pytest.mark.parametrize("left", [0, 1, 4, 6])
def test_lines_cut_off_the_end_are_named(path: Path, left: int) -> None:
    head = written(path, 7)
    rewritten(path, lambda lines: lines[:left])
    found = checked(path, head)
    assert (found.fault, found.first, found.last) == (Fault.CUT, left + 1, 7)
    assert found.sentence.startswith("The history was cut: line")


def test_a_file_that_is_gone_is_one_that_was_cut(path: Path) -> None:
    head = written(path, 2)
    path.unlink()
    assert checked(path, head).sentence == (
        "The history was cut: lines 1 to 2 are missing at its end."
    )


@pytest.mark.parametrize("left", [1, 50, -1])
def test_a_last_line_that_was_cut_short_is_named(path: Path, left: int) -> None:
    head = written(path, 3)
    rewritten(path, lambda lines: [*lines[:2], lines[2][:left]])
    found = checked(path, head)
    assert (found.fault, found.first, found.last) == (Fault.CUT, 3, 3)


def test_swapped_lines_are_named(path: Path) -> None:
    head = written(path, 5)
    rewritten(path, lambda lines: [lines[0], lines[1], lines[3], lines[2], lines[4]])
    assert checked(path, head).sentence == "In the history line 3 does not stand in its place."


@pytest.mark.parametrize("twice", [0, 1, 3])
def test_a_line_that_stands_twice_is_named(path: Path, twice: int) -> None:
    head = written(path, 4)
    rewritten(path, lambda lines: [*lines[:2], lines[twice], *lines[2:]])
    found = checked(path, head)
    assert found.fault in {Fault.ADDED, Fault.MOVED}
    assert (found.lines, found.first) == (2, 3)


@pytest.mark.parametrize(
    "forged",
    [
        link(bytes(32), Head(count=2), ENTRY)[0],
        b"\n",
        b"\xff\xfe not utf-8\n",
        b"x" * 2**20 + b"\n",
        b'{"number":3}\n',
    ],
)
def test_an_inserted_line_is_named(path: Path, forged: bytes) -> None:
    head = written(path, 4)
    rewritten(path, lambda lines: [*lines[:2], forged, *lines[2:]])
    assert checked(path, head).sentence == (
        "After line 2 of the history stands something that does not belong there."
    )


def test_a_line_that_was_put_in_twice_is_named(path: Path) -> None:
    head = written(path, 5)
    rewritten(path, lambda lines: [*lines[:3], lines[0], lines[0], *lines[3:]])
    found = checked(path, head)
    assert (found.fault, found.lines) == (Fault.ADDED, 3)


def test_a_line_of_another_profile_among_ours_is_named(path: Path) -> None:
    head = written(path, 4)
    theirs, _ = link(bytes(32), Head(count=3), replace(ENTRY, profile=THEIRS))
    rewritten(path, lambda lines: [*lines[:2], theirs, *lines[2:]])
    found = checked(path, head)
    assert (found.fault, found.lines) == (Fault.ADDED, 2)


def test_a_last_line_with_a_number_that_there_never_was_is_a_changed_one(path: Path) -> None:
    head = written(path, 4)
    rewritten(path, lambda lines: [*lines[:3], lines[3].replace(b'"number":4', b'"number":400')])
    found = checked(path, head)
    assert (found.fault, found.first, found.last) == (Fault.CHANGED, 4, 4)


@pytest.mark.parametrize("forged", [b"x" * 2**20 + b"\n", b"x" * 2**20, b"\xff\n", b"{}\n"])
def test_what_was_added_at_the_end_is_named(path: Path, forged: bytes) -> None:
    head = written(path, 4)
    rewritten(path, lambda lines: [*lines, forged])
    found = checked(path, head)
    assert (found.fault, found.lines) == (Fault.ADDED, 4)


def test_a_line_of_bytes_that_are_no_text_is_a_changed_one(path: Path) -> None:
    head = written(path, 4)
    rewritten(path, lambda lines: [lines[0], b"\xff" * len(lines[1][:-1]) + b"\n", *lines[2:]])
    assert checked(path, head).sentence == "In the history line 2 was changed."


def test_a_head_that_is_gone_is_named(path: Path) -> None:
    written(path, 2)
    assert "head is missing" in checked(path, None).sentence


def test_a_head_that_is_older_than_its_lines_is_named(path: Path) -> None:
    head = written(path, 3)
    written(path, 2, head)
    assert checked(path, head).sentence == (
        "The history's head is older than its lines: it was put back."
    )


def test_a_head_of_other_lines_is_named(path: Path, tmp_path: Path) -> None:
    head = written(path, 3)
    other = replace(head, mac=b"\x05" * 32)
    assert "belongs to other lines" in checked(path, other).sentence


def test_lines_put_back_with_their_head_cannot_be_told(path: Path) -> None:
    """The limit that docs/history.md names: nothing outside the two files knows better."""
    head = written(path, 3)
    then = path.read_bytes()
    written(path, 2, head)
    path.write_bytes(then)
    assert checked(path, head) == Proof(lines=3)


# --- what was done stays to be seen after the next line -------------------------------------


def test_a_cut_is_seen_after_more_was_written(path: Path) -> None:
    head = written(path, 6)
    rewritten(path, lambda lines: lines[:4])
    found = checked(path, written(path, 2, history.catch_up(path, KEY, head)))
    assert (found.fault, found.first, found.last) == (Fault.MISSING, 5, 6)


def test_a_line_cut_short_is_seen_after_more_was_written(path: Path) -> None:
    head = written(path, 3)
    rewritten(path, lambda lines: [*lines[:2], lines[2][:40]])
    found = checked(path, written(path, 2, history.catch_up(path, KEY, head)))
    assert (found.fault, found.first) == (Fault.CHANGED, 3)
    assert [line.number for line in history.recent(path, 9).lines] == [1, 2, 4, 5]


def test_what_is_too_long_for_a_piece_of_ours_is_left_to_be_seen(path: Path) -> None:
    head = written(path, 3)
    rewritten(path, lambda lines: [*lines, b"x" * 2**20])
    found = checked(path, written(path, 1, history.catch_up(path, KEY, head)))
    assert (found.fault, found.lines) == (Fault.ADDED, 3)


def test_an_older_head_is_seen_after_more_was_written(path: Path) -> None:
    head = written(path, 3)
    written(path, 3, head)
    found = checked(path, written(path, 1, history.catch_up(path, KEY, head)))
    assert (found.fault, found.lines) == (Fault.ADDED, 6)


def test_a_head_that_was_gone_is_seen_after_more_was_written(path: Path) -> None:
    written(path, 3)
    anew = Head(size=path.stat().st_size)
    found = checked(path, written(path, 2, history.catch_up(path, KEY, anew)))
    assert (found.fault, found.lines) == (Fault.ADDED, 3)


def test_a_line_that_was_added_is_seen_after_more_was_written(path: Path) -> None:
    head = written(path, 3)
    rewritten(path, lambda lines: [*lines, b"{}\n"])
    found = checked(path, written(path, 1, history.catch_up(path, KEY, head)))
    assert (found.fault, found.lines) == (Fault.ADDED, 3)


# --- the file ------------------------------------------------------------------------------


def test_a_link_is_neither_read_nor_written(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere"
    head = written(real, 1)
    path.symlink_to(real)
    with pytest.raises(LedgerError, match="cannot be read"):
        checked(path, head)
    with pytest.raises(SelfcheckError):
        written(path, 1, head)
    assert real.stat().st_size == head.size


def test_on_a_full_disk_nothing_of_a_line_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = written(path, 2)
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if len(data) <= 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[:10])

    with monkeypatch.context() as patched:
        patched.setattr("selfcheck.privacy.files.os.write", full)
        with pytest.raises(SelfcheckError, match="No space left"):
            written(path, 1, head)
    assert path.stat().st_size == head.size
    assert checked(path, written(path, 1, head)) == Proof(lines=3)


def test_a_history_of_many_lines_is_checked_and_read_in_flat_memory(path: Path) -> None:
    head, raws = Head(), []
    for _ in range(20_000):
        raw, mac = link(KEY, head, ENTRY)
        raws.append(raw)
        head = Head(count=head.count + 1, mac=mac, size=head.size + len(raw))
    path.write_bytes(b"".join([*raws, b"x" * 2**23]))
    del raws
    tracemalloc.start()
    assert checked(path, head).lines == 20_000
    assert history.recent(path, 10).left_out == 19_990
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 2**20


# --- the newest ----------------------------------------------------------------------------


def scanned(path: Path, head: Head, outcome: Outcome | None) -> Head:
    begun = replace(ENTRY, what=What.SCAN, outcome=Outcome.BEGUN)
    head = history.append(path, KEY, head, begun)
    if outcome is None:
        return head
    return history.append(path, KEY, head, replace(begun, outcome=outcome, of=head.count))


def test_a_scan_and_its_end_are_one_line(path: Path) -> None:
    head = scanned(path, written(path, 1), Outcome.FINISHED)
    head = scanned(path, head, None)
    scanned(path, head, Outcome.INTERRUPTED)
    found = history.recent(path, 10)
    assert [line.entry.outcome for line in found.lines] == [
        Outcome.PASSED,
        Outcome.FINISHED,
        Outcome.BEGUN,
        Outcome.INTERRUPTED,
    ]
    assert [line.number for line in found.lines] == [1, 2, 4, 5]


def test_an_end_whose_beginning_is_not_shown_any_more_is_left_out(path: Path) -> None:
    begun = replace(ENTRY, what=What.SCAN, outcome=Outcome.BEGUN)
    head = history.append(path, KEY, Head(), begun)
    head = written(path, 3, head)
    history.append(path, KEY, head, replace(begun, outcome=Outcome.FINISHED, of=1))
    found = history.recent(path, 2)
    assert [line.number for line in found.lines] == [3, 4]
    assert found.left_out == 2


def test_what_is_no_line_is_counted_and_the_others_are_shown(path: Path) -> None:
    written(path, 3)
    rewritten(path, lambda lines: [b"x" * 2**20 + b"\n", lines[0], b"\xff\n", *lines[1:], b"{"])
    found = history.recent(path, 10)
    assert len(found.lines) == 3
    assert found.unreadable == 3
    assert read(next(iter(path.read_bytes().splitlines()[1:]))).number == 1
