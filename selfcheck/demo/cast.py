"""The people of the demo and of every test. None of them exists.

Found by search, not by eye: drawn at random, then changed step by step while the face
network set them farther apart and the landmarks still followed their lids and jaws.
Measured 2026-11-22, fifteen views each: from the mean of three pictures of one, other
pictures of the same are at most 0.40 away (median 0.19) and of anybody else at least 0.54.
Whoever changes `shape` or `skin` changes these faces too; tests/faces holds them apart.
"""

from __future__ import annotations

from selfcheck.demo.person import Glasses, Hair, Person

# A table of numbers: one in a line would take four hundred lines.
# fmt: off
PEOPLE: tuple[Person, ...] = (
    Person(
        name="Ada", seed=80499, width=-0.86, length=-0.98, jaw=-0.53, chin=0.88,
        chin_forward=-0.02, forehead=0.57, cheeks=-0.92, cheekbones=0.04, brow_ridge=-1.3,
        eye_gap=-0.24, eye_size=-0.78, eye_open=0.13, eye_tilt=0.5, eye_depth=-0.34,
        brow_height=1.2, brow_weight=-0.92, brow_tilt=0.97, nose_length=-0.63, nose_width=-1.3,
        nose_forward=-1.3, nose_bridge=0.07, mouth_width=0.26, mouth_height=0.79, upper_lip=0.34,
        lower_lip=0.18, smile=0.18, skin=(0.93, 0.76, 0.68), hair_colour=(0.2, 0.13, 0.09),
        iris=(0.3, 0.42, 0.55), rouge=0.78, age=0.07, hair=Hair.LONG,
    ),
    Person(
        name="Bela", seed=9405, width=1.18, length=0.11, jaw=0.82, chin=0.28, chin_forward=0.49,
        forehead=0.66, cheeks=0.25, cheekbones=0.18, brow_ridge=0.52, eye_gap=-0.65, eye_size=0.13,
        eye_open=0.69, eye_tilt=-1.3, eye_depth=0.57, brow_height=-0.36, brow_weight=-0.7,
        brow_tilt=0.6, nose_length=-0.61, nose_width=0.24, nose_forward=0.89, nose_bridge=0.05,
        mouth_width=-0.48, mouth_height=0.43, upper_lip=0.2, lower_lip=-0.64, smile=0.12,
        skin=(0.56, 0.38, 0.27), hair_colour=(0.85, 0.84, 0.82), iris=(0.2, 0.13, 0.09),
        rouge=0.55, age=0.87, beard=0.86, freckles=0.8, hair=Hair.LONG, shirt=(0.5, 0.2, 0.2),
    ),
    Person(
        name="Chitra", seed=84003, width=0.61, length=-0.29, jaw=0.03, chin=0.76,
        chin_forward=-0.74, forehead=-0.61, cheeks=-0.6, cheekbones=-1.3, brow_ridge=-0.21,
        eye_gap=-0.3, eye_size=1.1, eye_open=0.27, eye_tilt=0.35, eye_depth=-0.01,
        brow_height=-0.48, brow_weight=-1.1, brow_tilt=-0.31, nose_length=0.05, nose_width=-0.2,
        nose_forward=-0.37, nose_bridge=-1.1, mouth_width=-0.22, mouth_height=1.02,
        upper_lip=-0.86, lower_lip=-0.59, smile=1.1, skin=(0.56, 0.38, 0.27),
        hair_colour=(0.32, 0.2, 0.12), iris=(0.2, 0.13, 0.09), rouge=0.21, age=0.1,
        hair=Hair.LONG_FRINGE, glasses=Glasses.SQUARE, shirt=(0.2, 0.38, 0.28),
    ),
    Person(
        name="Dora", seed=131, width=-0.76, length=0.06, jaw=-0.82, chin=0.87, chin_forward=0.08,
        forehead=-1.21, cheeks=-0.9, cheekbones=0.29, brow_ridge=-0.79, eye_gap=-0.62,
        eye_size=1.16, eye_open=1.2, eye_depth=0.06, brow_height=0.21, brow_weight=-1.09,
        brow_tilt=0.76, nose_length=-1.3, nose_width=-1.3, nose_forward=0.6, nose_bridge=1.3,
        mouth_width=-0.06, mouth_height=0.83, upper_lip=0.66, lower_lip=0.86, smile=0.41,
        skin=(0.68, 0.48, 0.35), hair_colour=(0.08, 0.07, 0.07), iris=(0.2, 0.13, 0.09),
        rouge=0.22, age=0.11, hair=Hair.LONG_FRINGE, shirt=(0.75, 0.72, 0.65),
    ),
    Person(
        name="Emil", seed=48, width=-0.09, length=-1.3, jaw=1.08, chin=1.09, chin_forward=-0.45,
        forehead=-0.58, cheeks=0.32, cheekbones=-0.91, brow_ridge=-0.12, eye_gap=0.38,
        eye_size=-1.3, eye_open=0.65, eye_tilt=-0.85, eye_depth=-1.21, brow_height=-1.3,
        brow_weight=-1.3, brow_tilt=-0.61, nose_length=-0.36, nose_width=-1.17, nose_forward=-1.05,
        nose_bridge=-0.62, mouth_width=-0.47, mouth_height=-0.21, upper_lip=-1.25, lower_lip=-0.84,
        smile=-0.45, skin=(0.88, 0.69, 0.58), hair_colour=(0.55, 0.55, 0.55),
        iris=(0.3, 0.2, 0.12), rouge=0.25, age=0.73, beard=0.8, freckles=0.8,
        glasses=Glasses.ROUND, shirt=(0.3, 0.28, 0.33),
    ),
    Person(
        name="Farah", seed=147, width=-0.71, length=-1.3, jaw=0.01, chin=0.03, chin_forward=-1.3,
        forehead=0.7, cheeks=-0.45, cheekbones=-0.38, brow_ridge=-0.4, eye_gap=0.95, eye_size=0.26,
        eye_open=0.7, eye_tilt=-1.3, eye_depth=0.57, brow_height=-0.83, brow_weight=1.05,
        brow_tilt=0.03, nose_length=0.63, nose_width=-0.85, nose_forward=-1.3, nose_bridge=0.41,
        mouth_width=-0.1, mouth_height=1.3, upper_lip=-0.78, lower_lip=-0.22, smile=-0.98,
        skin=(0.43, 0.28, 0.2), hair_colour=(0.32, 0.2, 0.12), iris=(0.3, 0.42, 0.3), rouge=0.66,
        age=0.38, beard=0.44, freckles=0.8, hair=Hair.LONG, shirt=(0.6, 0.5, 0.25),
    ),
    Person(
        name="Goran", seed=238, width=0.96, length=1.3, jaw=-0.01, chin=-0.35, chin_forward=1.3,
        forehead=-0.28, cheeks=0.69, cheekbones=1.3, brow_ridge=0.97, eye_gap=0.23, eye_size=-1.3,
        eye_open=-0.49, eye_tilt=1.3, eye_depth=0.29, brow_height=-1.3, brow_weight=0.76,
        brow_tilt=0.31, nose_length=-0.45, nose_width=0.5, nose_forward=0.16, nose_bridge=-1.27,
        mouth_width=1.29, mouth_height=0.78, upper_lip=0.26, lower_lip=-0.75, smile=0.46,
        skin=(0.78, 0.58, 0.44), hair_colour=(0.2, 0.13, 0.09), iris=(0.3, 0.2, 0.12), rouge=0.49,
        age=0.4, moustache=0.9, freckles=0.8, shirt=(0.15, 0.2, 0.35),
    ),
    Person(
        name="Imani", seed=33588, width=-0.76, length=0.07, jaw=0.6, chin=0.84, chin_forward=0.54,
        forehead=-0.69, cheeks=0.05, cheekbones=0.08, brow_ridge=0.8, eye_gap=0.53, eye_size=0.8,
        eye_open=0.66, eye_tilt=-0.48, eye_depth=-0.52, brow_height=0.49, brow_weight=-0.64,
        brow_tilt=-0.48, nose_length=0.06, nose_width=0.25, nose_forward=-0.41, nose_bridge=-0.78,
        mouth_width=0.7, mouth_height=-1.03, upper_lip=-0.49, lower_lip=0.41, smile=0.65,
        skin=(0.43, 0.28, 0.2), hair_colour=(0.32, 0.2, 0.12), iris=(0.3, 0.2, 0.12), rouge=0.65,
        age=0.34, hair=Hair.BALD, shirt=(0.45, 0.3, 0.45),
    ),
    Person(
        name="Juno", seed=52456, width=-0.07, length=0.13, jaw=0.51, chin=-0.1, chin_forward=1.11,
        forehead=1.29, cheeks=0.75, cheekbones=0.67, brow_ridge=-0.87, eye_gap=-0.14,
        eye_size=-0.52, eye_open=-0.28, eye_tilt=0.8, eye_depth=-1.1, brow_height=-0.06,
        brow_weight=-1.03, brow_tilt=0.04, nose_length=0.43, nose_width=0.32, nose_forward=0.05,
        nose_bridge=-0.1, mouth_width=-0.57, mouth_height=0.7, upper_lip=-0.03, lower_lip=1.3,
        smile=-0.17, skin=(0.78, 0.58, 0.44), hair_colour=(0.2, 0.13, 0.09),
        iris=(0.2, 0.13, 0.09), rouge=0.28, age=0.64, beard=0.57, hair=Hair.BALD,
        shirt=(0.2, 0.45, 0.5),
    ),
)
# fmt: on
