"""Which steps a face did, when, and with calm in between: from measures against its own neutral.

Owns how large a step must be and how long it must last. Knows no challenge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity.challenge import Step
from selfcheck.identity.pose import Array, Measures, apparent, steadied

STEPS: Final = tuple(Step)
_EYES: Final = STEPS.index(Step.CLOSE_EYES)
_MOUTH: Final = STEPS.index(Step.OPEN_MOUTH)
_WHOLE: Final = tuple(i for i in range(len(STEPS)) if i not in (_EYES, _MOUTH))
TURNED: Final = tuple(i for i in _WHOLE if STEPS[i] is not Step.COME_CLOSER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large and how long. Efforts count in these sizes: 1 is just enough.

    Tuned on rendered people and their photos, 2026-11-22 (docs/threat-model.md).
    """

    yaw: float = 18  # degrees from neutral; a photo rolled into a third of a tube shows up to 15
    pitch: float = 11
    lips: float = 9  # mm of a mean head; speech stays below
    eyes: float = 0.35  # of the own opening that must be gone
    closer: float = 0.25  # larger by this share
    release: float = 0.7  # effort at which a step ends
    lead: float = 1.2  # times the effort of a turned or nodding head that eyes and mouth need
    calm: float = 0.6  # effort below which nothing is being done
    hold: float = 0.25  # seconds a step must last
    eyes_hold: float = 0.55  # a blink lasts 0.1 to 0.4 seconds
    calm_frames: int = 2  # between two steps
    # A head passes through what lies between; stills in several poses, cut together, do not.
    between: tuple[float, float] = (0.25, 0.8)  # of a step's height
    sudden: int = 1  # ways there or back, in the whole film, that may be too quick to be seen
    start: float = 0.7  # seconds of calm at the film's start
    start_within: float = 6.0  # seconds: the hand that started the camera needs time to go
    # What calm is: by how much the head may sway (degrees, share of its size), and how far it
    # may be off a mean head that looks straight. Heads of press photos spread over
    # 45 degrees of pitch.
    sway: float = 3.0
    sway_closer: float = 0.03
    off_yaw: float = 14
    off_pitch: float = 28
    mean_pitch: float = -4
    open_eyes: float = 2.5  # mm; press photos: 6.8, and 3 in one of a hundred
    closed_lips: float = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Neutral:
    """A person's own neutral: medians over the calm start, whose first and last frame it names."""

    first: int
    last: int
    yaw: float
    pitch: float
    eyes: float
    lips: float
    scale: float
    plane: Array = field(repr=False)
    keystone: Array = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One step that was done, and the first and last frame in which it was large enough."""

    step: Step
    first: int
    last: int


def calm_start(seconds: Array, measures: Measures, size: Size) -> Neutral | None:
    """Find the first calm face, looking at the camera with open eyes and closed mouth."""
    for first in range(len(seconds)):
        if seconds[first] - seconds[0] > size.start_within:
            return None
        last = int(np.searchsorted(seconds, seconds[first] + size.start - 1e-6))
        if last >= len(seconds):
            return None
        found = neutral(measures, first, last)
        if is_calm(measures, found, size):
            return found
    return None


def neutral(measures: Measures, first: int, last: int) -> Neutral:
    """Give the medians over the frames from first to last."""
    own = slice(first, last + 1)
    return Neutral(
        first=first,
        last=last,
        yaw=float(np.median(measures.yaw[own])),
        pitch=float(np.median(measures.pitch[own])),
        eyes=float(np.median(measures.eyes[own])),
        lips=float(np.median(measures.lips[own])),
        scale=float(np.median(measures.scale[own])),
        plane=np.median(measures.plane[own], axis=0),
        keystone=np.median(measures.keystone[own], axis=0),
    )


def is_calm(measures: Measures, found: Neutral, size: Size) -> bool:
    """Say whether a face holds still, looks straight, with open eyes and closed mouth."""
    own = slice(found.first, found.last + 1)
    still = max(measures.yaw[own].std(), measures.pitch[own].std()) < size.sway
    near = (measures.scale[own] / found.scale).std() < size.sway_closer
    yaw, pitch = abs(found.yaw), abs(found.pitch - size.mean_pitch)
    straight = yaw < size.off_yaw and pitch < size.off_pitch
    at_rest = found.eyes > size.open_eyes and found.lips < size.closed_lips
    return bool(still and near and straight and at_rest)


def efforts(measures: Measures, neutral: Neutral, size: Size, *, flat: bool = False) -> Array:
    """Give how much of each step every frame shows: (steps, n), in the order of `Step`.

    Single frames that stray are smoothed away (median of three). `flat` counts a tilted picture
    for a turned head, which tells what somebody tried to do.
    """
    yaw = (measures.yaw - neutral.yaw) / size.yaw
    pitch = (measures.pitch - neutral.pitch) / size.pitch
    if flat:
        across, up = apparent(measures, neutral.plane, neutral.keystone)
        yaw = np.where(np.abs(across) / size.yaw > np.abs(yaw), across / size.yaw, yaw)
        pitch = np.where(np.abs(up) / size.pitch > np.abs(pitch), up / size.pitch, pitch)
    found = {
        Step.TURN_LEFT: yaw,
        Step.TURN_RIGHT: -yaw,
        Step.LOOK_UP: pitch,
        Step.LOOK_DOWN: -pitch,
        Step.OPEN_MOUTH: (measures.lips - neutral.lips) / size.lips,
        Step.CLOSE_EYES: (1 - measures.eyes / neutral.eyes) / size.eyes,
        Step.COME_CLOSER: (measures.scale / neutral.scale - 1) / size.closer,
    }
    return steadied(np.stack([found[step] for step in STEPS]), axis=1)


def calm(rows: Array, size: Size) -> NDArray[np.bool_]:
    """Say in which frames nothing is being done: (n,)."""
    return np.asarray((rows < size.calm).all(axis=0))


def done(seconds: Array, rows: Array, start: int, size: Size) -> tuple[Done, ...]:
    """List the steps done from frame `start` on, in their order, too short ones left out."""
    resting = calm(rows, size)
    found: list[Done] = []
    for one in _runs(rows, start, size):
        before = found[-1] if found else None
        if before and before.step is one.step and not resting[before.last : one.first].any():
            found[-1] = Done(step=one.step, first=before.first, last=one.last)
        else:
            found.append(one)
    return tuple(one for one in found if _lasts(one, seconds, size))


def _runs(rows: Array, start: int, size: Size) -> list[Done]:
    found: list[Done] = []
    current: int | None = None
    first = start
    count = rows.shape[1]
    for frame in range(start, count):
        leading = _leading(rows[:, frame], size)
        goes_on = current is not None and rows[current, frame] >= size.release
        if goes_on and leading in (None, current):
            continue
        if current is not None:
            found.append(Done(step=STEPS[current], first=first, last=frame - 1))
        current, first = leading, frame
    if current is not None:
        found.append(Done(step=STEPS[current], first=first, last=count - 1))
    return found


def _leading(row: Array, size: Size) -> int | None:
    """Give the step that one frame shows, if any.

    Seen from above, open eyes look closed; and eyes that close or a mouth that opens move points
    by which pose is measured. So the larger effort tells, and a part needs a clear lead.
    """
    whole = max(_WHOLE, key=lambda i: float(row[i]))
    part = _MOUTH if row[_MOUTH] >= row[_EYES] else _EYES
    turned = max(float(row[i]) for i in TURNED)
    if row[part] >= 1 and row[part] > size.lead * turned:
        return part
    return whole if row[whole] >= 1 else None


def _lasts(one: Done, seconds: Array, size: Size) -> bool:
    # From the middle of the frame before to the middle of the one after: a frame lasts too.
    frame = float(np.median(np.diff(seconds)))
    lasted = float(seconds[one.last] - seconds[one.first]) + frame
    return lasted >= (size.eyes_hold if one.step is Step.CLOSE_EYES else size.hold)


def rests_between(before: Done, after: Done, resting: NDArray[np.bool_], size: Size) -> bool:
    """Say whether the person looked straight at the camera between two steps."""
    return int(resting[before.last + 1 : after.first].sum()) >= size.calm_frames


def sudden(rows: Array, kept: Sequence[Done], start: int, size: Size) -> int:
    """Count the ways there and back of whole-head steps on which no frame shows the head between.

    start: the frame from which the first way counts. The way back of the last step need not be
    in the film.
    """
    ends = [start, *(one.last for one in kept)]
    begins = [*(one.first for one in kept[1:]), None]
    missing = 0
    for one, before, after in zip(kept, ends, begins, strict=False):
        if one.step in (Step.OPEN_MOUTH, Step.CLOSE_EYES):
            continue
        row = rows[STEPS.index(one.step)]
        low, high = (share * row[one.first : one.last + 1].max() for share in size.between)
        passing = (row > low) & (row < high)
        high_up = one.first + np.flatnonzero(row[one.first : one.last + 1] >= high)
        missing += not passing[before : high_up[0]].any()
        missing += after is not None and not passing[high_up[-1] : after].any()
    return missing
