"""How much two pictures of a film that follow each other differ, but for the camera's movement.

Owns the measure. From which figure on a film counts as cut is `identity`'s.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Thumbnails are averaged over squares of so many of their cells: 32 along the longer side.
_SQUARE = 3
# The share of a side by which the camera may have moved; beyond that too little is common.
_FARTHEST = 1 / 3


def change(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Compare two thumbnails (h, w) of one film: 0 for the same up to a shift, to 255.

    The second is laid over the first where their squares agree best, up to a third of a side
    away; what is left is the median deviation of their difference, so light that changes does
    not count. Medians, because a code that changes on a screen alters many squares and must not
    look like a cut; it covers less than half of a picture, or is too near to be read.
    Costs 0.5 ms (2026-11, one core).
    """
    a, b = _cells(one), _cells(other)
    if a.shape != b.shape:
        return 255.0
    down, right = _shift(a, b)
    here = _overlap(a, down, right) - _overlap(b, -down, -right)
    return float(np.median(np.abs(here - np.median(here))))


def _cells(thumbnail: NDArray[np.uint8]) -> NDArray[np.float64]:
    whole = np.pad(thumbnail, [(0, -side % _SQUARE) for side in thumbnail.shape], mode="edge")
    rows, columns = (side // _SQUARE for side in whole.shape)
    return np.asarray(whole.reshape(rows, _SQUARE, columns, _SQUARE).mean((1, 3)), np.float64)


def _shift(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[int, int]:
    """Find the shift, rows down and columns right, at which the mean squared error is least."""
    # Sums over every overlap at once, as correlations: of a^2 + b^2 - 2ab, and of ones.
    size = (2 * a.shape[0], 2 * a.shape[1])
    once, first, second, first2, second2 = (
        np.fft.rfft2(part, size) for part in (np.ones_like(a), a, b, a * a, b * b)
    )
    squares = first2 * once.conj() + once * second2.conj() - 2 * first * second.conj()
    errors, area = (np.fft.irfft2(part, size) for part in (squares, once * once.conj()))
    rows, columns = (_near(side) for side in a.shape)
    at = np.ix_(rows, columns)
    best = int(np.argmin(errors[at] / area[at]))
    return int(rows[best // len(columns)]), int(columns[best % len(columns)])


def _near(side: int) -> NDArray[np.int64]:
    far = int(side * _FARTHEST)
    return np.concatenate([np.arange(far + 1), np.arange(-far, 0)])


def _overlap(cells: NDArray[np.float64], down: int, right: int) -> NDArray[np.float64]:
    """Cut out what lies over the other thumbnail when that is moved down and right."""
    height, width = cells.shape
    rows = slice(max(0, down), height + min(0, down))
    return cells[rows, max(0, right) : width + min(0, right)]
