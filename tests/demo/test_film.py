"""Facts about photos held in front of the camera."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.film import flat_photo
from selfcheck.demo.people import PEOPLE, Head, View

SIDE = 160


@pytest.fixture(scope="module")
def photo() -> NDArray[np.uint8]:
    return Head(PEOPLE[0]).frame(View(), width=SIDE, height=SIDE)


def held(
    photo: NDArray[np.uint8],
    view: View,
    *,
    bend: float = 0.0,
    outline: NDArray[np.bool_] | None = None,
) -> NDArray[np.uint8]:
    views = (view,)
    frames = flat_photo(
        photo, views, width=SIDE, height=SIDE, bend=bend, outline=outline, seed=None
    )
    return next(frames)


def test_one_frame_comes_for_each_view(photo: NDArray[np.uint8]) -> None:
    views = [View(yaw=a) for a in (-10, 0, 10)]
    frames = list(flat_photo(photo, views, width=SIDE, height=120))
    assert [f.shape for f in frames] == [(120, SIDE, 3)] * 3


def test_a_photo_held_straight_looks_like_what_it_shows(photo: NDArray[np.uint8]) -> None:
    frame = held(photo, View())
    assert np.abs(frame.astype(int) - photo).mean() < 12


def test_a_photo_moved_away_shows_the_wall_around_it(photo: NDArray[np.uint8]) -> None:
    red = np.zeros_like(photo)
    red[..., 0] = 255
    frame = held(red, View(scale=0.5)).astype(int)
    redness = frame[..., 0] - frame[..., 2]
    assert redness[60:100, 60:100].min() > 100
    assert redness[:20].max() < 20


def test_a_cut_out_photo_loses_its_background(photo: NDArray[np.uint8]) -> None:
    outline = Head(PEOPLE[0]).outline(View(), width=SIDE, height=SIDE)
    frame = held(photo, View(x=0.1), outline=outline)
    whole = held(photo, View(x=0.1))
    assert np.abs(frame[:12].astype(int) - held(photo, View(x=5.0))[:12]).max() == 0
    assert np.array_equal(frame[70:90, 86:106], whole[70:90, 86:106])


def test_a_bent_photo_is_narrower_than_a_flat_one(photo: NDArray[np.uint8]) -> None:
    wall = held(photo, View(x=5.0)).astype(int)
    white = np.full_like(photo, 255)
    flat, bent = (
        (held(white, View(scale=0.7), bend=b) - wall).max(-1)[SIDE // 2] > 20 for b in (0, 120)
    )
    assert bent.sum() < 0.9 * flat.sum()
