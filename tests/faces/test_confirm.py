"""Confirming: what the detector says of places, roughly first and in full where it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.faces.confirm import confirm, confirm_any
from selfcheck.faces.detect import Detector
from selfcheck.faces.propose import Proposal

Rgb = NDArray[np.uint8]
CELLS = 13  # a crop of 124 px has so many, the seventh in its middle


def says(score: float) -> Callable[[Rgb], NDArray[np.float32]]:
    """Give a network that says the same of the middle of every crop."""

    def run(crops: Rgb) -> NDArray[np.float32]:
        scores = np.full((len(crops), CELLS, CELLS), -3, np.float32)
        scores[:, CELLS // 2, CELLS // 2] = score
        return scores

    return run


def never(crops: Rgb) -> NDArray[np.float32]:
    raise AssertionError("asked in full where the rough answer is clear")


def detector(rough: float, full: Callable[[Rgb], NDArray[np.float32]]) -> Detector:
    return Detector(scores=full, rough=says(rough), window=80, overlap=0.3)


def place(*, x: float = 200, y: float = 150, width: float = 60, chance: float = 0.5) -> Proposal:
    return Proposal(x=x, y=y, width=width, turn=0.1, chance=chance)


LEVELS = (np.full((300, 400, 3), 90, np.uint8),)


def test_nothing_proposed_is_nothing_found() -> None:
    assert confirm(detector(1.0, never), LEVELS, []) == []
    assert confirm_any(detector(1.0, never), LEVELS, []) == []


def test_a_clear_yes_and_a_clear_no_are_not_asked_again() -> None:
    (found,) = confirm(detector(0.9, never), LEVELS, [place()])
    assert (found.x, found.y) == pytest.approx((200, 150), abs=3)
    assert found.score == pytest.approx(0.9)
    assert confirm(detector(-2.0, never), LEVELS, [place()]) == []


def test_near_the_limit_the_full_answer_decides() -> None:
    assert len(confirm(detector(-0.3, says(-0.1)), LEVELS, [place()])) == 1
    assert confirm(detector(-0.1, says(-0.3)), LEVELS, [place(chance=0.3)]) == []


def test_what_a_refused_part_covered_is_looked_at_instead() -> None:
    seen: list[float] = []

    def only_large(crops: Rgb) -> NDArray[np.float32]:
        # The whole face is shown from the second call on.
        seen.append(len(crops))
        return says(0.8 if len(seen) == 2 else -2.0)(crops)

    whole = place(width=120.0)
    part = replace(place(chance=0.9), instead=(whole,))
    judge = Detector(scores=never, rough=only_large, window=80, overlap=0.3)
    (found,) = confirm(judge, LEVELS, [part])
    assert found.side == pytest.approx(80 * 120 / 79)
    assert seen == [1, 1]  # and the part is let be


def test_a_place_at_the_border_is_shown_with_what_lies_inside() -> None:
    assert len(confirm(detector(0.7, never), LEVELS, [place(x=2.0, y=2.0)])) == 1
