"""Enrolment and verification, with drawn photos and films: the willing and everybody else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest
from stage import Filming, Footage, Frame, Owner, willing

from selfcheck import identity
from selfcheck.demo.film import flat_photo
from selfcheck.demo.owner import FRAMES_PER_SECOND, OTHERS, OWNER, write_references
from selfcheck.demo.people import View, portrait, scene
from selfcheck.errors import ProfileError, Refused, SourceError, UsageError, VerificationFailed
from selfcheck.flows.checking import AskFilm
from selfcheck.flows.enrol import Enrolled, _Before, enrol, verify
from selfcheck.flows.scan import now
from selfcheck.flows.unlock import Unlocked
from selfcheck.identity import Challenge, CodeSeries, Consent, MemoryKeys, Verification
from selfcheck.pictures import Format, save
from selfcheck.privacy.paths import Home

CONSENT = Consent(text="test", given=datetime(2026, 1, 1, tzinfo=UTC), adult=True)


def no_film(_challenge: Challenge, _codes: CodeSeries) -> Path:
    raise AssertionError("a film was asked for although a photo will not do")


def fresh(tmp_path: Path) -> Home:
    home = Home(root=tmp_path / "home")
    home.prepare()
    return home


def enrolling(
    owner: Owner,
    home: Home,
    photos: tuple[Path, ...],
    film: Filming | None = None,
    *,
    keys: MemoryKeys | None = None,
) -> Enrolled:
    return enrol(
        photos,
        home=home,
        keys=keys or MemoryKeys(),
        consent=CONSENT,
        check=film or no_film,
        cache=owner.cache,
        clock=film.clock if film else now,
    )


def verifying(owner: Owner, film: Filming) -> Verification:
    return verify(home=owner.home, keys=owner.keys, check=film, cache=owner.cache, clock=film.clock)


def handing_over(owner: Owner, film: AskFilm) -> Verification:
    """Verify with a file that is there already."""
    return verify(home=owner.home, keys=owner.keys, check=film, cache=owner.cache)


def photo(path: Path, drawn: np.ndarray) -> Path:
    path.write_bytes(save(drawn, Format.JPEG))
    return path


# --- references ------------------------------------------------------------------------


def test_a_photo_that_is_not_there_is_named(owner: Owner, tmp_path: Path) -> None:
    home = fresh(tmp_path)
    with pytest.raises(SourceError, match=r"nobody\.jpg"):
        enrolling(owner, home, (tmp_path / "nobody.jpg",))
    assert not home.profile.exists()


def test_a_text_named_jpg_is_no_photo(owner: Owner, tmp_path: Path) -> None:
    words = tmp_path / "words.jpg"
    words.write_text("no picture")
    with pytest.raises(SourceError, match="cannot be read"):
        enrolling(owner, fresh(tmp_path), (words,))


def test_a_photo_without_a_face_is_refused(owner: Owner, tmp_path: Path) -> None:
    wall = photo(tmp_path / "wall.jpg", np.full((300, 300, 3), 120, np.uint8))
    with pytest.raises(UsageError, match=r"wall\.jpg \(no face was found\)"):
        enrolling(owner, fresh(tmp_path), (wall,))


def test_a_photo_with_two_faces_is_refused(owner: Owner, tmp_path: Path) -> None:
    pair = [(OWNER, View(), (0.3, 0.5, 0.25)), (OTHERS[0], View(), (0.7, 0.5, 0.25))]
    both = photo(tmp_path / "both.jpg", scene(pair, width=640, height=480))
    with pytest.raises(UsageError, match=r"both\.jpg \(more than one face"):
        enrolling(owner, fresh(tmp_path), (both,))


def test_a_stranger_among_the_photos_is_refused(owner: Owner, tmp_path: Path) -> None:
    stranger = photo(tmp_path / "stranger.jpg", portrait(OTHERS[4], View()))
    with pytest.raises(UsageError, match=r"stranger\.jpg"):
        enrolling(owner, fresh(tmp_path), (*owner.photos[:3], stranger))


def test_photos_of_somebody_else_than_the_person_in_the_film_enrol_nobody(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    home = fresh(tmp_path)
    photos = write_references(tmp_path / "photos", OTHERS[2])[:3]

    film = Filming(tmp_path / "film.mp4", willing(footage))
    with pytest.raises(VerificationFailed, match="not the one on the reference photos"):
        enrolling(owner, home, photos, film)
    assert not home.profile.exists()
    assert not home.verification.exists()


def test_somebody_else_cannot_be_added_to_a_profile(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    before = owner.home.profile.read_bytes()
    photos = write_references(tmp_path / "photos", OTHERS[2])[:3]

    film = Filming(tmp_path / "film.mp4", willing(footage))
    with pytest.raises(VerificationFailed):
        enrol(
            photos,
            home=owner.home,
            keys=owner.keys,
            consent=CONSENT,
            check=film,
            replace=True,
            cache=owner.cache,
            clock=film.clock,
        )
    assert owner.home.profile.read_bytes() == before


def test_whoever_is_no_adult_by_their_own_word_is_not_enrolled(tmp_path: Path) -> None:
    home = fresh(tmp_path)
    child = Consent(text="test", given=CONSENT.given, adult=False)
    with pytest.raises(Refused, match="adults only"):
        enrol((), home=home, keys=MemoryKeys(), consent=child, check=no_film)
    assert list(home.root.iterdir()) == []


def test_a_profile_made_while_the_film_was_made_is_not_written_over(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    home, other = fresh(tmp_path), b"the profile of whoever was faster"

    def play(challenge: Challenge, codes: CodeSeries) -> Iterable[Frame]:
        home.profile.write_bytes(other)
        return willing(footage)(challenge, codes)

    film = Filming(tmp_path / "film.mp4", play)
    with pytest.raises(ProfileError, match="in the meantime"):
        enrolling(owner, home, owner.photos, film)
    assert home.profile.read_bytes() == other
    assert not home.verification.exists()


class SlowKeys(MemoryKeys):
    """Keys whose owner takes so long to type that somebody else enrols in the meantime."""

    def __init__(self, profile: Path, other: bytes) -> None:
        super().__init__()
        self._profile, self._other = profile, other

    def put(self, profile_id: str, key: bytes) -> None:
        super().put(profile_id, key)
        self._profile.write_bytes(self._other)


def test_a_profile_made_while_a_passphrase_was_typed_is_not_written_over(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    home, other = fresh(tmp_path), b"the profile of whoever was faster"
    keys = SlowKeys(home.profile, other)
    film = Filming(tmp_path / "film.mp4", willing(footage))
    with pytest.raises(ProfileError, match="in the meantime"):
        enrolling(owner, home, owner.photos, film, keys=keys)
    assert home.profile.read_bytes() == other
    assert not home.verification.exists()
    assert keys._keys == {}


def test_every_reference_is_enrolled_with_its_mirror_image(owner: Owner) -> None:
    profile_id = identity.profile_id(owner.home.profile)
    key = owner.keys.get(profile_id)
    assert key is not None
    profile = identity.load(owner.home.profile, key)
    assert profile.mirrored is not None
    apart = np.linalg.norm(profile.mirrored - profile.encodings, axis=1)
    assert (apart > 0).all()
    assert (apart < 0.3).all()


def test_references_join_a_profile_of_before_there_were_mirror_images() -> None:
    rows = np.random.default_rng(1).normal(0, 0.1, (3, 128)).astype(np.float32)
    old = identity.Profile(
        profile_id="ab" * 16,
        created=CONSENT.given,
        engine="made up",
        consent=CONSENT,
        photos=("1", "2", "3"),
        encodings=rows,
    )
    unlocked = Unlocked(profile_id=old.profile_id, key=bytes(32))
    before = _Before(unlocked=unlocked, profile=old)
    assert np.array_equal(before.joined_mirrored(rows[:1]), rows[[0, 1, 2, 0]])
    assert np.array_equal(_Before(unlocked=unlocked).joined_mirrored(rows), rows)


# --- films -----------------------------------------------------------------------------


def test_a_film_without_pictures_cannot_be_watched(owner: Owner, tmp_path: Path) -> None:
    empty = tmp_path / "film.mp4"
    empty.write_bytes(b"")
    with pytest.raises(SourceError, match="cannot be watched"):
        handing_over(owner, lambda _challenge, _codes: empty)


def test_a_film_broken_off_in_the_file_cannot_be_watched(owner: Owner, tmp_path: Path) -> None:
    broken = tmp_path / "film.mp4"
    broken.write_bytes(owner.film.read_bytes()[:20_000])
    with pytest.raises(SourceError, match="cannot be watched"):
        handing_over(owner, lambda _challenge, _codes: broken)


def test_a_film_is_not_accepted_twice(owner: Owner) -> None:
    with pytest.raises(VerificationFailed, match="accepted before"):
        handing_over(owner, lambda _challenge, _codes: owner.film)


def test_a_film_handed_over_too_late_is_refused(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    film = Filming(tmp_path / "f.mp4", willing(footage), late=timedelta(minutes=21))
    with pytest.raises(VerificationFailed, match="twenty minutes"):
        verifying(owner, film)


def test_a_film_of_another_day_is_refused(owner: Owner, footage: Footage, tmp_path: Path) -> None:
    made = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(VerificationFailed, match="not made within the five minutes"):
        verifying(owner, Filming(tmp_path / "f.mp4", willing(footage), created=made))


def test_a_film_that_does_not_begin_on_the_screen_is_refused(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    def play(challenge: Challenge, _codes: CodeSeries) -> Iterable[Frame]:
        return footage.frames(challenge.steps)

    with pytest.raises(VerificationFailed, match="fewer than three of the codes"):
        verifying(owner, Filming(tmp_path / "f.mp4", play))


def test_a_film_of_another_checks_codes_is_refused(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    def play(challenge: Challenge, _codes: CodeSeries) -> Iterable[Frame]:
        return willing(footage)(challenge, CodeSeries())

    with pytest.raises(VerificationFailed, match="codes of another check"):
        verifying(owner, Filming(tmp_path / "f.mp4", play))


def test_a_film_cut_from_the_screen_to_the_face_is_refused(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    def play(challenge: Challenge, codes: CodeSeries) -> Iterable[Frame]:
        screen = islice(footage.screen(codes), 7 * FRAMES_PER_SECOND)
        return chain(screen, footage.frames(challenge.steps))

    with pytest.raises(VerificationFailed, match="cut between the screen and the face"):
        verifying(owner, Filming(tmp_path / "f.mp4", play))


def test_the_wrong_order_of_steps_is_refused(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    def play(challenge: Challenge, codes: CodeSeries) -> Iterable[Frame]:
        return chain(footage.screen(codes), footage.frames(challenge.steps[::-1]))

    with pytest.raises(VerificationFailed, match="step"):
        verifying(owner, Filming(tmp_path / "f.mp4", play))


def test_a_film_cut_short_is_refused(owner: Owner, footage: Footage, tmp_path: Path) -> None:
    def play(challenge: Challenge, codes: CodeSeries) -> Iterable[Frame]:
        return chain(footage.screen(codes), footage.frames(challenge.steps[:3]))

    with pytest.raises(VerificationFailed, match=r"ends before the last step|step is missing"):
        verifying(owner, Filming(tmp_path / "f.mp4", play))


def test_a_second_person_in_the_film_is_refused(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    beside = portrait(OTHERS[0], View(), width=480, height=480)

    def play(challenge: Challenge, codes: CodeSeries) -> Iterable[Frame]:
        return (np.hstack([frame, beside]) for frame in willing(footage)(challenge, codes))

    with pytest.raises(VerificationFailed, match="second person"):
        verifying(owner, Filming(tmp_path / "f.mp4", play))


def test_a_flat_photo_waved_before_the_camera_is_refused(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    held = portrait(OWNER, View(), width=480, height=480)
    swings = np.sin(np.linspace(0, 6 * np.pi, 80)) * 35
    views = [View(yaw=float(swing), pitch=float(swing) / 3) for swing in swings]

    def play(_challenge: Challenge, codes: CodeSeries) -> Iterable[Frame]:
        return chain(footage.screen(codes), flat_photo(held, views))

    with pytest.raises(VerificationFailed):
        verifying(owner, Filming(tmp_path / "f.mp4", play))


def test_a_willing_person_is_verified_for_two_hours(
    owner: Owner, footage: Footage, tmp_path: Path
) -> None:
    held = verifying(owner, Filming(tmp_path / "f.mp4", willing(footage)))
    assert held.until - held.at == timedelta(hours=2)
