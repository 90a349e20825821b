"""What the worker saw in a film or a live picture: the input of every check of this room.

Owns values only. They hold encodings in memory and show none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Box


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceSeen:
    """One face of one frame.

    landmarks: (68, 2) pixels, to the right and down, in the order of dlib's 68-point model.
    encoding: (128,).
    """

    box: Box
    landmarks: NDArray[np.float32] = field(repr=False)
    encoding: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSeen:
    """One analysed frame: seconds since the film's start, and every face in it.

    Of a live check also skin: mean light (3,), linear, of the largest face's cheeks and forehead;
    around: the same (k, 3) of places all over the picture, no numbers where the person is; size:
    width and height in pixels; and black: whether the picture is, but for noise.
    """

    seconds: float
    faces: tuple[FaceSeen, ...]
    skin: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    around: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    size: tuple[int, int] = (0, 0)
    black: bool = False
