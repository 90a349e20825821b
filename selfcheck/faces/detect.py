"""Find faces by sliding the detector over a pyramid of the picture. Knows nothing of engines.

The detector's window has one size, so the picture is shown to it in many: each level a
little smaller than the one before. A face answers on one or two levels and on several
neighbouring cells of each; the answers that overlap become one face at their mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Box

Scores: TypeAlias = Callable[[NDArray[np.uint8]], NDArray[np.float32]]

THRESHOLD = 0.0  # the one the detector was trained for
_NEAR = -0.2  # where a face was a moment ago: it goes on looking down, or opens its mouth
ROUGHLY = 0.2  # by how much a rough score may be off; 0.18 was the most of 1,823 (bench/rough.py)
_STEP = 1.25  # one level answers faces over about 1:1.35 in width
_REACH = 1.12  # how much smaller than the window a face still answers on its level
_TINIEST = 32  # px; for less a picture would have to be enlarged beyond all memory
# Between two frames of a film a face moves and grows no more than this, in its widths.
_AROUND, _GROWTH = 1.1, 1.3
_SAME_FACE = 0.5  # intersection over union from which an answer counts for a face's place
_AT_ONCE = 256  # squares compared with all others, so that a crowd takes no memory to speak of
CELL, FIRST = 8, 14  # px: cell (r, c) looks at the window around (8c + 14, 8r + 14)
# Beyond the border faces that it cuts off are looked for, on the encoder's mean colour:
# of faces cut by 30 % that finds five times as many as dlib's 11 black pixels.
_MARGIN = 32
_MEAN_COLOUR = (123, 117, 104)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A square in which there is a face: its centre and side in px of the picture, the score.

    `turn` is the head's, in radians clockwise, where it was looked for.
    """

    x: float
    y: float
    side: float
    score: float
    turn: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """A sliding-window detector: scores of uint8 (n, h, w, 3) pictures, window, overlap.

    rough: the same scores, off by up to `ROUGHLY`, in half of the time.
    """

    scores: Scores
    rough: Scores
    window: int
    overlap: float


def find(detector: Detector, rgb: NDArray[np.uint8], smallest: int) -> list[Found]:
    """Find the faces from about `smallest` px of width up, the best score first."""
    if min(rgb.shape[:2]) < smallest / 2:
        return []
    levels = _levels(detector, rgb, max(smallest, _TINIEST), max(rgb.shape[:2]))
    return _merged([_answers(detector, level, rgb.shape, _MARGIN) for level in levels], detector)


def find_near(detector: Detector, rgb: NDArray[np.uint8], boxes: Iterable[Box]) -> list[Found]:
    """Find the faces around places where they were a moment ago, and about as large as then."""
    answers = []
    for box in boxes:
        side = max(box.width, box.height)
        reach = round(_AROUND * side)
        x, y = (box.left + box.right) // 2 - reach, (box.top + box.bottom) // 2 - reach
        region = cut(rgb, x, y, 2 * reach)
        for level in _levels(detector, region, side / _GROWTH, side * _GROWTH):
            near = _answers(detector, level, region.shape, 0, _NEAR)
            answers.append(near + np.array([x, y, 0, 0]))
    return _merged(answers, detector, _NEAR)


def cut(rgb: NDArray[np.uint8], left: int, top: int, side: int) -> NDArray[np.uint8]:
    """Cut out a square, with the mean colour where it sticks out of the picture."""
    region = _blank(side, side)
    part = rgb[max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)]
    down, across = max(-top, 0), max(-left, 0)
    region[down : down + part.shape[0], across : across + part.shape[1]] = part
    return region


def _blank(rows: int, columns: int) -> NDArray[np.uint8]:
    """Give a picture of the mean colour: row by row, as numpy is slow at filling pixels."""
    row = np.tile(np.array(_MEAN_COLOUR, dtype=np.uint8), columns)
    return np.tile(row, (rows, 1)).reshape(rows, columns, 3)


def _levels(
    detector: Detector, rgb: NDArray[np.uint8], smallest: float, largest: float
) -> Iterator[NDArray[np.uint8]]:
    """Give the picture in falling sizes: from the smallest face's to the largest's."""
    scale = detector.window / (smallest * _REACH)
    source, source_scale = rgb, 1.0
    while scale * largest >= detector.window:
        # Bilinear shrinking looks at two pixels only: never by more than half at a time.
        while source_scale > 2 * scale:
            source_scale /= 2
            source = _resized(rgb.shape, source, source_scale)
        level = _resized(rgb.shape, source, scale)
        if scale < source_scale:
            source, source_scale = level, scale
        yield level
        scale /= _STEP


def _resized(shape: tuple[int, ...], source: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    import dlib

    rows, columns = (max(1, round(side * scale)) for side in shape[:2])
    if source.shape[:2] == (rows, columns):
        return source
    resized: NDArray[np.uint8] = dlib.resize_image(source, rows, columns)
    return resized


def _answers(
    detector: Detector,
    level: NDArray[np.uint8],
    shape: tuple[int, ...],
    margin: int,
    least: float = THRESHOLD,
) -> NDArray[np.float64]:
    """Give the cells over the threshold as rows (x, y, side, score) in px of the picture."""
    height, width = level.shape[:2]
    framed = _blank(height + 2 * margin, width + 2 * margin)
    framed[margin : margin + height, margin : margin + width] = level
    scores = detector.scores(framed[None])[0]
    rows, columns = np.nonzero(scores > least)
    down, across = shape[0] / height, shape[1] / width
    x = (columns * CELL + FIRST - margin) * across
    y = (rows * CELL + FIRST - margin) * down
    side = np.full(x.shape, detector.window * (down + across) / 2)
    return np.stack([x, y, side, scores[rows, columns]], axis=1)


def _merged(
    answers: list[NDArray[np.float64]], detector: Detector, least: float = THRESHOLD
) -> list[Found]:
    """Make one face of the answers that overlap the best one: at their mean, with its score."""
    found = []
    left = np.concatenate([np.empty((0, 4)), *answers])
    left = left[np.lexsort((left[:, 0], left[:, 1], left[:, 2], -left[:, 3]))]
    while len(left):
        shared = overlaps(left[:1], left)[0]
        near = left[shared > max(detector.overlap, _SAME_FACE)]
        x, y, side, _ = np.average(near, axis=0, weights=near[:, 3] - least)
        found.append(Found(x=float(x), y=float(y), side=float(side), score=float(left[0, 3])))
        left = left[shared <= detector.overlap]
    return found


def apart(rows: NDArray[np.float64], limit: float) -> list[int]:
    """Choose of squares (x, y, side, ...), the best first, those no better one overlaps more."""
    return list(grouped(rows, limit))


def grouped(rows: NDArray[np.float64], limit: float) -> dict[int, list[int]]:
    """Choose like `apart`, and tell for each which ones it kept out."""
    chosen: dict[int, list[int]] = {}
    left = np.ones(len(rows), dtype=bool)
    for start in range(0, len(rows), _AT_ONCE):
        near = overlaps(rows[start : start + _AT_ONCE], rows) > limit
        for index, close in enumerate(near, start):
            if left[index]:
                left[index] = False
                chosen[index] = np.flatnonzero(left & close).tolist()
                left &= ~close
    return chosen


def overlaps(some: NDArray[np.float64], many: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the intersection over union (n, m) of squares (n, 3 or more) with others (m, ...)."""
    x, y, side = some[:, :3].T[:, :, None]
    reach, smaller = (side + many[:, 2]) / 2, np.minimum(side, many[:, 2])
    across = np.clip(reach - np.abs(x - many[:, 0]), 0, smaller)
    shared = across * np.clip(reach - np.abs(y - many[:, 1]), 0, smaller)
    return np.asarray(shared / (np.square(side) + np.square(many[:, 2]) - shared))
