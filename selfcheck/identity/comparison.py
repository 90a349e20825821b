"""Comparison of a picture's faces with the owner: at most one of them is, the nearest.

Owns the matcher. It holds encodings in memory, shows them to nobody, and keeps no stranger's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity.crowding import shift
from selfcheck.identity.measured import DATE
from selfcheck.identity.profile import Profile
from selfcheck.identity.thresholds import SECOND_LOOK, limits
from selfcheck.model import Band

# What a distance is, for the ledger: another score makes settled pictures pending again.
SCORE: Final = f"mirrored, less crowding of {DATE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """Which face of a picture is the owner's, and how near it is."""

    index: int
    distance: float  # less the owner's shift (`crowding`), rounded to 4 decimals, never below 0
    band: Band


class Matcher:
    """Compares faces with one profile. Its repr tells the number of references and no more."""

    __slots__ = ("_limits", "_shift", "_template", "references")

    def __init__(self, profile: Profile) -> None:
        """Take the mean of the references, its shift, and the limits for their number."""
        self.references = profile.references
        self._template = mean(profile.both)
        self._shift = shift(self._template)
        self._limits = limits(self.references)

    def __repr__(self) -> str:
        return f"Matcher(references={self.references})"

    def near(self, encodings: NDArray[np.float32], *, off: float = 0.0) -> tuple[int, ...]:
        """Tell which faces of (n, 128) to encode once more from their mirror image.

        The mean of both encodings is what `best` should see of them. A mirror image seldom brings
        a face so much nearer that one from farther away would come into a band. `off` is by how
        much the distances of these encodings may be too large.
        """
        found = self._distances(encodings) <= self._limits.maybe + SECOND_LOOK + off
        return tuple(int(index) for index in np.flatnonzero(found))

    def best(self, encodings: NDArray[np.float32]) -> Best | None:
        """Find the owner among the faces of one picture (n, 128); None if nobody is near enough."""
        if len(encodings) == 0:
            return None
        found = self._distances(encodings)
        index = int(np.argmin(np.where(np.isnan(found), np.inf, found)))
        distance = float(found[index])
        # Written so that a distance that is no number is nobody's.
        if not distance <= self._limits.maybe:
            return None
        band = Band.YOU if distance <= self._limits.you else Band.MAYBE
        return Best(index=index, distance=distance, band=band)

    def _distances(self, encodings: NDArray[np.float32]) -> NDArray[np.float64]:
        apart = distances(encodings, self._template) - self._shift
        return np.asarray(np.round(np.maximum(apart, 0), 4))


def mean(encodings: NDArray[np.floating]) -> NDArray[np.float64]:
    """Average encodings (n, 128) into one (128,)."""
    return np.asarray(np.asarray(encodings, np.float64).mean(axis=0))


def distances(encodings: NDArray[np.floating], point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the Euclidean distance of each encoding (n, 128) to a point, rounded to 4 decimals.

    Rounded before any limit, so that the order of work cannot tip a face over one.
    """
    apart = np.asarray(encodings, np.float64) - point
    return np.asarray(np.round(np.sqrt(np.square(apart).sum(axis=1)), 4))
