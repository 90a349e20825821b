from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from identity.actors import Actor, profile_of

from selfcheck.errors import ProfileError
from selfcheck.identity import (
    MOST_REFERENCES,
    Matcher,
    Profile,
    generation,
    load,
    new_id,
    new_key,
    profile_id,
    save,
    seal,
)

KEY = bytes(range(32))


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, Profile]:
    profile = profile_of(Actor(seed=1))
    profile = replace(profile, mirrored=np.roll(profile.encodings, 1, axis=1))
    path = tmp_path / "profile"
    save(path, profile, KEY)
    return path, profile


def test_no_profile_says_how_to_enroll(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        load(tmp_path / "profile", KEY)
    assert "enroll" in caught.value.hint
    with pytest.raises(ProfileError):
        profile_id(tmp_path / "profile")


def test_a_profile_does_not_open_with_another_key(saved: tuple[Path, Profile]) -> None:
    with pytest.raises(ProfileError):
        load(saved[0], bytes(32))


def test_a_changed_bit_anywhere_in_the_file_is_noticed(saved: tuple[Path, Profile]) -> None:
    path, _ = saved
    data = path.read_bytes()
    for place in range(0, len(data), 37):
        changed = bytearray(data)
        changed[place] ^= 4
        path.write_bytes(changed)
        with pytest.raises(ProfileError):
            load(path, KEY)


def test_a_profile_cut_short_is_refused(saved: tuple[Path, Profile]) -> None:
    path, _ = saved
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ProfileError):
        load(path, KEY)


def test_a_profile_that_is_a_link_is_refused(saved: tuple[Path, Profile], tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(saved[0])
    with pytest.raises(ProfileError):
        load(link, KEY)


def test_an_enormous_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "profile"
    with path.open("wb") as file:
        file.truncate(2**33)
    with pytest.raises(ProfileError):
        load(path, KEY)


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b'{"encodings": "AAAA"}',
        b'{"encodings": "\\u0000"}',
    ],
)
def test_what_is_sealed_rightly_but_is_no_profile_is_refused(tmp_path: Path, plain: bytes) -> None:
    path = tmp_path / "profile"
    path.write_bytes(seal(KEY, plain, "profile"))
    with pytest.raises(ProfileError) as caught:
        load(path, KEY)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("count", [0, MOST_REFERENCES + 1])
def test_a_profile_without_references_or_with_too_many_is_refused(count: int) -> None:
    profile = profile_of(Actor(seed=1))
    with pytest.raises(ProfileError):
        type(profile)(
            profile_id=profile.profile_id,
            created=profile.created,
            engine=profile.engine,
            consent=profile.consent,
            photos=("0",) * count,
            encodings=np.zeros((count, 128), np.float32),
        )


@pytest.mark.parametrize("count", [0, 2, 4])
def test_a_profile_with_other_than_one_mirror_image_a_reference_is_refused(count: int) -> None:
    with pytest.raises(ProfileError):
        replace(profile_of(Actor(seed=1)), mirrored=np.zeros((count, 128), np.float32))


def test_a_profile_of_before_there_were_mirror_images_still_opens(tmp_path: Path) -> None:
    path, old = tmp_path / "profile", profile_of(Actor(seed=1))
    save(path, old, KEY)
    loaded = load(path, KEY)
    assert loaded.mirrored is None
    assert np.array_equal(loaded.both, old.encodings)


def test_a_profile_with_a_number_that_is_none_is_refused() -> None:
    profile = profile_of(Actor(seed=1))
    rows = profile.encodings.copy()
    rows[0, 0] = np.nan
    with pytest.raises(ProfileError):
        replace(profile, mirrored=rows)
    with pytest.raises(ProfileError):
        type(profile)(
            profile_id=profile.profile_id,
            created=profile.created,
            engine=profile.engine,
            consent=profile.consent,
            photos=profile.photos,
            encodings=rows,
        )


def test_a_saved_profile_loads_to_the_last_bit(saved: tuple[Path, Profile]) -> None:
    path, profile = saved
    loaded = load(path, KEY)
    assert np.array_equal(loaded.encodings, profile.encodings)
    assert loaded.encodings.dtype == np.float32
    assert loaded.mirrored is not None
    assert profile.mirrored is not None
    assert np.array_equal(loaded.mirrored, profile.mirrored)
    named = ("profile_id", "created", "engine", "consent", "photos")
    assert all(getattr(loaded, name) == getattr(profile, name) for name in named)


def test_the_file_is_for_its_owner_only(saved: tuple[Path, Profile]) -> None:
    assert saved[0].stat().st_mode & 0o077 == 0


def test_the_file_shows_its_random_id_and_nothing_else(saved: tuple[Path, Profile]) -> None:
    path, profile = saved
    data = path.read_bytes()
    assert profile_id(path) == profile.profile_id
    assert profile.encodings.tobytes() not in data
    assert profile.engine.encode() not in data
    assert len(data) % 4096 < 200


def test_every_save_is_another_generation(saved: tuple[Path, Profile]) -> None:
    path, profile = saved
    first = generation(path)
    save(path, profile, KEY)
    assert generation(path) != first


def test_ids_and_keys_are_random(tmp_path: Path) -> None:
    assert len({new_id() for _ in range(50)}) == 50
    assert len(bytes.fromhex(new_id())) == 16
    assert len({new_key() for _ in range(50)}) == 50
    assert len(new_key()) == 32


def test_what_holds_encodings_shows_no_number_of_them() -> None:
    actor = Actor(seed=1)
    profile = profile_of(actor)
    film = actor.film()[:2]
    for shown in (repr(profile), repr(Matcher(profile)), repr(film), str(profile)):
        assert "array" not in shown
        for number in (*profile.encodings[0][:8], *film[0].faces[0].encoding[:8]):
            assert f"{number:.4f}"[:6] not in shown


def test_a_profile_reaches_a_worker_whole() -> None:
    profile = profile_of(Actor(seed=1))
    there = pickle.loads(pickle.dumps(profile))
    assert np.array_equal(there.encodings, profile.encodings)


def test_nothing_writes_encodings_as_text() -> None:
    with pytest.raises(TypeError):
        json.dumps(profile_of(Actor(seed=1)))
