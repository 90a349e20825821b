"""A perceptual hash: 256 bits that stay nearly the same when a picture is resized or re-encoded.

Owns how the bits are made. What is near enough to be the same picture is decided in `exposure`,
and whose pictures are given one at all in the worker: those of the owner, and no others.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

FINGERPRINT = "dct-256/2"
"""Names how the bits are made, and of what size; bits of two methods must not be compared."""

_SIDE = 64  # pixels a side of what the bits are made from
_WAVES = 16  # lowest frequencies each way
_WHOLE = 1 << 14  # whole numbers only: sums are exact, so every machine gives the same bits


def fingerprint(rgb: NDArray[np.uint8]) -> bytes:
    """Give the 32 bytes of a picture, (H, W, 3) and upright, of any size.

    The method of PDQ (Meta, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
    Algorithm", 2019): brightness at 64x64 through a tent filter, the 16 lowest frequencies of each
    direction, and for each whether it is above their median. Here Pillow scales, in one step, so
    the bits are not those of other programs. No library for it is light: imagehash brings scipy,
    pdqhash has no wheels for Linux, libphash carries decoders of its own.
    """
    waves = _cosines() @ _small(rgb) @ _cosines().T
    return np.packbits(waves > np.median(waves)).tobytes()


def _small(rgb: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Give the brightness, (64, 64)."""
    from PIL import Image

    grey = Image.fromarray(rgb).convert("L")
    # A plain average over areas turned four times as many bits of small pictures.
    return np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)).astype(np.int64)


@cache
def _cosines() -> NDArray[np.int64]:
    """Give the rows 1 to 16 of the discrete cosine transform, (16, 64), in whole numbers."""
    wave = np.arange(1, _WAVES + 1)[:, None]
    place = np.arange(_SIDE)[None, :]
    waves = np.cos(np.pi * wave * (2 * place + 1) / (2 * _SIDE))
    whole: NDArray[np.int64] = np.rint(_WHOLE * waves).astype(np.int64)
    return whole
