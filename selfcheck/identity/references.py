"""Checks of the reference photos before anybody is enrolled: which one fails, and why.

Owns what a good reference is. It never says whose face it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity.comparison import distances, mean
from selfcheck.identity.thresholds import REFERENCES_AGREE

SMALLEST_FACE = 80  # pixels of width; the encoder looks at 150
# The same photo saved again differs by about 0.05, two photos of one minute by 0.15 or more.
SAME_PHOTO = 0.1
# Energy of the finest detail against all detail (`faces.quality`). Press photos with faces of
# 100 pixels: 0.012 and more in 98 of 100; blurred by two pixels: below 0.008 in 95 of 100.
SHARP = 0.006
FEW = 3


class Problem(StrEnum):
    """Why a photo cannot be a reference. The value is shown to people."""

    NO_FACE = "no face was found"
    SEVERAL_FACES = "more than one face is in it"
    TOO_SMALL = "the face is too small"
    BLURRED = "the face is not sharp"
    COPY = "it is the same photo as another"
    STRANGER = "the face is not the one on the other photos"
    UNDECIDED = "these two photos do not show the same face"

    @property
    def hint(self) -> str:
        """Say what would help."""
        return _HINTS[self]


_HINTS = {
    Problem.NO_FACE: "take a photo that shows your whole face from the front, in even light",
    Problem.SEVERAL_FACES: "cut the photo so that you are alone in it",
    Problem.TOO_SMALL: f"take a closer photo: the face needs {SMALLEST_FACE} pixels of width",
    Problem.BLURRED: "take a photo in more light, holding the camera still",
    Problem.COPY: "leave it out; a photo of another day helps more",
    Problem.STRANGER: "leave it out if it shows somebody else; otherwise take a newer one",
    Problem.UNDECIDED: "add a third photo, so that it can be told which one is off",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReferenceFace:
    """One face on a reference photo: width in pixels, sharpness of `faces`, encodings (128,).

    mirrored: the encoding of the face's mirror image.
    """

    width: int
    sharpness: float
    encoding: NDArray[np.float32] = field(repr=False)
    mirrored: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSeen:
    """One reference photo: its name for display, its SHA-256, and every face on it."""

    name: str
    sha256: str
    faces: tuple[ReferenceFace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceVerdict:
    """Whether a photo can be a reference, and why not."""

    name: str
    problem: Problem | None = None
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Say whether it can."""
        return self.problem is None

    @property
    def hint(self) -> str:
        """Say what would help."""
        return "" if self.problem is None else self.problem.hint


def check(references: Sequence[ReferenceSeen]) -> tuple[ReferenceVerdict, ...]:
    """Judge each photo on its own, and then those that passed against each other, in order."""
    verdicts = [_alone(reference) for reference in references]
    good = [i for i, verdict in enumerate(verdicts) if verdict.passed]
    for place, problem, detail in _among([references[i] for i in good]):
        i = good[place]
        verdicts[i] = ReferenceVerdict(name=references[i].name, problem=problem, detail=detail)
    return tuple(verdicts)


def advice(count: int) -> str | None:
    """Ask for more photos where there are too few to be sure; None where there are enough."""
    if count >= FEW:
        return None
    photos = "One photo is" if count == 1 else f"{count} photos are"
    return (
        f"{photos} enough to begin, but with {FEW} or more, of different days, fewer strangers"
        f" are taken for you and fewer photos of you are missed."
    )


def _alone(reference: ReferenceSeen) -> ReferenceVerdict:
    problem, detail = _problem(reference)
    return ReferenceVerdict(name=reference.name, problem=problem, detail=detail)


def _problem(reference: ReferenceSeen) -> tuple[Problem | None, str]:
    if not reference.faces:
        return Problem.NO_FACE, ""
    if len(reference.faces) > 1:
        return Problem.SEVERAL_FACES, f"{len(reference.faces)} faces"
    (face,) = reference.faces
    if face.width < SMALLEST_FACE:
        return Problem.TOO_SMALL, f"{face.width} pixels wide"
    if face.sharpness < SHARP:
        return Problem.BLURRED, ""
    return None, ""


def _among(references: Sequence[ReferenceSeen]) -> list[tuple[int, Problem, str]]:
    """Find copies, then whoever is far from the others: place, problem, detail."""
    found: list[tuple[int, Problem, str]] = []
    kept: list[int] = []
    for i, reference in enumerate(references):
        first = next((j for j in kept if _same_photo(reference, references[j])), None)
        if first is None:
            kept.append(i)
        else:
            found.append((i, Problem.COPY, references[first].name))
    rows = {i: references[i].faces[0].encoding for i in kept}
    return found + _strangers(rows)


def _same_photo(a: ReferenceSeen, b: ReferenceSeen) -> bool:
    apart = np.linalg.norm(a.faces[0].encoding - b.faces[0].encoding)
    return a.sha256 == b.sha256 or bool(apart < SAME_PHOTO)


def _strangers(rows: dict[int, NDArray[np.float32]]) -> list[tuple[int, Problem, str]]:
    """Take out the one farthest from the rest until the rest agree."""
    found: list[tuple[int, Problem, str]] = []
    left = dict(rows)
    while len(left) > 1:
        apart = {i: _from_others(i, left) for i in left}
        farthest = max(left, key=lambda i: apart[i])
        if apart[farthest] <= REFERENCES_AGREE:
            return found
        if len(left) == 2:  # noqa: PLR2004 -- of two, nobody can say which one is off
            return found + [(i, Problem.UNDECIDED, f"{apart[i]:.2f} apart") for i in left]
        found.append((farthest, Problem.STRANGER, f"{apart[farthest]:.2f} apart"))
        del left[farthest]
    return found


def _from_others(i: int, rows: dict[int, NDArray[np.float32]]) -> float:
    others = np.stack([row for j, row in rows.items() if j != i])
    return float(distances(rows[i][None], mean(others))[0])
