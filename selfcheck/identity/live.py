"""The verdict of a live check: over all its frames, and what was asked when.

A pure function. The person is compared here too, as in `acceptance` for films; how the check was
led is `director`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity import light
from selfcheck.identity.acceptance import Acceptance, same_person
from selfcheck.identity.aspects import Aspect
from selfcheck.identity.assurance import Assurance
from selfcheck.identity.challenge import Challenge
from selfcheck.identity.comparison import mean
from selfcheck.identity.director import Script, seen_since
from selfcheck.identity.frames import FrameSeen
from selfcheck.identity.liveness import Demands, Live, Verdict, observe
from selfcheck.identity.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How soon a person can answer, and how late they may, in seconds."""

    soonest: float = 0.2  # to see, to understand and to have moved as far as a step
    latest: float = 8.5


LIVE = Demands(mirrored=False, longest=180, to_the_end=True)
# Distance of encodings, by which a face may seem another in the light of the screen's colours:
# the mean of all of those frames to that of all before. Whoever sits down for the colours only
# is as far from it as other people are, relatives of the owner included (0.4 and more).
_LIT: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Session:
    """A live check that is over: its frames, what was asked, and the challenge it was."""

    frames: Sequence[FrameSeen] = field(repr=False)
    script: Script
    challenge: Challenge


def accept_live(
    session: Session,
    *,
    references: NDArray[np.float32],
    now: datetime,
    left_out: Collection[Aspect] = (),
) -> Acceptance:
    """Judge a live check; references are (k, 128).

    `left_out` tells what a test is worth; nothing that guards hands it in.
    """
    live, lit = _watched(session, left_out)
    verdict = live.verdict
    if verdict.passed and Aspect.PERSON not in left_out:
        assert live.encoding is not None
        found = same_person(live.encoding, references)
        figures = {**verdict.measures, **found.measures}
        verdict = replace(verdict, refusal=found.refusal, measures=figures)
    answered = lit is not None and lit.answer is light.Answer.ANSWERED
    return Acceptance(
        verdict=verdict,
        assurance=Assurance.CAMERA if answered else Assurance.CAMERA_NO_LIGHT,
        at=now,
        measures=verdict.measures,
        without=session.challenge.without,
    )


def _watched(session: Session, left_out: Collection[Aspect]) -> tuple[Live, light.Light | None]:
    script = session.script
    if script.begins is None:
        return Live(verdict=Verdict(refusal=Refusal.NO_NEUTRAL_START)), None
    frames = seen_since(session.frames, script.begins)
    live = observe(frames, session.challenge, LIVE, left_out=left_out)
    if not live.verdict.passed:
        return live, None
    refusal = None if Aspect.RESPONSE in left_out else _untimely(live, script)
    lit = _lit(frames, live, session)
    if refusal is None and lit is not None and Aspect.LIGHT not in left_out:
        refusal = _OF_LIGHT.get(lit.answer)
    other = _other_in_the_light(live, script)
    if refusal is None and other > _LIT and Aspect.SAME not in left_out:
        refusal = Refusal.CHANGED
    figures = dict(live.verdict.measures) | _light_figures(lit)
    if lit is not None:
        figures["in the colours' light, from before"] = round(other, 4)
    return replace(live, verdict=Verdict(refusal=refusal, measures=figures)), lit


def _other_in_the_light(live: Live, script: Script) -> float:
    """Give how far the face is in the colours' light from what it was before; 0 without colours.

    Of the frames in which it looks straight: no others count for the light either.
    """
    assert live.track is not None
    assert live.resting is not None
    if not script.colours:
        return 0.0
    after = live.track.seconds >= script.colours[0].seconds
    lit, before = (live.track.encodings[live.resting & part] for part in (after, ~after))
    if not len(lit) or not len(before):
        return 0.0
    return float(np.linalg.norm(mean(lit) - mean(before)))


_OF_LIGHT = {
    light.Answer.OTHERWISE: Refusal.LIGHT_OTHERWISE,
    light.Answer.SCREEN: Refusal.LIGHT_SCREEN,
}


def _untimely(live: Live, script: Script, times: Times | None = None) -> Refusal | None:
    """Check that each step began after it was asked for, in a person's time, from calm."""
    times = times or Times()
    assert live.track is not None
    assert live.resting is not None
    seconds = live.track.seconds
    for one, prompt in zip(live.done, script.prompts, strict=False):
        took = float(seconds[one.first]) - prompt.shown
        if took < times.soonest:
            return Refusal.TOO_QUICK
        if took > times.latest:
            return Refusal.TOO_SLOW
        asked = int(np.searchsorted(seconds, prompt.shown))
        if not live.resting[max(asked - 1, 0) : asked + 1].any():
            return Refusal.NO_NEUTRAL_BETWEEN
    return None if len(live.done) == len(script.prompts) else Refusal.STEP_MISSING


def _lit(frames: Sequence[FrameSeen], live: Live, session: Session) -> light.Light | None:
    """Compare the light of the frames with the colours; None where not all of them were shown.

    Only frames count in which the face looked straight, and so was compared.
    """
    script = session.script
    shown_all = len(script.colours) == len(session.challenge.colours) + 1
    if not shown_all or live.track is None or live.resting is None:
        return None
    straight = set(live.track.seconds[live.resting].tolist())
    lit = [
        (frame.seconds, frame.skin, frame.around)
        for frame in frames
        if frame.skin is not None and frame.around is not None and frame.seconds in straight
    ]
    if not lit:
        return None
    seconds, skin, around = zip(*lit, strict=True)
    return light.compare(np.array(seconds), np.stack(skin), np.stack(around), script.colours)


def _light_figures(lit: light.Light | None) -> dict[str, float]:
    if lit is None:
        return {}
    return {
        "light, times its noise": round(lit.clear, 2),
        "light, share of all": round(lit.share, 3),
        "light, agreement": round(lit.agrees, 3),
        "light, seconds later": round(lit.lag, 2),
        "light around, times its noise": round(lit.around_clear, 2),
        "light around, agreement": round(lit.around_agrees, 3),
    }
