"""How useful a picture is to a face-search engine: a grade in words, with its reasons.

Owns the parts and their limits. A part is named like the OFIQ component it is modelled on (BSI,
Open Source Face Image Quality, 2025; ISO/IEC 29794-5), but measured from five landmarks and the
pixels, and its limits are where the encodings of this program's network begin to stray
(docs/exposure.md). Colour of skin and expression carry no weight. It is no probability: another
engine sees other things, and nobody knows which pictures it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from selfcheck.model import (
    NOT_GRADED,
    Exposure,
    FaceQuality,
    Grade,
    Level,
    Match,
    Part,
    Usefulness,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on a part is good and fair; `falling`: good is what lies below."""

    good: float
    fair: float
    falling: bool = False

    def level(self, value: float) -> Level:
        """Say how good a value is."""
        sign = -1 if self.falling else 1
        if sign * value >= sign * self.good:
            return Level.GOOD
        return Level.FAIR if sign * value >= sign * self.fair else Level.POOR


# Medians of the distance to the mean of the same person's other pictures, 180 pictures of 60 people
# of LFW: 0.31 as they are; each limit is where a degradation alone brings it to 0.34 and to 0.42.
WIDTH = Limits(good=60, fair=28)  # px
SHARPNESS = Limits(good=0.014, fair=0.004)
YAW = Limits(good=20, fair=40, falling=True)  # degrees
# Five landmarks cannot tell how far a face looks down: only what looks far up is told apart.
PITCH = Limits(good=28, fair=45, falling=True)
DRAWN = Limits(good=0.95, fair=0.6)
CONTRAST = Limits(good=0.15, fair=0.1)
EVENNESS = Limits(good=0.5, fair=0.25)
DISTANCE = Limits(good=0.42, fair=0.5, falling=True)

_ORDER = (Usefulness.UNKNOWN, Usefulness.LOW, Usefulness.MODERATE, Usefulness.HIGH)
_GRADES = {
    Level.GOOD: Usefulness.HIGH,
    Level.FAIR: Usefulness.MODERATE,
    Level.POOR: Usefulness.LOW,
}


def graded(exposure: Exposure) -> Exposure:
    """Grade a picture by the most useful of itself and its copies, the first of equals."""
    grades = (grade(each.match) for each in exposure.whole)
    return replace(exposure, grade=max(grades, key=lambda one: _ORDER.index(one.usefulness)))


def grade(match: Match) -> Grade:
    """Grade the owner's face in a match: it is as useful as its weakest part lets it be."""
    if match.quality is None:
        return NOT_GRADED
    parts = (*of_face(match.quality), _likeness(match.distance))
    return Grade(usefulness=_GRADES[min(part.level for part in parts)], parts=parts)


def of_face(quality: FaceQuality) -> Iterator[Part]:
    """Judge what a picture shows of a face, whoever it is."""
    yield _part("InterEyeDistance", WIDTH.level(quality.width), _SIZES, f"{quality.width} px wide")
    yield _part("Sharpness", SHARPNESS.level(quality.sharpness), _SHARPNESS)
    turned = min(YAW.level(abs(quality.yaw)), PITCH.level(quality.pitch))
    yield _part("HeadPose", turned, _TURNS)
    light = min(
        DRAWN.level(quality.drawn),
        CONTRAST.level(quality.contrast),
        EVENNESS.level(quality.evenness),
    )
    yield _part("Illumination", light, _LIGHTS)


def _likeness(distance: float) -> Part:
    return _part("UnifiedQuality", DISTANCE.level(distance), _LIKENESSES)


def _part(name: str, level: Level, words: tuple[str, str, str], detail: str = "") -> Part:
    return Part(name=name, level=level, words=words[level] + (f" ({detail})" if detail else ""))


# By level, from poor to good.
_SIZES = ("a very small face", "a small face", "a large face")
_SHARPNESS = ("blurred", "not quite sharp", "sharp")
_TURNS = ("turned far away", "turned to a side, up or down", "looking into the camera")
_LIGHTS = ("too dark, too bright or without contrast", "in difficult light", "well lit")
_LIKENESSES = (
    "far from your reference photos",
    "not very near to your reference photos",
    "near to your reference photos",
)
