"""One decoded frame of a film to upright, bounded RGB, and to a thumbnail to compare by.

Owns colours, scaling, the form of pixels and the display matrix. Which frames are decoded is
others' choice.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from selfcheck.pictures.container import MOST_PIXELS, film_troubles
from selfcheck.pictures.orientation import UPRIGHT, turn_upright

if TYPE_CHECKING:
    from av import VideoFrame

_TURNS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
_ON_THEIR_SIDE = range(5, 9)  # of EXIF's numbers: width and height change places
# A face of 2.5 % of the long side, the smallest that is looked for, spans more than two cells.
_CELLS = 96
# Of 255, in one cell. Coding noise stays below 4 there, a face that comes or turns goes beyond.
_ALIKE = 10


def upright(
    frame: VideoFrame, long_side: int, pixel_width: float = 1.0
) -> NDArray[np.uint8] | None:
    """Scale while the colours are converted, then turn upright; None for what cannot be.

    `pixel_width` is how wide a pixel is shown for its height; what comes out has square ones.
    """
    width, height = _squared(frame, pixel_width)
    scale = min(1.0, long_side / max(width, height))
    small = _converted(frame, round(width * scale), round(height * scale), "rgb24", "BILINEAR")
    return None if small is None else turn_upright(small, _orientation(frame))


def upright_size(frame: VideoFrame, pixel_width: float) -> tuple[int, int]:
    """Give the width and height at which a frame is shown, upright and with square pixels."""
    width, height = _squared(frame, pixel_width)
    return (height, width) if _orientation(frame) in _ON_THEIR_SIDE else (width, height)


def thumbnail(frame: VideoFrame) -> NDArray[np.uint8] | None:
    """Give a frame as a few grey cells, each the mean of its part; None for what cannot be."""
    return _grey(frame, _CELLS, "AREA")


def grey(frame: VideoFrame, long_side: int) -> NDArray[np.uint8] | None:
    """Give a frame as grey (h, w), as it is stored: not turned upright; None for what cannot be."""
    return _grey(frame, long_side, "BILINEAR")


def alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Say whether two thumbnails show the same everywhere: nobody came, left or turned."""
    if one.shape != other.shape:
        return False
    return int(np.abs(one.astype(np.int16) - other).max()) <= _ALIKE


def _grey(frame: VideoFrame, long_side: int, scaling: str) -> NDArray[np.uint8] | None:
    scale = min(1.0, long_side / max(frame.width, frame.height))
    width, height = round(frame.width * scale), round(frame.height * scale)
    return _converted(frame, width, height, "gray", scaling)


def _squared(frame: VideoFrame, pixel_width: float) -> tuple[int, int]:
    return max(1, round(frame.width * pixel_width)), frame.height


def _converted(
    frame: VideoFrame, width: int, height: int, form: str, scaling: str
) -> NDArray[np.uint8] | None:
    if frame.width * frame.height > MOST_PIXELS:
        return None
    try:
        small = frame.reformat(
            width=max(1, width),
            height=max(1, height),
            format=form,
            interpolation=scaling,
            threads=1,
        )
        return np.asarray(small.to_ndarray(), dtype=np.uint8)
    except film_troubles():
        return None


def _orientation(frame: VideoFrame) -> int:
    """Read how a phone was held from the display matrix, as one of EXIF's eight numbers."""
    # PyAV's types know of one kind of side data only.
    matrix = cast("Mapping[str, bytes]", frame.side_data).get("DISPLAYMATRIX")
    if matrix is None:
        return UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix))
    return _TURNS.get(tuple((v > 0) - (v < 0) for v in (a, b, c, d)), UPRIGHT)
