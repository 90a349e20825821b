"""Faces carried over to another version of their picture: its mirror image, a part, a larger one.

The mean of a face's encoding and of its mirror image's is the better one (docs/accuracy.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from selfcheck.faces.engine import Face
from selfcheck.model import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What lies on the right lies on the left in the mirror: both corners of each eye, the nose.
_SIDES = (2, 3, 0, 1, 4)


def mirrored(
    rgb: NDArray[np.uint8], faces: Sequence[Face]
) -> tuple[NDArray[np.uint8], tuple[Face, ...]]:
    """Turn a picture (h, w, 3) and the faces found in it left to right, for `Engine.encode`."""
    import numpy as np

    # Plane by plane: numpy takes five times as long over pixels of three bytes.
    turned = np.stack([rgb[:, ::-1, plane] for plane in range(3)], axis=-1)
    return turned, tuple(_mirrored(face, rgb.shape[1]) for face in faces)


def _mirrored(face: Face, width: int) -> Face:
    box = face.box
    five = face.five[list(_SIDES)]
    five[:, 0] = width - 1 - five[:, 0]
    turned = Box(left=width - box.right, top=box.top, right=width - box.left, bottom=box.bottom)
    return Face(box=turned, score=face.score, five=five)


def enlarged(face: Face, scale: float) -> Face:
    """Carry a face over to the same picture `scale` times as large."""
    return Face(box=face.box.scaled(scale), score=face.score, five=face.five * scale)


def around(rgb: NDArray[np.uint8], face: Face) -> tuple[NDArray[np.uint8], Face]:
    """Cut a face out of its picture with all around it that an encoding sees."""
    box = face.box
    reach = max(box.width, box.height)  # a chip of a face that is turned may stick out by 0.8
    left, top = max(box.left - reach, 0), max(box.top - reach, 0)
    part = rgb[top : box.bottom + reach, left : box.right + reach]
    moved = Box(
        left=box.left - left, top=box.top - top, right=box.right - left, bottom=box.bottom - top
    )
    five = face.five.copy()
    five[:, 0] -= left
    five[:, 1] -= top
    return part, Face(box=moved, score=face.score, five=five)
