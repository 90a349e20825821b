"""Encodings of the pictures of LFW, each made once, in memory only.

Owns which face of a picture is the person named (the nearest to the middle) and which encodings
are made of it. They are never written: what lasts longer than a run is figures.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.people import Photo, for_training
from selfcheck.faces import Engine, Face, mirrored, open_engine
from selfcheck.model import Box
from selfcheck.pictures import Unreadable, decode

Array: TypeAlias = NDArray[np.float32]
Counts: TypeAlias = NDArray[np.intp]
SMALLEST = 64  # px
USUAL = 110
OWNERS = 6  # pictures that make a person an owner


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Encoded:
    """Pictures of people: whose (n,), and two encodings of each (n, 128).

    person indexes `names`; `both` is the mean of the encodings of the face and of its mirror
    image, `plain` that of the face alone, `jittered` the mean over variations of it where these
    were asked for. missed: pictures without a face.
    """

    names: tuple[str, ...]
    files: tuple[str, ...]
    person: Counts
    plain: Array = field(repr=False)
    both: Array = field(repr=False)
    jittered: Array = field(repr=False)
    missed: int

    @property
    def counts(self) -> Counts:
        """Give the number of pictures of each person."""
        return np.bincount(self.person, minlength=len(self.names))

    @property
    def training(self) -> NDArray[np.bool_]:
        """Tell of each person whether things may be chosen on them."""
        return np.array([for_training(name) for name in self.names])


def encode(taken: Sequence[Photo], *, jitters: int = 0) -> Encoded:
    """Find and encode the person named on each picture: about 25 ms a picture on one core.

    jitters: so many variations of the pictures of people with six or more, who serve as owners.
    """
    pictures = Counter(photo.person for photo in taken)
    found: list[tuple[Photo, tuple[Array, Array, Array]]] = []
    with tempfile.TemporaryDirectory() as cache:
        engine = open_engine(cache=Path(cache))
        for number, photo in enumerate(taken):
            if number % 500 == 0:
                print(f"encoding: {number} of {len(taken)}", flush=True)
            rows = _encodings(engine, photo, jitters if pictures[photo.person] >= OWNERS else 0)
            if rows is not None:
                found.append((photo, rows))
    names, person = np.unique([photo.person for photo, _ in found], return_inverse=True)
    plain, both, jittered = (np.stack([rows[kind] for _, rows in found]) for kind in range(3))
    return Encoded(
        names=tuple(str(name) for name in names),
        files=tuple(photo.path.name for photo, _ in found),
        person=person,
        plain=plain,
        both=both,
        jittered=jittered,
        missed=len(taken) - len(found),
    )


def middle(engine: Engine, rgb: NDArray[np.uint8]) -> Face | None:
    """Find the face nearest to the middle: press photos show others at the edge.

    LFW was cut so that the face named lies there and is about 110 px wide: the detector looks
    there first, which is six times as quick, and everywhere where that finds nothing.
    """
    height, width = rgb.shape[:2]
    left, top = (width - USUAL) // 2, (height - USUAL) // 2
    there = Box(left=left, top=top, right=left + USUAL, bottom=top + USUAL)
    expected = Face(box=there, score=1.0, five=np.zeros((5, 2), np.float32))
    faces = engine.follow(rgb, [expected]) or engine.find(rgb, smallest=SMALLEST)

    def off(face: Face) -> float:
        across = face.box.left + face.box.right - width
        down = face.box.top + face.box.bottom - height
        return float(np.hypot(across, down))

    return min(faces, key=off, default=None)


def _encodings(engine: Engine, photo: Photo, jitters: int) -> tuple[Array, Array, Array] | None:
    still = decode(photo.path.read_bytes())
    if isinstance(still, Unreadable):
        return None
    face = middle(engine, still.rgb)
    if face is None:
        return None
    plain = engine.encode(still.rgb, [face])[0]
    turned = engine.encode(*mirrored(still.rgb, [face]))[0]
    varied = jittered(engine, still.rgb, face, jitters) if jitters else plain
    return plain, (plain + turned) / 2, varied


def jittered(engine: Engine, rgb: NDArray[np.uint8], face: Face, count: int) -> Array:
    """Average the encodings of seeded variations of a face: moved, turned, scaled, tinted.

    By up to 2 % of its size, 3 degrees, 3 %, 10 % a channel; every other one is mirrored.
    """
    rng = np.random.default_rng(face.box.left * 1000 + face.box.top)
    rows = []
    for number in range(count):
        tinted = np.clip(rgb * rng.uniform(0.9, 1.1, 3), 0, 255).astype(np.uint8)
        varied = replace(face, five=_moved(face, rng))
        seen = mirrored(tinted, [varied]) if number % 2 else (tinted, (varied,))
        rows.append(engine.encode(*seen)[0])
    return np.asarray(np.mean(rows, axis=0), np.float32)


def _moved(face: Face, rng: np.random.Generator) -> Array:
    """Move the landmarks, from which the chip is cut, as one."""
    centre = face.five.mean(axis=0)
    turn, size = np.radians(rng.uniform(-3, 3)), rng.uniform(0.97, 1.03)
    matrix = size * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shift = rng.uniform(-0.02, 0.02, 2) * face.box.width
    return np.asarray((face.five - centre) @ matrix.T + centre + shift, np.float32)
