from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.faces.detect import Detector, find, find_near
from selfcheck.model import Box

WINDOW, OVERLAP = 80, 0.338


def nothing(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.full((1, *cells(pixels)), -1.0, np.float32)


def cells(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    # Three convolutions of 5x5 in steps of two.
    rows, columns = pixels.shape[1:3]
    for _ in range(3):
        rows, columns = (rows - 5) // 2 + 1, (columns - 5) // 2 + 1
    return rows, columns


def disc_detector(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Score a window by how well a white disc of 60 px stands in its middle."""
    rows, columns = cells(pixels)
    scores = np.full((1, rows, columns), -1.0, np.float32)
    white = pixels[0, :, :, 0] > 200
    for row in range(rows):
        for column in range(columns):
            y, x = 8 * row + 14, 8 * column + 14
            top, left = max(0, y - 40), max(0, x - 40)
            seen = white[top : y + 40, left : x + 40]
            edges = (seen[0], seen[-1], seen[:, 0], seen[:, -1])
            if seen.any() and not any(edge.any() for edge in edges):
                ys, xs = np.nonzero(seen)
                off = abs(ys.mean() + top - y) + abs(xs.mean() + left - x)
                size = abs(np.log(seen.sum() / (np.pi * 900)))
                scores[0, row, column] = 1 - off / 12 - size
    return scores


def detector(scores: Callable[[NDArray[np.uint8]], NDArray[np.float32]]) -> Detector:
    return Detector(scores=scores, rough=scores, window=WINDOW, overlap=OVERLAP)


def discs(height: int, width: int, *where: tuple[int, int, int]) -> NDArray[np.uint8]:
    picture = np.zeros((height, width, 3), np.uint8)
    y, x = np.mgrid[:height, :width]
    for centre_x, centre_y, radius in where:
        picture[(x - centre_x) ** 2 + (y - centre_y) ** 2 < radius**2] = 255
    return picture


@pytest.mark.parametrize("shape", [(1, 1), (1, 30_000), (30_000, 1), (10, 10), (23, 500)])
def test_a_picture_too_small_for_a_face_is_not_even_looked_at(shape: tuple[int, int]) -> None:
    def never(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        raise AssertionError(pixels.shape)

    assert find(detector(never), np.zeros((*shape, 3), np.uint8), 48) == []


def test_nothing_over_the_threshold_is_no_face() -> None:
    assert find(detector(nothing), np.zeros((100, 300, 3), np.uint8), 48) == []


def test_a_face_is_found_once_where_it_stands_and_as_large_as_it_is() -> None:
    for radius in (25, 40, 63, 90):
        (found,) = find(detector(disc_detector), discs(260, 300, (160, 120, radius)), 48)
        assert found.x == pytest.approx(160, abs=0.15 * radius)
        assert found.y == pytest.approx(120, abs=0.15 * radius)
        assert found.side == pytest.approx(radius * 80 / 30, rel=0.15)


def test_the_best_score_comes_first_and_neighbours_stay_two() -> None:
    picture = discs(200, 400, (100, 100, 30), (250, 100, 31))
    found = find(detector(disc_detector), picture, 70)
    assert len(found) == 2
    assert found[0].score >= found[1].score
    assert sorted(round(one.x / 10) for one in found) == [10, 25]


def test_faces_far_below_the_smallest_width_are_not_looked_for() -> None:
    assert find(detector(disc_detector), discs(200, 200, (100, 100, 15)), 80) == []


def test_no_wish_for_tiny_faces_enlarges_a_picture_more_than_two_and_a_half_times() -> None:
    widest = 0

    def listen(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        nonlocal widest
        widest = max(widest, pixels.shape[2])
        return nothing(pixels)

    for smallest in (0, 1, 20):
        find(detector(listen), np.zeros((40, 100, 3), np.uint8), smallest)
    assert 200 < widest < 250 + 64


def test_the_pyramid_ends_where_the_window_is_as_large_as_the_picture() -> None:
    seen: list[tuple[int, ...]] = []

    def listen(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        seen.append(pixels.shape)
        return nothing(pixels)

    find(detector(listen), np.zeros((480, 640, 3), np.uint8), 90)
    widths = [shape[2] for shape in seen]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) == len(set(widths))
    assert max(widths) < 640  # nothing is enlarged where only large faces are wanted
    assert 80 <= min(widths) - 64 < 101


def box(x: int, y: int, side: int) -> Box:
    return Box(left=x - side // 2, top=y - side // 2, right=x + side // 2, bottom=y + side // 2)


def test_near_a_place_outside_the_picture_there_is_nothing_and_no_crash() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    for place in (box(-500, -500, 80), box(50, 900, 80), box(0, 0, 2), box(50, 50, 4000)):
        assert find_near(detector(nothing), picture, [place]) == []


def test_a_face_that_moved_and_grew_a_little_is_found_near_its_place() -> None:
    for radius, moved, place in ((36, 8, 96), (30, -10, 88), (63, 12, 160)):
        picture = discs(260, 300, (160 + moved, 120, radius))
        (found,) = find_near(detector(disc_detector), picture, [box(160, 120, place)])
        assert found.x == pytest.approx(160 + moved, abs=0.15 * radius)
        assert found.side == pytest.approx(radius * 80 / 30, rel=0.15)


def test_near_looks_nowhere_else_and_at_no_other_size() -> None:
    elsewhere = discs(260, 500, (60, 120, 35))
    larger = discs(260, 500, (400, 120, 80))
    for picture in (elsewhere, larger):
        assert find_near(detector(disc_detector), picture, [box(400, 120, 90)]) == []


def test_one_face_near_two_places_is_one_face() -> None:
    picture = discs(260, 300, (160, 120, 36))
    places = [box(156, 120, 96), box(164, 122, 92)]
    assert len(find_near(detector(disc_detector), picture, places)) == 1


def test_a_face_just_under_the_threshold_is_still_found_near_its_place_and_nowhere_else() -> None:
    def unsure(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        return disc_detector(pixels) - np.float32(best.score + 0.1)

    picture = discs(260, 300, (160, 120, 36))
    (best,) = find_near(detector(disc_detector), picture, [box(160, 120, 96)])
    assert find(detector(unsure), picture, 60) == []
    (found,) = find_near(detector(unsure), picture, [box(160, 120, 96)])
    assert (found.x, found.y) == pytest.approx((160, 120), abs=6)
