"""Whether a film shows one living person doing the steps of a challenge, in their order.

Owns the verdict over frames; a pure function, which film and live camera feed alike. Who the
person is, and when the film was made, is `acceptance`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity.challenge import STEPS, Challenge, Step
from selfcheck.identity.comparison import mean
from selfcheck.identity.frames import FrameSeen
from selfcheck.identity.pose import Array, Measures, foreshortening
from selfcheck.identity.refusal import Refusal
from selfcheck.identity.steps import (
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
    mirrored: bool = True
    tilt: float = 32  # degrees that a flat thing may seem to be tilted
    depth: float = 12  # degrees of yaw or pitch that must be seen by then
    flat_frames: int = 5
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
    """A verdict with the mean encoding of the frames that look straight, where it was passed."""

    verdict: Verdict
    encoding: Array | None = field(default=None, repr=False)


def watch(
    frames: Sequence[FrameSeen], challenge: Challenge, demands: Demands | None = None
) -> Verdict:
    """Say whether these frames show one person doing the challenge, and why if they do not."""
    return observe(frames, challenge, demands).verdict


def observe(
    frames: Sequence[FrameSeen], challenge: Challenge, demands: Demands | None = None
) -> Live:
    """Judge like `watch`, and keep the mean encoding for the comparison with the references."""
    demands = demands or Demands()
    if not frames:
        return _refused(Refusal.NO_PICTURES)
    if frames[-1].seconds - frames[0].seconds > demands.longest:
        return _refused(Refusal.TOO_LONG)
    track = follow(frames, demands.continuity)
    if isinstance(track, Refusal):
        return _refused(track)
    neutral = calm_start(track.seconds, track.measures, demands.size)
    if neutral is None:
        return _refused(Refusal.NO_NEUTRAL_START)
    if _is_flat(track.measures, neutral, demands):
        return _refused(Refusal.FLAT)
    return _steps(track, neutral, challenge, demands)


def _refused(refusal: Refusal, step: int | None = None) -> Live:
    return Live(verdict=Verdict(refusal=refusal, step=step))


def _is_flat(measures: Measures, neutral: Neutral, demands: Demands) -> bool:
    tilt = foreshortening(measures.plane, neutral.plane)
    turned = np.hypot(measures.yaw - neutral.yaw, measures.pitch - neutral.pitch)
    # An open mouth pulls its corners along, which are among the rigid points for want of better.
    shut = measures.lips - neutral.lips < demands.size.lips
    flat = (tilt > demands.tilt) & (turned < demands.depth) & shut
    return int(flat.sum()) >= demands.flat_frames


def _steps(track: Track, neutral: Neutral, challenge: Challenge, demands: Demands) -> Live:
    rows = efforts(track.measures, neutral, demands.size)
    found = done(track.seconds, rows, neutral.last, demands.size)
    wanted, mirrored = _as_filmed(found, challenge.steps)
    if mirrored and not demands.mirrored:
        return _refused(Refusal.MIRRORED)
    trouble = _order(found, wanted)
    if trouble is not None:
        lasting = float(track.seconds[-1] - track.seconds[neutral.last])
        if all(one.step is Step.COME_CLOSER for one in found) and lasting > demands.pause:
            return _refused(Refusal.LIFELESS)
        return _refused(*trouble)
    kept = found[:STEPS]
    resting = calm(rows, demands.size)
    straight = resting & (np.arange(len(resting)) <= kept[-1].last)
    trouble = _between(track, neutral, kept, straight, demands)
    if trouble is None and sudden(rows, kept, neutral.last, demands.size) > demands.size.sudden:
        trouble = (Refusal.JUMP, None)
    if trouble is not None:
        return _refused(*trouble)
    figures = _figures(track, rows, kept, straight, mirrored=mirrored)
    return Live(verdict=Verdict(measures=figures), encoding=mean(track.encodings[straight]))


def _between(
    track: Track,
    neutral: Neutral,
    kept: Sequence[Done],
    straight: NDArray[np.bool_],
    demands: Demands,
) -> tuple[Refusal, int | None] | None:
    """Check what the face did between the steps: look straight, and stay itself."""
    for number, (before, after) in enumerate(pairwise(kept), start=2):
        if not rests_between(before, after, straight, demands.size):
            return Refusal.NO_NEUTRAL_BETWEEN, number
    if int(straight.sum()) < demands.frontal_frames:
        return Refusal.NO_NEUTRAL_BETWEEN, None
    if _strays_when_calm(track, neutral, straight, demands):
        return Refusal.CHANGED, None
    return None


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


def _as_filmed(found: Sequence[Done], steps: Sequence[Step]) -> tuple[tuple[Step, ...], bool]:
    """Give the steps as this film shows them: as they are, or all turns swapped by a mirror."""
    swapped = tuple(step.mirrored for step in steps)
    mirrored = _agreeing(found, swapped) > _agreeing(found, steps)
    return (swapped, True) if mirrored else (tuple(steps), False)


def _agreeing(found: Sequence[Done], wanted: Sequence[Step]) -> int:
    pairs = zip(found, wanted, strict=False)
    return next((i for i, (one, step) in enumerate(pairs) if one.step is not step), len(found))


def _order(found: Sequence[Done], wanted: Sequence[Step]) -> tuple[Refusal, int | None] | None:
    """Compare what was done with what was wanted: the trouble and the step it is about."""
    agreeing = min(_agreeing(found, wanted), len(wanted))
    if agreeing == len(wanted):
        return None
    number = agreeing + 1
    seen = [one.step for one in found]
    if agreeing == len(seen):
        return Refusal.CUT_SHORT, number
    if seen == [step for step in wanted if step in seen]:
        return Refusal.STEP_MISSING, number
    if sorted(seen) == sorted(wanted):
        return Refusal.WRONG_ORDER, number
    return Refusal.WRONG_STEP, number


def _figures(
    track: Track, rows: Array, kept: Sequence[Done], straight: NDArray[np.bool_], *, mirrored: bool
) -> dict[str, float]:
    """Tell how far the film went past what was needed, for the record and for tuning."""
    order = tuple(Step)
    figures = {
        str(one.step): round(float(rows[order.index(one.step), one.first : one.last + 1].max()), 2)
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
