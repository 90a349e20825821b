"""What the page says at each moment of a live check, as the JSON that it reads.

Owns the words; how they look is the style sheet's. Reasons and hints are said by who refuses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, assert_never

from selfcheck.identity.challenge import Step
from selfcheck.identity.colour import Colour
from selfcheck.identity.cue import Cue, Phase

# Title, then one sentence more. Left and right are the person's own, and also the screen's:
# the page shows the picture as a mirror does.
_STEPS: Final[Mapping[Step, tuple[str, str]]] = {
    Step.TURN_LEFT: ("Turn your head left", "As if to look at somebody beside you. Hold it there."),
    Step.TURN_RIGHT: (
        "Turn your head right",
        "As if to look at somebody beside you. Hold it there.",
    ),
    Step.LOOK_UP: ("Tip your head back", "As if to look at a lamp on the ceiling. Hold it there."),
    Step.LOOK_DOWN: (
        "Tip your head down",
        "As if to look at the buttons of your shirt. Hold it there.",
    ),
    Step.OPEN_MOUTH: ("Open your mouth wide", "As at the dentist's. Keep your head still."),
    Step.CLOSE_EYES: (
        "Close both eyes",
        "Count slowly to two, then open them. Keep your head still.",
    ),
    Step.COME_CLOSER: ("Come closer", "Until your face looks half as large again. Hold it there."),
}
_NO_STEP: Final = ("Wait for the next step", "Keep looking straight at the camera.")
# Where black and white are read equally well on a colour: relative luminance, as WCAG has it.
_MIDDLE: Final = 0.179
_STRAIGHT: Final = 0.04045  # below it, sRGB follows a straight line


def told(cue: Cue) -> bytes:
    """Write down what the page shows: words, step, colour, and how far the check has come."""
    title, detail, progress = _words(cue)
    return json.dumps(
        {
            "phase": cue.phase.name.lower(),
            "number": cue.number,
            "title": title,
            "detail": detail,
            "progress": progress,
            "hint": _sentence(cue.hint) if cue.phase is Phase.REFUSED else "",
            "done": cue.done,
            "total": cue.steps,
            "step": cue.step.name.lower().replace("_", "-") if cue.step else "",
            "colour": cue.colour.css if cue.colour else "",
            "ink": _ink(cue.colour) if cue.colour else "",
            "trouble": cue.trouble.value if cue.trouble else "",
        }
    ).encode()


def _words(cue: Cue) -> tuple[str, str, str]:  # noqa: PLR0911 -- one for each phase
    """Give title, detail, and how far the check has come."""
    many = f"{cue.done} of {cue.steps} steps done"
    match cue.phase:
        case Phase.PLACE:
            detail = "Look straight at the camera, mouth closed, and hold still."
            return "Put your face into the oval", detail, many
        case Phase.STEP:
            title, detail = _STEPS[cue.step] if cue.step else _NO_STEP
            return title, detail, f"Step {cue.done + 1} of {cue.steps}"
        case Phase.REST:
            return "Look straight at the camera", "Mouth closed, and hold still.", many
        case Phase.LIGHT:
            detail = "Colours show that a living face is in front of it."
            return "Look at the screen and hold still", detail, many
        case Phase.JUDGING:
            return "One moment", "You can move again. The pictures are being compared.", many
        case Phase.PASSED:
            return "You passed the check", "The terminal goes on from here.", many
        case Phase.REFUSED:
            return "The check was not passed", _sentence(cue.reason), many
        case _:
            assert_never(cue.phase)


def _sentence(text: str) -> str:
    """Make a sentence of what stands after a colon in the terminal."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _ink(colour: Colour) -> str:
    """Say whether dark or light words are read better on a colour."""
    red, green, blue = (_linear(part / 255) for part in (colour.red, colour.green, colour.blue))
    return "dark" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _MIDDLE else "light"


def _linear(part: float) -> float:
    return part / 12.92 if part <= _STRAIGHT else float(((part + 0.055) / 1.055) ** 2.4)
