"""Head pose and openings from 68 landmarks: pure functions over arrays of frames.

Owns what is measured. The measures are blind to every affine map of the landmarks, which is
nearly all that tilting, waving or stretching a flat photo can do to them. No limits here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Rigid points of a mean adult head in millimetres, from between the eyes: x to the picture's
# right, y down, z to the camera. Corners of the eyes, bridge and base of the nose, corners of
# the mouth (which the mouth moves, so they count less). Distances between the corners of the
# eyes, and height and depth of the nose, after Farkas, Anthropometry of the Head and Face,
# 1994, rounded; a person's own departures fall out, because poses count from their own neutral.
_RIGID: Final = {
    36: (-45, 0, -10), 39: (-16, 1, 0), 42: (16, 1, 0), 45: (45, 0, -10),
    27: (0, -2, 8), 28: (0, 9, 14), 29: (0, 20, 21), 30: (0, 32, 28),
    31: (-13, 40, 8), 32: (-7, 42, 13), 33: (0, 43, 15), 34: (7, 42, 13), 35: (13, 40, 8),
    48: (-25, 70, 2), 54: (25, 70, 2),
}  # fmt: skip
_POINTS: Final = np.array(list(_RIGID))
_WEIGHTS: Final = np.array([0.5 if point in (48, 54) else 1.0 for point in _RIGID])[:, None]
_HEAD: Final = np.hstack([np.array(list(_RIGID.values()), float), np.ones((len(_RIGID), 1))])
# Least squares for landmarks = affine map of the head: solved once, for every frame alike.
_SOLVE: Final = np.linalg.pinv(_HEAD * _WEIGHTS) * _WEIGHTS.T

# What a face that holds still seems to be tilted by: the cosine is flat where it begins.
_NO_TILT: Final = 14  # degrees

_UPPER_LIDS: Final = np.array([37, 38, 43, 44])
_LOWER_LIDS: Final = np.array([41, 40, 47, 46])
_UPPER_LIP: Final = np.array([61, 62, 63])  # inner edges
_LOWER_LIP: Final = np.array([67, 66, 65])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measures:
    """What the landmarks of n frames say, one value a frame.

    yaw: degrees, positive to the picture's right (to the person's left if nothing mirrors).
    pitch: degrees, positive up. eyes, lips: opening in mm of a mean head. scale: pixels per mm
    of a mean head. centre: (n, 2) pixels, between the eyes. plane: (n, 2, 2), how the head's
    own plane is pictured. keystone: (n, 2), logarithms of how much larger the left side is than the
    right, and the upper than the lower.
    """

    yaw: Array
    pitch: Array
    eyes: Array
    lips: Array
    scale: Array
    centre: Array
    plane: Array
    keystone: Array

    def __len__(self) -> int:
        return len(self.yaw)


def measure(landmarks: NDArray[np.float32]) -> Measures:
    """Measure n faces from their landmarks (n, 68, 2)."""
    points = np.asarray(landmarks, np.float64)
    # (n, 4, 2): the pictures of the head's x, y and z axis, and of the point between the eyes.
    axes = np.einsum("kp,npc->nkc", _SOLVE, points[:, _POINTS])
    plane = np.swapaxes(axes[:, :2], 1, 2)
    flattened = _inverse(plane)
    # Where the depth axis points, in the head's own plane. A flat thing has the same answer
    # however it is held: an affine map turns plane and depth alike and cancels here.
    depth = np.einsum("nij,nj->ni", flattened, axes[:, 2])
    return Measures(
        yaw=np.degrees(np.arctan(depth[:, 0])),
        pitch=-np.degrees(np.arctan(depth[:, 1])),
        eyes=_opening(points, flattened, _UPPER_LIDS, _LOWER_LIDS),
        lips=_opening(points, flattened, _UPPER_LIP, _LOWER_LIP),
        scale=np.linalg.svd(plane, compute_uv=False)[:, 0],
        centre=axes[:, 3],
        plane=plane,
        keystone=_keystone(points),
    )


def steadied(values: Array, axis: int) -> Array:
    """Give the median of each frame's value and its neighbours' along an axis; the ends stay.

    A frame that strays alone is smoothed away, and what changes for good is not.
    """
    last = np.arange(values.shape[axis])
    before, after = np.maximum(last - 1, 0), np.minimum(last + 1, last[-1])
    around = [values.take(frames, axis=axis) for frames in (before, last, after)]
    return np.asarray(np.median(np.stack(around), axis=0))


def apparent(measures: Measures, plane: Array, keystone: Array) -> tuple[Array, Array]:
    """Give yaw and pitch in degrees as they would be if what is seen were flat.

    By how much it is squeezed against a neutral `plane` (2, 2), along which axis, and which side
    looks nearer than with the neutral `keystone` (2,). Of a head this says little.
    """
    against = measures.plane @ np.linalg.inv(plane)
    _, singular, axes = np.linalg.svd(against)
    tilt = np.degrees(np.arccos(np.clip(singular[:, 1] / singular[:, 0], 0, 1)))
    tilt = np.maximum(tilt - _NO_TILT, 0)
    share = np.abs(axes[:, 1])
    nearer = np.sign(measures.keystone - keystone)
    return tilt * share[:, 0] * nearer[:, 0], -tilt * share[:, 1] * nearer[:, 1]


def foreshortening(plane: Array, neutral: Array) -> Array:
    """Tell how far each frame's plane (n, 2, 2) is squeezed against the neutral one, in degrees.

    A flat thing held at an angle is squeezed by the cosine of it, and so is a head; but a
    head's yaw and pitch then say as much, and a flat thing's say nothing.
    """
    singular = np.linalg.svd(plane @ np.linalg.inv(neutral), compute_uv=False)
    return np.asarray(np.degrees(np.arccos(np.clip(singular[:, 1] / singular[:, 0], 0, 1))))


def _keystone(points: Array) -> Array:
    """Compare the sides of the square of eyes' and mouth's corners."""

    def side(one: int, other: int) -> Array:
        return np.asarray(np.linalg.norm(points[:, one] - points[:, other], axis=1))

    with np.errstate(divide="ignore", invalid="ignore"):
        across = np.log(side(36, 48) / side(45, 54))
        down = np.log(side(36, 45) / side(48, 54))
    return np.stack([across, down], axis=1)


def _inverse(plane: Array) -> Array:
    """Invert (n, 2, 2); what cannot be inverted is no face, and its measures are no numbers."""
    (a, b), (c, d) = np.moveaxis(plane, 0, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = 1 / (a * d - b * c)
        return np.moveaxis(np.array([[d, -b], [-c, a]]) * whole, -1, 0)


def _opening(
    points: Array, flattened: Array, upper: NDArray[np.int64], lower: NDArray[np.int64]
) -> Array:
    """Give the mean distance of pairs of points along the head's upright, in mm."""
    apart = points[:, lower] - points[:, upper]
    return np.asarray(np.einsum("nj,npj->np", flattened[:, 1], apart).mean(axis=1))
