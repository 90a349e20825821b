"""What a worker that looks at no face does for a review in a terminal: make a crop very small."""

from __future__ import annotations

from dataclasses import dataclass, field

from selfcheck import pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """A small picture: three bytes a pixel, row by row."""

    width: int
    height: int
    rgb: bytes = field(repr=False)


def shrink(data: bytes, side: int) -> Pixels | None:
    """Decode a crop to at most `side` pixels a side; None for what cannot be decoded."""
    still = pictures.decode(data, long_side=side)
    if isinstance(still, pictures.Unreadable):
        return None
    height, width, _ = still.rgb.shape
    return Pixels(width=width, height=height, rgb=still.rgb.tobytes())
