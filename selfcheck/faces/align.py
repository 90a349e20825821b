"""Find a face's five landmarks and cut the chip that the encoder takes, both with dlib."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from selfcheck.errors import EngineError
from selfcheck.faces.dlib_stream import REINSTALL
from selfcheck.faces.weights import Weights, checked_path
from selfcheck.model import Box

if TYPE_CHECKING:
    from selfcheck.faces.engine import Face

CHIP = 150  # px; the encoder's input
_PADDING = 0.25  # how far a chip reaches beyond the face, as in the encoder's training

Corners: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom; all inclusive


@cache
def predictor(weights: Weights, folder: Path | None = None) -> Any:  # noqa: ANN401 # untyped library
    """Load one of dlib's shape predictors, once in a process. EngineError where it is damaged."""
    import dlib

    path = checked_path(weights, folder)
    try:
        return dlib.shape_predictor(str(path))
    except RuntimeError as error:
        raise EngineError(f"dlib cannot read {path}", hint=REINSTALL) from error


def picture(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give a picture laid out as dlib wants it; ValueError if it is not uint8 (h, w, 3)."""
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:  # noqa: PLR2004 -- h, w, 3
        raise ValueError(f"not an 8-bit RGB picture: {rgb.dtype} {rgb.shape}")
    return np.ascontiguousarray(rgb)


def points(
    shape_predictor: Any,  # noqa: ANN401 # untyped library
    rgb: NDArray[np.uint8],
    corners: Corners,
) -> NDArray[np.float32]:
    """Give the landmarks (n, 2) of the face in a rectangle, which may stick out of the picture."""
    import dlib

    shape = shape_predictor(rgb, dlib.rectangle(*corners))
    return np.array([(point.x, point.y) for point in shape.parts()], dtype=np.float32)


def clipped(corners: Corners, shape: tuple[int, ...]) -> Box:
    """Give the part of a rectangle that lies in a picture of this shape, at least one pixel."""
    left, right = _span(corners[0], corners[2], shape[1])
    top, bottom = _span(corners[1], corners[3], shape[0])
    return Box(left=left, top=top, right=right, bottom=bottom)


def _span(first: int, last: int, length: int) -> tuple[int, int]:
    start = min(max(first, 0), length - 1)
    return start, min(max(last + 1, start + 1), length)


def chips(rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.uint8]:
    """Cut each face upright out of the picture: uint8 (n, 150, 150, 3), black outside of it."""
    import dlib

    if not faces:
        return np.empty((0, CHIP, CHIP, 3), dtype=np.uint8)
    shapes = [_shape(face) for face in faces]
    return np.stack([dlib.get_face_chip(rgb, shape, CHIP, _PADDING) for shape in shapes])


def _shape(face: Face) -> Any:  # noqa: ANN401 -- dlib ships no types
    import dlib

    box = face.box
    rectangle = dlib.rectangle(box.left, box.top, box.right - 1, box.bottom - 1)
    corners = [dlib.point(round(float(x)), round(float(y))) for x, y in face.five]
    return dlib.full_object_detection(rectangle, corners)
