"""Propose where faces are, from a small network's look at the whole picture. Confirms nothing.

The network (bench/train_proposals.py made it; docs/speed.md says from what) answers faces of
14 to 46 px however they are turned, so it looks at the picture in a few falling sizes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from selfcheck.errors import EngineError
from selfcheck.faces.detect import apart, grouped, overlaps
from selfcheck.faces.dlib_stream import REINSTALL
from selfcheck.faces.runtime import Run, runner

DIGEST = "8d180203b9f7d52360004b2929d08236e2e3b466f63bdd907bd79f0d739f9a7b"
_FILE = "proposals.onnx"
_CELL = 8  # px: cell (r, c) speaks of faces around (8c, 8r)
_STEP = 16  # px: two cells, as the network looks at pairs of them as well
LIKELY, UNLIKELY = 0.4, 0.25  # how sure the network must be; and where else nothing is found
_LARGEST = 0.9  # of the longer side; wider than that no face answers the detector
# Intersection over union from which two proposals are of one face, and from which one of them
# shows nothing more.
_SAME_FACE, _SAME_SIZE = 0.3, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A place that may hold a face: centre and width in px of the picture.

    `turn` is the head's, in radians clockwise; `chance` lies in 0..1. `instead` are less likely
    ones of another size or place, which it covers: of a face that is too large for a level, part
    of it is sometimes proposed, and more likely than the whole.
    """

    x: float
    y: float
    width: float
    turn: float
    chance: float
    instead: tuple[Proposal, ...] = ()


def open_proposer() -> Run:
    """Load the network; raise EngineError where its file is not the one that was measured."""
    try:
        graph = files("selfcheck.faces").joinpath(_FILE).read_bytes()
    except OSError as error:
        raise EngineError("the proposal network is not installed", hint=REINSTALL) from error
    if hashlib.sha256(graph).hexdigest() != DIGEST:
        raise EngineError("the proposal network's file is damaged", hint=REINSTALL)
    return runner(graph)


def propose(
    proposer: Run,
    picture: tuple[int, int],
    levels: Sequence[NDArray[np.uint8]],
    *,
    likely: float = LIKELY,
) -> list[Proposal]:
    """Propose faces of a picture (height, width) shown in falling sizes, the likeliest first."""
    rows = [np.empty((0, 5))]
    rows += [_answers(proposer, level, picture, likely) for level in levels]
    every = np.concatenate(rows)
    # Before one of them keeps another from being proposed.
    every = every[every[:, 2] <= _LARGEST * max(picture)]
    every = every[np.lexsort((every[:, 0], every[:, 1], -every[:, 4]))]
    single = [Proposal(x=x, y=y, width=w, turn=t, chance=c) for x, y, w, t, c in every.tolist()]
    proposals = []
    for index, covered in grouped(every, _SAME_FACE).items():
        rest = every[covered]
        others = np.flatnonzero(overlaps(every[index : index + 1], rest)[0] < _SAME_SIZE)
        kept = [covered[other] for other in others[apart(rest[others], _SAME_SIZE)]]
        proposals.append(replace(single[index], instead=tuple(single[each] for each in kept)))
    return proposals


def _answers(
    proposer: Run, level: NDArray[np.uint8], picture: tuple[int, int], likely: float
) -> NDArray[np.float64]:
    """Give the peaks of one level as rows (x, y, width, turn, chance)."""
    cells = proposer(_framed(level)[None])[0]
    heat = cells[0]
    # Compared as the network gives it: the logarithm of the odds.
    rows, columns = np.nonzero((heat > np.log(likely / (1 - likely))) & (heat >= _around(heat)))
    _, width, right, down, cos, sin = cells[:, rows, columns].astype(np.float64)
    scale = picture[1] / level.shape[1]
    x = (columns + right) * _CELL * scale
    y = (rows + down) * _CELL * picture[0] / level.shape[0]
    chance = 1 / (1 + np.exp(-heat[rows, columns].astype(np.float64)))
    return np.stack([x, y, np.exp(width) * scale, np.arctan2(sin, cos), chance], axis=1)


def _framed(level: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give a level with sides that are whole steps of the network, black where it is no picture."""
    height, width = (-(-side // _STEP) * _STEP for side in level.shape[:2])
    framed = np.zeros((height, width, 3), np.uint8)
    framed[: level.shape[0], : level.shape[1]] = level
    return framed


def _around(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the largest value of each cell and its eight neighbours."""
    tall = np.pad(heat, 1, constant_values=-np.inf)
    rows = np.maximum(np.maximum(tall[:-2], tall[1:-1]), tall[2:])
    most: NDArray[np.float32] = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return most
