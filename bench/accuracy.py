"""How many of an owner's pictures are found, and how many strangers' faces are taken for theirs.

    uv run python -m bench.accuracy [--draws 10] [--replicates 500] [--write]

Every person with enough pictures serves as an owner, everybody else's pictures as strangers' faces.
Limits are chosen on the training half of the people (bench/people.py) at FMR 1e-4 for `you` and
1e-3 for `maybe`, and judged on the measuring half; every figure has a 95 % interval from resampling
people. One wider than a factor of 3 is marked with a tilde.

--write writes the limits and weights into selfcheck/identity/measured.py and the tables into
docs/accuracy.md. Takes about 5 minutes on one core, half of it for the 6,398 pictures. Encodings
stay in memory. What else was tried: bench/tried.py.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from bench.accuracy_tables import (
    Alarms,
    Interval,
    InUse,
    Row,
    markdown,
    write_constants,
    write_docs,
)
from bench.crowds import Crowd, fit
from bench.encodings import Encoded, encode
from bench.pairs import told
from bench.people import faces_folder, photos, write_figures
from bench.trials import FMRS, Draw, Figures, Floats, People, distances, draws, measure, templates
from bench.trials import trial as try_out

REFERENCES: Final = (1, 2, 3, 5, 8)
ALARM_OWNERS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Everything that the tables are made of."""

    encoded: Encoded
    crowd: Crowd
    times: int
    replicates: int

    def groups(self) -> dict[str, People]:
        """Give the people that limits are chosen on, that they are judged on, and all."""
        training = self.encoded.training
        return {"choosing": training, "measuring": ~training, "all": training | ~training}

    def scores(self, drawn: Sequence[Draw], part: slice) -> Floats:
        """Score every picture against some draws, as the program does."""
        rows = templates(drawn[part], self.encoded.both)
        shifts = self.crowd.shift(rows)
        return distances(rows, self.encoded.both) - shifts[:, None]

    def figures(self, references: int, people: People, limits: Sequence[float] = ()) -> Figures:
        """Measure the score for a number of references on some people."""
        drawn = draws(self.encoded, references, self.times)
        found = try_out(self.encoded, drawn, lambda part: self.scores(drawn, part), people)
        return measure(found, people, replicates=self.replicates, limits=limits)


def rows(bench: Bench) -> list[Row]:
    """Measure limits and shares for every number of references and every group of people."""
    found = []
    for references in REFERENCES:
        for name, people in bench.groups().items():
            figures = bench.figures(references, people)
            found.append(
                Row(
                    references=references,
                    people=name,
                    owners=figures.owners,
                    limits=tuple(map(Interval.of, figures.limits.T)),
                    missed=tuple(Interval.of(1 - column) for column in figures.accepted.T),
                )
            )
    return found


def choose(table: Sequence[Row]) -> dict[int, tuple[float, float]]:
    """Choose the limits: the choosing half's, rounded down to 0.005, falling with references."""
    chosen: dict[int, tuple[float, float]] = {}
    you = maybe = math.inf
    for row in table:
        if row.people == "choosing":
            at = {fmr: limit.value for fmr, limit in zip(FMRS, row.limits, strict=True)}
            you = min(you, math.floor(at[1e-4] * 200) / 200)
            maybe = min(maybe, math.floor(at[1e-3] * 200) / 200)
            chosen[row.references] = you, maybe
    return chosen


def in_use(bench: Bench, limits: dict[int, tuple[float, float]]) -> list[InUse]:
    """Judge the limits on the measuring half, and on all."""
    found = []
    for references, pair in limits.items():
        for name, people in bench.groups().items():
            if name == "choosing":
                continue
            figures = bench.figures(references, people, pair)
            found.append(
                InUse(
                    references=references,
                    people=name,
                    limits=pair,
                    fmr=tuple(map(Interval.of, figures.fmr.T)),
                    found=tuple(map(Interval.of, figures.share.T)),
                )
            )
    return found


def alarms(bench: Bench, limits: dict[int, tuple[float, float]]) -> list[Alarms]:
    """Count false alarms of 20 owners of the measuring half against one face a stranger."""
    encoded, found = bench.encoded, []
    measuring = ~encoded.training
    first = np.unique(encoded.person, return_index=True)[1]
    for references, (you, maybe) in limits.items():
        drawn = [one for one in draws(encoded, references, 1) if measuring[one.owner]]
        some = np.random.default_rng(20).permutation(len(drawn))[:ALARM_OWNERS]
        chosen = [drawn[number] for number in sorted(some)]
        scores = bench.scores(chosen, slice(None))[:, first]
        for row, draw in zip(scores, chosen, strict=True):
            row[draw.owner] = np.inf
        compared = np.isfinite(scores)
        found.append(
            Alarms(
                references=references,
                owners=len(chosen),
                strangers=len(first) - 1,
                compared=int(compared.sum()),
                you=int((scores <= you).sum()),
                maybe=int((scores <= maybe).sum() - (scores <= you).sum()),
                worst_you=int((scores <= you).sum(axis=1).max()),
            )
        )
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--draws", type=int, default=10)
    asked.add_argument("--replicates", type=int, default=500)
    asked.add_argument("--people", type=int, help="only the first so many, for a quick try")
    asked.add_argument("--pairs", type=Path, help="the official pairs.txt of LFW")
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    folder = faces_folder()
    taken = [one for one in photos(folder) if one.of_one]
    if given.people:
        some = set(sorted({one.person for one in taken})[: given.people])
        taken = [one for one in taken if one.person in some]
    encoded = encode(taken)
    bench = Bench(
        encoded=encoded,
        crowd=fit(encoded, encoded.training),
        times=given.draws,
        replicates=given.replicates,
    )
    table = rows(bench)
    limits = choose(table)
    judged, counted = in_use(bench, limits), alarms(bench, limits)
    listing = given.pairs or next(iter(sorted(folder.glob("**/pairs.txt"))), None)
    pairs = [told(encoded, some, listing) for some in (encoded.plain, encoded.both)]
    tables = markdown(table, judged, counted, pairs)
    print(tables)
    write_figures(
        "accuracy",
        {
            "options": {name: str(value) for name, value in vars(given).items()},
            "pictures": len(encoded.files),
            "people": len(encoded.names),
            "without a face": encoded.missed,
            "rows": [asdict(one) for one in table],
            "in use": [asdict(one) for one in judged],
            "alarms": [asdict(one) for one in counted],
            "pairs": [asdict(one) for one in pairs],
        },
    )
    if given.write:
        day = datetime.now(UTC).date().isoformat()
        data = f"LFW, {len(encoded.files)} pictures of {len(encoded.names)} people"
        write_constants(limits, bench.crowd, day, data)
        write_docs(tables, day, "uv run python -m bench.accuracy --write")


if __name__ == "__main__":
    main()
