"""Facts about the people who do not exist, and about pictures of them."""

from __future__ import annotations

import numpy as np
import pytest

from selfcheck.demo.people import PEOPLE, Head, View, portrait, scene

SIDE = 240


@pytest.fixture(scope="module")
def head() -> Head:
    return Head(PEOPLE[0])


def changed(head: Head, view: View, *, than: View | None = None) -> np.ndarray:
    """Give the rows and columns, as shares of the picture, in which a view differs."""
    before = head.frame(than or View(), width=SIDE, height=SIDE).astype(int)
    after = head.frame(view, width=SIDE, height=SIDE).astype(int)
    return np.argwhere(np.abs(after - before).max(-1) > 12) / SIDE


def test_there_are_at_least_eight_people_of_different_names_and_looks() -> None:
    assert len(PEOPLE) >= 8
    assert len({person.name for person in PEOPLE}) == len(PEOPLE)
    pictures = [portrait(person, width=SIDE, height=SIDE) for person in PEOPLE]
    for i, one in enumerate(pictures):
        for other in pictures[:i]:
            assert np.abs(one.astype(int) - other).mean() > 4


def test_portrait_has_the_size_asked_for() -> None:
    picture = portrait(PEOPLE[0], width=120, height=200)
    assert picture.shape == (200, 120, 3)
    assert picture.dtype == np.uint8


def test_same_seed_gives_the_same_picture_and_another_only_other_noise() -> None:
    one, same, other = (portrait(PEOPLE[0], width=SIDE, height=SIDE, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert 0 < np.abs(one.astype(int) - other).mean() < 6


def test_a_person_painted_twice_looks_the_same(head: Head) -> None:
    view = View(yaw=10, mouth=0.3)
    assert np.array_equal(head.frame(view), Head(PEOPLE[0]).frame(view))


def test_a_frame_does_not_remember_the_frame_before(head: Head) -> None:
    calm = head.frame(View())
    head.frame(View(eyes=0, mouth=1, yaw=30))
    assert np.array_equal(head.frame(View()), calm)


def test_closing_the_eyes_changes_the_picture_around_the_eyes_only(head: Head) -> None:
    where = changed(head, View(eyes=0))
    assert len(where) > 30
    assert (np.abs(where[:, 0] - 0.5) < 0.1).all()
    assert (np.abs(where[:, 1] - 0.5) < 0.25).all()
    assert (np.abs(where[:, 1] - 0.5) > 0.02).all()


def test_opening_the_mouth_changes_nothing_above_the_nose(head: Head) -> None:
    where = changed(head, View(mouth=1))
    assert len(where) > 100
    assert (where[:, 0] > 0.55).all()


def test_turning_left_is_the_mirror_image_of_turning_right(head: Head) -> None:
    left, right = (head.frame(View(yaw=a, light=0)).astype(int) for a in (25, -25))
    assert np.abs(left - right).mean() > 3 * np.abs(left - right[:, ::-1]).mean()


def test_light_from_the_left_lights_the_left(head: Head) -> None:
    cheeks = head.frame(View(light=-1), width=SIDE, height=SIDE)[130:145].mean((0, 2))
    assert cheeks[85:110].mean() > 1.1 * cheeks[130:155].mean()


def test_coming_closer_fills_more_of_the_picture(head: Head) -> None:
    far, near = (head.outline(View(scale=s), width=SIDE, height=SIDE).mean() for s in (0.6, 1.2))
    assert near > 1.5 * far


def test_small_faces_are_averaged_and_not_picked_from(head: Head) -> None:
    large = head.frame(View(), width=4 * SIDE, height=4 * SIDE).astype(float)
    small = head.frame(View(), width=SIDE, height=SIDE)
    averaged = large.reshape(SIDE, 4, SIDE, 4, 3).mean((1, 3))
    assert np.abs(averaged - small).mean() < 2


def test_scene_puts_people_where_they_are_asked_to_be() -> None:
    empty = scene([], width=300, height=200, seed=4).astype(int)
    taken = scene([(PEOPLE[1], View(), (0.3, 0.25, 0.15))], width=300, height=200, seed=4)
    rows, columns = np.nonzero(np.abs(taken - empty).max(-1) > 40)
    assert abs(columns.mean() - 90) < 10
    assert rows.min() > 20
    assert columns.max() < 190


def test_people_outside_the_picture_leave_it_as_it_is() -> None:
    empty = scene([], width=120, height=80)
    outside = scene([(PEOPLE[0], View(), (3.0, 0.3, 0.2))], width=120, height=80)
    assert np.array_equal(empty, outside)
