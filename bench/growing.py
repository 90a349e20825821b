"""A template that grows with pictures its owner confirmed: what it finds, and what it lets in.

Owns the rules of growth that were tried, and the trial with a near neighbour: every picture of the
person who looks most like the owner is confirmed, and the neighbour's share of `you` is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bench.accuracy_tables import Interval
from bench.crowds import Crowd, fit
from bench.encodings import Array, Counts, Encoded
from bench.trials import Draw, Figures, Floats, distances, draws, measure, templates, trial

AT: Final = 2  # the column of FMR 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """What a grown template does: found at FMR 1e-4, and a near neighbour's share of `you`."""

    references: int
    rule: str
    found: Interval
    gained: Interval
    neighbours: int
    before: float  # share of a neighbour's pictures at `you`, mean over the neighbours
    after: float
    most_risen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a template grows: what a confirmed picture must keep to, how many, how far it moves."""

    within: float  # distance to the enrolled mean
    most: int
    reach: float

    def grow(self, references: Array, confirmed: Array, crowd: Crowd) -> Floats:
        """Give the mean of the references and of the confirmed pictures that keep the rule."""
        enrolled = references.mean(axis=0, dtype=float)
        near = adjusted(enrolled[None], confirmed, crowd)[0] <= self.within
        grown = np.concatenate([references, confirmed[near][: self.most]]).mean(axis=0, dtype=float)
        moved = float(np.linalg.norm(grown - enrolled))
        return np.asarray(enrolled + (grown - enrolled) * min(1.0, self.reach / max(moved, 1e-9)))

    def __str__(self) -> str:
        return f"within {self.within:.2f}, {self.most} at most, moved by {self.reach:.2f} at most"


def adjusted(rows: Floats, encodings: Array, crowd: Crowd) -> Floats:
    """Give the distances of templates (n, 128) to encodings (m, 128), less the shifts."""
    return np.asarray(distances(rows, encodings) - crowd.shift(rows)[:, None])


def growing(
    encoded: Encoded, references: int, limits: tuple[float, float], times: int, replicates: int
) -> Iterator[Grown]:
    """Grow templates by half of the owners' other pictures, and by those of near neighbours."""
    both, measuring = encoded.both, ~encoded.training
    crowd = fit(encoded, encoded.training)
    drawn: list[Draw] = []
    confirmed: list[Counts] = []
    for one in draws(encoded, references, times, least=12):
        other = np.setdiff1d(np.flatnonzero(encoded.person == one.owner), one.references)
        other = np.random.default_rng(len(drawn)).permutation(other)[: len(other) // 2]
        confirmed.append(other)
        drawn.append(replace(one, used=np.concatenate([one.references, other])))
    enrolled = templates(drawn, both)

    def figures(rows: Floats) -> Figures:
        found = trial(encoded, drawn, lambda part: adjusted(rows[part], both, crowd), measuring)
        return measure(found, measuring, replicates=replicates)

    base = figures(enrolled)
    you, maybe = limits
    for within, reach in ((maybe, 9.0), (maybe, 0.1), (you, 9.0), (you, 0.1), (you, 0.05)):
        rule = Rule(within=within, most=10, reach=reach)
        rows = [
            rule.grow(both[one.references], both[other], crowd)
            for one, other in zip(drawn, confirmed, strict=True)
        ]
        grown = figures(np.stack(rows))
        before, after = neighbours(encoded, drawn, rule, you, crowd)
        yield Grown(
            references=references,
            rule=str(rule),
            found=Interval.of(grown.accepted[:, AT]),
            gained=Interval.of(grown.accepted[:, AT] - base.accepted[:, AT]),
            neighbours=len(before),
            before=float(before.mean()),
            after=float(after.mean()),
            most_risen=float((after - before).max()),
        )


def neighbours(
    encoded: Encoded, drawn: Sequence[Draw], rule: Rule, you: float, crowd: Crowd
) -> tuple[Floats, Floats]:
    """Confirm every picture of each owner's nearest neighbour with six or more; give the shares."""
    both = encoded.both
    able = np.flatnonzero(encoded.counts >= 6)
    centres = np.stack([both[encoded.person == person].mean(axis=0) for person in able])
    before: list[float] = []
    after: list[float] = []
    for one in drawn[:: max(1, len(drawn) // 100)]:
        enrolled = both[one.references].mean(axis=0, dtype=float)
        apart = np.linalg.norm(centres - enrolled, axis=1)
        apart[able == one.owner] = np.inf
        theirs = both[encoded.person == able[int(np.argmin(apart))]]
        grown = rule.grow(both[one.references], theirs, crowd)
        for point, into in ((enrolled, before), (grown, after)):
            into.append(float((adjusted(point[None], theirs, crowd) <= you).mean()))
    return np.array(before), np.array(after)
