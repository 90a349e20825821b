"""What the page reads: words for every moment, and ink that can be read on every colour."""

from __future__ import annotations

import json
from typing import Any

import pytest

from selfcheck.identity.challenge import Step
from selfcheck.identity.colour import PALETTE, Colour
from selfcheck.identity.cue import Cue, Phase, Trouble
from selfcheck.web.troubles import CameraTrouble
from selfcheck.web.wording import told


def _told(cue: Cue) -> dict[str, Any]:
    found = json.loads(told(cue))
    assert isinstance(found, dict)
    return found


def _brightness(colour: Colour) -> float:
    """Give the relative luminance of WCAG 2.2."""

    def linear(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return (
        0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    )


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_short_title_and_says_how_far_the_check_is(phase: Phase) -> None:
    found = _told(Cue(phase=phase, number=3, done=1, reason="it was too dark", hint="more light"))
    assert 5 < len(found["title"]) < 40
    assert found["detail"].endswith(".")
    assert found["phase"] == phase.name.lower()
    assert (found["number"], found["done"], found["total"]) == (3, 1, 5)
    assert "of 5" in found["progress"]


@pytest.mark.parametrize("step", Step)
def test_every_step_has_words_of_its_own(step: Step) -> None:
    found = _told(Cue(phase=Phase.STEP, step=step, done=1))
    others = {
        _told(Cue(phase=Phase.STEP, step=other))["title"] for other in Step if other is not step
    }
    assert found["title"] not in others
    assert found["step"] == step.name.lower().replace("_", "-")
    assert found["progress"] == "Step 2 of 5"


def test_step_without_a_step_still_says_something() -> None:
    assert _told(Cue(phase=Phase.STEP))["title"] == "Wait for the next step"


def test_trouble_is_said_in_its_own_words() -> None:
    found = _told(Cue(phase=Phase.PLACE, trouble=Trouble.TOO_DARK))
    assert found["trouble"] == Trouble.TOO_DARK.value
    assert _told(Cue(phase=Phase.PLACE))["trouble"] == ""


def test_refusal_becomes_sentences() -> None:
    found = _told(Cue(phase=Phase.REFUSED, reason="no face is seen", hint="film in even light."))
    assert found["detail"] == "No face is seen."
    assert found["hint"] == "Film in even light."


def test_markup_in_a_reason_stays_text() -> None:
    found = _told(Cue(phase=Phase.REFUSED, reason="<b>no</b>", hint=""))
    assert found["detail"] == "<b>no</b>."
    assert found["hint"] == ""


@pytest.mark.parametrize(
    "colour",
    [
        *PALETTE,
        *(
            Colour(red=red, green=green, blue=blue)
            for red in (0, 90, 170, 255)
            for green in (0, 90, 170, 255)
            for blue in (0, 90, 170, 255)
        ),
    ],
)
def test_words_can_be_read_on_every_colour(colour: Colour) -> None:
    found = _told(Cue(phase=Phase.LIGHT, colour=colour))
    ink = 0.0 if found["ink"] == "dark" else 1.0
    lighter, darker = sorted((_brightness(colour), ink), reverse=True)
    assert found["colour"] == colour.css
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def test_every_camera_trouble_has_a_sentence_and_two_ways_on() -> None:
    for trouble in CameraTrouble:
        assert trouble.sentence.endswith(".")
        assert trouble.mend.endswith(".")
        assert trouble.hint.endswith("--film")
    assert len({trouble.sentence for trouble in CameraTrouble}) == len(CameraTrouble)
