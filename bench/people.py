"""Pictures of real people that the benchmarks read, and which half of the people serves what.

Owns the list in SELFCHECK_FACES (default: ../shared/faces beside the checkout), the split of the
people into those that anything may be trained or chosen on and those that it is measured on, and
where figures are written. Every benchmark runs as `uv run python -m bench.NAME` from the checkout.
No picture here leaves memory or a temporary folder, and no encoding is ever written.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "bench" / "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One picture of the list: who is on it, and whether they serve as owner or as stranger."""

    path: Path
    people: tuple[str, ...]
    owner: bool

    @property
    def person(self) -> str:
        """The person named first; the pictures of LFW name one, in the middle."""
        return self.people[0]

    @property
    def of_one(self) -> bool:
        """Whether it is a picture of LFW: 250x250, one person named, nearest to the middle."""
        return self.path.parent.parent.name == "lfw-dev"


def faces_folder() -> Path:
    """Find the pictures, or stop with a word on where they should be."""
    folder = Path(os.environ.get("SELFCHECK_FACES", ROOT.parent / "shared" / "faces"))
    if not (folder / "MANIFEST.csv").exists():
        raise SystemExit(f"No pictures at {folder}. Set SELFCHECK_FACES to their folder.")
    return folder


def photos(folder: Path) -> tuple[Photo, ...]:
    """Read the list of the pictures, in its order."""
    with (folder / "MANIFEST.csv").open(newline="") as table:
        return tuple(
            Photo(
                path=folder / row["path"],
                people=tuple(row["people"].split(";")),
                owner=row["role"] == "owner",
            )
            for row in csv.DictReader(table)
            if row["people"]
        )


def for_training(name: str) -> bool:
    """Tell which half a name falls in, of a person or of a file: even is for training.

    What is trained or chosen sees that half only; what is measured, the other half only.
    """
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 0


def by_person(taken: Iterable[Photo]) -> dict[str, list[Photo]]:
    """Sort pictures of LFW by the person they are of, in the order of the list."""
    people: dict[str, list[Photo]] = {}
    for photo in taken:
        if photo.of_one:
            people.setdefault(photo.person, []).append(photo)
    return people


def write_figures(name: str, figures: Mapping[str, object]) -> Path:
    """Write a benchmark's figures to bench/out/NAME.json, with the day and the machine."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.json"
    python = platform.python_version()
    where = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {python}",
    }
    path.write_text(json.dumps({**where, **figures}, indent=1) + "\n")
    return path
