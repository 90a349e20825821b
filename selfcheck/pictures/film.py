"""A film's frames, upright and small, as the filmed check needs them.

Owns decoding and thinning out. Whether a file may be opened, and how, is container.py's.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Reason
from selfcheck.pictures.change import change
from selfcheck.pictures.codes import read_codes
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
from selfcheck.pictures.frame import grey, thumbnail, upright
from selfcheck.pictures.opening import Unreadable

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

Frame = tuple[float, NDArray[np.uint8]]
# A film is glanced at so often a second. Cameras record 24 to 30 pictures; of 60, every second
# one shows a cut as well.
GLANCES = 30
# Codes are read so often a second, on pictures so long: at arm's length a code of 29 modules on
# a screen, a hand's breadth wide, has 200 pixels there.
READINGS = 5
_CODES_SIDE = 1280


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One picture of a film, as its beginning is looked at.

    seconds: from the first picture. change: to the glance before, but for the camera's movement,
    0 to 255; 0 for the first. codes: the texts of QR codes on it, read five times a second.
    """

    seconds: float
    change: float
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Film:
    """A film that can be read. `created` is the file's own word, aware, if it has one.

    `frames` gives (seconds from the first frame, upright RGB (H, W, 3)) once, decoding as
    it goes; what cannot be decoded is left out. `glances` does the same for up to 30 pictures
    a second, without their pixels; it need not be read to its end, but it comes first. Both read
    the file that was opened, whatever lies at its path by then, and `unchanged` says whether it
    still is the one with this SHA-256. It is closed when nothing reads it any more.
    """

    created: datetime | None
    seconds: float
    sha256: str
    frames: Iterator[Frame] = field(repr=False)
    glances: Iterator[Glance] = field(repr=False)
    unchanged: Callable[[], bool] = field(repr=False)


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
        return _examined(_Held(path.open("rb", buffering=0)), long_side, per_second, limit_seconds)
    except FileNotFoundError:
        return Unreadable(reason=Reason.VANISHED, detail="there is no such file")
    except PermissionError:
        return Unreadable(reason=Reason.NO_PERMISSION, detail="the system refuses to open it")
    except OSError as error:
        return Unreadable(reason=Reason.DAMAGED, detail=f"reading it failed: {error.strerror}")


def _examined(
    raw: BufferedReader, long_side: int, per_second: float, limit_seconds: float
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
        with closing(_frames(raw, form, long_side, per_second)) as trial:
            if next(trial, None) is None:
                detail = f"{form}: not one of its pictures can be decoded"
                return Unreadable(reason=Reason.DAMAGED, detail=detail)
    except film_troubles() as error:
        return explain_film(error, raw, form)
    digest = _sha256(raw)
    return Film(
        created=made,
        seconds=seconds,
        sha256=digest,
        frames=_frames(raw, form, long_side, per_second),
        glances=_glances(raw, form),
        unchanged=partial(_unchanged, raw, digest),
    )


def _sha256(raw: BufferedReader) -> str:
    """Hash a file from its beginning."""
    raw.seek(0)
    return hashlib.file_digest(raw, "sha256").hexdigest()


def _unchanged(raw: BufferedReader, digest: str) -> bool:
    return _sha256(raw) == digest


class _Held(BufferedReader):
    """A file that is closed with its last user, who need not see to it."""

    def __del__(self) -> None:
        self.close()


def _frames(
    raw: BufferedReader, form: Format, long_side: int, per_second: float
) -> Generator[Frame]:
    """Decode, thin out, turn upright."""
    shown = -1
    for time, frame, wide in _timed(raw, form):
        # The nth frame shown is the first one in the nth slot of 1 / per_second.
        slot = int(time * per_second + 1e-6)
        rgb = upright(frame, long_side, wide) if slot > shown else None
        if rgb is not None:
            shown = slot
            yield time, rgb


def _glances(raw: BufferedReader, form: Format) -> Generator[Glance]:
    """Compare each picture with the one before, and read codes on some."""
    glanced, read = -1, -1
    before: NDArray[np.uint8] | None = None
    for time, frame, _ in _timed(raw, form):
        slot, reading = (int(time * rate + 1e-6) for rate in (GLANCES, READINGS))
        small = thumbnail(frame) if slot > glanced else None
        if small is None:
            continue
        large = grey(frame, _CODES_SIDE) if reading > read else None
        yield Glance(
            seconds=time,
            change=0.0 if before is None else change(before, small),
            codes=() if large is None else read_codes(large),
        )
        glanced, read, before = slot, reading, small


def _timed(raw: BufferedReader, form: Format) -> Generator[tuple[float, VideoFrame, float]]:
    """Decode, with seconds from the first frame, and how wide a pixel is shown for its height.

    The file is read from its beginning once the first frame is asked for.
    """
    start: float | None = None
    raw.seek(0)
    with opened(raw, form) as container:
        stream = pictures(container)
        assert stream is not None
        wide = pixel_width(stream)
        for time, frame in _decoded(container, stream):
            start = time if start is None else start
            yield time - start, frame, wide


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
