"""Steady landmarks: the 68-point model asked several times, in boxes of the kind it knows.

Owns where to look. The model itself is handed in as a function; its door is the faces room.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Box

Points = NDArray[np.float32]

# The model was trained on boxes of dlib's HOG finder. Measured on rendered heads, 2026-11-22:
# these are 2.6 times as wide as the eyes are apart and centred 0.47 of that below them; those
# of mmod are as wide but sit 7 % of their width higher, from where the model slips off.
_MMOD_HIGHER: Final = 0.07
_WIDTH: Final = 2.6
_BELOW: Final = 0.47
# From the eyes to the upper lip, in distances between the eyes. Of the two the longer one
# counts: turning shortens one, nodding the other.
_EYES_TO_LIP: Final = 1.05
# Five looks, each a little off: width, and shift to the right and down, in the same unit.
_LOOKS: Final = (
    (_WIDTH, 0.0, 0.0),
    (2.45, 0.06, 0.0),
    (2.45, -0.06, 0.0),
    (2.75, 0.0, 0.06),
    (2.75, 0.0, -0.06),
)


def steady(find: Callable[[Box], Points], box: Box) -> Points:
    """Find the landmarks (68, 2) of the face in an mmod box, six looks for one.

    `find` gives the landmarks of the face in a box, as `faces.landmarks68` does for a picture.
    One look in mmod's own box sways by 2 degrees of pitch and 2 mm of the lips from frame to
    frame; the mean of five in HOG's kind of box sways by 0.5 degrees and 0.3 mm.
    """
    down = round(_MMOD_HIGHER * box.width)
    first = find(Box(left=box.left, top=box.top + down, right=box.right, bottom=box.bottom + down))
    right, left = first[36:42].mean(axis=0), first[42:48].mean(axis=0)
    middle = (right + left) / 2
    lip = first[[48, 51, 54]].mean(axis=0)
    unit = max(_length(right - left), _length(lip - middle) / _EYES_TO_LIP)
    looks = [find(_box(middle, unit, look)) for look in _LOOKS]
    return np.asarray(np.mean(looks, axis=0), np.float32)


def _length(across: Points) -> float:
    return float(np.hypot(across[0], across[1]))


def _box(middle: Points, unit: float, look: tuple[float, float, float]) -> Box:
    width, across, down = (unit * part for part in look)
    x, y = float(middle[0]) + across, float(middle[1]) + _BELOW * unit + down
    half = width / 2
    return Box(left=int(x - half), top=int(y - half), right=int(x + half), bottom=int(y + half))
