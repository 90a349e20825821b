"""Two albums to scan: 12 MP scenes, and pictures of all sizes; each knows who is on which photo.

Written to a temporary folder, seeded. One photo in three shows the owner, the others strangers or
nobody.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from bench import studio
from bench.scenes import Head, Wish, compose, jpeg

OWNER_IN = 3  # one photo in so many shows the owner
# Sizes of plain albums: phones, cameras, what chats and platforms make of them.
SIZES = (
    (640, 480),
    (960, 720),
    (1280, 960),
    (1600, 1200),
    (2048, 1536),
    (3264, 2448),
    (4000, 3000),
)
_AS_THEY_ARE = 0.15  # share of pictures of LFW in a plain album
_PLAIN_PEOPLE = (0.28, 0.34, 0.2, 0.12, 0.06)  # shares of photos with nobody, one, two, ...


class Kind(StrEnum):
    """Which album: scenes of 12 MP with up to eight people, or pictures of all sizes."""

    SCENES = "12 MP scenes"
    PLAIN = "all sizes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One photo of an album: its file name, who is on it, and how wide the owner's face is."""

    name: str
    people: tuple[str, ...]
    owner: float | None  # width of the owner's face as a share of the long side
    megapixels: float
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one photo is made of."""

    kind: Kind
    folder: Path
    number: int
    seed: int
    owner: Head | None
    strangers: tuple[Head, ...]


def write_album(
    pool: ProcessPoolExecutor,
    *,
    kind: Kind,
    folder: Path,
    count: int,
    owner: Sequence[Head],
    strangers: Sequence[Head],
    seed: int,
) -> list[Shot]:
    """Write an album of so many photos into a folder, and tell what is on each."""
    folder.mkdir()
    rng = np.random.default_rng([seed, len(kind)])
    # Shuffled once and dealt: a stranger comes again only when all have been.
    order = rng.permutation(len(strangers))
    dealt = 0
    jobs = []
    for number in range(count):
        of_owner = owner[(number // OWNER_IN) % len(owner)] if number % OWNER_IN == 0 else None
        if kind is Kind.SCENES:
            others = int(rng.integers(0, 8 if of_owner else 9))
        else:
            others = int(rng.choice(len(_PLAIN_PEOPLE), p=_PLAIN_PEOPLE))
        picks = [strangers[order[(dealt + index) % len(order)]] for index in range(others)]
        dealt += others
        jobs.append(
            Job(
                kind=kind,
                folder=folder,
                number=number,
                seed=seed,
                owner=of_owner,
                strangers=tuple(picks),
            )
        )
    return list(pool.map(_write, jobs))


def _write(job: Job) -> Shot:
    rng = np.random.default_rng([job.seed, job.number, len(job.kind)])
    path = job.folder / f"IMG_{job.number:05}.jpg"
    size, widths = (4000, 3000), (0.02, 0.16)
    if job.kind is Kind.PLAIN:
        alone = job.owner or (job.strangers[0] if len(job.strangers) == 1 else None)
        if alone is not None and rng.random() < 2.2 * _AS_THEY_ARE:
            shutil.copyfile(alone.path, path)
            share = alone.width / 250 if alone is job.owner else None
            return _shot(path, (alone.person,), share, 0.0625)
        size, widths = SIZES[int(rng.integers(len(SIZES)))], (0.035, 0.4)
    if rng.random() < 0.4:
        size = (size[1], size[0])
    long_side = max(size)
    wishes = []
    for head in (*((job.owner,) if job.owner else ()), *job.strangers):
        low, high = widths
        if job.kind is Kind.SCENES:
            share = float(rng.uniform(low, high))
        else:
            share = math.exp(rng.uniform(math.log(low), math.log(high)))
        own = head is job.owner
        cell = "owner" if own else ""
        wishes.append(Wish(head=head, width=share * long_side, cell=cell, first=own))
    picture, truths, _ = compose(studio.stock(), size, wishes, rng)
    path.write_bytes(jpeg(picture))
    width = next((one.width / long_side for one in truths if one.cell == "owner"), None)
    people = tuple(one.person for one in truths)
    return _shot(path, people, width, size[0] * size[1] / 1e6)


def _shot(path: Path, people: tuple[str, ...], owner: float | None, megapixels: float) -> Shot:
    return Shot(
        name=path.name,
        people=people,
        owner=owner,
        megapixels=megapixels,
        bytes=path.stat().st_size,
    )
