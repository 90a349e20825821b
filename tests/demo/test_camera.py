"""The synthetic camera: what it performs is what was asked, in human ways and at human speed."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from selfcheck.demo.camera import perform, performance
from selfcheck.demo.people import PEOPLE, Head, View
from selfcheck.identity import Step, draw

STEPS = ("turn left", "open the mouth", "turn right", "close the eyes", "come closer")


def test_a_step_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        list(performance(("stand on one hand",)))


@pytest.mark.parametrize(
    ("step", "setting", "height"),
    [
        (Step.TURN_LEFT, "yaw", 20),
        (Step.TURN_RIGHT, "yaw", -20),
        (Step.LOOK_UP, "pitch", 15),
        (Step.LOOK_DOWN, "pitch", -15),
        (Step.OPEN_MOUTH, "mouth", 0.5),
        (Step.CLOSE_EYES, "eyes", 0.1),
        (Step.COME_CLOSER, "scale", 1.4),
    ],
)
def test_every_step_of_a_challenge_is_performed(step: Step, setting: str, height: float) -> None:
    still = getattr(View(), setting)
    shown = [getattr(view, setting) for view in performance((step,))]
    reached = max(shown, key=lambda value: abs(value - still))
    assert abs(reached - still) >= abs(height - still)
    assert (reached > still) == (height > still)


def test_a_film_takes_twelve_to_fifteen_seconds() -> None:
    for seed in range(50):
        frames = list(performance(draw(Random(seed)).steps, seed=seed))
        assert 120 <= len(frames) <= 150


def test_a_performance_begins_ends_and_rests_between_steps_calmly() -> None:
    views = list(performance(STEPS))
    calm = [abs(v.yaw) < 5 and v.mouth < 0.1 and v.eyes > 0.9 and v.scale < 1.05 for v in views]
    assert all(calm[:12])
    assert all(calm[-5:])
    rests = "".join("c" if one else "x" for one in calm).strip("c").split("x")
    assert sum(len(rest) >= 4 for rest in rests) == 4


def test_the_head_passes_through_what_lies_between() -> None:
    yaws = np.array([view.yaw for view in performance(("turn left",))])
    assert np.abs(np.diff(yaws)).max() < 14
    assert ((yaws > 8) & (yaws < 22)).sum() >= 2


def test_one_seed_performs_one_way_and_another_seed_another() -> None:
    assert list(performance(STEPS, seed=1)) == list(performance(STEPS, seed=1))
    assert list(performance(STEPS, seed=1)) != list(performance(STEPS, seed=2))


def test_frames_are_pictures_of_the_size_asked_for_and_come_one_by_one() -> None:
    film = perform(Head(PEOPLE[0]), STEPS, width=96, height=128)
    first, second = next(film), next(film)
    assert first.shape == second.shape == (128, 96, 3)
    assert first.dtype == np.uint8
    assert (first != second).any()
