from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from identity.actors import NOW, Actor, accepted, profile_of

from selfcheck.errors import NotVerified, ProfileError, VerificationFailed
from selfcheck.identity import (
    Acceptance,
    Assurance,
    Refusal,
    Scope,
    Verdict,
    Verification,
    accepted_films,
    last,
    not_verified,
    record,
    require,
    save,
    seal,
)

KEY = bytes(range(32))
ID = "ab" * 16
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a folder with a profile and no verification."""
    save(tmp_path / "profile", profile_of(Actor(seed=1)), KEY)
    return tmp_path


def verified(home: Path, acceptance: Acceptance) -> Verification:
    return record(
        home / "verification",
        profile=home / "profile",
        profile_id=ID,
        key=KEY,
        acceptance=acceptance,
    )


def gate(
    home: Path,
    now: datetime,
    *,
    scope: Scope = Scope.ARCHIVES,
    key: bytes = KEY,
    profile_id: str = ID,
) -> Verification:
    return require(
        home / "verification",
        profile=home / "profile",
        profile_id=profile_id,
        key=key,
        scope=scope,
        now=now,
    )


def refused(
    home: Path,
    now: datetime,
    *,
    scope: Scope = Scope.ARCHIVES,
    key: bytes = KEY,
    profile_id: str = ID,
) -> str:
    with pytest.raises(NotVerified) as caught:
        gate(home, now, scope=scope, key=key, profile_id=profile_id)
    assert caught.value.exit_code == 4
    assert caught.value.hint
    return caught.value.sentence


def test_no_verification_is_refused(home: Path) -> None:
    assert "not been verified" in refused(home, NOW)


def test_an_expired_verification_is_refused(home: Path) -> None:
    verified(home, accepted())
    assert "ended" in refused(home, NOW + 2 * HOUR)


def test_a_camera_verification_expires_after_twelve_hours(home: Path) -> None:
    verified(home, accepted(assurance=Assurance.CAMERA, film=None))
    assert gate(home, NOW + 12 * HOUR - SECOND).profile_id == ID
    assert "ended" in refused(home, NOW + 12 * HOUR)


def test_a_verification_from_the_future_is_refused(home: Path) -> None:
    verified(home, accepted())
    assert "clock" in refused(home, NOW - 61 * SECOND)


def test_a_clock_that_steps_back_by_seconds_is_let_be(home: Path) -> None:
    verified(home, accepted())
    assert gate(home, NOW - 30 * SECOND).profile_id == ID


def test_a_verification_cut_short_is_refused(home: Path) -> None:
    verified(home, accepted())
    path = home / "verification"
    data = path.read_bytes()
    for length in (0, 1, 50, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        refused(home, NOW)


def test_a_changed_bit_of_the_verification_is_refused(home: Path) -> None:
    verified(home, accepted())
    path = home / "verification"
    data = path.read_bytes()
    for place in range(0, len(data), 23):
        changed = bytearray(data)
        changed[place] ^= 1
        path.write_bytes(changed)
        refused(home, NOW)


def test_a_verification_sealed_with_another_key_is_refused(home: Path) -> None:
    verified(home, accepted())
    assert "another profile" in refused(home, NOW, key=bytes(32))


def test_a_verification_of_another_profile_is_refused_even_under_the_same_key(home: Path) -> None:
    verified(home, accepted())
    assert "another profile" in refused(home, NOW, profile_id="cd" * 16)


def test_a_verification_for_an_earlier_profile_file_is_refused(home: Path) -> None:
    verified(home, accepted())
    save(home / "profile", profile_of(Actor(seed=1)), KEY)
    assert "changed" in refused(home, NOW)


def test_a_verification_without_its_profile_is_refused(home: Path) -> None:
    verified(home, accepted())
    (home / "profile").unlink()
    refused(home, NOW)


def test_a_verification_copied_from_elsewhere_is_refused(home: Path) -> None:
    verified(home, accepted())
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    for name in ("profile", "verification"):
        shutil.copy(home / name, elsewhere / name)
    assert "copied" in refused(elsewhere, NOW)


def test_a_film_does_not_unlock_web_addresses(home: Path) -> None:
    verified(home, accepted())
    assert "web addresses" in refused(home, NOW, scope=Scope.ADDRESSES)


def test_a_verification_that_is_a_folder_is_refused(home: Path) -> None:
    (home / "verification").mkdir()
    refused(home, NOW)


@pytest.mark.parametrize("plain", [b"{}", b"[]", b"\xff", b'{"assurance": "trust me"}'])
def test_what_is_sealed_rightly_but_is_no_verification_is_refused(home: Path, plain: bytes) -> None:
    data = seal(KEY, plain, "verification", subject=ID)
    (home / "verification").write_bytes(data)
    refused(home, NOW)


def test_a_profile_put_in_the_place_of_the_verification_is_refused(home: Path) -> None:
    shutil.copy(home / "profile", home / "verification")
    refused(home, NOW)


def test_a_check_that_was_not_passed_cannot_be_recorded(home: Path) -> None:
    failed = Acceptance(
        verdict=Verdict(refusal=Refusal.CHANGED), assurance=Assurance.FILMED, at=NOW
    )
    with pytest.raises(VerificationFailed):
        verified(home, failed)
    assert not (home / "verification").exists()


def test_a_film_accepted_before_cannot_be_recorded_again(home: Path) -> None:
    verified(home, accepted())
    with pytest.raises(VerificationFailed):
        verified(home, accepted())


def test_films_accepted_before_are_known_after_a_change_of_the_profile(home: Path) -> None:
    verified(home, accepted(film="1" * 64))
    save(home / "profile", profile_of(Actor(seed=1)), KEY)
    verified(home, accepted(film="2" * 64))
    films = accepted_films(home / "verification", profile_id=ID, key=KEY)
    assert films == ("1" * 64, "2" * 64)


def test_a_damaged_record_does_not_keep_anybody_from_verifying_again(home: Path) -> None:
    (home / "verification").write_bytes(b"broken")
    verified(home, accepted())
    assert gate(home, NOW).profile_id == ID


def test_a_missing_profile_is_the_gates_refusal_with_its_hint() -> None:
    error = not_verified(ProfileError("There is no profile yet.", hint="selfcheck enroll"))
    assert isinstance(error, NotVerified)
    assert (error.sentence, error.hint, error.exit_code) == (
        "There is no profile yet.",
        "selfcheck enroll",
        4,
    )


def test_a_film_unlocks_archives_for_two_hours(home: Path) -> None:
    verified(home, accepted())
    held = gate(home, NOW + 2 * HOUR - SECOND)
    assert held.assurance == "filmed"
    assert held.until == NOW + 2 * HOUR


def test_a_camera_unlocks_web_addresses_too(home: Path) -> None:
    verified(home, accepted(assurance=Assurance.CAMERA, film=None))
    assert gate(home, NOW, scope=Scope.ADDRESSES).assurance is Assurance.CAMERA


def test_what_is_on_record_can_be_shown_after_it_ended(home: Path) -> None:
    assert last(home / "verification", profile_id=ID, key=KEY) is None
    verified(home, accepted())
    shown = last(home / "verification", profile_id=ID, key=KEY)
    assert shown is not None
    assert shown.at == NOW


def test_the_record_shows_nothing_in_clear(home: Path) -> None:
    verified(home, accepted())
    data = (home / "verification").read_bytes()
    assert b"filmed" not in data
    assert b"f" * 64 not in data
    assert (home / "verification").stat().st_mode & 0o077 == 0


def test_a_verification_holds_no_number_of_the_face(home: Path) -> None:
    found = verified(home, accepted())
    assert "0." not in json.dumps([found.generation, found.place, found.films])
