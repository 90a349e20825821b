"""Light: skin answers the screen's colours, in their order and in time, or it does not."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.identity.colour import COLOURS, PALETTE, SHOWN, Colour, draw_colours
from selfcheck.identity.light import Answer, Shown, compare

Light = NDArray[np.float32]
RATE = 9


def script(seed: int = 1) -> list[Shown]:
    drawn = draw_colours(Random(seed))
    return [
        Shown(colour=colour, seconds=2 + index * SHOWN)
        for index, colour in enumerate((*drawn, drawn[-1]))
    ]


def times() -> NDArray[np.float64]:
    return np.arange(-4.0, 2 + (COLOURS + 1) * SHOWN, 1 / RATE)


def lit(
    shown: list[Shown],
    *,
    share: float,
    lag: float = 0.15,
    noise: float = 0.004,
    skin: tuple[float, float, float] = (0.5, 0.35, 0.28),
    drift: float = 0.0,
    sway: float = 0.0,
    seed: int = 0,
) -> Light:
    """Light skin by a room and by a screen that sends this share of the room's light."""
    rng = np.random.default_rng(seed)
    rows = []
    for now in times():
        before = [one for one in shown if one.seconds + lag <= now]
        colour = before[-1] if before else shown[0]
        screen = np.array(colour.colour.light) * (share if now >= 2 + lag else 0)
        rows.append(
            np.array(skin) * (1 + screen) * (1 + drift * (now - 2) + sway * np.sin(2.1 * now))
        )
    return (np.array(rows) * (1 + rng.normal(0, noise, (len(rows), 3)))).astype(np.float32)


def unlit(noise: float = 0.004, seed: int = 5) -> Light:
    return lit(script(), share=0.0, noise=noise, seed=seed)


def answer(skin: Light, around: Light, shown: list[Shown]) -> Answer:
    return compare(times(), skin, around[:, None], shown).answer


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("share", [0.1, 0.2, 1.0])
@pytest.mark.parametrize("lag", [0.0, 0.2, 0.4])
def test_skin_that_is_lit_by_the_screen_answers(seed: int, share: float, lag: float) -> None:
    shown = script(seed)
    assert answer(lit(shown, share=share, lag=lag), unlit(), shown) is Answer.ANSWERED


@pytest.mark.parametrize("skin", [(0.55, 0.4, 0.33), (0.08, 0.05, 0.035), (0.2, 0.11, 0.07)])
def test_every_skin_answers(skin: tuple[float, float, float]) -> None:
    shown = script(3)
    assert answer(lit(shown, share=0.2, skin=skin), unlit(), shown) is Answer.ANSWERED


def test_a_camera_that_follows_slowly_with_its_exposure_does_no_harm() -> None:
    shown = script(4)
    assert answer(lit(shown, share=0.3, drift=-0.05), unlit(), shown) is Answer.ANSWERED


def test_strong_light_that_hides_the_answer_means_not_measured() -> None:
    shown = script(2)
    assert answer(lit(shown, share=0.001), unlit(), shown) is Answer.NOT_MEASURED


@pytest.mark.parametrize("noise", [0.0005, 0.004])
@pytest.mark.parametrize("share", [0.02, 0.04, 0.06])
def test_a_dark_glass_that_throws_the_colours_back_is_no_skin(share: float, noise: float) -> None:
    shown = script(2)
    glass = lit(shown, share=share, noise=noise)
    assert answer(glass, unlit(), shown) is Answer.NOT_MEASURED


@pytest.mark.parametrize("sway", [0.01, 0.05])
def test_a_head_that_sways_in_strong_light_is_not_taken_for_another_film(sway: float) -> None:
    for seed in range(10):
        shown = script(seed)
        assert answer(lit(shown, share=0, sway=sway), unlit(), shown) is Answer.NOT_MEASURED
        assert answer(lit(shown, share=0.3, sway=sway), unlit(), shown) is Answer.ANSWERED


@pytest.mark.parametrize("seed", range(30))
def test_the_colours_of_another_check_are_no_answer(seed: int) -> None:
    other = script(1000 + seed)
    assert answer(lit(other, share=0.3), unlit(), script(seed)) is Answer.OTHERWISE


@pytest.mark.parametrize("seed", range(10))
def test_weak_colours_of_another_check_are_refused_too(seed: int) -> None:
    other = script(1000 + seed)
    weak = lit(other, share=0.06, noise=0.0005)
    assert answer(weak, unlit(), script(seed)) is Answer.OTHERWISE


def test_a_face_that_answers_a_second_later_does_not_answer_in_time() -> None:
    for seed in range(10):
        shown = script(seed)
        assert answer(lit(shown, share=0.3, lag=1.2), unlit(), shown) is not Answer.ANSWERED


def test_a_face_on_a_screen_in_a_room_that_answers_is_no_face() -> None:
    shown = script(2)
    assert answer(unlit(), lit(shown, share=0.3, seed=9), shown) is Answer.SCREEN


def test_one_corner_of_the_room_that_answers_is_enough_and_hidden_places_are_passed_over() -> None:
    shown = script(2)
    corner, rest = lit(shown, share=0.1, seed=9), unlit(seed=11)
    hidden = np.full_like(rest, np.nan)
    places = np.stack([rest, hidden, corner], axis=1)
    assert compare(times(), unlit(), places, shown).answer is Answer.SCREEN
    assert compare(times(), unlit(), places[:, :2], shown).answer is Answer.NOT_MEASURED


def test_a_thing_that_moves_behind_is_no_answer_of_the_room() -> None:
    shown = script(2)
    moving = unlit() * (1 + 0.5 * (np.random.default_rng(3).random(len(times())) > 0.5))[:, None]
    assert answer(unlit(), moving.astype(np.float32), shown) is Answer.NOT_MEASURED


def test_a_camera_that_gives_no_pictures_measures_nothing() -> None:
    shown = script(2)
    none = np.zeros((0, 3), np.float32)
    assert compare(np.zeros(0), none, none[:, None], shown).answer is Answer.NOT_MEASURED


def test_blackness_measures_nothing() -> None:
    black = np.zeros((len(times()), 3), np.float32)
    assert answer(black, black, script(2)) is Answer.NOT_MEASURED


def test_a_colour_is_never_followed_by_itself() -> None:
    for seed in range(200):
        drawn = draw_colours(Random(seed))
        assert len(drawn) == COLOURS
        assert all(one != after for one, after in pairwise(drawn))
        assert set(drawn) <= set(PALETTE)


def test_a_screen_changes_at_most_twice_a_second() -> None:
    assert SHOWN >= 0.5


def test_a_colour_is_named_as_style_sheets_do() -> None:
    assert Colour(red=255, green=0, blue=10).css == "#ff000a"
