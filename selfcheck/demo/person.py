"""The values a synthetic person and a view of them are made of.

Owns no drawing: `shape` makes the surfaces, `skin` paints them, `render` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hair(StrEnum):
    """How the hair is worn."""

    BALD = "bald"
    RECEDING = "receding"
    SHORT = "short"
    FRINGE = "fringe"
    LONG = "long"
    LONG_FRINGE = "long_fringe"


class Glasses(StrEnum):
    """Which frames are worn."""

    NONE = "none"
    ROUND = "round"
    SQUARE = "square"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person who does not exist.

    Sliders run from -1 to 1 with 0 as the average; shares run from 0 to 1; colours are
    red, green and blue from 0 to 1. `seed` draws pores, strands of hair and stubble.
    """

    name: str
    seed: int = 0
    # Sliders of the skull.
    width: float = 0.0
    length: float = 0.0
    jaw: float = 0.0
    chin: float = 0.0
    chin_forward: float = 0.0
    forehead: float = 0.0
    cheeks: float = 0.0
    cheekbones: float = 0.0
    brow_ridge: float = 0.0
    # Sliders of the features.
    eye_gap: float = 0.0
    eye_size: float = 0.0
    eye_open: float = 0.0
    eye_tilt: float = 0.0
    eye_depth: float = 0.0
    brow_height: float = 0.0
    brow_weight: float = 0.0
    brow_tilt: float = 0.0
    nose_length: float = 0.0
    nose_width: float = 0.0
    nose_forward: float = 0.0
    nose_bridge: float = 0.0
    mouth_width: float = 0.0
    mouth_height: float = 0.0
    upper_lip: float = 0.0
    lower_lip: float = 0.0
    smile: float = 0.0
    # Colours and shares.
    skin: tuple[float, float, float] = (0.85, 0.66, 0.55)
    hair_colour: tuple[float, float, float] = (0.25, 0.17, 0.11)
    iris: tuple[float, float, float] = (0.35, 0.24, 0.15)
    rouge: float = 0.3
    age: float = 0.2
    beard: float = 0.0
    moustache: float = 0.0
    freckles: float = 0.0
    hair: Hair = Hair.SHORT
    glasses: Glasses = Glasses.NONE
    shirt: tuple[float, float, float] = (0.25, 0.33, 0.45)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a head is seen; angles in degrees, pictures not mirrored.

    yaw: positive, the person turns to THEIR left: the nose moves to the picture's right.
    pitch: positive, the person looks up.
    roll: positive, the head tilts towards their left shoulder: clockwise in the picture.
    mouth: 0 closed to 1 wide open. eyes: 1 open to 0 closed.
    scale: size of the face relative to the default, by coming closer: perspective grows with it.
    x, y: offset of the head's centre to the right and down, in fractions of width and height.
    light: -1 from the picture's left to 1 from its right; 0 is above the camera.
    brightness: 1 is a well-lit room. screen: linear light of a screen before the face, red, green
    and blue, as a share of the room's.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    mouth: float = 0.0
    eyes: float = 1.0
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    light: float = 0.25
    brightness: float = 1.0
    screen: tuple[float, float, float] = (0.0, 0.0, 0.0)
