"""Whether a film shows one living person doing the steps of a challenge, in their order.

Owns the verdict over frames; a pure function, which film and live camera feed alike. Who the
person is, and when the film was made, is `acceptance`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity import depth, order
from selfcheck.identity.aspects import Aspect
from selfcheck.identity.challenge import STEPS, Challenge, Step
from selfcheck.identity.comparison import mean
from selfcheck.identity.frames import FrameSeen
from selfcheck.identity.pose import Array, Measures, foreshortening
from selfcheck.identity.refusal import Refusal
from selfcheck.identity.steps import (
    TURNED,
    Done,
    Neutral,
    Size,
    calm,
    calm_start,
    done,
    efforts,
    rests_between,
    sudden,
)
from selfcheck.identity.track import Continuity, Track, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What a film must show.

    mirrored: whether a film may show left and right swapped throughout. Some phones save films
    as their screen showed them. That gives away one bit of the challenge's ten; a camera whose
    mirroring we know need not give it.
    """

    continuity: Continuity = field(default_factory=Continuity)
    size: Size = field(default_factory=Size)
    longest: float = 300  # seconds
    to_the_end: bool = False  # whether what comes after the last step belongs to the check
    mirrored: bool = True
    tilt: float = 32  # degrees that a flat thing may seem to be tilted
    turned: float = 12  # degrees of yaw or pitch that must be seen by then
    tilt_share: float = 1.2  # of the turn that a head shows; a bent photo shows a little of it
    flat_frames: int = 5
    deep: depth.Least = field(default_factory=depth.Least)
    frontal_frames: int = 8  # looking straight, for the comparison
    pause: float = 6.0  # seconds in which somebody who is there would have done something


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of a check, and the figures behind it; never an encoding.

    step: the number of the step it is about, from 1.
    """

    refusal: Refusal | None = None
    step: int | None = None
    measures: Mapping[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Say whether the check was passed."""
        return self.refusal is None

    @property
    def reason(self) -> str | None:
        """Say why not, in words for people; None for a check that was passed."""
        if self.refusal is None:
            return None
        return self.refusal.value + (f" (step {self.step})" if self.step else "")

    @property
    def hint(self) -> str:
        """Say what would help."""
        return "" if self.refusal is None else self.refusal.hint


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Live:
    """A verdict with what led to it where it was passed.

    encoding: the mean of the frames that look straight. done: the steps as they were done, by the
    numbers of the track's frames; resting: in which frames nothing was being done.
    """

    verdict: Verdict
    encoding: Array | None = field(default=None, repr=False)
    track: Track | None = field(default=None, repr=False)
    done: tuple[Done, ...] = ()
    resting: NDArray[np.bool_] | None = field(default=None, repr=False)


def watch(
    frames: Sequence[FrameSeen], challenge: Challenge, demands: Demands | None = None
) -> Verdict:
    """Say whether these frames show one person doing the challenge, and why if they do not."""
    return observe(frames, challenge, demands).verdict


def observe(
    frames: Sequence[FrameSeen],
    challenge: Challenge,
    demands: Demands | None = None,
    *,
    left_out: Collection[Aspect] = (),
) -> Live:
    """Judge like `watch`, and keep what the comparison with the references needs.

    `left_out` tells what a test is worth; nothing that guards hands it in.
    """
    demands = demands or Demands()
    if not frames:
        return _refused(Refusal.NO_PICTURES)
    if frames[-1].seconds - frames[0].seconds > demands.longest:
        return _refused(Refusal.TOO_LONG)
    track = follow(frames, demands.continuity, left_out=left_out)
    if isinstance(track, Refusal):
        return _refused(track)
    neutral = calm_start(track.seconds, track.measures, demands.size)
    if neutral is None:
        return _refused(Refusal.NO_NEUTRAL_START)
    if Aspect.DEPTH not in left_out and _is_flat(track.measures, neutral, demands):
        return _refused(Refusal.FLAT)
    return _steps(track, neutral, challenge, demands, left_out)


def _refused(refusal: Refusal, step: int | None = None) -> Live:
    return Live(verdict=Verdict(refusal=refusal, step=step))


def _is_flat(measures: Measures, neutral: Neutral, demands: Demands) -> bool:
    tilt = foreshortening(measures.plane, neutral.plane)
    turned = np.hypot(measures.yaw - neutral.yaw, measures.pitch - neutral.pitch)
    # An open mouth pulls its corners along, which are among the rigid points for want of better.
    shut = measures.lips - neutral.lips < demands.size.lips
    flat = (tilt > demands.tilt) & (turned < demands.turned) & shut
    return int(flat.sum()) >= demands.flat_frames


def _steps(
    track: Track,
    neutral: Neutral,
    challenge: Challenge,
    demands: Demands,
    left_out: Collection[Aspect],
) -> Live:
    flat = Aspect.DEPTH in left_out
    rows = efforts(track.measures, neutral, demands.size, flat=flat)
    found = done(track.seconds, rows, neutral.last, demands.size)
    wanted, mirrored = order.as_filmed(found, challenge.steps)
    if mirrored and not demands.mirrored:
        return _refused(Refusal.MIRRORED)
    trouble = None if Aspect.STEPS in left_out else order.trouble(found, wanted)
    if trouble is not None:
        if not flat and _shown_flat(track, neutral, wanted, found, demands):
            return _refused(Refusal.NOT_DEEP, trouble[1])
        lasting = float(track.seconds[-1] - track.seconds[neutral.last])
        if all(one.step is Step.COME_CLOSER for one in found) and lasting > demands.pause:
            return _refused(Refusal.LIFELESS)
        return _refused(*trouble)
    kept = found[:STEPS]
    resting = calm(rows, demands.size)
    last = len(resting) - 1 if demands.to_the_end or not kept else kept[-1].last
    straight = resting & (np.arange(len(resting)) <= last)
    deep = _depths(track, neutral, kept, challenge, mirrored=mirrored)
    trouble = _between(kept, straight, demands, left_out)
    if trouble is None and Aspect.SAME not in left_out:
        strays = _strays_when_calm(track, neutral, straight, demands)
        trouble = (Refusal.CHANGED, None) if strays else None
    if trouble is None and Aspect.CONTINUOUS not in left_out:
        many = sudden(rows, kept, neutral.last, demands.size)
        trouble = (Refusal.JUMP, None) if many > demands.size.sudden else None
    if trouble is None and Aspect.DEPTH not in left_out:
        trouble = None if depth.of_a_head(deep, demands.deep) else (Refusal.NOT_DEEP, None)
    figures = _figures(track, rows, kept, straight, mirrored=mirrored) | depth.figures(deep)
    if trouble is not None:
        refusal, step = trouble
        return Live(verdict=Verdict(refusal=refusal, step=step, measures=figures))
    return Live(
        verdict=Verdict(measures=figures),
        encoding=mean(track.encodings[straight]),
        track=track,
        done=kept,
        resting=resting,
    )


def _shown_flat(
    track: Track, neutral: Neutral, wanted: Sequence[Step], found: Sequence[Done], demands: Demands
) -> bool:
    """Say whether at the step at which a film fails something was tilted that does not turn."""
    right = order.agreeing(found, wanted)
    if tuple(Step).index(wanted[right]) not in TURNED:
        return False
    start = found[right - 1].last + 1 if right else neutral.last + 1
    turned, tilted = (
        efforts(track.measures, neutral, demands.size, flat=each)[TURNED, start:].max(axis=0)
        for each in (False, True)
    )
    flat = (tilted >= demands.size.calm) & (tilted > demands.tilt_share * turned)
    return int(flat.sum()) >= demands.flat_frames


def _depths(
    track: Track,
    neutral: Neutral,
    kept: Sequence[Done],
    challenge: Challenge,
    *,
    mirrored: bool,
) -> depth.Both:
    """Measure the depth in the two steps that show it; None where one was too short."""
    still = depth.Neutral(track.landmarks[neutral.first : neutral.last + 1])
    found: list[depth.Depth | None] = []
    for step in challenge.deep:
        shown = step.mirrored if mirrored else step
        one = next((one for one in kept if one.step is shown), None)
        if one is None:
            found.append(None)
            continue
        frames = track.landmarks[one.first : one.last + 1]
        across = step in (Step.TURN_LEFT, Step.TURN_RIGHT)
        found.append(still.depth(frames, across=across))
    return found[0], found[1]


def _between(
    kept: Sequence[Done],
    straight: NDArray[np.bool_],
    demands: Demands,
    left_out: Collection[Aspect],
) -> tuple[Refusal, int | None] | None:
    """Check that the face looked straight between the steps."""
    for number, (before, after) in enumerate(pairwise(kept), start=2):
        rests = rests_between(before, after, straight, demands.size)
        if not rests and Aspect.STEPS not in left_out:
            return Refusal.NO_NEUTRAL_BETWEEN, number
    enough = int(straight.sum()) >= demands.frontal_frames
    return None if enough else (Refusal.NO_NEUTRAL_BETWEEN, None)


def _strays_when_calm(
    track: Track, neutral: Neutral, straight: NDArray[np.bool_], demands: Demands
) -> bool:
    """Say whether the face, looking straight, ever is another than at the start.

    Against the start and not against what came just before: nobody becomes another little by
    little. Means of three frames, so that one bad frame does no harm.
    """
    own = mean(track.encodings[neutral.first : neutral.last + 1])
    rows = track.encodings[straight]
    three = (rows[:-2] + rows[1:-1] + rows[2:]) / 3
    return bool((np.linalg.norm(three - own, axis=1) > demands.continuity.calm).any())


def _figures(
    track: Track, rows: Array, kept: Sequence[Done], straight: NDArray[np.bool_], *, mirrored: bool
) -> dict[str, float]:
    """Tell how far the film went past what was needed, for the record and for tuning."""
    numbers = tuple(Step)
    figures = {
        str(one.step): round(
            float(rows[numbers.index(one.step), one.first : one.last + 1].max()), 2
        )
        for one in kept
    }
    spread = np.linalg.norm(track.encodings - mean(track.encodings[straight]), axis=1)
    return figures | {
        "seconds": round(float(track.seconds[-1] - track.seconds[0]), 1),
        "frames": float(len(track.seconds)),
        "straight frames": float(straight.sum()),
        "mirrored": float(mirrored),
        "farthest frame": round(float(spread.max()), 4),
    }
