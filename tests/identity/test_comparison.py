from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from identity.actors import Actor, profile_of
from numpy.typing import NDArray

from selfcheck.identity import Matcher, Profile, expected, limits, verification_limit
from selfcheck.identity.crowding import shift
from selfcheck.identity.thresholds import COMPARISON, SECOND_LOOK, VERIFICATION
from selfcheck.model import Band


@pytest.fixture
def owner() -> Actor:
    return Actor(seed=1)


def at(profile: Profile, distance: float) -> NDArray[np.float32]:
    """Give an encoding at this distance from the mean of the references, less their shift."""
    row = profile.both.astype(np.float64).mean(axis=0)
    row[0] += distance + shift(row)
    # Kept in float64: the limits are tested to five decimals.
    return cast("NDArray[np.float32]", row[None])


def test_a_picture_without_faces_shows_nobody(owner: Actor) -> None:
    assert Matcher(profile_of(owner)).best(np.empty((0, 128), np.float32)) is None


def test_strangers_are_nobody(owner: Actor) -> None:
    strangers = np.stack([Actor(seed=s).encoding() for s in range(2, 40)])
    assert Matcher(profile_of(owner)).best(strangers) is None


def test_an_encoding_that_is_no_number_is_nobody(owner: Actor) -> None:
    rows = np.full((2, 128), np.nan, np.float32)
    matcher = Matcher(profile_of(owner))
    assert matcher.best(rows) is None
    rows[1] = owner.encoding()
    best = matcher.best(rows)
    assert best is not None
    assert best.index == 1


def test_at_most_one_face_of_a_picture_is_the_owner_and_it_is_the_nearest(owner: Actor) -> None:
    profile = profile_of(owner)
    rows = np.concatenate([at(profile, 0.3), at(profile, 0.1), at(profile, 0.2)])
    best = Matcher(profile).best(rows)
    assert best is not None
    assert (best.index, best.distance, best.band) == (1, 0.1, Band.YOU)


@pytest.mark.parametrize(
    ("limit", "more", "band"),
    [
        ("you", 0, Band.YOU),
        ("you", 0.00004, Band.YOU),
        ("you", 0.00006, Band.MAYBE),
        ("maybe", 0, Band.MAYBE),
        ("maybe", 0.00004, Band.MAYBE),
        ("maybe", 0.00006, None),
    ],
)
def test_distances_are_rounded_before_any_limit(
    owner: Actor, limit: str, more: float, band: Band | None
) -> None:
    profile = profile_of(owner, count=3)
    best = Matcher(profile).best(at(profile, getattr(limits(3), limit) + more))
    assert (best and best.band) == band


def test_the_mean_of_the_references_is_compared_and_not_the_nearest(owner: Actor) -> None:
    profile = profile_of(owner, count=5)
    best = Matcher(profile).best(profile.encodings[:1])
    assert best is not None
    assert best.distance + shift(profile.both.mean(axis=0)) > 0.05


def test_the_references_are_compared_together_with_their_mirror_images(owner: Actor) -> None:
    profile = profile_of(owner)
    turned = np.roll(profile.encodings, 1, axis=1)
    both = replace(profile, mirrored=turned)
    best = Matcher(both).best(at(both, 0.2))
    assert best is not None
    assert best.distance == 0.2
    assert Matcher(both).best(at(profile, 0.2)) != best


def test_no_faces_are_looked_at_twice_where_there_are_none(owner: Actor) -> None:
    assert Matcher(profile_of(owner)).near(np.empty((0, 128), np.float32)) == ()


def test_faces_that_may_be_the_owner_are_looked_at_twice_and_strangers_are_not(
    owner: Actor,
) -> None:
    profile = profile_of(owner)
    far = limits(3).maybe + SECOND_LOOK
    rows = [at(profile, 0.3), at(profile, far + 0.001), at(profile, far - 0.001)]
    rows.append(np.full((1, 128), np.nan, np.float32))
    rows += [Actor(seed=seed).encoding()[None] for seed in range(2, 9)]
    assert Matcher(profile).near(np.concatenate(rows)) == (0, 2)


def test_a_distance_is_never_below_nought(owner: Actor) -> None:
    profile = profile_of(owner)
    row = profile.both.mean(axis=0)[None]
    best = Matcher(profile).best(row)
    assert best is not None
    assert best.distance >= 0


def test_one_batch_or_many_give_the_same_to_the_last_digit(owner: Actor) -> None:
    profile = profile_of(owner)
    rows = np.stack([owner.encoding(0.4) for _ in range(50)])
    matcher = Matcher(profile)
    together = [matcher.best(rows[: i + 1]) for i in range(50)]
    alone = [matcher.best(rows[i : i + 1]) for i in range(50)]
    nearest = min((one for one in alone if one), key=lambda one: one.distance)
    assert together[-1] is not None
    assert together[-1].distance == nearest.distance


def test_counts_not_measured_take_the_stricter_neighbour() -> None:
    assert limits(4) == limits(5)
    assert limits(6) == limits(7) == limits(8)
    assert verification_limit(4) == verification_limit(5)


def test_more_than_eight_references_count_as_eight() -> None:
    assert limits(20) == limits(8)


def test_no_references_are_no_profile() -> None:
    with pytest.raises(ValueError, match="at least one"):
        limits(0)


def test_limits_only_shrink_as_references_are_added() -> None:
    for table in (COMPARISON, VERIFICATION):
        assert list(table) == sorted(table)
    for before, after in zip(range(1, 9), range(2, 10), strict=True):
        assert limits(after).you <= limits(before).you
        assert limits(after).maybe <= limits(before).maybe
        assert verification_limit(after) <= verification_limit(before)


def test_you_is_stricter_than_maybe() -> None:
    assert all(one.you < one.maybe for one in COMPARISON.values())


def test_ten_thousand_strangers_make_one_false_you_and_nine_maybe() -> None:
    you, maybe = expected(10_000, 3)
    assert you == pytest.approx(1)
    assert maybe == pytest.approx(9)
    assert expected(0, 1) == (0, 0)
