"""Bytes to upright, bounded RGB.

Owns limits, scaling inside the decoder, and every way of storing colours. It neither looks
for faces nor keeps anything.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Reason
from selfcheck.pictures.formats import HEAD, Format, describe, sniff, unread
from selfcheck.pictures.opening import Unreadable, explain, open_still, silence, troubles
from selfcheck.pictures.orientation import UPRIGHT, turn_upright
from selfcheck.pictures.structure import ends_early, webp_size

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112
_DNG_VERSION = 0xC612
_NEW_SUBFILE_TYPE = 254
# Scaling by whole numbers costs next to nothing and other scaling 25 ms for 3 megapixels,
# so the result may be somewhat smaller than asked for.
_SMALLEST = 0.88
_JPEG_STEPS = (8, 4, 2)
_BLANK = b"\0" * 4096
_DEEP = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a picture may be: bytes of the file, pixels of the picture.

    JPEG may have more, as it is scaled while it is decoded; a progressive one may not, as
    all of it must be held first. Phones make up to 200 megapixels.
    """

    file_bytes: int = 200 << 20
    pixels: int = 100_000_000
    scaled_pixels: int = 250_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Still:
    """A decoded picture; of an animation, its first frame.

    `rgb` is upright, (H, W, 3) uint8, perhaps read-only; `width` and `height` are the full
    size in pixels of the file, upright too.
    """

    rgb: NDArray[np.uint8] = field(repr=False)
    width: int
    height: int
    format: Format
    animated: bool = False


def decode(
    data: bytes | BinaryIO, *, long_side: int = 1600, limits: Limits | None = None
) -> Still | Unreadable:
    """Decode a picture upright, no larger than needed.

    The longer side of `rgb` is at most `long_side` and, where the picture has that much, at
    least 0.88 of it. Transparency is laid over white. What cannot be read is an
    `Unreadable` value; what reading from a file object raises passes through, as does
    MemoryError.
    """
    limits = limits or Limits()
    raw = data if isinstance(data, bytes) else data.read(limits.file_bytes + 1)
    form = sniff(raw[:HEAD])
    if len(raw) > limits.file_bytes:
        detail = f"more than {limits.file_bytes:,} bytes"
        return Unreadable(reason=Reason.TOO_LARGE, detail=detail)
    if form is None or not form.is_picture:
        return _no_picture(raw[:HEAD])
    blank = _zeros_at_the_end(raw, form)
    if blank:
        return Unreadable(reason=Reason.TRUNCATED, detail=f"{form}: {blank}")
    with silence():
        try:
            return _decode(raw, form, long_side, limits)
        except troubles() as error:
            return explain(error, raw, form)


def _no_picture(head: bytes) -> Unreadable:
    """Say what bytes are that no decoder here reads."""
    name = unread(head)
    if name is not None:
        return Unreadable(reason=Reason.UNSUPPORTED, detail=name)
    if not head:
        return Unreadable(reason=Reason.TRUNCATED, detail="the file is empty")
    return Unreadable(reason=Reason.NOT_A_PICTURE, detail=f"its content is {describe(head)}")


def _zeros_at_the_end(data: bytes, form: Format) -> str:
    """Say if a copy or download was broken off after its room on the disk was reserved.

    Decoders fill the rest with grey and call it a picture. Zeros behind a file's end are
    padding, and in TIFF and BMP they may be black pixels.
    """
    if form in {Format.TIFF, Format.BMP} or not data.endswith(_BLANK):
        return ""
    written = len(data.rstrip(b"\0"))
    # A whole file may itself end in a zero or two.
    if not ends_early(io.BytesIO(data[: written + 64]), form):
        return ""
    return f"its last {len(data) - written:,} bytes are zeros"


def _decode(data: bytes, form: Format, long_side: int, limits: Limits) -> Still | Unreadable:
    """Open, check the size, decode scaled, turn upright."""
    size = webp_size(data) if form is Format.WEBP else None
    if size is not None and size[0] * size[1] > limits.pixels:
        return _too_large(form, *size, limits.pixels)
    with open_still(data, form) as image:
        refused = _refuse(image, form, limits)
        if refused is not None:
            return refused
        width, height = image.size
        animated = _animated(image, form)
        if form is Format.JPEG:
            _scale_in_decoder(image, long_side)
        image.load()
        if form is not Format.JPEG:
            width, height = image.size  # a GIF's frame or a HEIC's tiles may correct it
        orientation = _orientation(image, form)
        rgb = turn_upright(_rgb(_scaled(_eight_bits(image), long_side)), orientation)
    if orientation > 4:  # noqa: PLR2004 - 5 to 8 lie on their side
        width, height = height, width
    return Still(rgb=rgb, width=width, height=height, format=form, animated=animated)


def _refuse(image: Image, form: Format, limits: Limits) -> Unreadable | None:
    """Refuse by the header alone: too many pixels, or a raw file's small preview."""
    width, height = image.size
    scaled = form is Format.JPEG and not image.info.get("progressive")
    limit = limits.scaled_pixels if scaled else limits.pixels
    if width * height > limit:
        return _too_large(form, width, height, limit)
    tags = getattr(image, "tag_v2", None) if form is Format.TIFF else None
    if tags and (_DNG_VERSION in tags or tags.get(_NEW_SUBFILE_TYPE) == 1):
        detail = "a camera's raw file: only its small preview could be read"
        return Unreadable(reason=Reason.UNSUPPORTED, detail=detail)
    return None


def _too_large(form: Format, width: int, height: int, limit: int) -> Unreadable:
    """Word the pixels seen and the limit."""
    detail = f"{form}: {width:,} x {height:,} pixels, the limit is {limit / 1e6:,.0f} million"
    return Unreadable(reason=Reason.TOO_LARGE, detail=detail)


def _animated(image: Image, form: Format) -> bool:
    """Say whether it moves. Pages of a TIFF and the second view of a JPEG do not."""
    if form not in {Format.GIF, Format.WEBP, Format.PNG, Format.AVIF}:
        return False
    try:
        return bool(getattr(image, "is_animated", False))
    except troubles():
        return True  # a first frame is there, and what follows it is broken


def _scale_in_decoder(image: Image, long_side: int) -> None:
    """Let the JPEG decoder skip the detail that would be thrown away."""
    longest = max(image.size)
    for step in _JPEG_STEPS:
        if longest / step >= _SMALLEST * long_side:
            # A square box would do nothing for a 4:3 picture: the scale is the smaller
            # of both sides' whole-number ratios.
            image.draft(None, (image.width // step or 1, image.height // step or 1))
            return


def _orientation(image: Image, form: Format) -> int:
    """Read how the picture is stored, 1 to 8; damaged metadata means upright."""
    if form in {Format.HEIC, Format.TIFF}:
        return UPRIGHT  # libheif and Pillow's TIFF reader have turned it already
    try:
        value = image.getexif().get(_ORIENTATION, UPRIGHT)
    except troubles():
        return UPRIGHT
    return value if isinstance(value, int) and 1 <= value <= 8 else UPRIGHT  # noqa: PLR2004 -- EXIF


def _eight_bits(image: Image) -> Image:
    """Bring every way of storing colours to L, LA, RGB or RGBA of 8 bits."""
    from PIL import Image as Pillow

    if image.mode in _DEEP:
        return Pillow.fromarray(_grey(np.asarray(image)))
    if image.mode in {"LA", "RGBA"}:
        return image
    if image.has_transparency_data:
        return image.convert("LA" if image.mode == "La" else "RGBA")
    # P, CMYK, YCbCr, HSV and more; what Pillow cannot convert raises ValueError.
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")


def _grey(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Map grey values of any range to 0..255, by the depth that holds the largest."""
    clean = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    top = float(clean.max(initial=0))
    depths = (1.0, 255.0, 4095.0, 65535.0) if values.dtype.kind == "f" else (255.0, 4095.0, 65535.0)
    depth = next((depth for depth in depths if top <= depth), top)
    return (clean.clip(0, depth) * (255 / depth) + 0.5).astype(np.uint8)


def _scaled(image: Image, long_side: int) -> Image:
    """Make an image smaller where it is much larger than needed."""
    from PIL import Image as Pillow

    longest = max(image.size)
    factor = int(longest / (_SMALLEST * long_side))
    if factor > 1:
        image = image.reduce(factor)
    scale = long_side / max(image.size)
    if scale >= 1:
        return image
    size = (round(image.width * scale) or 1, round(image.height * scale) or 1)
    return image.resize(size, Pillow.Resampling.BILINEAR)


def _rgb(image: Image) -> NDArray[np.uint8]:
    """Lay transparency over white and give (H, W, 3) uint8."""
    from PIL import Image as Pillow

    if image.mode in {"LA", "RGBA"}:
        solid = image.convert("RGBA")
        white = Pillow.new("RGB", solid.size, "white")
        white.paste(solid, mask=solid.getchannel("A"))
        image = white
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
