"""Facts about the drawing of meshes."""

from __future__ import annotations

import numpy as np
import pytest

from selfcheck.demo import render

STILL = render.turn(0, 0, 0)


def square(depth: float, grey: float, *, both_sides: bool = False) -> render.Patch:
    """Give a square of 2 by 2 units that faces the camera."""
    down, right = np.mgrid[1:-1:5j, -1:1:5j].astype(np.float32)
    points = np.stack((right, down, np.full_like(down, depth)), -1)
    return render.Patch(
        points=points,
        colour=np.full((5, 5, 3), grey, np.float32),
        gloss=np.zeros((5, 5), np.float32),
        step=1,
        both_sides=both_sides,
    )


def drawn(*patches: render.Patch, yaw: float = 0.0) -> np.ndarray:
    picture = np.zeros((40, 40, 3), np.float32)
    model, rotation = render.mesh(patches), render.turn(yaw, 0, 0)
    at = model.vertices @ rotation.T
    seen = render.project(at, focal=40, distance=4, centre=(20, 20))
    render.draw(picture, model, seen, rotation, render.Light(side=0))
    return picture


def test_a_square_covers_its_pixels_without_holes() -> None:
    covered = drawn(square(0, 0.5))[..., 0] > 0
    assert covered[10:31, 10:31].all()
    assert not covered[:9].any()
    assert not covered[:, 32:].any()


@pytest.mark.parametrize("order", [1, -1])
def test_the_nearer_square_hides_the_farther(order: int) -> None:
    picture = drawn(*[square(0.5, 0.2), square(-0.5, 0.8)][::order])
    assert np.allclose(picture[20, 20], drawn(square(0.5, 0.2))[20, 20])


def test_a_square_seen_from_behind_is_not_drawn_unless_it_has_two_sides() -> None:
    assert not drawn(square(0, 0.5), yaw=180).any()
    assert drawn(square(0, 0.5, both_sides=True), yaw=180).any()


def test_what_lies_outside_the_picture_is_left_out() -> None:
    model = render.mesh([square(0, 0.5)])
    seen = render.project(model.vertices, focal=40, distance=4, centre=(500, -500))
    picture = np.zeros((40, 40, 3), np.float32)
    render.draw(picture, model, seen, STILL, render.Light())
    assert not picture.any()


def test_angles_turn_the_nose_to_the_right_up_and_the_crown_clockwise() -> None:
    nose, crown = np.array((0, 0, 1.0)), np.array((0, 1.0, 0))
    assert (render.turn(30, 0, 0) @ nose)[0] == pytest.approx(0.5)
    assert (render.turn(0, 30, 0) @ nose)[1] == pytest.approx(0.5)
    assert (render.turn(0, 0, 30) @ crown)[0] == pytest.approx(0.5)


def test_noise_comes_with_a_seed_and_not_without() -> None:
    grey = np.full((20, 20, 3), 0.25, np.float32)
    assert np.ptp(render.finish(grey, None)) == 0
    assert np.ptp(render.finish(grey, 1)) > 5
