"""Pictures and films to bytes, for the demo and the tests.

Owns encoding, and the little metadata a sample needs. Nothing read from a person's archive
passes through here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from selfcheck.pictures.formats import Format
from selfcheck.pictures.opening import pillow_name, silence
from selfcheck.pictures.orientation import UPRIGHT, turn_back

if TYPE_CHECKING:
    from av import VideoStream
    from av.container import OutputContainer
    from PIL.Image import Exif

_ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0112, 0x8769, 0x8825
_WITHOUT_EXIF = frozenset({Format.GIF, Format.BMP})
_ENCODERS = ("libx264", "mpeg4", "mjpeg")  # the first that the installed FFmpeg has


def save(
    rgb: NDArray[np.uint8],
    form: Format,
    *,
    orientation: int = UPRIGHT,
    gps: tuple[float, float] | None = None,
    taken: datetime | None = None,
    quality: int = 90,
) -> bytes:
    """Encode an upright picture (H, W, 3) uint8.

    With an `orientation` of 2 to 8 the pixels are stored turned, so that a reader that
    heeds it shows the picture upright. `gps` is latitude and longitude in degrees. GIF
    and BMP carry no metadata: asking for it raises ValueError.
    """
    from PIL import Image

    wants_exif = orientation != UPRIGHT or gps is not None or taken is not None
    if wants_exif and form in _WITHOUT_EXIF:
        raise ValueError(f"{form} carries no orientation, place or time")
    stored = turn_back(rgb, orientation)
    extra = {"exif": _exif(orientation, gps, taken).tobytes()} if wants_exif else {}
    out = io.BytesIO()
    with silence():
        name = pillow_name(form)
        Image.fromarray(stored).save(out, name, quality=quality, **extra)
    return out.getvalue()


def _exif(orientation: int, gps: tuple[float, float] | None, taken: datetime | None) -> Exif:
    """Write orientation, place and time as a phone does."""
    from PIL import Image

    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    if taken is not None:
        details = exif.get_ifd(_EXIF_IFD)
        details[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
        if taken.tzinfo is not None:
            offset = taken.strftime("%z")
            details[0x9011] = f"{offset[:3]}:{offset[3:5]}"
    if gps is not None:
        latitude, longitude = gps
        place = exif.get_ifd(_GPS_IFD)
        place[1], place[2] = "S" if latitude < 0 else "N", _sixtieths(latitude)
        place[3], place[4] = "W" if longitude < 0 else "E", _sixtieths(longitude)
    return exif


def _sixtieths(degrees: float) -> tuple[float, float, float]:
    """Split degrees into degrees, minutes and seconds."""
    minutes, seconds = divmod(round(abs(degrees) * 3600, 4), 60)
    return minutes // 60, minutes % 60, round(seconds, 4)


def write_film(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    per_second: float,
    created: datetime | None = None,
) -> None:
    """Write frames (H, W, 3) uint8 of one size as an MP4, H.264 where it can be had.

    Odd sizes lose a row or column, as 4:2:0 needs even ones. `created` becomes the file's
    own creation time. No frames: ValueError.
    """
    with path.open("wb") as raw:
        _write_film(raw, frames, per_second, created)


def film_bytes(frames: Iterable[NDArray[np.uint8]], per_second: float) -> bytes:
    """Give the same film in memory, with a key frame a second as phones make them."""
    raw = io.BytesIO()
    _write_film(raw, frames, per_second, None, key_every=round(per_second) or 1)
    return raw.getvalue()


def _write_film(
    raw: BinaryIO,
    frames: Iterable[NDArray[np.uint8]],
    per_second: float,
    created: datetime | None,
    *,
    key_every: int | None = None,
) -> None:
    import av

    pictures = iter(frames)
    first = next(pictures, None)
    if first is None:
        raise ValueError("a film needs at least one frame")
    rate = Fraction(per_second).limit_denominator(1000)
    with av.open(raw, "w", format="mp4") as container:
        if created is not None:
            stamp = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            container.metadata["creation_time"] = stamp
        stream = _stream(container, first, rate)
        if key_every is not None:
            stream.codec_context.gop_size = key_every
        for number, rgb in enumerate(chain([first], pictures)):
            frame = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(rgb[: stream.height, : stream.width]), format="rgb24"
            )
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _stream(container: OutputContainer, first: NDArray[np.uint8], rate: Fraction) -> VideoStream:
    """Add a video stream of the first frame's size, with an encoder that is there."""
    import av

    # PyAV's types cannot tell by a name that the stream is one of pictures.
    name = next(name for name in _ENCODERS if name in av.codecs_available)
    stream = cast("VideoStream", container.add_stream(name, rate=rate))
    stream.height, stream.width = first.shape[0] & ~1, first.shape[1] & ~1
    stream.pix_fmt = "yuvj420p" if name == "mjpeg" else "yuv420p"
    if name == "libx264":
        stream.options = {"preset": "veryfast", "crf": "20"}
    else:
        stream.bit_rate = stream.width * stream.height * 10
    stream.codec_context.thread_count = 1
    return stream
