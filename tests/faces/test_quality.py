from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.people import PEOPLE, View, portrait
from selfcheck.exposure.usefulness import of_face
from selfcheck.faces import Engine, quality
from selfcheck.model import FaceQuality, Level


def measured(engine: Engine, picture: NDArray[np.uint8]) -> FaceQuality:
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


def test_looking_up_shows_in_the_pitch(engine: Engine) -> None:
    up = portrait(PEOPLE[1], View(pitch=25), width=320, height=320, seed=1)
    straight = portrait(PEOPLE[1], View(), width=320, height=320, seed=1)
    assert measured(engine, up).pitch > measured(engine, straight).pitch + 10


def test_light_from_one_side_is_uneven_and_black_and_white_are_not_drawn(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    (face,) = engine.find(ada)
    across = (np.arange(ada.shape[1]) - face.box.left) / face.box.width
    fading = np.clip(1 - across, 0.1, 1)[None, :, None]
    plain = quality(ada, face)
    assert quality((ada * fading).astype(np.uint8), face).evenness < 0.6 * plain.evenness
    white = np.minimum(ada * 6.0, 255).astype(np.uint8)
    assert quality(white, face).drawn < 0.5 < plain.drawn
    assert quality((ada * 0.03).astype(np.uint8), face).drawn < 0.5


def test_less_light_leaves_the_contrast_alone(engine: Engine, ada: NDArray[np.uint8]) -> None:
    (face,) = engine.find(ada)
    dim = (ada * 0.5).astype(np.uint8)
    assert quality(dim, face).contrast == pytest.approx(quality(ada, face).contrast, rel=0.15)


SKINS = [*sorted({person.skin for person in PEOPLE}), (0.25, 0.16, 0.11), (1.0, 0.85, 0.78)]


@pytest.mark.parametrize("skin", SKINS)
def test_the_colour_of_the_skin_carries_no_weight(
    engine: Engine, skin: tuple[float, float, float]
) -> None:
    person = replace(PEOPLE[0], skin=skin)
    drawn = portrait(person, View(), width=320, height=320, seed=1)
    assert levels(measured(engine, drawn)) == [Level.GOOD] * 4


@pytest.mark.parametrize("view", [View(mouth=0.5), View(eyes=0.0), View(mouth=0.8, eyes=0.5)])
def test_the_expression_carries_no_weight(engine: Engine, view: View) -> None:
    drawn = portrait(PEOPLE[1], view, width=320, height=320, seed=1)
    assert levels(measured(engine, drawn)) == [Level.GOOD] * 4


def levels(found: FaceQuality) -> list[Level]:
    return [part.level for part in of_face(found)]
