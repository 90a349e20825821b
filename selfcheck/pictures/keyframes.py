"""The frames of a film that a scan looks at: its key frames, thinned out, upright and bounded.

Owns which frames are worth a look. How a file is opened is container.py's. A film is read
twice: first its packets, then, decoded, what was chosen of them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from selfcheck.model import Finding, Reason
from selfcheck.pictures.container import (
    cut_short,
    decodable,
    demuxable,
    explain_film,
    film_troubles,
    on_one_thread,
    opened,
    pictures,
    pixel_width,
    stated,
    times,
)
from selfcheck.pictures.film_metadata import findings
from selfcheck.pictures.formats import Format
from selfcheck.pictures.frame import alike, thumbnail, upright, upright_size
from selfcheck.pictures.opening import Unreadable

if TYPE_CHECKING:
    from av import Packet, VideoFrame, VideoStream
    from av.container import InputContainer

# Named in a scan's configuration: when what is chosen of a film changes, films are looked at anew.
RULES = "key frames 2"
# Key frames further apart than so many wanted frames leave too much unseen.
_FAR_APART = 3.0
# And in a long film more seconds than these: x264's own 250 frames are 10.4 s at 24 a second.
_TOO_FAR = 12.0
# Seconds between key frames that are never too many; nobody comes and goes.
_CLOSE = 0.5
# The pictures may end before the length that is written down: sound often goes on for a while.
_MISSING_SECONDS, _MISSING_SHARE = 2.0, 0.1
_DAMAGED_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much of one film is looked at, evenly over its length.

    Where key frames are further apart than three of the frames that are wanted, or than 12 s,
    the pictures in between are decoded too, as far as `between` pixels go: ten minutes of
    1080p, which take a core two minutes or three.
    """

    a_minute: float = 30
    at_least: int = 10
    at_most: int = 600
    between: int = 40_000_000_000
    seconds: float = 24 * 3600

    def frames(self, seconds: float) -> int:
        """Give how many frames of a film of this length are looked at."""
        wanted = int(seconds * self.a_minute / 60)
        return min(max(wanted, self.at_least), self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One frame: `rgb` is upright, (H, W, 3) uint8; `width`, `height` its full size, upright.

    Its pixels are squares, whatever the film's are: both sizes have the form in which it is
    shown. `second` is counted from the film's first frame.
    """

    second: float
    rgb: NDArray[np.uint8] = field(repr=False)
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survey:
    """What a film's packets tell: its span in seconds, and which key frames stand alone.

    `gaps` gives the seconds from a key frame, by its packet's number, to the next; short ones
    are left out.
    """

    start: float
    seconds: float
    gaps: Mapping[int, float]
    pixel_width: float  # how wide a pixel is shown for its height
    cut: Unreadable | None


class KeyFrames:
    """The chosen frames of one film, to be gone through once, while its file is open.

    `left_out` says afterwards why some part could not be looked at, None where all of it was.
    """

    def __init__(
        self, raw: BinaryIO, form: Format, survey: _Survey, found: tuple[Finding, ...]
    ) -> None:
        """Keep what is needed to go through it; `key_frames` is the way to make one."""
        self.seconds = survey.seconds
        self.findings = found
        self.left_out = survey.cut
        self._raw = raw
        self._form = form
        self._survey = survey
        self._pixel_width = survey.pixel_width

    def frames(self, *, long_side: int, budget: Budget) -> Iterator[Frame]:
        """Decode the chosen frames in order, at most `long_side` pixels long.

        A frame that looks like the one given before it is left out. What cannot be decoded is
        left out too, and told by `left_out`.
        """
        last: NDArray[np.uint8] | None = None
        with opened(self._raw, self._form) as container:
            choice = _Choice(container, self._survey, budget)
            for second, frame in choice.candidates():
                small, rgb = thumbnail(frame), upright(frame, long_side, self._pixel_width)
                if small is None or rgb is None:
                    continue
                choice.took(second)
                if last is not None and alike(last, small):
                    continue
                last = small
                width, height = upright_size(frame, self._pixel_width)
                at = round(min(max(second, 0.0), self.seconds), 2)
                yield Frame(second=at, rgb=rgb, width=width, height=height)
            self.left_out = self.left_out or choice.trouble(self._form)


def key_frames(raw: BinaryIO, *, budget: Budget | None = None) -> KeyFrames | Unreadable:
    """Survey a film in a seekable file: MP4, QuickTime, Matroska, WebM or AVI.

    Decodes nothing yet. NOT_A_PICTURE means that it holds sound only. What reading from the
    file object raises passes through.
    """
    budget = budget or Budget()
    form = demuxable(raw)
    if isinstance(form, Unreadable):
        return form
    try:
        with opened(raw, form) as container:
            stream = decodable(container, form)
            if isinstance(stream, Unreadable):
                return stream
            found = findings(container)
            survey = _survey(raw, container, stream, form)
    except film_troubles() as error:
        return explain_film(error, raw, form)
    if isinstance(survey, Unreadable):
        return survey
    if survey.seconds > budget.seconds:
        detail = f"{form}: it lasts {survey.seconds / 3600:.0f} hours"
        return Unreadable(reason=Reason.TOO_LARGE, detail=detail)
    return KeyFrames(raw, form, survey, found)


def clock(seconds: float) -> str:
    """Write a place in a film as people do: 0:42, 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _survey(
    raw: BinaryIO, container: InputContainer, stream: VideoStream, form: Format
) -> _Survey | Unreadable:
    """Go through the packets without decoding; what comes before a break is kept."""
    first, last, key_at, key_number = float("inf"), float("-inf"), float("inf"), -1
    gaps: dict[int, float] = {}
    cut: Unreadable | None = None
    try:
        for number, packet in enumerate(_packets(container, stream)):
            if packet.has_sidedata("encryption_info"):
                detail = f"{form}: its pictures are encrypted"
                return Unreadable(reason=Reason.ENCRYPTED, detail=detail)
            begins, ends = times(packet)
            first, last = min(first, begins), max(last, ends)
            if last - key_at > _CLOSE:
                gaps[key_number] = last - key_at
            if packet.is_keyframe:
                key_at, key_number = begins, number
    except film_troubles() as error:
        cut = explain_film(error, raw, form)
    cut = cut or cut_short(raw, form)
    if key_number < 0 or last < first:
        nothing = f"{form}: it holds no picture that can be decoded"
        return cut or Unreadable(reason=Reason.DAMAGED, detail=nothing)
    seconds = max(last - first, 0.0)
    cut = cut or _missing(seconds, stated(container, stream, form), form)
    return _Survey(
        start=first, seconds=seconds, gaps=gaps, pixel_width=pixel_width(stream), cut=cut
    )


def _missing(seconds: float, written: float, form: Format) -> Unreadable | None:
    if written - seconds <= max(_MISSING_SECONDS, _MISSING_SHARE * written):
        return None
    detail = f"{form}: it should last {clock(written)}, its pictures end after {clock(seconds)}"
    return Unreadable(reason=Reason.TRUNCATED, detail=detail)


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """Read the packets of the pictures; nothing else of the film is read where that can be."""
    import av

    for other in container.streams:
        if other.index != stream.index:
            other.discard = av.stream.Discard.all
    for packet in container.demux(stream):
        if packet.size:
            yield packet


class _Choice:
    """Goes through a film a second time and decodes what is wanted: one frame in each slot."""

    def __init__(self, container: InputContainer, survey: _Survey, budget: Budget) -> None:
        self._container = container
        self._survey = survey
        self._frames = budget.frames(survey.seconds)
        self._shown = -1
        self._tried: set[int] = set()
        self._taken: set[int] = set()
        self._broken = False  # since the last key frame: what follows is built on it
        self._between = budget.between
        self._ended: float | None = None  # where decoding between key frames was given up

    def candidates(self) -> Generator[tuple[float, VideoFrame]]:
        """Decode a frame for each slot that has none yet, with its second."""
        stream = pictures(self._container)
        assert stream is not None, "the survey found it"
        on_one_thread(stream)
        gap = 0.0  # of the key frame from which is decoded on
        packets = enumerate(_packets(self._container, stream))
        while (numbered := _next(packets)) is not None:
            number, packet = numbered
            if packet.is_keyframe:
                if gap:
                    yield from self._between_keys(stream, None, 0.0)
                at = times(packet)[0]
                gap = self._affordable(self._gap(number, at), at)
                yield from self._alone(stream, packet, flush=not gap)
            elif gap:
                yield from self._between_keys(stream, packet, times(packet)[0])
                gap = self._affordable(gap, times(packet)[0])
                if not gap:
                    stream.codec_context.flush_buffers()
        if gap:
            yield from self._between_keys(stream, None, 0.0)

    def took(self, second: float) -> None:
        """Note that a slot has its frame, and count it, unless it is built on a damaged one."""
        self._shown = max(self._shown, self._slot(second))
        if not self._broken:
            self._taken.add(self._slot(second))

    def trouble(self, form: Format) -> Unreadable | None:
        """Say what could not be looked at, if that is worth a word."""
        failed = len(self._tried - self._taken)
        if not self._taken:
            detail = f"{form}: not one of its pictures can be decoded"
            return Unreadable(reason=Reason.DAMAGED, detail=detail)
        if failed > _DAMAGED_SHARE * len(self._tried):
            detail = f"{form}: {failed} of {len(self._tried)} pictures cannot be decoded"
            return Unreadable(reason=Reason.DAMAGED, detail=detail)
        if self._ended is not None:
            detail = (
                f"{form}: its key frames are far apart; between them it was looked at up to "
                f"{clock(self._ended)} of {clock(self._survey.seconds)}"
            )
            return Unreadable(reason=Reason.TOO_LARGE, detail=detail)
        return None

    def _slot(self, second: float) -> int:
        share = second / self._survey.seconds if self._survey.seconds else 0.0
        return min(int(min(max(share, 0.0), 1.0) * self._frames), self._frames - 1)

    def _wanted(self, second: float) -> bool:
        return self._slot(second) > self._shown

    def _alone(
        self, stream: VideoStream, packet: Packet[VideoStream], *, flush: bool
    ) -> Iterator[tuple[float, VideoFrame]]:
        """Decode one key frame; without `flush` the decoder goes on to what follows it."""
        at = times(packet)[0] - self._survey.start
        if flush and not (self._wanted(at) and at < float("inf")):
            return
        self._tried.add(self._slot(at))
        decoder = stream.codec_context
        decoder.skip_frame = "DEFAULT" if flush else "NONREF"
        frames = _decode(stream, packet)
        if flush:
            frames += _decode(stream, None)
            decoder.flush_buffers()
        self._broken = any(frame.is_corrupt for frame in frames)
        if not self._broken and self._wanted(at):
            yield from ((at, frame) for frame in frames[:1])

    def _between_keys(
        self, stream: VideoStream, packet: Packet[VideoStream] | None, at: float
    ) -> Iterator[tuple[float, VideoFrame]]:
        """Decode on; None ends the stretch and gives what the decoder still held back."""
        for frame in _decode(stream, packet):
            self._between -= frame.width * frame.height
            second = at - self._survey.start
            if frame.pts is not None and stream.time_base is not None:
                second = float(frame.pts * stream.time_base) - self._survey.start
            if not self._wanted(second):
                continue
            self._tried.add(self._slot(second))
            self._broken = self._broken or frame.is_corrupt
            if not frame.is_corrupt:
                yield second, frame
        if packet is None:
            stream.codec_context.flush_buffers()

    def _gap(self, number: int, at: float) -> float:
        """Give the seconds after a key frame, 0 where it alone is enough of them.

        One whose slot has its frame already is not looked at; the last look was up to a slot ago.
        """
        gap = self._survey.gaps.get(number, 0.0)
        slots = _FAR_APART if self._wanted(at - self._survey.start) else _FAR_APART - 1
        enough = min(_TOO_FAR, slots * self._survey.seconds / self._frames)
        return gap if gap > enough else 0.0

    def _affordable(self, gap: float, at: float) -> float:
        """Give the gap back, or 0 where the budget is spent; one too far is then told of."""
        if self._between > 0:
            return gap
        if gap > _TOO_FAR and self._ended is None:
            self._ended = at - self._survey.start
        return 0.0


def _next(
    packets: Iterator[tuple[int, Packet[VideoStream]]],
) -> tuple[int, Packet[VideoStream]] | None:
    """Give the next packet; a break in the file, which the survey has told of, is the end."""
    try:
        return next(packets, None)
    except film_troubles():
        return None


def _decode(stream: VideoStream, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
    """Decode one packet, or what is held back; damage gives no frame."""
    try:
        return list(stream.codec_context.decode(packet))
    except film_troubles():
        return []
