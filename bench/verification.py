"""How often the live check refuses a willing person, and how often it lets a stranger through.

    uv run python -m bench.verification [--strangers 600] [--draws 20]

Takes 1 to 8 pictures of a person as references and the mean of 1, 2 and 5 other pictures as what
the camera saw, of the same person and of everybody else, and prints the false refusals at FMR 1e-3
and 1e-4. Then it picks the limit for each number of references: the smallest at which at most 5 %
of willing people are refused, each reference being asked on its own as well, halfway between means
of 1 and of 5 pictures of different days, where a mean of one sitting lies; and states its FMR.

There is no live person here: profiles and comparisons are made in memory, below the gate. Pictures
come from SELFCHECK_FACES (default: ../shared/faces beside the checkout); no picture and no encoding
is written, only the figures, to bench/out/verification.json. This file is not installed with the
package.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.people import Photo, faces_folder, photos, write_figures
from selfcheck.faces import open_engine
from selfcheck.faces.engine import Engine
from selfcheck.identity.thresholds import EACH_REFERENCE, verification_limit
from selfcheck.pictures import Unreadable, decode

REFERENCES = (1, 2, 3, 5, 8)
PROBES = (1, 2, 5)
WILLING = 0.05  # share of willing people that may be refused
Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the first table: false refusals at two false match rates, and the limits."""

    references: int
    probes: int
    people: int
    genuine: int
    impostors: int
    refused_1e3: float
    refused_1e4: float
    limit_1e3: float
    limit_1e4: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The limit for a number of references, and what it refuses and lets through per probe row."""

    references: int
    limit: float
    refused: tuple[float, ...]
    fmr: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """Distances of the probe means to the references' mean, and to the farthest reference."""

    people: int
    own: Array
    own_farthest: Array
    others: Array
    others_farthest: Array

    def refused(self, limit: float) -> float:
        """Give the share of willing people that the rule refuses at a limit."""
        passed = (self.own <= limit) & (self.own_farthest <= EACH_REFERENCE)
        return float(1 - passed.mean())

    def fmr(self, limit: float) -> float:
        """Give the share of strangers that the rule lets through at a limit."""
        passed = (self.others <= limit) & (self.others_farthest <= EACH_REFERENCE)
        return float(passed.mean())


def chosen(taken: Iterable[Photo], strangers: int) -> dict[str, list[Path]]:
    """Give every picture of each owner, and one of each of so many strangers."""
    found: dict[str, list[Path]] = defaultdict(list)
    for photo in taken:
        known = photo.person in found
        if photo.owner:
            # A picture of two heads of government is of neither.
            found[";".join(photo.people)].append(photo.path)
        elif not known and strangers > 0:
            found[photo.person].append(photo.path)
            strangers -= 1
    return found


def encoded(engine: Engine, path: Path) -> Array | None:
    """Encode the face nearest to the middle, where this set keeps the person named."""
    still = decode(path.read_bytes())
    if isinstance(still, Unreadable):
        return None
    faces = engine.find(still.rgb)
    if not faces:
        return None
    height, width = still.rgb.shape[:2]

    def off(index: int) -> float:
        box = faces[index].box
        return float(
            np.hypot((box.left + box.right - width) / 2, (box.top + box.bottom - height) / 2)
        )

    nearest = faces[min(range(len(faces)), key=off)]
    return np.asarray(engine.encode(still.rgb, [nearest])[0], np.float64)


def encode_all(found: dict[str, list[Path]]) -> dict[str, Array]:
    with tempfile.TemporaryDirectory() as cache:
        engine = open_engine(cache=Path(cache))
        people = {}
        for number, (person, paths) in enumerate(found.items()):
            if number % 100 == 0:
                print(f"encoding: person {number} of {len(found)}", flush=True)
            rows = [row for path in paths if (row := encoded(engine, path)) is not None]
            if rows:
                people[person] = np.stack(rows)
        return people


def distances(
    people: dict[str, Array], references: int, probes: int, rng: np.random.Generator, draws: int
) -> Distances:
    able = [rows for rows in people.values() if len(rows) >= references + probes]
    rest = [rows for rows in people.values() if probes <= len(rows) < references + probes]
    found: dict[str, list[Array]] = defaultdict(list)
    for _ in range(draws):
        orders = [rng.permutation(len(rows)) for rows in able]
        pairs = list(zip(able, orders, strict=True))
        enrolled = np.stack([rows[order[:references]] for rows, order in pairs])
        seen = [rows[order[references:][:probes]].mean(axis=0) for rows, order in pairs]
        seen += [rows[rng.permutation(len(rows))[:probes]].mean(axis=0) for rows in rest]
        shown = np.stack(seen)[None]
        mean = np.linalg.norm(enrolled.mean(axis=1)[:, None] - shown, axis=2)
        farthest = np.zeros_like(mean)
        for number in range(references):
            one = np.linalg.norm(enrolled[:, number, None] - shown, axis=2)
            farthest = np.maximum(farthest, one)
        own = np.eye(*mean.shape) > 0
        found["own"].append(mean[own])
        found["own_farthest"].append(farthest[own])
        found["others"].append(mean[~own])
        found["others_farthest"].append(farthest[~own])
    return Distances(people=len(able), **{name: np.concatenate(v) for name, v in found.items()})


def row(references: int, probes: int, found: Distances) -> Row:
    strict, stricter = np.quantile(found.others, [1e-3, 1e-4])
    return Row(
        references=references,
        probes=probes,
        people=found.people,
        genuine=len(found.own),
        impostors=len(found.others),
        refused_1e3=float((found.own > strict).mean()),
        refused_1e4=float((found.own > stricter).mean()),
        limit_1e3=round(float(strict), 3),
        limit_1e4=round(float(stricter), 3),
    )


def choose(references: int, found: dict[tuple[int, int], Distances]) -> Choice:
    one, five = found[references, 1], found[references, 5]
    limits = np.arange(0.30, EACH_REFERENCE + 0.005, 0.01).round(2)
    willing = [
        limit for limit in limits if (one.refused(limit) + five.refused(limit)) / 2 <= WILLING
    ]
    limit = float(willing[0]) if willing else float("nan")
    return Choice(
        references=references,
        limit=limit,
        refused=tuple(found[references, probes].refused(limit) for probes in PROBES),
        fmr=tuple(found[references, probes].fmr(limit) for probes in PROBES),
    )


def show(table: list[Row], choices: list[Choice]) -> None:
    print("\nrefs probes people  genuine impostors  refused at 1e-3, 1e-4    limits")
    for one in table:
        print(
            f"{one.references:4} {one.probes:6} {one.people:6} {one.genuine:8} {one.impostors:9}"
            f"  {one.refused_1e3:10.2%} {one.refused_1e4:8.2%}"
            f"     {one.limit_1e3:.3f}, {one.limit_1e4:.3f}"
        )
    print("\nrefs  limit  in use   refused with 1, 2, 5 probes     FMR with 1, 2, 5 probes")
    for choice in choices:
        refused = " ".join(f"{share:8.2%}" for share in choice.refused)
        fmr = " ".join(f"{share:8.1e}" for share in choice.fmr)
        in_use = verification_limit(choice.references)
        print(f"{choice.references:4}   {choice.limit:.2f}    {in_use:.2f}   {refused}   {fmr}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strangers", type=int, default=600)
    parser.add_argument("--draws", type=int, default=20)
    given = parser.parse_args()
    people = encode_all(chosen(photos(faces_folder()), given.strangers))
    found = {
        (references, probes): distances(
            people, references, probes, np.random.default_rng(references * 10 + probes), given.draws
        )
        for references, probes in product(REFERENCES, PROBES)
    }
    table = [row(*cell, one) for cell, one in found.items()]
    choices = [choose(references, found) for references in REFERENCES]
    show(table, choices)
    figures = {"table": [asdict(one) for one in table], "choices": [asdict(one) for one in choices]}
    write_figures("verification", figures)


if __name__ == "__main__":
    main()
