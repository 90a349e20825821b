"""Measure how good a picture of a face is as a reference. Sets no limits and judges nobody."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selfcheck.faces.engine import Face

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NOSE = 0.4  # how far the nose's base stands out, in distances between the outer eye corners


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What the references' check looks at.

    `width` is the face's in px. `sharpness` is the energy of fine detail against that of
    all detail, in the upright chip of 150 px: it falls with blur and with enlargement, and
    neither light nor contrast changes it. `yaw` is a rough turn of the head in degrees, positive
    towards the right of the picture; past about 35 it says no more than "turned".
    """

    width: int
    sharpness: float
    yaw: float


def quality(rgb: NDArray[np.uint8], face: Face) -> Quality:
    """Measure one face found in this picture."""
    from selfcheck.faces import align

    chip = align.chips(align.picture(rgb), [face])[0]
    return Quality(width=face.box.width, sharpness=_sharpness(chip), yaw=_yaw(face.five))


def _sharpness(chip: NDArray[np.uint8]) -> float:
    """Compare the Laplacian's energy with the variance of the inner face's brightness."""
    # The middle holds the face; hair and background would tell of something else.
    grey = chip[30:120, 30:120].mean(axis=2)
    centre = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    detail = float(((around - 4 * centre) ** 2).mean())
    return detail / (float(centre.var()) + 1.0)


def _yaw(five: NDArray[np.float32]) -> float:
    right, left, nose = five[0], five[2], five[4]
    across = right - left
    span = float(across @ across) or 1.0
    # How far along the line between the eyes the nose stands from their middle.
    shift = float((nose - (right + left) / 2) @ across) / span
    return math.degrees(math.asin(max(-1.0, min(1.0, shift / _NOSE))))
