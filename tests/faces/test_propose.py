from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.errors import EngineError
from selfcheck.faces import propose
from selfcheck.faces.propose import Proposal, open_proposer

Maps = NDArray[np.float32]


def said(
    shape: tuple[int, int], *faces: tuple[int, int, float, float, float]
) -> Callable[[NDArray[np.uint8]], Maps]:
    """Give a network that sees faces at (row, column) of so many px, turned, with a chance."""

    def run(pixels: NDArray[np.uint8]) -> Maps:
        rows, columns = math.ceil(pixels.shape[1] / 8), math.ceil(pixels.shape[2] / 8)
        cells = np.zeros((1, 6, rows, columns), np.float32)
        cells[0, 0] = -8
        cells[0, 1] = math.log(26)
        cells[0, 4] = 1
        for row, column, width, turn, chance in faces if pixels.shape[1:3] == shape else ():
            values = (math.log(chance / (1 - chance)), math.log(width), 0.25, -0.5)
            cells[0, :4, row, column] = values
            cells[0, 4:, row, column] = math.cos(turn), math.sin(turn)
        return cells

    return run


def level(height: int, width: int) -> NDArray[np.uint8]:
    return np.zeros((height, width, 3), np.uint8)


def proposed(run: Callable[[NDArray[np.uint8]], Maps]) -> list[Proposal]:
    return propose.propose(run, (1280, 1600), [level(640, 800), level(256, 320)])


def test_nothing_is_proposed_where_the_network_sees_nothing() -> None:
    assert proposed(said((640, 800))) == []


def test_an_unlikely_face_is_not_proposed() -> None:
    assert proposed(said((640, 800), (10, 20, 30.0, 0.0, 0.1))) == []


def test_a_proposal_tells_place_width_and_turn_in_the_picture() -> None:
    (one,) = proposed(said((640, 800), (10, 20, 30.0, 2.0, 0.75)))
    assert one.x == pytest.approx((20 + 0.25) * 8 * 2)
    assert one.y == pytest.approx((10 - 0.5) * 8 * 2)
    assert one.width == pytest.approx(60)
    assert one.turn == pytest.approx(2.0)
    assert one.chance == pytest.approx(0.75)


def test_a_face_seen_on_two_levels_is_proposed_once_from_the_surer_one() -> None:
    def run(pixels: NDArray[np.uint8]) -> Maps:
        fine = said((640, 800), (25, 50, 45.0, 0.0, 0.6))(pixels)
        coarse = said((256, 320), (10, 20, 17.0, 0.0, 0.9))(pixels)
        return np.maximum(fine, coarse)

    (one,) = proposed(run)
    assert one.chance == pytest.approx(0.9)


def test_neighbouring_faces_are_proposed_each_the_likelier_first() -> None:
    found = proposed(said((640, 800), (10, 20, 30.0, 0.0, 0.5), (10, 28, 30.0, 0.0, 0.8)))
    assert [round(one.chance, 3) for one in found] == [0.8, 0.5]


@pytest.mark.parametrize("shape", [(1, 1), (1, 30_000), (30_000, 1), (3, 17)])
def test_the_network_takes_pictures_of_any_shape(shape: tuple[int, int]) -> None:
    assert propose.propose(open_proposer(), shape, [level(*shape)]) == []


def test_a_network_that_is_not_the_measured_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(propose, "DIGEST", "0" * 64)
    with pytest.raises(EngineError, match="damaged"):
        open_proposer()


def test_a_network_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propose, "_FILE", "nowhere.onnx")
    with pytest.raises(EngineError, match="not installed"):
        open_proposer()


def test_a_level_is_shown_in_whole_steps_of_the_network_and_black_beyond() -> None:
    seen: list[NDArray[np.uint8]] = []

    def run(pixels: NDArray[np.uint8]) -> Maps:
        seen.append(pixels[0])
        return said((0, 0))(pixels)

    propose.propose(run, (1200, 1600), [np.full((600, 801, 3), 9, np.uint8)])
    assert seen[0].shape == (608, 816, 3)
    assert (seen[0][:600, :801] == 9).all()
    assert not seen[0][600:].any()
    assert not seen[0][:, 801:].any()


def test_a_likelier_part_of_a_face_keeps_the_whole_in_mind() -> None:
    """Of a face too large for a level, the lower half was proposed alone, and refused (2026-11)."""

    def run(pixels: NDArray[np.uint8]) -> Maps:
        part = said((640, 800), (26, 50, 40.0, 0.0, 0.9))(pixels)
        whole = said((256, 320), (10, 20, 26.0, 0.0, 0.6))(pixels)
        return np.maximum(part, whole)

    (one,) = proposed(run)
    (other,) = one.instead
    assert one.width == pytest.approx(80)
    assert other.width == pytest.approx(130)
    assert other.instead == ()


def test_the_same_face_seen_twice_keeps_nothing_in_mind() -> None:
    def run(pixels: NDArray[np.uint8]) -> Maps:
        fine = said((640, 800), (25, 50, 60.0, 0.0, 0.6))(pixels)
        coarse = said((256, 320), (10, 20, 26.0, 0.0, 0.9))(pixels)
        return np.maximum(fine, coarse)

    (one,) = proposed(run)
    assert one.instead == ()
