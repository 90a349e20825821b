"""Depth: a head's nose moves against its face, and no sheet's does."""

from __future__ import annotations

import numpy as np
import pytest
from identity.actors import Actor, Array
from numpy.typing import NDArray

from selfcheck.demo.person import View
from selfcheck.identity.depth import Depth, Neutral

Points = NDArray[np.float32]


def still(actor: Actor, count: int = 12) -> Neutral:
    return Neutral(np.stack([actor.landmarks(View()) for _ in range(count)]))


def turned(actor: Actor, view: View, count: int = 6) -> Points:
    return np.stack([actor.landmarks(view) for _ in range(count)])


def sheet(actor: Actor, tilt: View, count: int = 6) -> Points:
    return np.stack([actor.photo(View(), tilt).landmarks for _ in range(count)])


def bent(points: Points, radius: float) -> Points:
    """Bend what is flat about an upright axis (radius in mm), and turn it by 30 degrees."""
    found = []
    rng = np.random.default_rng(1)
    for one in points.astype(float):
        centred = (one - one.mean(axis=0)) / 1.1
        across = centred[:, 0] / radius
        x, z = radius * np.sin(across), radius * (np.cos(across) - 1)
        angle = np.radians(30)
        seen = np.cos(angle) * x + np.sin(angle) * z
        found.append(np.stack([seen, centred[:, 1]], axis=1) * 1.1 + rng.normal(0, 0.5, (68, 2)))
    return np.asarray(found, np.float32)


def test_a_head_that_turns_is_deep_each_way() -> None:
    for seed in range(20):
        actor = Actor(seed=seed)
        neutral = still(actor)
        left = neutral.depth(turned(actor, View(yaw=25)), across=True)
        right = neutral.depth(turned(actor, View(yaw=-25)), across=True)
        assert left.turned > 12
        assert right.turned < -12
        assert min(left.clear, right.clear) > 6
        assert min(left.leaves_plane, right.leaves_plane) > 1.5


def test_a_head_that_nods_is_deep_up_and_down() -> None:
    for seed in range(20):
        actor = Actor(seed=seed)
        neutral = still(actor)
        assert neutral.depth(turned(actor, View(pitch=20)), across=False).turned > 8
        assert neutral.depth(turned(actor, View(pitch=-20)), across=False).turned < -8


@pytest.mark.parametrize("yaw", [-45, -20, 20, 45])
def test_a_photo_that_is_tilted_is_flat(yaw: float) -> None:
    for seed in range(20):
        actor = Actor(seed=seed)
        flat = still(actor).depth(sheet(actor, View(yaw=yaw)), across=True)
        assert abs(flat.turned) < 6
        assert flat.leaves_plane < 1.3


@pytest.mark.parametrize("radius", [75, 150])
def test_a_photo_that_is_bent_is_flat(radius: float) -> None:
    for seed in range(20):
        actor = Actor(seed=seed)
        photo = np.stack([actor.photo(View(), View()).landmarks for _ in range(6)])
        assert abs(still(actor).depth(bent(photo, radius), across=True).turned) < 6


def test_holding_still_is_not_deep() -> None:
    for seed in range(20):
        actor = Actor(seed=seed)
        found = still(actor).depth(turned(actor, View()), across=True)
        assert abs(found.turned) < 4
        assert 0.7 < found.leaves_plane < 1.4


def test_more_noise_makes_depth_less_clear() -> None:
    quiet, loud = Actor(seed=3, noise=0.4), Actor(seed=3, noise=2.0)
    found = [still(one).depth(turned(one, View(yaw=25)), across=True) for one in (quiet, loud)]
    assert found[0].clear > 2 * found[1].clear


def test_points_that_fall_together_measure_nothing_and_break_nothing() -> None:
    nothing: Points = np.zeros((5, 68, 2), np.float32)
    some: Array = np.random.default_rng(0).normal(0, 1e-9, (5, 68, 2))
    found = Neutral(some.astype(np.float32)).depth(nothing, across=True)
    assert isinstance(found, Depth)
