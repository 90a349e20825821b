"""Bytes to upright, bounded RGB.

Owns limits, scaling inside the decoder, and every way of storing colours. It neither looks
for faces nor keeps anything.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Reason
from selfcheck.pictures import jpeg
from selfcheck.pictures.formats import HEAD, Format, describe, sniff, unread
from selfcheck.pictures.opening import Unreadable, explain, open_still, silence, troubles
from selfcheck.pictures.orientation import UPRIGHT, turn_upright
from selfcheck.pictures.reducing import OF_A_WEBP, held, reduced, rows_of, rows_of_heic
from selfcheck.pictures.structure import ends_early, jpeg_holds, jpeg_in_scans, webp_size

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112
_DNG_VERSION = 0xC612
_NEW_SUBFILE_TYPE = 254
# Scaling by whole numbers costs next to nothing and other scaling 25 ms for 3 megapixels,
# so the result may be somewhat smaller than asked for.
_SMALLEST, _LARGEST = 0.88, 1.18
_JPEG_STEPS = (8, 4, 2)
_BLANK = b"\0" * 4096
# More than this many bytes at once is more than a worker should hold beside one at the limit. A
# HEIC of 12 megapixels takes 61 million: phones make albums of those, and they should not wait.
_HEAVY = 64_000_000

Turn: TypeAlias = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a picture may be: bytes of the file, pixels, and bytes held while decoding.

    JPEG may have more pixels, as it is scaled while it is decoded. Of a progressive one and of
    every other format all must be held first. Phones make up to 200 megapixels.
    """

    file_bytes: int = 200 << 20
    pixels: int = 100_000_000
    scaled_pixels: int = 250_000_000
    held_bytes: int = 272_000_000


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
    data: bytes | BinaryIO,
    *,
    long_side: int = 1600,
    at_most: int | None = None,
    limits: Limits | None = None,
    turn: Turn = nullcontext,
) -> Still | Unreadable:
    """Decode a picture upright, no larger than needed.

    The longer side of `rgb` is at most `long_side` and, where the picture has that much, at
    least 0.88 of it. A larger `at_most` lets it stay that long, which saves the scaling by other
    than whole numbers: half of the time for a 12 MP JPEG. Transparency is laid over white.
    `turn` is entered for a picture that takes more than 64 MB while it is decoded, so that a
    caller may let in one at a time. What cannot be read is an `Unreadable` value; what reading
    from a file object raises passes through, as does MemoryError.
    """
    limits = limits or Limits()
    raw = data if isinstance(data, bytes) else data.read(limits.file_bytes + 1)
    form = sniff(raw[:HEAD])
    if len(raw) > limits.file_bytes:
        detail = f"more than {limits.file_bytes:,} bytes"
        return Unreadable(reason=Reason.TOO_LARGE, detail=detail)
    if form is None or not form.is_picture:
        return no_picture(raw[:HEAD])
    blank = _zeros_at_the_end(raw, form)
    if blank:
        return Unreadable(reason=Reason.TRUNCATED, detail=f"{form}: {blank}")
    with silence():
        try:
            return _decode(raw, form, (long_side, at_most or long_side), limits, turn)
        except troubles() as error:
            return explain(error, raw, form)


def no_picture(head: bytes) -> Unreadable:
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


def _decode(
    data: bytes, form: Format, sides: tuple[int, int], limits: Limits, turn: Turn
) -> Still | Unreadable:
    """Open, check the size, decode scaled, turn upright."""
    size = webp_size(data) if form is Format.WEBP else None
    most = min(limits.pixels, limits.held_bytes // OF_A_WEBP)
    if size is not None and size[0] * size[1] > most:
        return _too_large(form, *size, most)
    with open_still(data, form) as image:
        refused = _refuse(image, data, form, limits)
        if refused is not None:
            return refused
        width, height = image.size
        if form is Format.JPEG and not jpeg_holds(data, width * height):
            detail = f"{form}: {width:,} x {height:,} pixels in {len(data):,} bytes"
            return Unreadable(reason=Reason.DAMAGED, detail=detail)
        animated = _animated(image, form)
        with turn() if held(image, form, data) > _HEAVY else nullcontext():
            stored, size, orientation = _stored(image, data, form, sides)
        if form is not Format.JPEG:
            width, height = size  # a GIF's frame or a HEIC's tiles may correct it
        rgb = turn_upright(stored, orientation)
    if orientation > 4:  # noqa: PLR2004 - 5 to 8 lie on their side
        width, height = height, width
    return Still(rgb=rgb, width=width, height=height, format=form, animated=animated)


def _stored(
    image: Image, data: bytes, form: Format, sides: tuple[int, int]
) -> tuple[NDArray[np.uint8], tuple[int, int], int]:
    """Decode to RGB as large as wanted, not turned yet; tell the full size and the orientation."""
    if form is Format.JPEG:
        _scale_in_decoder(image, sides[0])
        if max(image.size) <= sides[1]:
            rgb = jpeg.pixels(data, image)
            if rgb is not None:
                return rgb, image.size, orientation_of(image, form)
    small, size = shrunk(image, data, form, sides[0])
    orientation = orientation_of(image, form)  # of a PNG it may stand behind the pixels
    image.close()  # its pixels go before copies of the small picture are made
    return _rgb(_scaled(small, *sides)), size, orientation


def shrunk(
    image: Image, data: bytes, form: Format, long_side: int
) -> tuple[Image, tuple[int, int]]:
    """Decode, to 8 bits and the smallest whole fraction that is large enough; and its full size."""
    if form is Format.HEIC:
        rows, size = rows_of_heic(data)
    else:
        image.load()
        rows, size = rows_of(image), image.size
    factor = int(max(size) / (_SMALLEST * long_side))
    return reduced(rows, size, max(factor, 1)), size


def _refuse(image: Image, data: bytes, form: Format, limits: Limits) -> Unreadable | None:
    """Refuse by the header alone: too many pixels, or a raw file's small preview."""
    width, height = image.size
    scaled = form is Format.JPEG and not jpeg_in_scans(data)
    limit = limits.scaled_pixels if scaled else limits.pixels
    if width * height > limit:
        return _too_large(form, width, height, limit)
    needed = held(image, form, data)
    if needed > limits.held_bytes:
        # In pixels, as that is what a person can change.
        return _too_large(form, width, height, limits.held_bytes * width * height // needed)
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


def orientation_of(image: Image, form: Format) -> int:
    """Read how the picture is stored, 1 to 8; damaged metadata means upright."""
    if form in {Format.HEIC, Format.TIFF}:
        return UPRIGHT  # libheif and Pillow's TIFF reader have turned it already
    try:
        value = image.getexif().get(_ORIENTATION, UPRIGHT)
    except troubles():
        return UPRIGHT
    return value if isinstance(value, int) and 1 <= value <= 8 else UPRIGHT  # noqa: PLR2004 -- EXIF


def smaller(rgb: NDArray[np.uint8], sides: Sequence[int]) -> list[NDArray[np.uint8]]:
    """Give a picture (H, W, 3) in falling sizes, each made of the one before.

    The first one's longer side is the one asked for, or from 0.88 to 1.18 of it, where scaling by
    a whole number gives that; the others follow in the same ratios, about. A picture that is
    smaller already stays as it is.
    """
    from PIL import Image as Pillow

    image, sizes, share = Pillow.fromarray(rgb), [], 1.0
    for side in sides:
        wanted = round(share * side)
        image = _scaled(image, wanted, round(_LARGEST * wanted))
        share = max(1.0, max(image.size) / side)
        sizes.append(np.asarray(image))
    return sizes


def _scaled(image: Image, long_side: int, at_most: int) -> Image:
    """Make an image smaller where it is much larger than needed."""
    from PIL import Image as Pillow

    longest = max(image.size)
    factor = int(longest / (_SMALLEST * long_side))
    if factor > 1:
        image = image.reduce(factor)
    if max(image.size) <= at_most:
        return image
    scale = long_side / max(image.size)
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
