"""The challenge: five steps that nobody can know beforehand, and how to say them.

Owns what is asked and in which words. Whether it was done is `liveness`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from random import Random
from secrets import SystemRandom
from typing import Final

STEPS = 5


class Step(StrEnum):
    """One thing to do in front of the camera. Left and right are the person's own."""

    TURN_LEFT = "turn left"
    TURN_RIGHT = "turn right"
    LOOK_UP = "look up"
    LOOK_DOWN = "look down"
    OPEN_MOUTH = "open the mouth"
    CLOSE_EYES = "close the eyes"
    COME_CLOSER = "come closer"

    @property
    def mirrored(self) -> Step:
        """Give the step as a mirror shows it."""
        match self:
            case Step.TURN_LEFT:
                return Step.TURN_RIGHT
            case Step.TURN_RIGHT:
                return Step.TURN_LEFT
            case _:
                return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Five different steps in their order, and the moment they were drawn (aware)."""

    steps: tuple[Step, ...]
    issued: datetime


def draw(choice: Random | None = None, *, now: datetime | None = None) -> Challenge:
    """Draw a challenge: 1080 are possible, each as likely as any other.

    Always a turn to each side, which a flat photo cannot show, and the mouth or the eyes, which
    no photo can. `choice` is the operating system's randomness unless a test hands in its own.
    """
    random = choice or SystemRandom()
    while True:
        steps = tuple(random.sample(tuple(Step), STEPS))
        if allowed(steps):
            return Challenge(steps=steps, issued=now or datetime.now(UTC))


def allowed(steps: Sequence[Step]) -> bool:
    """Say whether these steps make a challenge."""
    turns = Step.TURN_LEFT in steps and Step.TURN_RIGHT in steps
    alive = Step.OPEN_MOUTH in steps or Step.CLOSE_EYES in steps
    return len(steps) == len(set(steps)) == STEPS and turns and alive


def words(step: Step) -> str:
    """Say a step to somebody who looks at the camera of a phone."""
    return _WORDS[step]


def _turn(side: str) -> str:
    return (
        f"Turn your head to your own {side}, as if to look at somebody sitting beside you on"
        f" that side. (On a screen that works like a mirror, your nose moves to the {side}.)"
    )


_WORDS: Final[Mapping[Step, str]] = {
    Step.TURN_LEFT: _turn("left"),
    Step.TURN_RIGHT: _turn("right"),
    Step.LOOK_UP: "Tip your whole head back, as if to look at a lamp on the ceiling.",
    Step.LOOK_DOWN: "Tip your whole head down, as if to look at the buttons of your shirt.",
    Step.OPEN_MOUTH: "Open your mouth wide, as at the dentist's. Keep your head still.",
    Step.CLOSE_EYES: "Close both eyes and count slowly to two. Keep your head still.",
    Step.COME_CLOSER: "Bring your face closer to the camera, until it looks half as large again.",
}

# What to say before the steps.
BEFORE: Final = (
    "Be alone in the picture, in even light, with nothing over your eyes and mouth.",
    "Hold the camera still, level with your eyes, at arm's length.",
    "Begin by looking straight at the camera for two seconds, mouth closed.",
    "Then do the five steps in their order, and hold each for a second.",
    "Look straight at the camera for a second after each.",
    "Do nothing else in between, and do not cut the film.",
)
