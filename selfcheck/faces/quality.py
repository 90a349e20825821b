"""Measure what a picture shows of a face. Sets no limits and judges nobody.

Nothing here depends on the colour of a skin: brightness is compared with the same face's only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from selfcheck.faces.engine import Face
from selfcheck.model import FaceQuality

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# In distances between the outer corners of the eyes: how far the base of the nose stands out, and
# how far it lies below the eyes. The second is the median of 511 pictures of 60 people of LFW; the
# first after Farkas, Anthropometry of the Head and Face, 1994, rounded.
_NOSE: Final = 0.4
_BELOW: Final = 0.54
_OUT: Final = 0.28
_DARKEST, _BRIGHTEST = 6, 249  # of 255; beyond them nothing is drawn any more
_NOISE = 4.0  # of 255: what a dark picture differs by without showing anything


MEASURES: Final = "1"
"""Goes up when a measure changes, so that what was measured before is measured again."""


def quality(rgb: NDArray[np.uint8], face: Face) -> FaceQuality:
    """Measure one face found in this picture; its width is that in this picture."""
    from selfcheck.faces import align

    chip = align.chips(align.picture(rgb), [face])[0]
    # The middle holds the face; hair and background would tell of something else.
    grey = chip[30:120, 30:120].mean(axis=2)
    yaw = _yaw(face.five)
    return FaceQuality(
        width=face.box.width,
        sharpness=_sharpness(grey),
        yaw=yaw,
        pitch=_pitch(face.five, yaw),
        contrast=_contrast(grey),
        evenness=_evenness(grey),
        drawn=float(((grey > _DARKEST) & (grey < _BRIGHTEST)).mean()),
    )


def _sharpness(grey: NDArray[np.float64]) -> float:
    """Compare the Laplacian's energy with the variance of the inner face's brightness."""
    centre = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    detail = float(((around - 4 * centre) ** 2).mean())
    return detail / (float(centre.var()) + 1.0)


def _contrast(grey: NDArray[np.float64]) -> float:
    """Give the spread of the brightness's logarithm: a darker light or skin leaves it alone."""
    import numpy as np

    return float(np.log(grey + _NOISE).std())


def _evenness(grey: NDArray[np.float64]) -> float:
    """Compare the darker half of the face, left or right, with the other."""
    half = grey.shape[1] // 2
    left, right = float(grey[:, :half].mean()) + _NOISE, float(grey[:, half:].mean()) + _NOISE
    return min(left, right) / max(left, right)


def _yaw(five: NDArray[np.float32]) -> float:
    right, left, nose = five[0], five[2], five[4]
    across = right - left
    span = float(across @ across) or 1.0
    # How far along the line between the eyes the nose stands from their middle.
    shift = float((nose - (right + left) / 2) @ across) / span
    return math.degrees(math.asin(max(-1.0, min(1.0, shift / _NOSE))))


def _pitch(five: NDArray[np.float32], yaw: float) -> float:
    right, left, nose = five[0], five[2], five[4]
    across = right - left
    span = float(across @ across) or 1.0
    below = nose - (right + left) / 2
    # How far below that line it stands, in lengths of the line as it is from the front.
    down = abs(float(across[0] * below[1] - across[1] * below[0])) / span
    down *= math.cos(math.radians(min(abs(yaw), 60)))
    reach = math.hypot(_BELOW, _OUT)
    turned = math.acos(max(-1.0, min(1.0, down / reach)))
    return math.degrees(turned - math.atan2(_OUT, _BELOW))
