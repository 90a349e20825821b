"""The door to Pillow: a still is opened as the format its bytes show, and as nothing else.

Owns Pillow's settings, the list of what Pillow may raise, and the words for it. No
exception or warning of Pillow, libheif or a codec passes this door.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from selfcheck.model import Reason
from selfcheck.pictures.formats import Format
from selfcheck.pictures.structure import ends_early, jpeg_process

if TYPE_CHECKING:
    from PIL.Image import Image

# Pillow refuses beyond twice this figure by itself; `decode` has the exact limits.
_MOST_PIXELS = 250_000_000

_NAMES = {
    Format.JPEG: "JPEG",
    Format.PNG: "PNG",
    Format.WEBP: "WEBP",
    Format.GIF: "GIF",
    Format.TIFF: "TIFF",
    Format.BMP: "BMP",
    Format.HEIC: "HEIF",
    Format.AVIF: "AVIF",
}
_SIGNS_OF_A_CUT = ("truncated", "unexpected end", "end of file", "not enough", "incomplete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A picture or film that could not be read: why, and what exactly was seen."""

    reason: Reason
    detail: str


@cache
def troubles() -> tuple[type[Exception], ...]:
    """List what Pillow and its codecs raise on bad bytes. MemoryError is not among it."""
    from PIL import Image

    return (
        Image.DecompressionBombError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        BufferError,
        EOFError,
        LookupError,
        OSError,
        RuntimeError,
        SyntaxError,  # Pillow's word for "not this format"
        TypeError,
        ValueError,
        struct.error,
        zlib.error,
    )


@contextmanager
def silence() -> Iterator[None]:
    """Keep Pillow's warnings in: a limit is checked here, damaged metadata is no news."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@cache
def _register() -> None:
    """Register the decoders of the closed list, and nothing more, once a process."""
    import pillow_heif
    from PIL import (
        AvifImagePlugin,
        BmpImagePlugin,
        GifImagePlugin,
        Image,
        JpegImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    del BmpImagePlugin, GifImagePlugin, JpegImagePlugin  # imported for their registration
    del PngImagePlugin, TiffImagePlugin, WebPImagePlugin
    # One thread a worker. A thumbnail inside a HEIC is never taken for the picture.
    pillow_heif.register_heif_opener(
        decode_threads=1, thumbnails=False, depth_images=False, aux_images=False
    )
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS


def pillow_name(form: Format) -> str:
    """Give Pillow's name of a format, its decoder and encoder registered."""
    _register()
    return _NAMES[form]


def open_still(data: bytes, form: Format) -> Image:
    """Open a picture of this format, header only. Raises one of `troubles()`.

    Call it and everything done with its result inside `silence()`.
    """
    from PIL import Image, ImageFile

    # face_recognition sets this when it is imported, in this very process: a half-grey
    # picture without a face must not pass for one that was looked at.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return Image.open(io.BytesIO(data), formats=(pillow_name(form),))


def explain(error: Exception, data: bytes, form: Format) -> Unreadable:
    """Turn what Pillow raised over a picture into a reason and the words for it."""
    from PIL import Image, UnidentifiedImageError

    said = " ".join(str(error).split())[:160]
    cut = ends_early(io.BytesIO(data), form)
    if isinstance(error, Image.DecompressionBombError):
        detail = f"{form}: more than {2 * _MOST_PIXELS / 1e6:,.0f} million pixels"
        return Unreadable(reason=Reason.TOO_LARGE, detail=detail)
    process = jpeg_process(data) if form is Format.JPEG else ""
    if process:
        return Unreadable(reason=Reason.UNSUPPORTED, detail=f"{form}: {process}")
    if cut:
        return Unreadable(reason=Reason.TRUNCATED, detail=f"{form}: {cut}")
    if isinstance(error, UnidentifiedImageError):
        # Its message names an object in memory, which helps nobody.
        said = "it begins like one, but its header cannot be read"
    if any(sign in said.lower() for sign in _SIGNS_OF_A_CUT):
        return Unreadable(reason=Reason.TRUNCATED, detail=f"{form} of {len(data):,} bytes: {said}")
    if "nsupported" in said:
        return Unreadable(reason=Reason.UNSUPPORTED, detail=f"{form}: {said}")
    return Unreadable(reason=Reason.DAMAGED, detail=f"{form}: {said or type(error).__name__}")
