"""How much two pictures differ: moving the camera or the light is little, another place is much."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.identity import CodeSeries
from selfcheck.pictures import code_modules
from selfcheck.pictures.change import change

Grey = NDArray[np.uint8]


def room(seed: int) -> Grey:
    """Give a room of 288 x 162 cells, of which a camera sees 96 x 54."""
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 256, (18, 32)).repeat(9, 0).repeat(9, 1)
    return np.asarray(cells, np.uint8)


def seen(where: Grey, down: int = 54, right: int = 96) -> Grey:
    return where[down : down + 54, right : right + 96]


def test_pictures_of_two_forms_have_nothing_in_common() -> None:
    assert change(np.zeros((54, 96), np.uint8), np.zeros((96, 54), np.uint8)) == 255


@pytest.mark.parametrize("shape", [(1, 1), (96, 1), (2, 96)])
def test_a_picture_of_next_to_nothing_is_like_itself(shape: tuple[int, int]) -> None:
    picture = np.full(shape, 77, np.uint8)
    assert change(picture, picture) == 0


def test_another_place_is_much() -> None:
    for seed in range(20):
        assert change(seen(room(seed)), seen(room(seed + 100))) > 30


def test_a_black_picture_is_much() -> None:
    assert change(seen(room(1)), np.zeros((54, 96), np.uint8)) > 30


def test_a_camera_that_moves_too_far_to_be_followed_is_much() -> None:
    assert change(seen(room(1)), seen(room(1), right=96 + 60)) > 30


@pytest.mark.parametrize(("down", "right"), [(0, 3), (0, 27), (-12, 9), (15, -30)])
def test_a_camera_that_moves_is_nothing(down: int, right: int) -> None:
    assert change(seen(room(1)), seen(room(1), 54 + down, 96 + right)) < 1


def test_a_camera_that_moves_by_less_than_a_square_is_little() -> None:
    assert change(seen(room(1)), seen(room(1), 55, 97)) < 15


def test_light_that_changes_is_nothing() -> None:
    dim = seen(room(1)) // 2
    assert change(dim, dim + 60) < 1


def test_noise_is_little() -> None:
    rng = np.random.default_rng(1)
    one, other = (
        np.clip(seen(room(1)) + rng.normal(0, 8, (54, 96)), 0, 255).astype(np.uint8)
        for _ in range(2)
    )
    assert change(one, other) < 4


def test_a_code_that_changes_on_the_screen_is_little_however_near() -> None:
    codes = CodeSeries()
    for side in (24, 36, 50):
        one, other = seen(room(1)).copy(), seen(room(1)).copy()
        for picture in (one, other):
            modules = np.where(np.pad(code_modules(codes.show()), 4), 10, 240)
            at = np.arange(side) * len(modules) // side
            picture[2 : 2 + side, 20 : 20 + side] = modules[np.ix_(at, at)]
        assert change(one, other) < 2
