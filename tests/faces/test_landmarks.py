from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.people import PEOPLE, View, portrait
from selfcheck.errors import EngineError
from selfcheck.faces import Engine, landmarks68
from selfcheck.model import Box


def test_a_damaged_model_is_refused(tmp_path: Path, ada: NDArray[np.uint8]) -> None:
    (tmp_path / "shape_predictor_68_face_landmarks.dat").write_bytes(b"not a model")
    with pytest.raises(EngineError, match="damaged"):
        landmarks68(ada, Box(left=0, top=0, right=320, bottom=320), models=tmp_path)


def test_a_box_at_the_edge_of_a_tiny_picture_gives_points_and_no_crash() -> None:
    points = landmarks68(np.zeros((3, 3, 3), np.uint8), Box(left=2, top=2, right=3, bottom=3))
    assert points.shape == (68, 2)
    assert np.isfinite(points).all()


def gap(points: NDArray[np.float32], upper: int, lower: int) -> float:
    return float(points[lower, 1] - points[upper, 1])


def test_an_open_mouth_and_closed_eyes_show_in_the_points(engine: Engine) -> None:
    seen = {}
    for name, view in {
        "neutral": View(),
        "mouth": View(mouth=0.8),
        "eyes": View(eyes=0.0),
    }.items():
        picture = portrait(PEOPLE[0], view, width=400, height=400, seed=1)
        (face,) = engine.find(picture, smallest=90)
        seen[name] = landmarks68(picture, face.box)
    # Inner lips are 62 above 66; the lids of one eye 37 above 41.
    assert gap(seen["mouth"], 62, 66) > gap(seen["neutral"], 62, 66) + 10
    assert gap(seen["eyes"], 37, 41) < 0.7 * gap(seen["neutral"], 37, 41)


def test_the_points_run_from_the_left_of_the_picture_to_the_right(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    (face,) = engine.find(ada)
    points = landmarks68(ada, face.box)
    assert points[0, 0] < points[36, 0] < points[45, 0] < points[16, 0]
    assert points[27, 1] < points[33, 1] < points[57, 1] < points[8, 1]
