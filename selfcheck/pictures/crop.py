"""The small picture that is kept of a match: the owner's head, and nobody else's.

Owns how far a face's box is grown to a head and how strongly the rest is blurred. Where
the faces are is told by the caller.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Box

if TYPE_CHECKING:
    from PIL.Image import Image

# Half axes of the head's ellipse in widths and heights of the face's box, which spans
# from the brows to the chin, and how far hair moves its centre up.
_HALF_WIDTH, _HALF_HEIGHT, _UP = 0.75, 0.95, 0.12
_AROUND = 2.0  # what is shown around the head, in sizes of the head
_FEATHER = 0.12  # share of the head's radius over which it fades, inside the ellipse
# The rest is brought down to so few cells that no face can be told, however large it is.
_CELLS = 8
_QUALITY = 85


def owner_crop(
    rgb: NDArray[np.uint8], head: Box, *, side: int = 480, others: Sequence[Box] = ()
) -> bytes:
    """Cut out the owner's head with a little around it, all but the head heavily blurred.

    `rgb` is an upright picture (H, W, 3); `head` is the owner's face box in its pixels,
    grown to a head here; `others` are other faces' boxes, blurred also where they overlap
    the owner's head. Gives a JPEG of at most `side` pixels, without metadata, never
    enlarged. A box that lies outside the picture raises ValueError.
    """
    from PIL import Image

    window = _window(head, rgb.shape[1], rgb.shape[0])
    part = Image.fromarray(rgb[window.top : window.bottom, window.left : window.right])
    scale = min(1.0, side / max(part.size))
    size = (round(part.width * scale) or 1, round(part.height * scale) or 1)
    mixed = _blurred(part, size)
    # Only where the head is anything sharp is made at all.
    place = _around(head, window, scale, size)
    if place.width > 0 and place.height > 0:
        wide, high = part.size
        box = (
            min(place.left / scale, wide),
            min(place.top / scale, high),
            min(place.right / scale, wide),
            min(place.bottom / scale, high),
        )
        bilinear = Image.Resampling.BILINEAR
        sharp = part.resize((place.width, place.height), bilinear, box=box)
        shown = _mask(place, scale, window, head, others)
        mixed.paste(sharp, (place.left, place.top), Image.fromarray(shown))
    out = io.BytesIO()
    # A fresh image has no metadata to carry over.
    mixed.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _ellipse(box: Box) -> tuple[float, float, float, float]:
    """Grow a face's box to a head: centre x and y, half axes."""
    middle = (box.left + box.right) / 2
    centre = (box.top + box.bottom) / 2 - _UP * box.height
    return middle, centre, _HALF_WIDTH * box.width, _HALF_HEIGHT * box.height


def _touches(head: Box, other: Box) -> bool:
    """Say whether another face or its head may reach into the owner's head."""
    x, y, across, down = _ellipse(head)
    there_x, there_y, there_across, there_down = _ellipse(other)
    return abs(x - there_x) < across + there_across and abs(y - there_y) < down + there_down


def _window(head: Box, width: int, height: int) -> Box:
    """Give the square around the head that is kept, cut at the picture's edges."""
    middle, centre, across, down = _ellipse(head)
    reach = _AROUND * max(across, down)
    window = Box(
        left=max(int(middle - reach), 0),
        top=max(int(centre - reach), 0),
        right=min(int(middle + reach) + 1, width),
        bottom=min(int(centre + reach) + 1, height),
    )
    if head.width <= 0 or head.height <= 0 or window.width <= 0 or window.height <= 0:
        raise ValueError("the face's box lies outside the picture")
    return window


def _around(head: Box, window: Box, scale: float, size: tuple[int, int]) -> Box:
    """Give the rectangle around the head in pixels of the crop."""
    middle, centre, across, down = _ellipse(head)
    return Box(
        left=max(int((middle - across - window.left) * scale), 0),
        top=max(int((centre - down - window.top) * scale), 0),
        right=min(int((middle + across - window.left) * scale) + 1, size[0]),
        bottom=min(int((centre + down - window.top) * scale) + 1, size[1]),
    )


def _blurred(part: Image, size: tuple[int, int]) -> Image:
    """Bring a picture down to a few cells and up again."""
    from PIL import Image

    few = (
        max(1, round(_CELLS * part.width / max(part.size))),
        max(1, round(_CELLS * part.height / max(part.size))),
    )
    return part.resize(few, Image.Resampling.BOX).resize(size, Image.Resampling.BICUBIC)


def _mask(
    place: Box, scale: float, window: Box, head: Box, others: Sequence[Box]
) -> NDArray[np.uint8]:
    """Say per pixel of a place in the crop how much of the sharp picture shows.

    255 inside the owner's head only.

    A pixel that lies nearer to another face, in sizes of that face, is not the owner's.
    """
    x = np.arange(place.left, place.right, dtype=np.float32) / scale + window.left + 0.5
    y = np.arange(place.top, place.bottom, dtype=np.float32) / scale + window.top + 0.5

    def radius(box: Box) -> NDArray[np.float32]:
        middle, centre, across, down = _ellipse(box)
        grid = ((x[None, :] - middle) / across) ** 2 + ((y[:, None] - centre) / down) ** 2
        return np.sqrt(grid).astype(np.float32)

    def inside(box: Box) -> NDArray[np.bool_]:
        rows, columns = (y >= box.top) & (y < box.bottom), (x >= box.left) & (x < box.right)
        return np.asarray(rows[:, None] & columns[None, :])

    own = radius(head)
    shown = np.clip((1 - own) / _FEATHER, 0, 1)
    for box in others:
        if not _touches(head, box):
            continue  # nothing of it is shown anyway
        shown[radius(box) < own] = 0
        # A chin right above the owner's hair is nearer to the owner, and still another's face.
        shown[inside(box) & ~inside(head)] = 0
    return np.asarray(shown * 255, dtype=np.uint8)
