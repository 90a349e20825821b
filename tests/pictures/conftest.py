"""Pictures to read: made from numbers, with corners that tell which way up they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]

_COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 200, 30),
    "blue": (30, 30, 220),
    "white": (250, 250, 250),
}


def _draw(width: int, height: int) -> Rgb:
    """Draw a smooth picture: red top left, green top right, blue and white below."""
    across = np.linspace(60, 160, width)[None, :, None]
    down = np.linspace(0, 40, height)[:, None, None]
    rgb = np.broadcast_to(across + down, (height, width, 3)).astype(np.uint8).copy()
    w, h = width // 4, height // 4
    rgb[:h, :w] = _COLOURS["red"]
    rgb[:h, -w:] = _COLOURS["green"]
    rgb[-h:, :w] = _COLOURS["blue"]
    rgb[-h:, -w:] = _COLOURS["white"]
    return rgb


def _corners(rgb: Rgb) -> str:
    """Name the colours of the corners, row by row, from the middle of each block."""
    height, width, _ = rgb.shape
    names = []
    for y in (height // 8, height - 1 - height // 8):
        for x in (width // 8, width - 1 - width // 8):
            seen = rgb[y, x].astype(int)
            far = {name: np.abs(seen - colour).max() for name, colour in _COLOURS.items()}
            nearest = min(far, key=lambda name: far[name])
            names.append(nearest if far[nearest] < 60 else str(seen))
    return " ".join(names)


@pytest.fixture
def marked() -> Rgb:
    return _draw(96, 64)


@pytest.fixture
def draw() -> Callable[[int, int], Rgb]:
    return _draw


@pytest.fixture
def corners() -> Callable[[Rgb], str]:
    return _corners
