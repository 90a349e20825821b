from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from identity.actors import Actor
from numpy.typing import NDArray

from selfcheck.demo.person import View
from selfcheck.identity.pose import foreshortening, measure, steadied

FIELDS = ("yaw", "pitch", "eyes", "lips")


def seen(view: View, seed: int = 1) -> NDArray[np.float32]:
    return Actor(seed=seed, noise=0).landmarks(view)


def change(view: View, field: str) -> float:
    both = measure(np.stack([seen(View()), seen(view)]))
    return float(np.diff(getattr(both, field))[0])


def _flat() -> NDArray[np.float64]:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-50, 50, 68), rng.uniform(-20, 100, 68)
    for point, place in {
        36: (-45, 0),
        45: (45, 0),
        30: (0, 32),
        48: (-25, 70),
        54: (25, 70),
    }.items():
        x[point], y[point] = place
    return np.stack([x, y], -1)


FLAT = _flat()


@settings(max_examples=50, deadline=None)
@given(
    a=st.floats(0.4, 2),
    d=st.floats(0.4, 2),
    b=st.floats(-0.5, 0.5),
    c=st.floats(-0.4, 0.4),
)
def test_no_affine_map_of_a_picture_changes_what_is_measured(
    a: float, b: float, c: float, d: float
) -> None:
    rng = np.random.default_rng(1)
    # Any flat thing will do, and a face is one.
    landmarks = FLAT + rng.normal(0, 2, (68, 2))
    mapped = landmarks @ np.array([[a, b], [c * a, d]]) + np.array((10, 20))
    both = measure(np.stack([landmarks, mapped]).astype(np.float32))
    for field in FIELDS:
        values = getattr(both, field)
        assert np.isclose(values[0], values[1], atol=1e-2)


def test_a_turn_to_the_own_left_is_a_positive_yaw() -> None:
    assert change(View(yaw=25), "yaw") > 18
    assert change(View(yaw=-25), "yaw") < -18


def test_looking_up_is_a_positive_pitch() -> None:
    assert change(View(pitch=20), "pitch") > 12
    assert change(View(pitch=-20), "pitch") < -12


def test_tilting_the_head_to_a_shoulder_is_neither() -> None:
    assert abs(change(View(roll=25), "yaw")) < 2
    assert abs(change(View(roll=25), "pitch")) < 2


def test_opening_the_mouth_is_measured_in_millimetres() -> None:
    assert 15 < change(View(mouth=1), "lips") < 35


def test_closing_the_eyes_is_measured() -> None:
    open_, closed = (measure(seen(View(eyes=e))[None]).eyes[0] for e in (1, 0.2))
    assert closed < 0.3 * open_


def test_coming_closer_makes_the_face_larger() -> None:
    far, near = (measure(seen(View(scale=s))[None]).scale[0] for s in (1, 1.5))
    assert 1.4 < near / far < 1.8


def test_a_tilted_photo_seems_squeezed_and_neither_turned_nor_nodding() -> None:
    actor = Actor(seed=1, noise=0)
    both = measure(
        np.stack([actor.photo(View(), tilt).landmarks for tilt in (View(), View(yaw=45))])
    )
    assert foreshortening(both.plane, both.plane[0])[1] > 40
    assert abs(both.yaw[1] - both.yaw[0]) < 6
    assert abs(both.pitch[1] - both.pitch[0]) < 6


def test_points_that_are_no_face_measure_as_no_number() -> None:
    measures = measure(np.zeros((2, 68, 2), np.float32))
    assert not np.isfinite(measures.yaw).any()


def test_a_frame_that_strays_alone_is_steadied_and_what_changes_for_good_is_not() -> None:
    values = np.array([1.0, 1.0, 9.0, 1.0, 5.0, 5.0])
    assert steadied(values, axis=0).tolist() == [1, 1, 1, 5, 5, 5]
    assert steadied(values[None], axis=1).tolist() == [[1, 1, 1, 5, 5, 5]]
    assert steadied(values[:1], axis=0).tolist() == [1]
