"""The processes in which scenes are made and looked at: each has the stock and the networks.

Owns the options that name pictures, the choice of the measuring half, and the pool.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.backgrounds import Pixels, backgrounds_folder, load
from bench.people import Photo, faces_folder, for_training, photos
from bench.scenes import Head, Stock, head
from selfcheck.faces import Engine, open_engine

T = TypeVar("T")
R = TypeVar("R")

# Background of real photos, FACES.md section 3: 75,745 cells.
REAL = {"median": -1.6, "5 %": -2.6, "1 %": -3.0}

_stock: Stock | None = None


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name pictures and processes."""
    parser.add_argument("--backgrounds", type=Path, help="photographs without people, unpacked")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)


@contextmanager
def studio(given: argparse.Namespace) -> Iterator[ProcessPoolExecutor]:
    """Load the backgrounds, say what they are, and open a pool whose processes have them."""
    global _stock  # noqa: PLW0603 -- what the forked processes inherit
    with tempfile.TemporaryDirectory(prefix="selfcheck-bench-") as cache_folder:
        os.environ["SELFCHECK_BENCH_CACHE"] = cache_folder
        backgrounds = load(backgrounds_folder(given.backgrounds), networks())
        counted = ", ".join(f"{number} {what}" for what, number in backgrounds.counts.items())
        print(f"backgrounds: {counted}", flush=True)
        _stock = Stock(backgrounds)
        context = multiprocessing.get_context("fork")  # the stock is large, and only read
        with ProcessPoolExecutor(given.workers, mp_context=context) as pool:
            yield pool


def stock() -> Stock:
    """Give what scenes are made of, in a process of the pool or in the one that opened it."""
    assert _stock is not None, "studio() comes first"
    return _stock


@cache
def networks() -> Engine:
    """Open the networks once in a process, for heads and truth; see `Engine.find`."""
    return open_engine(cache=Path(os.environ["SELFCHECK_BENCH_CACHE"]))


def measured() -> list[Photo]:
    """Give the pictures of LFW of people on whom nothing was trained or chosen."""
    known = photos(faces_folder())
    return [photo for photo in known if photo.of_one and not for_training(photo.person)]


def find_heads(pool: ProcessPoolExecutor, taken: Sequence[Photo]) -> list[Head]:
    """Find the heads, in the order of the pictures; those with company are left out."""
    return [one for one in pool.map(_head, taken, chunksize=8) if one is not None]


def _head(photo: Photo) -> Head | None:
    return head(photo, networks())


def spread(pool: ProcessPoolExecutor, work: Callable[[T], R], over: Iterable[T]) -> Iterator[R]:
    """Do the same work in every process of the pool, one piece at a time, in order."""
    return pool.map(work, over)


def busyness(pool: ProcessPoolExecutor, scenes: int, seed: int) -> dict[str, float]:
    """Give mmod's scores of the background's cells, as numbers to hold beside REAL."""
    looked = list(spread(pool, _cells, [(seed, number) for number in range(scenes)]))
    cells = np.concatenate([one for one, _ in looked])
    median, five, one = np.percentile(cells, [50, 5, 1])
    return {
        "cells": len(cells),
        "megapixels": sum(area for _, area in looked),
        "median": float(median),
        "5 %": float(five),
        "1 %": float(one),
        "over 0": float((cells > 0).sum()),
    }


def _cells(job: tuple[int, int]) -> tuple[np.ndarray[tuple[int], np.dtype[np.float32]], float]:
    """Score one empty scene at 1600 px and at each smaller size by 5/6, without any people."""
    from PIL import Image

    from selfcheck.faces.onnx_engine import OnnxEngine

    engine = networks()
    assert isinstance(engine, OnnxEngine)
    rng = np.random.default_rng([*job, 99])
    side = (4000, 3000) if job[1] % 2 == 0 else (3000, 4000)
    scene = stock().taken(stock().ground(side, rng), rng)
    found, area, scale = [], 0.0, 1600 / 4000
    while min(side) * scale >= 160:
        size = (round(side[0] * scale), round(side[1] * scale))
        level: Pixels = np.asarray(scene.resize(size, Image.Resampling.LANCZOS))
        found.append(engine.detector.scores(level[None]).ravel())
        area += size[0] * size[1] / 1e6
        scale *= 5 / 6
    return np.concatenate(found), area


def print_busyness(found: dict[str, float]) -> None:
    """Print the background's scores beside those of real photos."""
    print(
        f"background: {found['cells']:.0f} cells, {found['megapixels']:.0f} megapixels looked at, "
        f"{found['over 0']:.0f} cells over the threshold"
    )
    for name, real in REAL.items():
        print(f"  mmod's score, {name:>6}: {found[name]:6.2f}   real photos {real:5.1f}")
