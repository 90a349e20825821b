"""A picture saved anew, upright: as JPEG, or as PNG where parts of it can be seen through.

For formats that are not copied block by block. Nothing of the old file but colours goes along.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from selfcheck.pictures.colour_profile import colour_space, nameless
from selfcheck.pictures.decode import orientation_of, shrunk
from selfcheck.pictures.formats import Format
from selfcheck.pictures.opening import pillow_name
from selfcheck.pictures.orientation import UPRIGHT, turn_upright

if TYPE_CHECKING:
    from PIL.Image import Image

_QUALITY = 95
_SPACES = {b"RGB ": frozenset({"RGB", "RGBA"}), b"GRAY": frozenset({"L", "LA"})}
_OPAQUE = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A picture saved anew: its bytes, what it is, and what differs, in words."""

    data: bytes = field(repr=False)
    format: Format
    note: str


def resave(image: Image, data: bytes, form: Format) -> Saved:
    """Save an opened picture anew, of several the first. Raises what its decoder raises."""
    profile = nameless(image.info.get("icc_profile") or b"")
    orientation = orientation_of(image, form)
    several = getattr(image, "n_frames", 1)
    whole, _ = shrunk(image, data, form, 2 * max(image.size))
    if orientation != UPRIGHT:
        whole = _turned(whole, orientation)
    # Colours of a print were converted on the way, and their profile fits no more.
    fits = whole.mode in _SPACES.get(colour_space(profile), ())
    kind = Format.PNG if whole.mode in {"LA", "RGBA"} and not _covers(whole) else Format.JPEG
    if kind is Format.JPEG:
        whole = whole.convert("L" if whole.mode in {"L", "LA"} else "RGB")
    out = io.BytesIO()
    whole.info.clear()
    whole.save(
        out,
        pillow_name(kind),
        icc_profile=profile if fits else None,
        quality=_QUALITY,
        subsampling=0,
    )
    first = f", of its {several} pictures the first" if several > 1 else ""
    note = f"{form} cannot be cleaned as it is: saved anew as {kind}{first}"
    return Saved(data=out.getvalue(), format=kind, note=note)


def _covers(image: Image) -> bool:
    """Say whether nothing of it can be seen through."""
    return image.getchannel("A").getextrema()[0] == _OPAQUE


def _turned(image: Image, orientation: int) -> Image:
    from PIL import Image as Pillow

    stored = np.asarray(image)
    flat = stored if stored.ndim == 3 else stored[:, :, None]  # noqa: PLR2004 - grey has no third
    turned = turn_upright(flat, orientation)
    return Pillow.fromarray(turned if stored.ndim == 3 else turned[:, :, 0])  # noqa: PLR2004 - as above
