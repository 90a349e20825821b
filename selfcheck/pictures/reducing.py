"""Pictures of any depth and size to 8 bits and a whole fraction of their size, band by band.

Owns every way of storing colours and how much memory it takes. A converted copy of 100 megapixels
would take 400 MB beside the picture; a band takes four.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from selfcheck.pictures.formats import Format
from selfcheck.pictures.structure import jpeg_in_scans

if TYPE_CHECKING:
    from PIL.Image import Image

# Gives the rows of a picture from one up to another.
Rows: TypeAlias = Callable[[int, int], "Image"]

_BAND = 1 << 20  # pixels
_DEEP = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})
# Bytes a pixel that Pillow holds, in modes of less than four.
_OF_A_MODE = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
# Bytes a pixel at the peak, where the library behind Pillow holds more (measured 2026-11-22).
OF_A_WEBP = 16
_OF_A_SCALED = 0.1  # of a JPEG, where it is scaled while it is read
_OF_A_FORMAT = {Format.HEIC: 5, Format.AVIF: 9, Format.WEBP: OF_A_WEBP}


def held(image: Image, form: Format, data: bytes) -> int:
    """Tell by the headers alone how many bytes of pixels decoding holds at its peak, about."""
    pixels = image.width * image.height
    if form is Format.JPEG:
        return round(pixels * (_of_a_jpeg(image) if jpeg_in_scans(data) else _OF_A_SCALED))
    return pixels * _OF_A_FORMAT.get(form, _OF_A_MODE.get(image.mode, 4))


def _of_a_jpeg(image: Any) -> float:  # noqa: ANN401 -- Pillow does not declare `layer`
    """Give the bytes a pixel of the file: coefficients, where all must come before a picture."""
    samplings: list[tuple[int, int]] = [(across, down) for _, across, down, _ in image.layer]
    largest = max(across for across, _ in samplings) * max(down for _, down in samplings)
    return 2 * sum(across * down for across, down in samplings) / max(largest, 1)


def rows_of(image: Image) -> Rows:
    """Give the bands of a decoded picture."""
    return lambda top, bottom: image.crop((0, top, image.width, bottom))


def rows_of_heic(data: bytes) -> tuple[Rows, tuple[int, int]]:
    """Decode a HEIC and give its bands and its size; Pillow's copy would take half as much again.

    Raises what Pillow's reader of HEIC raises.
    """
    import pillow_heif
    from PIL import Image as Pillow

    picture = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    values = np.asarray(picture)
    width, height = picture.size
    mode = picture.mode

    def band(top: int, bottom: int) -> Image:
        # The library's rows may be padded.
        part = Pillow.fromarray(np.ascontiguousarray(values[top:bottom, :width]))
        return part if part.mode == mode else _as(mode, part)

    return band, (width, height)


def _as(mode: str, part: Image) -> Image:
    """Name the bands as the library does: two may be grey with transparency, premultiplied."""
    from PIL import Image as Pillow

    return Pillow.frombytes(mode, part.size, part.tobytes())


def reduced(rows: Rows, size: tuple[int, int], factor: int) -> Image:
    """Bring a picture to L, LA, RGB or RGBA of 8 bits, smaller by a whole factor."""
    from PIL import Image as Pillow

    width, height = size
    step = max(1, _BAND // (width * factor)) * factor
    bands = [(top, min(top + step, height)) for top in range(0, height, step)]
    top = _brightest(rows(*band) for band in bands)
    whole: Image | None = None
    for first, last in bands:
        part = _eight_bits(rows(first, last), top)
        part = part.reduce(factor) if factor > 1 else part
        if whole is None:
            whole = Pillow.new(part.mode, (part.width, -(-height // factor)))
        whole.paste(part, (0, first // factor))
    assert whole is not None, "a picture has rows"
    return whole


def _brightest(parts: Iterator[Image]) -> float:
    """Give the largest value of a deep picture; of any other the first band says enough."""
    top = 0.0
    for part in parts:
        if part.mode not in _DEEP:
            break
        top = max(top, float(_clean(part).max(initial=0)))
    return top


def _eight_bits(image: Image, top: float) -> Image:
    """Bring every way of storing colours to L, LA, RGB or RGBA of 8 bits."""
    from PIL import Image as Pillow

    if image.mode in _DEEP:
        return Pillow.fromarray(_grey(image, top))
    if image.mode in {"LA", "RGBA"}:
        return image
    if image.has_transparency_data:
        return image.convert("LA" if image.mode == "La" else "RGBA")
    # P, CMYK, YCbCr, HSV and more; what Pillow cannot convert raises ValueError.
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")


def _grey(image: Image, top: float) -> NDArray[np.uint8]:
    """Map grey values of any range to 0..255, by the depth that holds the largest."""
    depths = (1.0, 255.0, 4095.0, 65535.0) if image.mode == "F" else (255.0, 4095.0, 65535.0)
    depth = next((depth for depth in depths if top <= depth), top)
    return (_clean(image).clip(0, depth) * (255 / depth) + 0.5).astype(np.uint8)


def _clean(image: Image) -> NDArray[np.float32]:
    """Give the values of a deep picture; what is no number is black."""
    values = np.asarray(image).astype(np.float32)
    return np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
