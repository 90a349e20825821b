"""The 6,000-pair number of LFW: the share of pairs told right, as same or as different people.

Reads the official list, pairs.txt, where it lies beside the pictures or is named; it is no part of
this folder of pictures. Without it, it draws 6,000 pairs of the same kind, in ten folds without a
common person, and says that they are not the official ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np

from bench.encodings import Array, Encoded
from bench.trials import Floats

FOLDS: Final = 10
PAIRS: Final = 300  # of the same person in a fold, and as many of different ones
_OF_ONE = 30  # pairs of one person at most: Colin Powell alone has 27,730


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The share of pairs told right: the mean over the folds, and its standard error."""

    official: bool
    listed: int
    present: int
    right: float
    error: float
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    fold: int
    one: int
    other: int
    same: bool


def told(encoded: Encoded, encodings: Array, listing: Path | None) -> Told:
    """Tell the pairs apart, each fold at the limit that serves the nine others best."""
    pairs = drawn(encoded) if listing is None else _listed(encoded, listing)
    there = [pair for pair in pairs if pair is not None]
    one, other = (encodings[[getattr(p, side) for p in there]] for side in ("one", "other"))
    apart = np.linalg.norm(one.astype(float) - other, axis=1)
    same = np.array([pair.same for pair in there])
    fold = np.array([pair.fold for pair in there])
    right, limits = [], []
    for number in np.unique(fold):
        limits.append(_best(apart[fold != number], same[fold != number]))
        right.append(((apart <= limits[-1]) == same)[fold == number].mean())
    return Told(
        official=listing is not None,
        listed=len(pairs),
        present=len(there),
        right=float(np.mean(right)),
        error=float(np.std(right, ddof=1) / np.sqrt(len(right))),
        limit=round(float(np.mean(limits)), 3),
    )


def _best(apart: Floats, same: Array) -> float:
    limits = np.arange(0.4, 0.8, 0.001)
    right = [((apart <= limit) == same).mean() for limit in limits]
    return float(limits[int(np.argmax(right))])


def drawn(encoded: Encoded) -> list[_Pair | None]:
    """Draw 300 pairs of one person and 300 of two in each of ten folds without a common person."""
    rng = np.random.default_rng(6000)
    fold_of = rng.permutation(len(encoded.names)) % FOLDS
    found: list[_Pair | None] = []
    for fold in range(FOLDS):
        here = np.flatnonzero(fold_of[encoded.person] == fold)
        same = [pair for one in np.unique(encoded.person[here]) for pair in _same(encoded, one)]
        for one, other in rng.permutation(np.array(same))[:PAIRS]:
            found.append(_Pair(fold=fold, one=int(one), other=int(other), same=True))
        while sum(1 for pair in found if pair and pair.fold == fold) < 2 * PAIRS:
            one, other = rng.choice(here, 2, replace=False)
            if encoded.person[one] != encoded.person[other]:
                found.append(_Pair(fold=fold, one=int(one), other=int(other), same=False))
    return found


def _same(encoded: Encoded, person: int) -> list[tuple[int, int]]:
    pairs = list(combinations(np.flatnonzero(encoded.person == person), 2))
    taken = np.random.default_rng(person).permutation(len(pairs))[:_OF_ONE]
    return [pairs[one] for one in taken]


def _listed(encoded: Encoded, listing: Path) -> list[_Pair | None]:
    """Read pairs.txt: ten folds of 300 lines `name i j`, then 300 lines `name i name j`."""
    number = {name: place for place, name in enumerate(encoded.files)}
    lines = [line.split() for line in listing.read_text(encoding="utf-8").splitlines()[1:]]
    found: list[_Pair | None] = []
    for place, words in enumerate(line for line in lines if len(line) in (3, 4)):
        same = len(words) == 3
        first, second = words[:2], ([words[0], words[2]] if same else words[2:])
        names = [f"{name}_{int(picture):04}.jpg" for name, picture in (first, second)]
        if all(name in number for name in names):
            one, other = (number[name] for name in names)
            found.append(_Pair(fold=place // (2 * PAIRS), one=one, other=other, same=same))
        else:
            found.append(None)
    return found
