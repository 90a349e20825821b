"""What a score accepts and lets through, with intervals from resampling people.

Owns the trials: people with enough pictures serve as owners, some of their pictures as references,
their other pictures as what should be accepted, and every picture of everybody else as strangers'
faces, owners' pictures among them. An interval resamples people, and a person drawn twice counts
twice, both as an owner and as a stranger: pictures of one person are no independent evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.encodings import OWNERS, Array, Counts, Encoded

FMRS: Final = (1e-2, 1e-3, 1e-4)
_TAIL = 0.03  # share of strangers' scores that is kept: thrice the largest FMR
_AT_ONCE = 100

Floats: TypeAlias = NDArray[np.float64]
People: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draw:
    """One owner with the pictures drawn as references, by their number."""

    owner: int
    references: Counts
    used: Counts  # pictures that are no test any more: the references, and what a template took


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """Scores, smallest first: the owners' own, and the nearest of the strangers'."""

    own: Floats
    own_of: Counts
    others: Floats
    others_of: Counts
    others_by: Counts
    draws: Counts  # of each person as an owner
    counts: Counts  # pictures of each person

    def owners(self, among: People) -> int:
        """Count the owners among these people."""
        return int((among & (self.draws > 0)).sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """Limits at FMRS and the share accepted there, and both at limits given; row 0 is the data.

    The other rows are bootstrap replicates. limits, accepted: (1 + b, len(FMRS)); fmr,
    share: (1 + b, number of limits given).
    """

    owners: int
    limits: Floats
    accepted: Floats
    fmr: Floats
    share: Floats


def draws(encoded: Encoded, references: int, times: int, *, least: int = 0) -> list[Draw]:
    """Draw references for everybody with three pictures more, and with six at least."""
    rng = np.random.default_rng(references)
    able = np.flatnonzero(encoded.counts >= max(OWNERS, references + 3, least))
    found = []
    for owner in able:
        own = np.flatnonzero(encoded.person == owner)
        for _ in range(times):
            taken = rng.permutation(own)[:references]
            found.append(Draw(owner=int(owner), references=taken, used=taken))
    return found


def templates(drawn: Sequence[Draw], encodings: Array) -> Floats:
    """Give the mean of the references of each draw (n, 128)."""
    return np.stack([encodings[one.references].mean(axis=0, dtype=float) for one in drawn])


def distances(some: NDArray[np.floating], others: NDArray[np.floating]) -> Floats:
    """Give the distance of each encoding (n, 128) to each other (m, 128)."""
    a, b = np.asarray(some, float), np.asarray(others, float)
    squares = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * a @ b.T
    return np.asarray(np.sqrt(np.maximum(squares, 0)))


def trial(
    encoded: Encoded, drawn: Sequence[Draw], scores: Callable[[slice], Floats], among: People
) -> Trial:
    """Score every picture of these people against every draw whose owner is among them.

    scores: gives the rows (n, pictures) of some draws; the smaller, the more alike.
    """
    there = among[encoded.person]
    kept = max(1, round(_TAIL * there.sum()))
    taken = [one for one in drawn if among[one.owner]]
    own: list[tuple[Floats, Counts]] = []
    others: list[tuple[Floats, Counts, Counts]] = []
    for first in range(0, len(drawn), _AT_ONCE):
        rows = scores(slice(first, first + _AT_ONCE))
        for row, draw in zip(rows, drawn[first : first + _AT_ONCE], strict=True):
            if not among[draw.owner]:
                continue
            mine = encoded.person == draw.owner
            strange = np.flatnonzero(there & ~mine)
            nearest = strange[np.argpartition(row[strange], kept)[:kept]]
            mine[draw.used] = False
            own.append((row[mine], np.full(int(mine.sum()), draw.owner)))
            whose = np.full(kept, draw.owner)
            others.append((row[nearest], whose, encoded.person[nearest]))
    mine, own_of = map(np.concatenate, zip(*own, strict=True))
    strange, others_of, others_by = map(np.concatenate, zip(*others, strict=True))
    order, far = np.argsort(mine, kind="stable"), np.argsort(strange, kind="stable")
    return Trial(
        own=mine[order],
        own_of=own_of[order],
        others=np.asarray(strange[far], dtype=float),
        others_of=others_of[far],
        others_by=others_by[far],
        draws=np.bincount([one.owner for one in taken], minlength=len(encoded.names)),
        counts=np.where(among, encoded.counts, 0),
    )


def measure(
    found: Trial, among: People, *, replicates: int, limits: Sequence[float] = ()
) -> Figures:
    """Find limits and shares for the people themselves, and for so many resamplings of them.

    Owners count alike, however many pictures they have; strangers' pictures count one by one.
    """
    rng = np.random.default_rng(1)
    there = np.flatnonzero(among)
    rows = []
    for number in range(replicates + 1):
        weight = np.zeros(len(among))
        drawn = there if number == 0 else rng.choice(there, len(there))
        np.add.at(weight, drawn, 1)
        rows.append(_once(found, weight, np.asarray(limits, float)))
    columns = zip(*rows, strict=True)
    at, accepted, fmr, share = (np.stack(column) for column in columns)
    owners = found.owners(among)
    return Figures(owners=owners, limits=at, accepted=accepted, fmr=fmr, share=share)


def worst_tenth(found: Trial, limit: float) -> float:
    """Give the FMR at a limit of the tenth of the owners who have the highest."""
    owners = np.flatnonzero(found.draws)
    passed = found.others_of[found.others <= limit]
    false = np.bincount(passed, minlength=len(found.draws))[owners]
    compared = found.draws[owners] * (found.counts.sum() - found.counts[owners])
    rates = np.sort(false / compared)[::-1]
    return float(rates[: max(1, round(len(rates) / 10))].mean())


def _once(found: Trial, weight: Floats, limits: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    owners = weight * found.draws
    pictures = weight * found.counts
    compared = owners.sum() * pictures.sum() - (owners * pictures).sum()
    passed = np.cumsum(weight[found.others_of] * weight[found.others_by])
    places = np.searchsorted(passed, np.array(FMRS) * compared, side="right")
    at = found.others[np.clip(places - 1, 0, None)]
    each = weight[found.own_of] / np.bincount(found.own_of, minlength=len(weight))[found.own_of]
    took = np.concatenate([[0.0], np.cumsum(each)])
    took /= took[-1]
    fmr = np.concatenate([[0.0], passed])[np.searchsorted(found.others, limits, side="right")]
    return (
        at,
        took[np.searchsorted(found.own, at, side="right")],
        fmr / compared,
        took[np.searchsorted(found.own, limits, side="right")],
    )
