"""The quick search, on drawn people: what the thorough one finds, and turned faces as well."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.people import PEOPLE, View, portrait
from selfcheck.faces import LEVELS, Engine, Face
from selfcheck.pictures import smaller

Rgb = NDArray[np.uint8]


def spotted(engine: Engine, rgb: Rgb) -> tuple[Face, ...]:
    return engine.spot([rgb, *smaller(rgb, LEVELS)])


def wall(height: int, width: int) -> Rgb:
    """Give an uneven wall without anybody."""
    y, x = np.mgrid[:height, :width]
    shade = 120 + 40 * np.sin(x / 97) * np.cos(y / 61)
    grain = np.random.default_rng(4).integers(-6, 7, (height, width, 3))
    rough = np.clip(shade[:, :, None] + grain, 0, 255)
    return np.asarray(rough, dtype=np.uint8)


def with_person(person: int, side: int, *, quarter_turns: int = 0) -> Rgb:
    """Hang a portrait on a wall; its face is about 0.4 of its side wide."""
    rgb = wall(900, 1200)
    shown = portrait(PEOPLE[person], View(), width=side, height=side, seed=person)
    rgb[50 : 50 + side, 300 : 300 + side] = np.rot90(shown, quarter_turns)
    return rgb


@pytest.mark.parametrize("shape", [(1, 1), (1, 30_000), (30_000, 1), (7, 9), (2, 700)])
def test_a_sliver_holds_nobody(engine: Engine, shape: tuple[int, int]) -> None:
    assert spotted(engine, np.full((*shape, 3), 200, np.uint8)) == ()


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_even_picture_holds_nobody(engine: Engine, value: int) -> None:
    assert spotted(engine, np.full((900, 1200, 3), value, np.uint8)) == ()


def test_a_wall_and_noise_hold_nobody(engine: Engine) -> None:
    assert spotted(engine, wall(1200, 1600)) == ()
    noise = np.random.default_rng(1).integers(0, 256, (900, 1200, 3), dtype=np.uint8)
    assert spotted(engine, noise) == ()


@pytest.mark.parametrize("side", [110, 300, 800])
@pytest.mark.parametrize("person", range(3))
def test_who_is_found_thoroughly_is_found_quickly(engine: Engine, person: int, side: int) -> None:
    rgb = with_person(person, side)
    (quick,) = spotted(engine, rgb)
    (thorough,) = engine.find(rgb, smallest=40)
    quick_box, thorough_box = quick.box, thorough.box
    assert abs(quick_box.left - thorough_box.left) < 0.2 * thorough_box.width
    assert abs(quick_box.top - thorough_box.top) < 0.2 * thorough_box.width
    assert 0.8 < quick_box.width / thorough_box.width < 1.25


@pytest.mark.parametrize("person", [0, 2, 5])
@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_turned_face_is_found_and_is_the_same_person(
    engine: Engine, person: int, quarter_turns: int
) -> None:
    upright = with_person(person, 300)
    turned = with_person(person, 300, quarter_turns=quarter_turns)
    wanted = engine.encode(upright, engine.find(upright, smallest=60))
    (face,) = spotted(engine, turned)
    assert np.linalg.norm(engine.encode(turned, [face]) - wanted) < 0.3


def test_a_face_cut_by_the_border_is_found(engine: Engine) -> None:
    rgb = with_person(0, 400)
    cut = np.ascontiguousarray(rgb[:, 450:])  # a quarter of the face is left out
    assert len(spotted(engine, cut)) == len(engine.find(cut, smallest=60)) == 1


def test_the_same_picture_gives_the_same_answer(engine: Engine) -> None:
    rgb = with_person(1, 300)
    first, second = spotted(engine, rgb), spotted(engine, rgb)
    assert [one.box for one in first] == [one.box for one in second]
    assert np.array_equal(engine.encode(rgb, first), engine.encode(rgb, second))
