"""What a live check shows at one moment, and what keeps it from going on. Values only.

The words are here, so that page and terminal say the same; how they look is the page's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from selfcheck.identity.challenge import Step
from selfcheck.identity.colour import Colour


class Phase(StrEnum):
    """Where a live check stands."""

    PLACE = "find your place"  # until a calm face looks straight from the right distance
    STEP = "step"
    REST = "look straight"  # after a step, until the face is calm again, and a little longer
    LIGHT = "colours"  # the screen shows colours, the face looks on
    JUDGING = "judging"
    PASSED = "passed"
    REFUSED = "refused"

    @property
    def over(self) -> bool:
        """Say whether nothing more will come."""
        return self in (Phase.PASSED, Phase.REFUSED)


class Trouble(StrEnum):
    """What keeps a live check from going on, and can be mended at once. Shown to people."""

    BLACK = "The camera's picture is black. Open the camera's cover, or turn on a light."
    NO_FACE = "No face is seen. Put your face into the oval, in even light."
    TOO_SMALL = "Come closer, until your face fills the oval."
    TOO_LARGE = "Move back a little."
    OFF_CENTRE = "Move your face into the middle of the oval."
    TWO_PEOPLE = "Only you may be in the picture. Take down portraits behind you, too."
    TOO_DARK = "It is too dark. Turn on a light in front of you."
    TOO_BRIGHT = "Your face is too bright. Turn away from the strong light."
    NOT_STRAIGHT = "Look straight at the camera, eyes open, mouth closed."
    NOT_CALM = "Hold still for a moment."
    TOO_SLOW = "This computer sees too few pictures a second. Close other programs."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What to show now.

    number: how many cues came before that differ from this one; a frame that carries it was taken
    while this was shown. done: steps done, of `steps`. colour: in LIGHT, what fills the screen.
    reason, hint: in REFUSED, why and what would help.
    """

    phase: Phase
    number: int = 0
    step: Step | None = None
    done: int = 0
    steps: int = 5
    colour: Colour | None = None
    trouble: Trouble | None = None
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture of the camera, as it came from the page.

    data: a JPEG file, not yet looked at. seconds: since the page's first picture, when this one
    arrived. cue: the number of the cue that was on the screen when it was taken, as the page says.
    """

    data: bytes = field(repr=False)
    seconds: float
    cue: int
