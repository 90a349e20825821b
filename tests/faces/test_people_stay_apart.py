"""The synthetic people must be as far apart to the networks as real people are.

The demo plants them and counts what is found, so one taken for another would be a fault of
the drawing that looks like a fault of the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.people import PEOPLE, Person, View, portrait
from selfcheck.faces import Engine, mirrored
from selfcheck.identity.crowding import shift
from selfcheck.identity.thresholds import limits

REFERENCES = (View(), View(yaw=12, light=-0.4), View(yaw=-10, pitch=5, brightness=0.85))
PICTURES = (
    View(yaw=5, light=0.7, brightness=0.75),
    View(yaw=-18, mouth=0.25),
    View(pitch=-8, roll=6, scale=0.7),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One person's mean of three references (128,), its shift, and other pictures' encodings."""

    name: str
    template: NDArray[np.float32]
    shift: float
    pictures: NDArray[np.float32]


def encodings(engine: Engine, person: Person, views: tuple[View, ...]) -> NDArray[np.float32]:
    found = []
    for number, view in enumerate(views):
        picture = portrait(person, view, width=288, height=288, seed=number)
        (face,) = engine.find(picture, smallest=60)
        straight = engine.encode(picture, [face])[0]
        found.append((straight + engine.encode(*mirrored(picture, [face]))[0]) / 2)
    return np.stack(found)


@pytest.fixture(scope="module")
def people(engine: Engine) -> list[Seen]:
    found = []
    for person in PEOPLE:
        template = encodings(engine, person, REFERENCES).mean(axis=0)
        others = encodings(engine, person, PICTURES)
        one = Seen(name=person.name, template=template, shift=shift(template), pictures=others)
        found.append(one)
    return found


def distances(one: Seen, other: Seen) -> NDArray[np.float32]:
    apart: NDArray[np.float32] = np.linalg.norm(other.pictures - one.template, axis=1)
    return apart - one.shift


def test_there_are_at_least_eight_people(people: list[Seen]) -> None:
    assert len({person.name for person in people}) >= 8


def test_nobody_comes_near_the_limits_of_anybody_else(people: list[Seen]) -> None:
    nearest = {
        (one.name, other.name): float(distances(one, other).min())
        for one in people
        for other in people
        if one.name != other.name
    }
    limit = limits(len(REFERENCES)).maybe + 0.03
    assert {pair: apart for pair, apart in nearest.items() if apart <= limit} == {}


def test_everybody_is_taken_for_themself(people: list[Seen]) -> None:
    farthest = {person.name: float(distances(person, person).max()) for person in people}
    limit = limits(len(REFERENCES)).you
    assert {name: apart for name, apart in farthest.items() if apart > limit} == {}
