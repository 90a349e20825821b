"""The challenge: five steps that nobody can know beforehand, and how to say them.

Owns what is asked, when, and in which words. Whether it was done is `liveness`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from random import Random
from secrets import SystemRandom
from typing import Final

from selfcheck.identity.colour import Colour, draw_colours

STEPS = 5
# Seconds of looking straight before each step of a live check and before the colours, so that
# nobody can play a prepared film in time.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.3, 1.3


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


class Kind(StrEnum):
    """A kind of step that somebody who cannot do it may leave out. The value is typed by people."""

    TURN = "turn"
    NOD = "nod"
    MOUTH = "mouth"
    EYES = "eyes"
    CLOSER = "closer"

    @property
    def steps(self) -> frozenset[Step]:
        """Give the steps of this kind."""
        return _OF_KIND[self]


_OF_KIND: Final[Mapping[Kind, frozenset[Step]]] = {
    Kind.TURN: frozenset({Step.TURN_LEFT, Step.TURN_RIGHT}),
    Kind.NOD: frozenset({Step.LOOK_UP, Step.LOOK_DOWN}),
    Kind.MOUTH: frozenset({Step.OPEN_MOUTH}),
    Kind.EYES: frozenset({Step.CLOSE_EYES}),
    Kind.CLOSER: frozenset({Step.COME_CLOSER}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Five different steps in their order, and the moment they were drawn (aware).

    pauses: seconds of calm before each step of a live check, and before the colours. colours: what
    its screen shows, none for a film. without: the kind of step that was left out, if any.
    """

    steps: tuple[Step, ...]
    issued: datetime
    pauses: tuple[float, ...] = (SHORTEST_PAUSE,) * (STEPS + 1)
    colours: tuple[Colour, ...] = ()
    without: Kind | None = None

    @property
    def deep(self) -> tuple[Step, Step]:
        """Give the two steps that show the depth of a head: the turns, or the nods without them."""
        if self.without is Kind.TURN:
            return Step.LOOK_UP, Step.LOOK_DOWN
        return Step.TURN_LEFT, Step.TURN_RIGHT


def draw(
    choice: Random | None = None, *, now: datetime | None = None, without: Kind | None = None
) -> Challenge:
    """Draw a challenge: 1080 orders are possible, each as likely as any other.

    Always a turn to each side, which a flat photo cannot show, and the mouth or the eyes, which
    no photo can. `without` leaves out one kind of step, never a step: up and down then stand for
    the turns, the mouth for the eyes, and from 120 to 360 orders are left. `choice` is the
    operating system's randomness unless a test hands in its own.
    """
    random = choice or SystemRandom()
    able = tuple(step for step in Step if without is None or step not in without.steps)
    while True:
        steps = tuple(random.sample(able, STEPS))
        if allowed(steps, without):
            return Challenge(
                steps=steps,
                issued=now or datetime.now(UTC),
                pauses=tuple(
                    random.uniform(SHORTEST_PAUSE, LONGEST_PAUSE) for _ in range(STEPS + 1)
                ),
                colours=draw_colours(random),
                without=without,
            )


def allowed(steps: Sequence[Step], without: Kind | None = None) -> bool:
    """Say whether these steps make a challenge."""
    deep = Kind.NOD if without is Kind.TURN else Kind.TURN
    alive = Step.OPEN_MOUTH in steps or Step.CLOSE_EYES in steps
    able = without is None or without.steps.isdisjoint(steps)
    return able and len(steps) == len(set(steps)) == STEPS and deep.steps <= set(steps) and alive


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
