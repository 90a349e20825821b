"""Made-up people before a live check: landmarks and light as a worker would see them, no pixels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import numpy as np
from identity.actors import Actor

from selfcheck.demo.person import View
from selfcheck.demo.sitter import Sitter
from selfcheck.identity import (
    Aspect,
    Cue,
    Director,
    FaceSeen,
    FrameSeen,
    Kind,
    Phase,
    Session,
    draw,
)

SIZE = (480, 480)
PER_SECOND = 10
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
_SKIN = np.array([0.45, 0.3, 0.24])

# What stands before the camera: the faces of a frame, from the view, the cue and the seconds.
Show = Callable[[View, Cue, float], tuple[FaceSeen, ...]]


def living(actor: Actor) -> Show:
    return lambda view, _cue, _seconds: (actor.face(view),)


def sit(
    show: Show,
    *,
    seed: int = 1,
    sitter: Sitter | None = None,
    light: bool = True,
    left_out: tuple[Aspect, ...] = (),
    lit: float = 1.0,
    around: float = 0.2,
    without: Kind | None = None,
    longest: float = 90,
    per_second: float = PER_SECOND,
) -> Session:
    """Sit through a live check to its end; `lit` tells how much of the screen the face answers."""
    rng = np.random.default_rng(seed)
    challenge = draw(Random(seed), now=NOW, without=without)
    director = Director(challenge=challenge, light=light, left_out=left_out)
    sitter = sitter or Sitter(seed)
    cue = director.cue
    for number in range(round(longest * per_second)):
        seconds = number / per_second
        view = sitter.view(cue.step.value if cue.step else None, seconds, light_of(cue))
        noise = rng.normal(1, 0.004, (2, 3))
        frame = FrameSeen(
            seconds=seconds,
            faces=show(view, cue, seconds),
            skin=(_SKIN * (1 + lit * np.array(view.screen)) * noise[0]).astype(np.float32),
            around=(0.3 * (1 + around * np.array(view.screen)) * noise[1:]).astype(np.float32),
            size=SIZE,
        )
        cue = director.see(frame)
        if director.over:
            break
    return Session(frames=director.frames, script=director.script, challenge=challenge)


def light_of(cue: Cue) -> tuple[float, float, float]:
    return cue.colour.light if cue.phase is Phase.LIGHT and cue.colour else (0.0, 0.0, 0.0)
