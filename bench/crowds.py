"""How crowded the place of a face is among encodings, as a linear function of the encoding.

Owns the fit of the 128 weights that `identity` adjusts distances with. They are a regression over
thousands of pictures of the training half's people: no face can be read off them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.encodings import Array, Counts, Encoded
from bench.trials import Floats, People, distances
from selfcheck.identity.crowding import MOST_LENIENT, MOST_STRICTER

NEAREST = 30  # strangers whose mean distance says how crowded a place is
_OF_EACH = 4  # pictures, and means of pictures, that one person gives at most
_MOST = 8  # pictures in a mean
_RIDGE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crowd:
    """Weights (128,) and offset: how much farther than usual the nearest strangers are."""

    weights: Floats
    offset: float
    explained: float  # share of the variance, on the people it was fitted on

    def shift(self, templates: Floats) -> Floats:
        """Give the shift of each template (n, 128), below 0 in a crowd, bounded as in use."""
        shift = templates @ self.weights + self.offset
        return np.asarray(np.clip(shift, -MOST_STRICTER, MOST_LENIENT).round(4))


def fit(encoded: Encoded, among: People) -> Crowd:
    """Fit the shift on these people, each template against one picture of each other person."""
    rows, of = _templates(encoded, encoded.both, among)
    people = np.flatnonzero(among)
    first = np.array([np.flatnonzero(encoded.person == person)[0] for person in people])
    apart = distances(rows, encoded.both[first])
    apart[of[:, None] == people] = np.inf
    nearest = np.sort(apart, axis=1)[:, :NEAREST].mean(axis=1)
    centre, usual = rows.mean(axis=0), nearest.mean()
    near = rows - centre
    weights = np.linalg.solve(
        near.T @ near + _RIDGE * np.eye(len(centre)), near.T @ (nearest - usual)
    )
    left = nearest - usual - near @ weights
    return Crowd(
        weights=weights,
        offset=float(-centre @ weights),
        explained=float(1 - left.var() / nearest.var()),
    )


def _templates(encoded: Encoded, encodings: Array, among: People) -> tuple[Floats, Counts]:
    """Give single pictures and means of several, as profiles have them, and whose they are."""
    rng = np.random.default_rng(0)
    rows: list[Array] = []
    of: list[int] = []
    for person in np.flatnonzero(among):
        own = np.flatnonzero(encoded.person == person)
        rows += [encodings[one] for one in own[:_OF_EACH]]
        for _ in range(min(_OF_EACH, len(own) - 1)):
            some = rng.permutation(own)[: rng.integers(2, min(_MOST, len(own)) + 1)]
            rows.append(encodings[some].mean(axis=0))
        of += [int(person)] * (len(rows) - len(of))
    return np.stack(rows).astype(float), np.array(of)
