from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.people import PEOPLE, View, portrait
from selfcheck.faces import Engine, Quality, quality


def measured(engine: Engine, picture: NDArray[np.uint8]) -> Quality:
    (face,) = engine.find(picture, smallest=60)
    return quality(picture, face)


def blurred(picture: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    values: NDArray[np.floating[Any]] = picture.astype(np.float32)
    for axis in (0, 1):
        for _ in range(times):
            values = (np.roll(values, 1, axis) + 2 * values + np.roll(values, -1, axis)) / 4
    return values.astype(np.uint8)


def test_blur_lowers_the_sharpness_and_a_dim_light_hardly_does(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    sharp = measured(engine, ada).sharpness
    dim = (ada * 0.5).astype(np.uint8)
    assert measured(engine, blurred(ada, 12)).sharpness < 0.3 * sharp
    assert measured(engine, dim).sharpness == pytest.approx(sharp, rel=0.25)


def test_an_enlarged_small_face_is_not_sharp(engine: Engine) -> None:
    small = portrait(PEOPLE[0], View(), width=100, height=100, seed=1)
    large = small.repeat(3, axis=0).repeat(3, axis=1)
    native = portrait(PEOPLE[0], View(), width=300, height=300, seed=1)
    blur = measured(engine, blurred(large, 6)).sharpness
    assert blur < 0.5 * measured(engine, native).sharpness


def test_a_black_face_has_no_sharpness_and_divides_by_nothing(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    (face,) = engine.find(ada)
    assert quality(np.zeros_like(ada), face).sharpness == 0


def test_the_width_is_the_width_of_the_box(engine: Engine, ada: NDArray[np.uint8]) -> None:
    (face,) = engine.find(ada)
    assert quality(ada, face).width == face.box.width


@pytest.mark.parametrize("yaw", [-22, 22])
def test_the_yaw_follows_the_nose(engine: Engine, yaw: float) -> None:
    turned = portrait(PEOPLE[1], View(yaw=yaw), width=320, height=320, seed=1)
    straight = portrait(PEOPLE[1], View(), width=320, height=320, seed=1)
    assert measured(engine, turned).yaw == pytest.approx(yaw, abs=12)
    assert measured(engine, straight).yaw == pytest.approx(0, abs=8)
