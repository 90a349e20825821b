"""The door to FFmpeg for reading: a film is opened as what its bytes show, with one demuxer.

Owns what FFmpeg may do with a file (no other file, no address, few decoders), and what can
be told of a film without decoding it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from selfcheck.model import Reason
from selfcheck.pictures.formats import HEAD, Format, describe, sniff
from selfcheck.pictures.opening import Unreadable
from selfcheck.pictures.structure import ends_early

if TYPE_CHECKING:
    from av import Packet, VideoStream
    from av.container import InputContainer

_DEMUXERS = {Format.MP4: "mov", Format.MATROSKA: "matroska", Format.AVI: "avi"}
# What phones, cameras and browsers record; a decoder beyond these only adds risk.
_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mjpeg", "h263"})
_MOST_BYTES = 4 << 30  # five minutes of 4K at 100 Mbit/s
MOST_PIXELS = 36_000_000  # 8K
_MISSING = 1.0  # seconds by which the pictures may end before the length that is written down
_LEAST_WIDE, _MOST_WIDE = 0.5, 2.0  # television's pixels are 0.9 to 1.5 as wide as high
_EARLIEST = 1980  # clocks that were never set say 1904 or 1970


def demuxable(raw: BinaryIO) -> Format | Unreadable:
    """Tell which kind of film a seekable file is by its bytes, or why it is none that is read."""
    size = raw.seek(0, os.SEEK_END)
    raw.seek(0)
    head = raw.read(HEAD)
    form = sniff(head)
    if not head:
        return Unreadable(reason=Reason.TRUNCATED, detail="the file is empty")
    if size > _MOST_BYTES:
        return Unreadable(reason=Reason.TOO_LARGE, detail=f"{size:,} bytes")
    if form is None or not form.is_film:
        detail = f"a film was expected, its content is {describe(head)}"
        return Unreadable(reason=Reason.NOT_A_PICTURE, detail=detail)
    if form not in _DEMUXERS:
        detail = f"{form}: films are read as MP4, QuickTime, Matroska, WebM and AVI"
        return Unreadable(reason=Reason.UNSUPPORTED, detail=detail)
    return form


def cut_short(raw: BinaryIO, form: Format) -> Unreadable | None:
    """Say so where a film's own outline shows that its end is missing."""
    cut = ends_early(raw, form)
    return Unreadable(reason=Reason.TRUNCATED, detail=f"{form}: {cut}") if cut else None


def film_troubles() -> tuple[type[Exception], ...]:
    """List what PyAV raises on bad bytes."""
    import av

    return (av.FFmpegError, ValueError, IndexError, OverflowError, EOFError)


def explain_film(error: Exception, raw: BinaryIO, form: Format) -> Unreadable:
    """Turn what FFmpeg said into a reason and the words for it."""
    if isinstance(error, _PointsElsewhere):
        return Unreadable(reason=Reason.HOSTILE, detail=f"{form}: {error}")
    cut = cut_short(raw, form)
    if cut is not None:
        return cut
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return Unreadable(reason=Reason.DAMAGED, detail=f"{form}: {said}"[:200])


class _Nameless:
    """A file without its name: a name that ends in .m3u8 would make FFmpeg fetch addresses."""

    def __init__(self, raw: BinaryIO) -> None:
        """Take the three things FFmpeg needs of a file, from its beginning."""
        raw.seek(0)
        self.read = raw.read
        self.seek = raw.seek
        self.tell = raw.tell


class _PointsElsewhere(ValueError):
    """A film asks for another file or address."""


def _refuse(url: str, flags: int, options: object) -> NoReturn:
    """Open nothing that a film points to."""
    del url, flags, options
    raise _PointsElsewhere("it asks for another file or an address")


@contextmanager
def opened(raw: BinaryIO, form: Format) -> Iterator[InputContainer]:
    """Open a film with the one demuxer its bytes call for."""
    import av

    with av.open(
        _Nameless(raw),
        "r",
        format=_DEMUXERS[form],
        options={"protocol_whitelist": "file", "codec_whitelist": ",".join(sorted(_CODECS))},
        metadata_errors="replace",
        io_open=_refuse,
    ) as container:
        yield container


def pictures(container: InputContainer) -> VideoStream | None:
    """Find the film's pictures; a cover is none of them."""
    import av

    cover = av.stream.Disposition.attached_pic
    return next((s for s in container.streams.video if not s.disposition & cover), None)


def pixel_width(stream: VideoStream) -> float:
    """Tell how wide a pixel is shown for its height; what no camera writes counts as square."""
    aspect = float(stream.sample_aspect_ratio or 1)
    return aspect if _LEAST_WIDE <= aspect <= _MOST_WIDE else 1.0


def on_one_thread(stream: VideoStream) -> None:
    """Keep a decoder to the one thread that a worker has."""
    stream.thread_type = "NONE"
    stream.codec_context.thread_count = 1


def decodable(container: InputContainer, form: Format) -> VideoStream | Unreadable:
    """Find the film's pictures, or say why they are not decoded."""
    stream = pictures(container)
    if stream is None:
        return Unreadable(reason=Reason.NOT_A_PICTURE, detail=f"{form}: it holds no pictures")
    context = stream.codec_context
    codec = getattr(context, "name", "a codec that is not known")  # PyAV: no decoder, no context
    if codec not in _CODECS:
        return Unreadable(reason=Reason.UNSUPPORTED, detail=f"{form}: pictures in {codec}")
    if context.width * context.height > MOST_PIXELS:
        detail = f"{form}: {context.width:,} x {context.height:,} pixels"
        return Unreadable(reason=Reason.TOO_LARGE, detail=detail)
    return stream


def length(container: InputContainer, form: Format, limit: float) -> float | Unreadable:
    """Measure a film by its packets, in seconds, without decoding; or say what is wrong."""
    stream = decodable(container, form)
    if isinstance(stream, Unreadable):
        return stream
    seconds, written = _span(container, stream), stated(container, stream, form)
    if seconds > limit or written > limit:
        detail = f"{form}: it lasts {max(seconds, written):.0f} s, the limit is {limit:.0f} s"
        return Unreadable(reason=Reason.TOO_LARGE, detail=detail)
    if written - seconds > _MISSING:
        detail = f"{form}: it should last {written:.1f} s, its pictures end after {seconds:.1f} s"
        return Unreadable(reason=Reason.TRUNCATED, detail=detail)
    return seconds


def _span(container: InputContainer, stream: VideoStream) -> float:
    """Give the time between the first packet's beginning and the last one's end."""
    first, last = float("inf"), float("-inf")
    for packet in container.demux(stream):
        begins, ends = times(packet)
        first, last = min(first, begins), max(last, ends)
    return max(last - first, 0.0) if last >= first else 0.0


def times(packet: Packet[VideoStream]) -> tuple[float, float]:
    """Give when a packet's picture begins and ends, in seconds; where that is unknown, no time."""
    at = packet.pts if packet.pts is not None else packet.dts
    if at is None or packet.time_base is None:
        return float("inf"), float("-inf")
    ends = at + (packet.duration or 0)
    return float(at * packet.time_base), float(ends * packet.time_base)


def stated(container: InputContainer, stream: VideoStream, form: Format) -> float:
    """Give the length that the file's header states, 0 where it states none."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    # Matroska states it for the whole file; FFmpeg guesses it for others.
    if form is Format.MATROSKA and container.duration is not None:
        return container.duration / 1_000_000
    return 0.0


def created(container: InputContainer) -> datetime | None:
    """Read when a film says it was made; the phone's own word before the container's."""
    for key in ("com.apple.quicktime.creationdate", "creation_time"):
        text = container.metadata.get(key, "")
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            continue
        if when.tzinfo is not None and when.year >= _EARLIEST:
            return when
    return None
