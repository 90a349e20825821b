"""Gone means gone: the key, the profile, the ledger, and a list of what lies elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from selfcheck.errors import LedgerError
from selfcheck.flows.forget import forget, written_files
from selfcheck.identity import (
    Acceptance,
    Assurance,
    Consent,
    MemoryKeys,
    Profile,
    Verdict,
    new_id,
    new_key,
    record,
    save,
)
from selfcheck.ledger import Ledger
from selfcheck.privacy.paths import Home

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(root=tmp_path / "home")
    found.prepare()
    return found


@pytest.fixture
def keys(home: Home) -> MemoryKeys:
    """Write a profile, a verification and a ledger that noted one report."""
    store, profile_id, key = MemoryKeys(), new_id(), new_key()
    store.put(profile_id, key)
    profile = Profile(
        profile_id=profile_id,
        created=NOW,
        engine="test",
        consent=Consent(text="test", given=NOW, adult=True),
        photos=("0" * 64,),
        encodings=np.full((1, 128), 0.1, np.float32),
    )
    save(home.profile, profile, key)
    passed = Acceptance(verdict=Verdict(), assurance=Assurance.FILMED, at=NOW)
    record(
        home.verification, profile=home.profile, profile_id=profile_id, key=key, acceptance=passed
    )
    report = home.root.parent / "report.html"
    report.write_text("a report")
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        ledger.note_written(report, kind="report (html)", when=NOW)
        ledger.note_written(report.with_name("deleted.html"), kind="report (html)", when=NOW)
    return store


def test_nothing_is_left_in_the_home(home: Home, keys: MemoryKeys) -> None:
    done = forget(home, keys)
    assert list(home.root.iterdir()) == []
    assert done.troubles == ()
    assert len(done.gone) == 4


def test_the_history_its_head_and_its_lock_go_too(home: Home, keys: MemoryKeys) -> None:
    for path in (home.history, home.history_head, home.history_lock):
        path.write_bytes(b"a line")
    done = forget(home, keys)
    assert {"the history", "the history's head"} <= set(done.gone)
    assert list(home.root.iterdir()) == []


def test_the_key_is_destroyed(home: Home, keys: MemoryKeys) -> None:
    from selfcheck.identity import profile_id

    name = profile_id(home.profile)
    forget(home, keys)
    assert keys.get(name) is None


def test_files_written_elsewhere_are_listed_while_they_are_there(
    home: Home, keys: MemoryKeys
) -> None:
    assert [one.path.name for one in written_files(home)] == ["report.html"]


def test_a_damaged_profile_and_ledger_go_too(home: Home, keys: MemoryKeys) -> None:
    home.profile.write_bytes(b"damaged")
    home.ledger.write_bytes(b"damaged" * 1000)
    done = forget(home, keys)
    assert list(home.root.iterdir()) == []
    assert done.troubles != ()


def test_the_ledger_of_a_running_scan_is_not_pulled_away(home: Home, keys: MemoryKeys) -> None:
    with Ledger.open(home.ledger, lock=home.lock), pytest.raises(LedgerError):
        forget(home, keys)
    assert home.ledger.exists()


def test_forgetting_nothing_is_no_trouble(home: Home) -> None:
    assert forget(home, MemoryKeys()).gone == ()


def test_a_damaged_profile_does_not_keep_its_key_alive(home: Home, keys: MemoryKeys) -> None:
    from selfcheck.identity import profile_id

    name = profile_id(home.profile)
    home.profile.write_bytes(b"damaged")
    assert forget(home, keys).troubles == ()
    assert keys.get(name) is None


def test_a_key_whose_profile_is_gone_goes_too(home: Home, keys: MemoryKeys) -> None:
    from selfcheck.identity import profile_id

    name = profile_id(home.profile)
    home.profile.unlink()
    assert "the profile's key" in forget(home, keys).gone
    assert keys.get(name) is None


def test_it_goes_on_after_a_file_that_cannot_be_removed(home: Home, keys: MemoryKeys) -> None:
    home.verification.unlink()
    home.verification.mkdir()
    done = forget(home, keys)
    assert [path.name for path in home.root.iterdir()] == ["verification"]
    assert any("verification" in trouble for trouble in done.troubles)


def test_what_a_killed_process_left_half_written_goes_too(home: Home, keys: MemoryKeys) -> None:
    (home.root / ".selfcheck-0123456789abcdef.tmp").write_bytes(b"half a profile")
    forget(home, keys)
    assert list(home.root.iterdir()) == []


def test_a_damaged_ledger_is_said_to_name_no_reports(home: Home, keys: MemoryKeys) -> None:
    home.ledger.write_bytes(b"damaged" * 1000)
    assert any("cannot be named" in trouble for trouble in forget(home, keys).troubles)
