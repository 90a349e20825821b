"""The people of the demo and of every test. None of them exists.

Found by search, not by eye: drawn at random, then changed step by step while the face
network set them farther apart and the landmarks still followed their lids and jaws.
`people` measures nothing; tests/faces holds them apart. Whoever changes `shape` or `skin`
changes these faces too.
"""

from __future__ import annotations

from selfcheck.demo.person import Glasses, Hair, Person

# A table of numbers: one in a line would take four hundred lines.
# fmt: off
PEOPLE: tuple[Person, ...] = (
    Person(
        name="Ada", seed=80499, width=-0.86, length=-0.94, jaw=0.15, chin=0.57, chin_forward=-0.02,
        forehead=0.36, cheeks=0.07, cheekbones=0.04, brow_ridge=-0.67, eye_gap=-0.24,
        eye_size=-0.38, eye_open=0.13, eye_tilt=-0.43, eye_depth=-0.44, brow_height=0.41,
        brow_weight=-0.34, brow_tilt=0.54, nose_length=-0.63, nose_width=-1.3, nose_forward=-0.19,
        nose_bridge=-0.3, mouth_width=-0.36, mouth_height=0.56, upper_lip=0.34, lower_lip=0.02,
        smile=0.05, skin=(0.84, 0.66, 0.52), hair_colour=(0.2, 0.13, 0.09), iris=(0.2, 0.13, 0.09),
        rouge=0.78, age=0.6, hair=Hair.LONG,
    ),
    Person(
        name="Bela", seed=9405, width=0.8, length=-0.32, jaw=0.53, chin=0.37, chin_forward=0.22,
        forehead=0.53, cheeks=0.73, cheekbones=0.22, brow_ridge=0.52, eye_gap=-0.65,
        eye_size=-0.21, eye_open=0.8, eye_tilt=-0.41, eye_depth=-0.13, brow_height=-0.35,
        brow_weight=-0.7, brow_tilt=0.09, nose_length=-0.61, nose_width=0.74, nose_forward=0.8,
        nose_bridge=-0.08, mouth_width=-1.1, mouth_height=0.43, upper_lip=0.62, lower_lip=-0.64,
        smile=0.12, skin=(0.84, 0.66, 0.52), hair_colour=(0.85, 0.84, 0.82), iris=(0.3, 0.2, 0.12),
        rouge=0.27, age=0.87, beard=0.86, hair=Hair.BALD, shirt=(0.5, 0.2, 0.2),
    ),
    Person(
        name="Chitra", seed=84003, width=0.61, length=-0.71, jaw=0.03, chin=0.76,
        chin_forward=-0.74, forehead=-0.61, cheeks=-0.6, cheekbones=-1.1, brow_ridge=-0.21,
        eye_gap=-0.08, eye_size=1.1, eye_open=0.62, eye_tilt=-0.17, eye_depth=-0.01,
        brow_height=-0.48, brow_weight=-1.1, brow_tilt=-0.31, nose_length=0.05, nose_width=-0.9,
        nose_forward=-0.37, nose_bridge=-1.1, mouth_width=-0.22, mouth_height=1.02,
        upper_lip=-0.86, lower_lip=0.18, smile=1.1, skin=(0.56, 0.38, 0.27),
        hair_colour=(0.32, 0.2, 0.12), iris=(0.2, 0.13, 0.09), rouge=0.21, age=0.1,
        hair=Hair.LONG_FRINGE, glasses=Glasses.SQUARE, shirt=(0.2, 0.38, 0.28),
    ),
    Person(
        name="Dora", seed=131, width=-1.03, length=0.27, jaw=0.35, chin=0.87, chin_forward=0.49,
        forehead=-1.21, cheeks=-0.9, cheekbones=0.59, brow_ridge=-0.02, eye_gap=-0.62,
        eye_size=1.16, eye_open=1.2, eye_depth=-1.2, brow_height=0.21, brow_weight=-1.09,
        brow_tilt=0.56, nose_length=-1.29, nose_width=-1.3, nose_forward=-0.57, nose_bridge=1.08,
        mouth_width=-0.14, mouth_height=0.98, upper_lip=-0.9, lower_lip=0.52, smile=0.45,
        skin=(0.68, 0.48, 0.35), hair_colour=(0.08, 0.07, 0.07), iris=(0.2, 0.13, 0.09),
        rouge=0.22, age=0.16, hair=Hair.LONG_FRINGE, shirt=(0.75, 0.72, 0.65),
    ),
    Person(
        name="Emil", seed=48, width=0.68, length=-1.0, jaw=1.08, chin=1.09, chin_forward=-0.45,
        forehead=-0.66, cheeks=0.32, cheekbones=-0.91, brow_ridge=-0.12, eye_gap=0.38,
        eye_size=-1.3, eye_open=0.65, eye_tilt=-0.85, eye_depth=-1.21, brow_height=-1.3,
        brow_weight=-1.3, brow_tilt=-0.61, nose_length=-0.85, nose_width=0.17, nose_forward=-1.05,
        nose_bridge=0.74, mouth_width=-0.47, mouth_height=-0.21, upper_lip=-0.54, lower_lip=-0.84,
        smile=-0.45, skin=(0.88, 0.69, 0.58), hair_colour=(0.55, 0.55, 0.55),
        iris=(0.3, 0.2, 0.12), rouge=0.25, age=0.73, beard=0.95, moustache=0.9, freckles=0.8,
        glasses=Glasses.ROUND, shirt=(0.3, 0.28, 0.33),
    ),
    Person(
        name="Farah", seed=147, width=-0.71, length=-1.3, jaw=0.01, chin=0.03, chin_forward=-1.3,
        forehead=-0.34, cheeks=-0.45, cheekbones=-0.38, brow_ridge=-0.4, eye_gap=0.95,
        eye_size=0.42, eye_open=0.7, eye_tilt=-1.3, eye_depth=0.57, brow_height=-0.31,
        brow_weight=1.05, brow_tilt=0.03, nose_length=0.63, nose_width=-0.85, nose_forward=-1.3,
        nose_bridge=0.41, mouth_width=-0.1, mouth_height=1.3, upper_lip=-0.24, lower_lip=-0.22,
        smile=0.51, skin=(0.43, 0.28, 0.2), hair_colour=(0.32, 0.2, 0.12), iris=(0.3, 0.42, 0.3),
        rouge=0.27, age=0.38, beard=0.44, hair=Hair.LONG, shirt=(0.6, 0.5, 0.25),
    ),
    Person(
        name="Goran", seed=238, width=0.95, length=0.69, jaw=-0.01, chin=-0.35, chin_forward=1.3,
        forehead=-0.28, cheeks=-0.2, cheekbones=1.3, brow_ridge=0.97, eye_gap=0.23, eye_size=-1.3,
        eye_open=-0.49, eye_tilt=1.3, eye_depth=0.29, brow_height=-1.3, brow_weight=0.43,
        brow_tilt=0.31, nose_length=-0.45, nose_width=0.66, nose_forward=0.16, nose_bridge=-1.3,
        mouth_width=1.3, mouth_height=0.78, upper_lip=0.26, lower_lip=0.18, smile=0.08,
        skin=(0.78, 0.58, 0.44), hair_colour=(0.2, 0.13, 0.09), iris=(0.3, 0.2, 0.12), rouge=0.49,
        age=0.4, freckles=0.8, shirt=(0.15, 0.2, 0.35),
    ),
    Person(
        name="Hugo", seed=16, width=-1.18, length=0.91, jaw=1.02, chin=1.3, chin_forward=-0.38,
        forehead=-0.84, cheeks=-1.15, cheekbones=1.3, brow_ridge=0.55, eye_gap=-0.78,
        eye_size=-1.3, eye_open=-0.41, eye_tilt=0.87, eye_depth=0.59, brow_height=0.45,
        brow_weight=0.17, brow_tilt=-0.17, nose_length=1.29, nose_width=-0.18, nose_forward=1.06,
        nose_bridge=-0.79, mouth_width=1.3, mouth_height=1.3, upper_lip=-0.73, lower_lip=0.67,
        smile=-0.36, skin=(0.88, 0.69, 0.58), hair_colour=(0.32, 0.2, 0.12),
        iris=(0.2, 0.13, 0.09), rouge=0.26, age=0.8, freckles=0.8, glasses=Glasses.ROUND,
        shirt=(0.45, 0.3, 0.45),
    ),
    Person(
        name="Imani", seed=213, width=-0.86, length=-0.64, jaw=0.49, chin=-1.3, chin_forward=0.8,
        forehead=-0.52, cheeks=-0.98, cheekbones=-0.64, brow_ridge=-0.73, eye_gap=0.07,
        eye_size=0.18, eye_open=-0.34, eye_tilt=0.11, eye_depth=0.91, brow_height=1.3,
        brow_weight=1.3, brow_tilt=-0.13, nose_length=-1.2, nose_width=1.3, nose_forward=-0.51,
        nose_bridge=0.42, mouth_width=-0.07, mouth_height=1.3, upper_lip=1.3, lower_lip=1.3,
        smile=-0.65, skin=(0.33, 0.21, 0.15), hair_colour=(0.32, 0.2, 0.12),
        iris=(0.2, 0.13, 0.09), rouge=0.32, age=0.11, hair=Hair.BALD, shirt=(0.2, 0.45, 0.5),
    ),
    Person(
        name="Juno", seed=212, width=-0.46, length=-0.07, jaw=-0.89, chin=-0.23, chin_forward=-1.3,
        forehead=0.02, cheeks=1.3, cheekbones=-1.3, brow_ridge=0.11, eye_gap=1.3, eye_size=-1.02,
        eye_open=-0.5, eye_tilt=0.62, eye_depth=-1.3, brow_height=0.61, brow_weight=0.33,
        brow_tilt=-1.3, nose_length=1.22, nose_width=0.29, nose_forward=-0.1, nose_bridge=-0.63,
        mouth_width=-0.69, mouth_height=-0.15, upper_lip=0.32, lower_lip=1.0, smile=-0.4,
        skin=(0.88, 0.69, 0.58), hair_colour=(0.5, 0.34, 0.18), iris=(0.3, 0.2, 0.12), rouge=0.36,
        age=0.46, shirt=(0.35, 0.35, 0.35),
    ),
)
# fmt: on
