"""The history in its home: noted before it begins, sealed, and not healed by what comes after."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import noting
import numpy as np
import pytest
from stage import Export, Filming, Footage, Owner, run, willing

from selfcheck.errors import Interrupted, LedgerError, SelfcheckError, UsageError
from selfcheck.flows import history
from selfcheck.flows.enrol import enrol, verify
from selfcheck.flows.forget import forget
from selfcheck.flows.history import Doing, noted
from selfcheck.flows.unlock import Unlocked
from selfcheck.identity import Consent, MemoryKeys, Profile, new_id, new_key, save, seal
from selfcheck.ledger.chain import Entry, Head, Outcome, What
from selfcheck.privacy import files
from selfcheck.privacy.paths import Home

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SCAN = Doing(what=What.SCAN, scope=("a.zip",), assurance="camera", purpose="why not")


@dataclass(frozen=True, slots=True)
class Person:
    """A home with a profile of its own, and what opens it."""

    home: Home
    keys: MemoryKeys
    unlocked: Unlocked

    def note(self, purpose: str = "") -> int:
        return history.note(
            self.home, self.unlocked, noting.entry(self.unlocked.profile_id, purpose)
        )

    def scan(self) -> AbstractContextManager[None]:
        return noted(SCAN, home=self.home, unlocked=self.unlocked, clock=lambda: NOW)

    def verify(self) -> str:
        return history.verify(home=self.home, keys=self.keys).sentence

    def entries(self) -> list[Entry]:
        return [line.entry for line in history.recent(home=self.home, most=100).lines]


def enrolled(home: Home) -> Person:
    home.prepare()
    keys, unlocked = MemoryKeys(), Unlocked(profile_id=new_id(), key=new_key())
    keys.put(unlocked.profile_id, unlocked.key)
    profile = Profile(
        profile_id=unlocked.profile_id,
        created=NOW,
        engine="test",
        consent=Consent(text="test", given=NOW, adult=True),
        photos=("0" * 64,),
        encodings=np.full((1, 128), 0.1, np.float32),
    )
    save(home.profile, profile, unlocked.key)
    return Person(home=home, keys=keys, unlocked=unlocked)


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return enrolled(Home(root=tmp_path / "home"))


# --- begun and ended -----------------------------------------------------------------------


def test_what_is_done_is_noted_before_it_begins_and_when_it_has_ended(person: Person) -> None:
    with person.scan():
        (begun,) = person.entries()
        assert begun.outcome is Outcome.BEGUN
    (ended,) = person.entries()
    assert (ended.outcome, ended.scope, ended.purpose) == (
        Outcome.FINISHED,
        ("a.zip",),
        "why not",
    )
    assert ended.account == history.account()
    assert "2 lines" in person.verify()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Interrupted("stopped"), Outcome.INTERRUPTED),
        (KeyboardInterrupt(), Outcome.INTERRUPTED),
        (ValueError("a bug"), Outcome.FAILED),
        (LedgerError("the disk"), Outcome.FAILED),
    ],
)
def test_what_did_not_end_well_is_noted_as_that(
    person: Person, error: BaseException, outcome: Outcome
) -> None:
    with (
        pytest.raises(type(error)),
        person.scan(),
    ):
        raise error
    assert [one.outcome for one in person.entries()] == [outcome]


def full_disk(*_args: object, **_kwargs: object) -> None:
    raise SelfcheckError("history could not be written: No space left on device", hint="make room")


def test_what_cannot_be_noted_does_not_begin(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "append", full_disk)
    with pytest.raises(SelfcheckError, match="No space left"), person.scan():
        raise AssertionError("it began")


def test_what_was_done_while_the_disk_filled_up_is_kept_and_said(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = person.scan()
    scan.__enter__()
    monkeypatch.setattr(files, "append", full_disk)
    with pytest.raises(LedgerError, match=r"scan is finished and kept.*No space left"):
        scan.__exit__(None, None, None)
    assert [one.outcome for one in person.entries()] == [Outcome.BEGUN]
    monkeypatch.undo()
    person.note()
    assert "holds: 2 lines" in person.verify()


def test_a_full_disk_does_not_hide_the_error_that_came_first(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, stopped = person.scan(), Interrupted("stopped")
    scan.__enter__()
    monkeypatch.setattr(files, "append", full_disk)
    assert not scan.__exit__(Interrupted, stopped, None)  # which lets it go on its way


def test_a_history_that_forget_took_away_meanwhile_stays_away(person: Person) -> None:
    with person.scan():
        done = forget(person.home, person.keys)
    assert {"the history", "the history's head"} <= set(done.gone)
    assert list(person.home.root.iterdir()) == []


def test_a_purpose_has_a_largest_length() -> None:
    history.require_purpose("x" * 200)
    with pytest.raises(UsageError, match="at most 200"):
        history.require_purpose("x" * 201)


# --- the head ------------------------------------------------------------------------------


def test_each_changed_byte_of_the_head_is_seen(person: Person) -> None:
    person.note()
    whole = person.home.history_head.read_bytes()
    for place in range(0, len(whole), 97):
        changed = bytearray(whole)
        changed[place] ^= 1
        person.home.history_head.write_bytes(changed)
        with pytest.raises(LedgerError, match="head"):
            person.verify()
    person.home.history_head.write_bytes(whole)
    assert "holds" in person.verify()


def test_a_head_sealed_for_another_purpose_or_with_another_key_is_seen(person: Person) -> None:
    person.note()
    name = person.unlocked.profile_id
    for key, purpose in ((person.unlocked.key, "profile"), (new_key(), "history")):
        person.home.history_head.write_bytes(seal(key, Head().pack(), purpose, subject=name))
        with pytest.raises(LedgerError, match="head was changed"):
            person.verify()


@pytest.mark.parametrize("harm", ["gone", "older", "damaged", "another's", "empty"])
def test_harm_to_the_head_is_seen_and_is_seen_after_more_was_noted(
    person: Person, tmp_path: Path, harm: str
) -> None:
    head = person.home.history_head
    person.note()
    older = head.read_bytes()
    person.note()
    person.note()
    match harm:
        case "gone":
            head.unlink()
        case "older":
            head.write_bytes(older)
        case "damaged":
            head.write_bytes(older[:-1] + b"\0")
        case "empty":
            head.write_bytes(b"")
        case _:
            other = enrolled(Home(root=tmp_path / "other"))
            other.note()
            head.write_bytes(other.home.history_head.read_bytes())
    with pytest.raises(LedgerError, match="head"):
        person.verify()
    assert person.note() > 0  # it does not keep the owner from their own scans
    with pytest.raises(LedgerError, match="After line 3"):
        person.verify()


def test_a_link_in_the_place_of_the_head_is_replaced_and_not_followed(
    person: Person, tmp_path: Path
) -> None:
    person.note()
    target = tmp_path / "elsewhere"
    person.home.history_head.rename(target)
    person.home.history_head.symlink_to(target)
    before = target.read_bytes()
    with pytest.raises(LedgerError, match="head"):
        person.verify()
    person.note()
    assert target.read_bytes() == before
    assert not person.home.history_head.is_symlink()


def test_both_files_put_back_together_cannot_be_told(person: Person) -> None:
    """The limit that docs/history.md names."""
    both = (person.home.history, person.home.history_head)
    person.note()
    then = [path.read_bytes() for path in both]
    person.note("to be hidden")
    for path, data in zip(both, then, strict=True):
        path.write_bytes(data)
    assert "holds: 1 line," in person.verify()


# --- killed, and two at once ---------------------------------------------------------------


def ended(*_args: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("before", [0, 2])
def test_a_process_killed_between_line_and_head_is_told_from_a_forger(
    person: Person, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    for _ in range(before):
        person.note()
    seals: list[Callable[..., None]] = [history._seal] if not before else []

    def seal_or_end(*given: object) -> None:
        # The first line of all is preceded by a head that says there is none.
        seals.pop()(*given) if seals else ended()

    with monkeypatch.context() as patched:
        patched.setattr(history, "_seal", seal_or_end)
        with pytest.raises(KeyboardInterrupt):
            person.note()
    assert "the program ended while it wrote the last" in person.verify()
    person.note()
    assert f"holds: {before + 2} lines, none changed, missing or cut." in person.verify()


def test_killed_again_and_again_at_most_one_line_is_beyond_the_head(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.note()
    once = history._seal
    with monkeypatch.context() as patched:
        for _ in range(3):
            patched.setattr(history, "_seal", ended)
            with pytest.raises(KeyboardInterrupt):
                person.note()
            calls: list[int] = []

            def first_only(*given: object, calls: list[int] = calls) -> None:
                calls.append(1)
                once(*given) if len(calls) == 1 else ended()  # type: ignore[arg-type]

            patched.setattr(history, "_seal", first_only)
            with pytest.raises(KeyboardInterrupt):
                person.note()
    assert "the program ended" in person.verify()


def test_where_the_head_cannot_be_written_the_line_goes_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.note()
    size = person.home.history.stat().st_size
    with monkeypatch.context() as patched:
        patched.setattr(history, "_seal", full_disk)
        with pytest.raises(SelfcheckError):
            person.note()
    assert person.home.history.stat().st_size == size
    assert person.verify().endswith("none changed, missing or cut.")


def writing(person: Person, count: int) -> subprocess.Popen[bytes]:
    """Start a process that writes so many lines; with none, one that is killed in a scan."""
    unlocked = person.unlocked
    words = (str(person.home.root), unlocked.profile_id, unlocked.key.hex(), str(count))
    return subprocess.Popen(
        [sys.executable, noting.__file__, *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_a_scan_that_was_killed_has_left_its_line(person: Person) -> None:
    assert writing(person, 0).wait(timeout=60) == -signal.SIGKILL
    (killed,) = person.entries()
    assert (killed.what, killed.outcome) == (What.SCAN, Outcome.BEGUN)
    person.note()
    assert "holds: 2 lines, none changed" in person.verify()


def test_processes_that_write_at_once_lose_no_line(person: Person) -> None:
    writers = [writing(person, 15) for _ in range(3)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    assert "holds: 45 lines" in person.verify()


# --- profiles ------------------------------------------------------------------------------


def test_a_new_profile_begins_a_chain_of_its_own_after_the_lines_there_are(person: Person) -> None:
    person.note()
    person.note()
    person.home.profile.unlink()
    new = enrolled(person.home)
    assert new.note() == 1
    new.note()
    assert "holds: 2 lines" in new.verify()
    assert "2 lines before, of an earlier profile" in new.verify()
    first = person.home.history.read_bytes().splitlines(keepends=True)
    person.home.history.write_bytes(b"".join(first[:2] + first[3:]))
    with pytest.raises(LedgerError, match="line 1 is missing"):
        new.verify()


def test_a_new_profile_whose_first_line_was_the_last_before_a_kill_goes_on(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.note()
    person.home.profile.unlink()
    new = enrolled(person.home)
    seals: list[Callable[..., None]] = [history._seal]

    def seal_or_end(*given: object) -> None:
        seals.pop()(*given) if seals else ended()

    with monkeypatch.context() as patched:
        patched.setattr(history, "_seal", seal_or_end)
        with pytest.raises(KeyboardInterrupt):
            new.note()
    assert "the program ended" in new.verify()
    assert new.note() == 2
    assert "holds: 2 lines, none changed, missing or cut" in new.verify()


def test_without_lines_nothing_was_noted(person: Person) -> None:
    assert person.verify() == "Nothing was noted for this profile yet."
    assert person.entries() == []


# --- in the flows --------------------------------------------------------------------------


def last(owner: Owner) -> Entry:
    return history.recent(home=owner.home, most=1).lines[-1].entry


def test_a_scan_is_noted_with_its_scope_and_assurance(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    few = export.folder(tmp_path / "few", [min(export.owner)])
    run(owner, few)
    found = last(owner)
    assert (found.what, found.outcome, found.scope) == (What.SCAN, Outcome.FINISHED, ("few",))
    assert found.assurance == "filmed"
    assert "holds" in history.verify(home=owner.home, keys=owner.keys).sentence


def test_a_scan_that_was_stopped_is_noted_as_that(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    few = export.folder(tmp_path / "few", [min(export.owner)])
    with pytest.raises(Interrupted):
        run(owner, few, stop=lambda: True)
    assert last(owner).outcome is Outcome.INTERRUPTED


def test_a_scan_that_cannot_be_noted_looks_at_nothing(
    owner: Owner, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = export.folder(tmp_path / "few", [min(export.owner)])
    monkeypatch.setattr(files, "append", full_disk)
    events: list[object] = []
    with pytest.raises(SelfcheckError, match="No space left"):
        run(owner, few, on_event=events.append)
    assert events == []


def test_enrolment_and_verification_are_noted(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    home, keys = Home(root=tmp_path / "home"), MemoryKeys()
    home.prepare()
    film = Filming(tmp_path / "film.mp4", willing(footage))
    consent = Consent(text="test", given=NOW, adult=True)
    enrol(
        owner.photos,
        home=home,
        keys=keys,
        consent=consent,
        check=film,
        cache=owner.cache,
        clock=film.clock,
    )
    again = Filming(tmp_path / "again.mp4", willing(footage))
    held = verify(home=home, keys=keys, check=again, cache=owner.cache, clock=again.clock)
    first, second = (line.entry for line in history.recent(home=home, most=10).lines)
    assert (first.what, first.scope) == (What.ENROLL, ("a new profile",))
    assert (second.what, second.outcome, second.at) == (What.VERIFY, Outcome.PASSED, held.at)
    assert second.assurance == "filmed"
    assert "holds: 2 lines" in history.verify(home=home, keys=keys).sentence
