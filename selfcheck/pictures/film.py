"""A film's frames, upright and small, as the filmed check needs them.

Owns decoding and thinning out. Whether a file may be opened, and how, is container.py's.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Reason
from selfcheck.pictures.container import (
    created,
    cut_short,
    demuxable,
    explain_film,
    film_troubles,
    length,
    on_one_thread,
    opened,
    pictures,
    pixel_width,
)
from selfcheck.pictures.formats import Format
from selfcheck.pictures.frame import upright
from selfcheck.pictures.opening import Unreadable

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

Frame = tuple[float, NDArray[np.uint8]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Film:
    """A film that can be read. `created` is the file's own word, aware, if it has one.

    `frames` gives (seconds from the first frame, upright RGB (H, W, 3)) once, decoding as
    it goes; what cannot be decoded is left out.
    """

    created: datetime | None
    seconds: float
    sha256: str
    frames: Iterator[Frame] = field(repr=False)


def film(
    path: Path, *, long_side: int = 640, per_second: float = 10, limit_seconds: float = 310
) -> Film | Unreadable:
    """Open a film by path: MP4, QuickTime, Matroska, WebM or AVI.

    Its packets are counted and one frame is decoded before anything is promised. Frames
    are at most `long_side` pixels long, at most `per_second` of them a second.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Unreadable(reason=Reason.NOT_A_PICTURE, detail="not a file")
        with path.open("rb") as raw:
            return _examined(raw, path, long_side, per_second, limit_seconds)
    except FileNotFoundError:
        return Unreadable(reason=Reason.VANISHED, detail="there is no such file")
    except PermissionError:
        return Unreadable(reason=Reason.NO_PERMISSION, detail="the system refuses to open it")
    except OSError as error:
        return Unreadable(reason=Reason.DAMAGED, detail=f"reading it failed: {error.strerror}")


def _examined(
    raw: BufferedReader, path: Path, long_side: int, per_second: float, limit_seconds: float
) -> Film | Unreadable:
    """Look at an opened file from the outside in; the first thing that is wrong is told."""
    form = demuxable(raw)
    if isinstance(form, Unreadable):
        return form
    cut = cut_short(raw, form)
    if cut is not None:
        return cut
    try:
        with opened(raw, form) as container:
            made = created(container)
            seconds = length(container, form, limit_seconds)
        if isinstance(seconds, Unreadable):
            return seconds
        frames = _frames(path, form, long_side, per_second)
        with closing(_frames(path, form, long_side, per_second)) as trial:
            if next(trial, None) is None:
                detail = f"{form}: not one of its pictures can be decoded"
                return Unreadable(reason=Reason.DAMAGED, detail=detail)
    except film_troubles() as error:
        return explain_film(error, raw, form)
    return Film(created=made, seconds=seconds, sha256=_sha256(raw), frames=frames)


def _sha256(raw: BufferedReader) -> str:
    """Hash a file from its beginning."""
    raw.seek(0)
    return hashlib.file_digest(raw, "sha256").hexdigest()


def _frames(path: Path, form: Format, long_side: int, per_second: float) -> Generator[Frame]:
    """Decode, thin out, turn upright. The file is opened when the first frame is asked for."""
    start: float | None = None
    shown = -1
    with path.open("rb") as raw, opened(raw, form) as container:
        stream = pictures(container)
        assert stream is not None
        wide = pixel_width(stream)
        for time, frame in _decoded(container, stream):
            start = time if start is None else start
            # The nth frame shown is the first one in the nth slot of 1 / per_second.
            slot = int((time - start) * per_second + 1e-6)
            rgb = upright(frame, long_side, wide) if slot > shown else None
            if rgb is not None:
                shown = slot
                yield time - start, rgb


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[tuple[float, VideoFrame]]:
    """Decode on one thread; a damaged packet leaves a gap, a damaged file ends the film."""
    on_one_thread(stream)
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except film_troubles():
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except film_troubles():
            continue
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None:
                yield float(frame.pts * frame.time_base), frame
