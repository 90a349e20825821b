"""Whether what turns before the camera is as deep as a head, or flat as its picture.

Owns the geometry of the inner landmarks (brows, nose, eyes, lips; the jaw's slide along a living
head). A sheet, flat or bent, and a head are told apart by the nose: nothing that a sheet can do
moves it against what lies around it. A film of a head that turns is a head, to this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity.pose import Array

INNER: Final = slice(17, 68)
# How far the inner landmarks of a mean adult head lie before the corners of the eyes, in mm, in
# the order of 300-W; after Farkas (see `pose`), the arcs between interpolated.
_DEPTH: Final = np.array([
    -14, -4, 2, 5, 6, 6, 5, 2, -4, -14,  # brows
    8, 14, 21, 28, 8, 13, 15, 13, 8,  # nose
    -10, -4, -2, 0, -3, -5, 0, -2, -4, -10, -5, -3,  # eyes
    2, 9, 13, 14, 13, 9, 2, 8, 11, 12, 11, 8, 4, 11, 12, 11, 4, 10, 11, 10,  # lips
], float)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How deep a face was while it turned to one side, or nodded.

    turned: degrees by which a head would have turned for the nose to move as it did against the
    sheet, positive to the picture's right and up; 0 for every sheet. noise: the same of single
    frames while it held still. residual: how far single frames left the plane (homography), in
    shares of the distance between the eyes. still: the same while it held still.
    """

    turned: float
    noise: float
    residual: float
    still: float

    @property
    def clear(self) -> float:
        """Give the turn in units of the noise of a single frame."""
        return abs(self.turned) / max(self.noise, 1e-6)

    @property
    def leaves_plane(self) -> float:
        """Give how much farther the landmarks leave the plane than while holding still."""
        return self.residual / max(self.still, 1e-9)


# Of the two steps that show depth, each to its own side; None where one was too short to measure.
Both: TypeAlias = tuple[Depth | None, Depth | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """What each of the two steps must show of a head, as `Depth` measures it."""

    turned: float = 8
    clear: float = 3
    leaves_plane: float = 1.2


def of_a_head(both: Both, least: Least) -> bool:
    """Say whether both steps show a head, each to its own side."""
    first, second = both
    if first is None or second is None or first.turned * second.turned >= 0:
        return False
    return all(
        abs(one.turned) >= least.turned
        and one.clear >= least.clear
        and one.leaves_plane >= least.leaves_plane
        for one in (first, second)
    )


def figures(both: Both) -> dict[str, float]:
    """Give the measures by name, for the record."""
    return {
        f"{which} turn, {name}": round(value, 2)
        for which, one in zip(("first", "second"), both, strict=True)
        if one is not None
        for name, value in (
            ("degrees that no sheet shows", one.turned),
            ("times its noise", one.clear),
            ("from a plane, times holding still", one.leaves_plane),
        )
    }


class Neutral:
    """A face that holds still: what turned frames are compared with."""

    def __init__(self, landmarks: NDArray[np.float32]) -> None:
        """Take the landmarks (n, 68, 2) of the frames in which it held still, four at least."""
        points = np.asarray(landmarks[:, INNER], np.float64)
        self._mean = points.mean(axis=0)
        self._eyes = float(np.linalg.norm(self._mean[19:25].mean(0) - self._mean[25:31].mean(0)))
        self._solve, self._nose = _sheet_and_nose(self._mean)
        # Each frame against the mean of the others: it must not count as its own neutral.
        count = len(points)
        others = [(self._mean * count - one) / (count - 1) for one in points]
        turned = [
            _turn(one, *_sheet_and_nose(mean)) for one, mean in zip(points, others, strict=True)
        ]
        self._noise = np.sqrt(np.mean(np.square(turned), axis=0))
        self._still = float(
            np.mean([_off_plane(one, mean) for one, mean in zip(points, others, strict=True)])
        )

    def depth(self, landmarks: NDArray[np.float32], *, across: bool) -> Depth:
        """Measure frames (n, 68, 2) of one step: `across` for a turn, else for a nod."""
        points = np.asarray(landmarks[:, INNER], np.float64)
        axis = 0 if across else 1
        turned = np.mean([_turn(one, self._solve, self._nose)[axis] for one in points])
        residual = float(np.mean([_off_plane(one, self._mean) for one in points]))
        return Depth(
            turned=float(np.degrees(np.arctan(turned))) * (1 if across else -1),
            noise=float(np.degrees(np.arctan(self._noise[axis]))),
            residual=residual / self._eyes,
            still=self._still / self._eyes,
        )


def _sheet_and_nose(mean: Array) -> tuple[Array, Array]:
    """Give what solves for a sheet's picture, and what of the depth no sheet can show (51,).

    A sheet's picture is taken for a polynomial of second degree of its neutral one: that holds
    all of an affine map, the larger part of perspective, and bending about any axis.
    """
    centred = (mean - mean.mean(axis=0)) / mean.std()
    x, y = centred.T
    sheet = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)
    solve = np.linalg.pinv(sheet)
    return sheet @ solve, _DEPTH - sheet @ (solve @ _DEPTH)


def _turn(points: Array, sheet: Array, nose: Array) -> Array:
    """Give the tangent of the turn (2,), right and down: how the depth is pictured."""
    left = points - sheet @ points
    # Pixels a mm of a mean head, by the distance between the outer corners of the eyes (90 mm).
    scale = np.linalg.norm(points[19] - points[28]) / 90
    return np.asarray(nose @ left / (nose @ nose) / max(float(scale), 1e-6))


def _off_plane(points: Array, mean: Array) -> float:
    """Give the root mean square distance in pixels from the nearest homography of `mean`."""
    source, target = _normalised(mean), _normalised(points)
    x, y = source[0].T
    u, v = target[0].T
    zero, one = np.zeros_like(x), np.ones_like(x)
    rows = np.concatenate(
        [
            np.stack([x, y, one, zero, zero, zero, -u * x, -u * y], axis=1),
            np.stack([zero, zero, zero, x, y, one, -v * x, -v * y], axis=1),
        ]
    )
    h = np.append(np.linalg.lstsq(rows, np.concatenate([u, v]), rcond=None)[0], 1.0).reshape(3, 3)
    mapped = np.stack([x, y, one], axis=1) @ h.T
    off = mapped[:, :2] / mapped[:, 2:] - target[0]
    return float(np.sqrt(np.square(off).sum(axis=1).mean()) * target[1])


def _normalised(points: Array) -> tuple[Array, float]:
    """Centre points and bring them to unit spread (Hartley 1997); give the spread too."""
    centred = points - points.mean(axis=0)
    spread = float(np.sqrt(np.square(centred).sum(axis=1).mean())) or 1.0
    return centred / spread, spread
