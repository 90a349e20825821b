"""Whether the small picture in a file's EXIF shows more than the picture itself.

Programs that cut or retouch a picture often leave the camera's thumbnail as it was. Owns the
comparison: whether the picture is the thumbnail made larger, a part of it, or another picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Finding, Leak
from selfcheck.pictures.formats import HEAD, Format, sniff
from selfcheck.pictures.opening import open_still, silence, troubles

if TYPE_CHECKING:
    from PIL.Image import Image

Grey = NDArray[np.float64]  # (height, width), from 0 to 255

_THUMBNAIL_IFD = -1  # Pillow's number for the second directory
_OFFSET, _LENGTH = 0x0201, 0x0202
_START = b"Exif\0\0"  # before the TIFF header, from which offsets are counted
_LARGEST = 2**18  # bytes; the EXIF of a JPEG holds a quarter of it
_MOST = 640  # pixels of the longer side; real ones have 160 or a little more
_BAR = 24.0  # of 255: cameras put bars darker than this beside a picture of another shape

_SIDE = 80  # pixels of the thumbnail's longer side, at which the two are compared
_REDUCED = 240  # of the picture's, before it is made smaller again and again
_SMALLEST = 12  # pixels of a side, below which everything is like everything
_SHAPES = 1.04  # ratio up to which two shapes are the same
_SHARES = np.geomspace(1.0, 0.25, 36)  # of the thumbnail that the picture may be cut from
_EVEN = 4.0  # of 255: a deviation below which a place is even
_CUT = 0.9  # of the thumbnail's area: a picture of more than that shows nearly all of it

# Correlations of grey values, chosen on pictures of LFW; bench/thumbnails.py measures them.
_SAME, _PART, _OTHER = 0.9, 0.93, 0.7


def thumbnail_shows(data: bytes, rgb: NDArray[np.uint8]) -> tuple[Finding, ...]:
    """Tell whether a file's thumbnail shows more than its picture, `rgb`, upright (H, W, 3).

    Gives nothing where there is none, where it cannot be read, and where it shows the same.
    """
    from PIL import Image as Pillow

    with silence():
        try:
            small = _read(data)
            said = small and _compared(small, _reduced(Pillow.fromarray(rgb)))
        except troubles():
            return ()
    if not small or not said:
        return ()
    value = f"{said} ({small.width} × {small.height} pixels)"
    return (Finding(leak=Leak.THUMBNAIL, value=value),)


def _read(data: bytes) -> Image | None:
    """Read the thumbnail in grey; None where there is none, or no small JPEG."""
    form = sniff(data[:HEAD])
    if form is None or not form.is_picture:
        return None
    image = open_still(data, form)
    directory = image.getexif().get_ifd(_THUMBNAIL_IFD)
    at, length, exif = directory.get(_OFFSET), directory.get(_LENGTH), image.info.get("exif")
    if not (isinstance(at, int) and isinstance(length, int) and isinstance(exif, bytes)):
        return None
    inner = exif.removeprefix(_START)[at : at + min(length, _LARGEST)] if at >= 0 else b""
    if sniff(inner[:HEAD]) is not Format.JPEG:
        return None
    small = open_still(inner, Format.JPEG)
    return small.convert("L") if _SMALLEST <= min(small.size) <= max(small.size) <= _MOST else None


def _reduced(image: Image) -> Image:
    return image.reduce(max(1, max(image.size) // _REDUCED)).convert("L")


def _compared(small: Image, picture: Image) -> str:
    """Say in what the thumbnail shows more, or nothing."""
    if np.std(np.asarray(small)) < _EVEN:
        return ""  # a blank, as some devices write
    # A program may have turned or mirrored the picture and not the thumbnail: no more is seen.
    turned, alike = [], 0.0
    for each in (_without_bars(one, picture) for one in _turned(small)):
        if _of_one_shape(each, picture):
            alike = max(alike, _alike(_grey(each, _SIDE), picture))
            if alike >= _SAME:
                return ""
        turned.append(each)
    cut = max(_best_cut(_grey(each, _SIDE), picture) for each in turned)
    if cut >= _PART:
        return "shows what was cut away from the picture"
    # Cameras make thumbnails of a fixed shape, some by cutting the picture.
    whole = _grey(picture, _SIDE)
    nearest = max(alike, cut, *(_best_cut(whole, each) for each in turned))
    return "" if nearest >= _OTHER else "shows another picture"


def _without_bars(image: Image, picture: Image) -> Image:
    """Cut off the dark bars of a thumbnail of another shape than its picture."""
    width, height = image.size
    inner_width = min(width, round(height * picture.width / picture.height))
    inner_height = min(height, round(width * picture.height / picture.width))
    left, top = (width - inner_width) // 2, (height - inner_height) // 2
    grey = np.asarray(image)
    bars = grey[: max(0, top - 1)], grey[:, : max(0, left - 1)]
    if any(bar.size and bar.max() > _BAR for bar in bars):
        return image
    return image.crop((left, top, left + inner_width, top + inner_height))


def _turned(image: Image) -> Iterator[Image]:
    from PIL.Image import Transpose

    yield image
    yield from (image.transpose(method) for method in Transpose)


def _of_one_shape(one: Image, other: Image) -> bool:
    return 1 / _SHAPES < one.width * other.height / (one.height * other.width) < _SHAPES


def _alike(grey: Grey, image: Image) -> float:
    """Correlate two pictures laid over each other."""
    return float(_correlations(grey, _sized(image, grey.shape[::-1])).max())


def _best_cut(grey: Grey, image: Image) -> float:
    """Correlate the image with every part of its shape, of several sizes; give the highest."""
    height, width = grey.shape
    fits = min(width / image.width, height / image.height)
    best = 0.0
    for share in _SHARES:
        size = (round(image.width * fits * share), round(image.height * fits * share))
        if min(size) < _SMALLEST:
            break
        if size[0] * size[1] <= _CUT * width * height:
            best = max(best, float(_correlations(grey, _sized(image, size)).max()))
    return best


def _correlations(grey: Grey, part: Grey) -> Grey:
    """Correlate a part with every place of its size in a picture, by Fourier transforms.

    J. P. Lewis, "Fast normalized cross-correlation", Vision Interface 1995.
    """
    height, width = part.shape
    rows, columns = grey.shape[0] - height + 1, grey.shape[1] - width + 1
    centred = part - part.mean()
    spectrum = np.fft.rfft2(grey) * np.conj(np.fft.rfft2(centred, grey.shape))
    products = np.fft.irfft2(spectrum, grey.shape)[:rows, :columns]
    sums, squares = (_box_sums(values, height, width) for values in (grey, grey**2))
    spread = np.sqrt(np.maximum(squares - sums**2 / part.size, 0)) * np.linalg.norm(centred)
    # Where one of them is even all over, nothing is like anything.
    flat = spread < part.size * _EVEN**2
    found: Grey = np.where(flat, 0.0, products / np.where(flat, 1.0, spread))
    return found


def _box_sums(values: Grey, height: int, width: int) -> Grey:
    total = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    upper, lower = total[:-height], total[height:]
    sums: Grey = lower[:, width:] - lower[:, :-width] - upper[:, width:] + upper[:, :-width]
    return sums


def _grey(image: Image, side: int) -> Grey:
    scale = side / max(image.size)
    return _sized(image, (round(image.width * scale), round(image.height * scale)))


def _sized(image: Image, size: tuple[int, ...]) -> Grey:
    from PIL.Image import Resampling

    resized = image.resize((max(1, size[0]), max(1, size[1])), Resampling.BOX)
    return np.asarray(resized, dtype=np.float64)
