"""One face through a film: which face of each frame it is, and whether it stays the same.

Owns continuity of place, size and encoding, and who else is there. Knows nothing of steps.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity.aspects import Aspect
from selfcheck.identity.comparison import mean
from selfcheck.identity.frames import FaceSeen, FrameSeen
from selfcheck.identity.pose import Array, Measures, measure, steadied
from selfcheck.identity.refusal import Refusal
from selfcheck.model import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuity:
    """What still counts as one film of one face. Sizes are widths of the face's box."""

    frames_per_second: float = 8
    gap: float = 0.5  # seconds: without a picture, and without the face
    shutters: float = 3.0  # seconds at either end in which the face may not be there yet, or gone
    face_share: float = 0.7  # of all frames
    width: int = 80  # pixels; dlib's landmarks and encodings want no less
    second_share: float = 0.5  # of the width, from which on another face is a person
    second_frames: int = 3  # a finder may see a face for a moment where none is
    step: float = 0.6  # widths that the face may move from one frame to the next
    growth: float = 1.35  # times its size from one frame to the next
    # Distances of encodings. The face turns, so single frames stray farther from the mean than
    # pictures of one person looking straight; a change of person stays away for good.
    sudden: float = 0.55  # between the means of three frames before and after
    straying: float = 0.62  # a frame to the mean of all before it
    straying_frames: int = 3
    calm: float = 0.45  # looking straight, to the mean of the film's calm start


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """The face that a film shows, frame by frame where it is seen: times, measures, encodings.

    landmarks: (n, 68, 2).
    """

    seconds: Array
    measures: Measures = field(repr=False)
    encodings: Array = field(repr=False)
    landmarks: NDArray[np.float32] = field(repr=False)


def follow(
    frames: Sequence[FrameSeen],
    limits: Continuity,
    *,
    left_out: Collection[Aspect] = (),
) -> Track | Refusal:
    """Follow the one face of a film; give the reason if it is not one and the same throughout.

    frames: at their times, ascending. Other faces count only from half the width of the one.
    """
    faces = _choose(frames)
    refusal = _enough_frames(frames, limits) or _seen_throughout(frames, faces, limits)
    if refusal is None and Aspect.ALONE not in left_out:
        refusal = _alone(frames, faces, limits)
    if refusal is not None:
        return refusal
    seen = [(frame.seconds, face) for frame, face in zip(frames, faces, strict=True) if face]
    if float(np.median([face.box.width for _, face in seen])) < limits.width:
        return Refusal.TOO_SMALL
    landmarks = np.stack([face.landmarks for _, face in seen])
    track = Track(
        seconds=np.array([seconds for seconds, _ in seen]),
        measures=measure(landmarks),
        encodings=np.stack([face.encoding for _, face in seen]).astype(np.float64),
        landmarks=landmarks,
    )
    if Aspect.CONTINUOUS not in left_out and _jumps(track, limits):
        return Refusal.JUMP
    if Aspect.SAME not in left_out and _changes(track.encodings, limits):
        return Refusal.CHANGED
    return track


def _choose(frames: Sequence[FrameSeen]) -> list[FaceSeen | None]:
    """Take the largest face at first, then the one nearest to where it was."""
    chosen: list[FaceSeen | None] = []
    before: FaceSeen | None = None
    for frame in frames:
        if not frame.faces:
            chosen.append(None)
            continue
        before = nearest(frame.faces, before)
        chosen.append(before)
    return chosen


def nearest(faces: Sequence[FaceSeen], before: FaceSeen | None) -> FaceSeen:
    """Give the face that was followed so far, or the largest one at first."""
    largest = max(faces, key=lambda face: face.box.width)
    if before is None:
        return largest
    near = min(faces, key=lambda face: _apart(face.box, before.box))
    # A finder's slip beside the face is small; the person is what is large.
    return near if near.box.width >= largest.box.width / 2 else largest


def _enough_frames(frames: Sequence[FrameSeen], limits: Continuity) -> Refusal | None:
    if len(frames) < 2:  # noqa: PLR2004 -- a film has a before and an after
        return Refusal.NO_PICTURES
    steps = np.diff([frame.seconds for frame in frames])
    lasting = frames[-1].seconds - frames[0].seconds
    # A hair of room, so that eight a second, counted in milliseconds, are eight.
    few = len(steps) < (limits.frames_per_second - 0.05) * lasting
    if few or steps.min() <= 0 or steps.max() > limits.gap:
        return Refusal.TOO_FEW_FRAMES
    return None


def _seen_throughout(
    frames: Sequence[FrameSeen], faces: Sequence[FaceSeen | None], limits: Continuity
) -> Refusal | None:
    times = [frame.seconds for frame, face in zip(frames, faces, strict=True) if face]
    if len(times) < max(limits.face_share * len(faces), 2):
        return Refusal.NO_FACE
    late = times[0] - frames[0].seconds > limits.shutters
    early = frames[-1].seconds - times[-1] > limits.shutters
    if late or early or max(np.diff(times)) > limits.gap:
        return Refusal.LOST
    return None


def _alone(
    frames: Sequence[FrameSeen], faces: Sequence[FaceSeen | None], limits: Continuity
) -> Refusal | None:
    others = sum(
        any(other_person(face, one, limits) for face in frame.faces)
        for frame, one in zip(frames, faces, strict=True)
        if one is not None
    )
    return Refusal.TWO_PEOPLE if others >= limits.second_frames else None


def other_person(face: FaceSeen, one: FaceSeen, limits: Continuity | None = None) -> bool:
    """Say whether a face is somebody beside `one`, near enough to count."""
    limits = limits or Continuity()
    if face is one or face.box.width < limits.second_share * one.box.width:
        return False
    # Two boxes on one face are the finder's; two heads keep half a face apart.
    return _apart(face.box, one.box) > 0.5 * one.box.width


def _apart(a: Box, b: Box) -> float:
    across = (a.left + a.right - b.left - b.right) / 2
    return float(np.hypot(across, (a.top + a.bottom - b.top - b.bottom) / 2))


def _jumps(track: Track, limits: Continuity) -> bool:
    # One frame in which the landmarks slip, and no other, is smoothed away: a cut stays.
    scale = steadied(track.measures.scale, axis=0)
    # A mean head is 140 mm wide, so this is the face's width in pixels whatever the box does.
    width = 140 * np.minimum(scale[1:], scale[:-1])
    moved = np.linalg.norm(np.diff(steadied(track.measures.centre, axis=0), axis=0), axis=1) / width
    grown = np.abs(np.diff(np.log(scale)))
    # Frames that the finder missed leave more time to move.
    frames = np.maximum(1, np.diff(track.seconds) * limits.frames_per_second)
    far = moved > limits.step * frames
    return bool(far.any() or (grown > np.log(limits.growth) * frames).any())


def _changes(encodings: Array, limits: Continuity) -> bool:
    """Say whether the face becomes another: at once, or by straying from what it was."""
    few = limits.straying_frames
    if len(encodings) <= 2 * few:
        return bool((np.linalg.norm(encodings - mean(encodings), axis=1) > limits.straying).any())
    sums = np.cumsum(np.vstack([np.zeros_like(encodings[:1]), encodings]), axis=0)
    three = (sums[few:] - sums[:-few]) / few
    sudden = np.linalg.norm(three[few:] - three[:-few], axis=1)
    counts = np.arange(few, len(encodings))[:, None]
    stray = np.linalg.norm(encodings[few:] - sums[few:-1] / counts, axis=1) > limits.straying
    in_a_row = np.convolve(stray, np.ones(few), "valid")
    return bool((sudden > limits.sudden).any() or (in_a_row >= few).any())
