"""What was tried for better scores, each against the plain mean of the references.

    uv run python -m bench.tried [--draws 10] [--replicates 500] [--jitters 10]

Prints the share of owners' pictures found at FMR 1e-4 by each score, on the half of the people that
it was chosen on and on the other, and the difference to the plain mean with its 95 % interval from
resampling people, both on the same draws. Then a template that grows with confirmed pictures
(bench/growing.py). Takes about 15 minutes on one core. Encodings stay in memory; docs/accuracy.md
tells what was kept.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from bench.accuracy_tables import Interval
from bench.crowds import Crowd, fit
from bench.encodings import Array, Encoded, encode
from bench.growing import AT, growing
from bench.people import faces_folder, photos, write_figures
from bench.trials import Draw, Floats, distances, draws, measure, templates, trial, worst_tenth
from selfcheck.identity.measured import LIMITS

REFERENCES: Final = (1, 3, 5)
Score: TypeAlias = Callable[[slice], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One score on some people: the share found at FMR 1e-4, and what it gains.

    worst: the FMR at that limit of the tenth of the owners who have the highest.
    """

    references: int
    people: str
    name: str
    found: Interval
    gained: Interval
    worst: float

    @property
    def wins(self) -> bool:
        """Say whether the gain lies clearly beyond its interval."""
        return self.gained.low > 0


def scores(encoded: Encoded, drawn: Sequence[Draw], crowd: Crowd) -> Iterator[tuple[str, Score]]:
    """Give every score that was tried, the plain mean first."""
    plain, both, jittered = encoded.plain, encoded.both, encoded.jittered

    def against(rows: Floats, queries: Array, weight: float = 0) -> Score:
        shifts = weight * crowd.shift(rows)
        return lambda part: distances(rows[part], queries) - shifts[part, None]

    yield "plain mean", against(templates(drawn, plain), plain)
    yield "mirrored references", against(templates(drawn, both), plain)
    yield "mirrored references and pictures", against(templates(drawn, both), both)
    yield "jittered references", against(templates(drawn, jittered), plain)
    yield "jittered references, mirrored pictures", against(templates(drawn, jittered), both)
    yield "shift for crowding", against(templates(drawn, plain), plain, 1)
    yield "half that shift", against(templates(drawn, plain), plain, 0.5)
    yield "shift and mirrored, in use", against(templates(drawn, both), both, 1)
    yield "shift, mirrored, jittered references", against(templates(drawn, jittered), both, 1)
    medians = np.stack([median(both[one.references]) for one in drawn])
    yield "shift and mirrored, geometric median", against(medians, both, 1)
    near = np.stack([towards_typical(both[one.references]) for one in drawn])
    yield "shift and mirrored, typical ones weigh more", against(near, both, 1)
    spread = templates([farthest_apart(encoded, one) for one in drawn], both)
    yield "shift and mirrored, references far apart", against(spread, both, 1)


def median(rows: Array) -> Floats:
    """Give the point (128,) with the least sum of distances to the rows."""
    point = rows.mean(axis=0, dtype=float)
    for _ in range(20):
        weights = 1 / np.maximum(np.linalg.norm(rows - point, axis=1), 1e-3)
        point = weights @ rows / weights.sum()
    return np.asarray(point)


def towards_typical(rows: Array) -> Floats:
    """Average the rows, each weighed by how near it lies to the others: a stand-in for quality."""
    apart = np.linalg.norm(rows - rows.mean(axis=0), axis=1)
    weights = np.exp(-np.square(apart / 0.3))
    return np.asarray(weights @ rows / weights.sum(), float)


def farthest_apart(encoded: Encoded, draw: Draw) -> Draw:
    """Choose references that differ most: a stand-in for age, which LFW does not tell."""
    own = np.flatnonzero(encoded.person == draw.owner)
    pool = np.random.default_rng(int(draw.references[0])).permutation(own)
    pool = pool[: 2 * len(draw.references)]
    taken = [int(pool[0])]
    while len(taken) < len(draw.references):
        apart = distances(encoded.both[pool], encoded.both[taken]).min(axis=1)
        taken.append(int(pool[np.argmax(apart)]))
    used = np.union1d(draw.references, taken)
    return replace(draw, references=np.array(taken), used=used)


def compare(encoded: Encoded, references: int, times: int, replicates: int) -> Iterator[Tried]:
    """Measure every score on the half it was chosen on, and on the other."""
    training = encoded.training
    drawn = draws(encoded, references, times)
    base: dict[str, Floats] = {}
    for name, score in scores(encoded, drawn, fit(encoded, training)):
        for people, among in (("choosing", training), ("measuring", ~training)):
            found = trial(encoded, drawn, score, among)
            figures = measure(found, among, replicates=replicates)
            accepted = figures.accepted[:, AT]
            gained = accepted - base.setdefault(people, accepted)
            yield Tried(
                references=references,
                people=people,
                name=name,
                found=Interval.of(accepted),
                gained=Interval.of(gained),
                worst=worst_tenth(found, float(figures.limits[0, AT])),
            )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--draws", type=int, default=10)
    asked.add_argument("--replicates", type=int, default=500)
    asked.add_argument("--jitters", type=int, default=10)
    given = asked.parse_args()
    taken = [one for one in photos(faces_folder()) if one.of_one]
    report(encode(taken, jitters=given.jitters), given.draws, given.replicates)


def report(encoded: Encoded, times: int, replicates: int) -> None:
    """Measure and print everything, and write the figures."""
    print("| references | people | score | found at FMR 1e-4 | gained | wins | worst tenth's FMR |")
    print("|---|---|---|---|---|---|---|")
    tried = []
    for references in REFERENCES:
        for one in compare(encoded, references, times, replicates):
            tried.append(one)
            gained = f"{one.gained.value:+.3f} [{one.gained.low:+.3f}, {one.gained.high:+.3f}]"
            wins = "yes" if one.wins else ""
            cells = (one.people, one.name, one.found, gained, wins, f"{one.worst:.1e}")
            print(f"| {references} |", " | ".join(map(str, cells)), "|", flush=True)
    print("\n| references | rule of growth | found at FMR 1e-4 | gained | neighbour at `you` |")
    print("|---|---|---|---|---|")
    grown = []
    for references in REFERENCES:
        for each in growing(encoded, references, LIMITS[references], times, replicates):
            grown.append(each)
            gained = f"{each.gained.value:+.3f} [{each.gained.low:+.3f}, {each.gained.high:+.3f}]"
            rise = f"{each.before:.2f} to {each.after:.2f}, at most {each.most_risen:+.2f}"
            print(f"| {references} | {each.rule} | {each.found} | {gained} | {rise} |", flush=True)
    figures = {"tried": [asdict(one) for one in tried], "grown": [asdict(one) for one in grown]}
    write_figures("tried", figures)


if __name__ == "__main__":
    main()
