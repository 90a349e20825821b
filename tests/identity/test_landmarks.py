from __future__ import annotations

import numpy as np
from identity.actors import Actor
from numpy.typing import NDArray

from selfcheck.demo.person import View
from selfcheck.identity import steady
from selfcheck.model import Box

BOX = Box(left=100, top=100, right=300, bottom=300)


class Model:
    """Stands for the 68-point model: notes where it was asked to look."""

    def __init__(self, face: NDArray[np.float32]) -> None:
        self.face = face
        self.asked: list[Box] = []

    def __call__(self, box: Box) -> NDArray[np.float32]:
        self.asked.append(box)
        return self.face


def looks(view: View) -> list[Box]:
    model = Model(Actor(seed=1, noise=0).landmarks(view))
    steady(model, BOX)
    return model.asked


def test_the_first_look_is_lower_than_a_box_of_mmod() -> None:
    asked = looks(View())
    assert (asked[0].top, asked[0].left) == (BOX.top + 14, BOX.left)
    assert len(asked) == 6


def test_the_mean_of_five_looks_is_steadier_than_one() -> None:
    actor = Actor(seed=1, noise=2)
    still = Actor(seed=1, noise=0).landmarks(View())
    one = actor.landmarks(View()) - still
    mean = steady(lambda _: actor.landmarks(View()), BOX) - still
    assert np.abs(mean).mean() < 0.6 * np.abs(one).mean()


def test_the_box_asked_for_does_not_shrink_when_the_head_turns() -> None:
    ahead, turned = looks(View()), looks(View(yaw=35))
    assert turned[1].width > 0.85 * ahead[1].width
