"""Propose where faces are, from a small network's look at the whole picture. Confirms nothing.

The network (bench/train_proposals.py made it; docs/speed.md says from what) answers faces of
14 to 46 px however they are turned, so it looks at the picture in a few falling sizes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from selfcheck.errors import EngineError
from selfcheck.faces.detect import apart
from selfcheck.faces.dlib_stream import REINSTALL
from selfcheck.faces.runtime import Run, runner

DIGEST = "96d9c80bcae86bf4526f5a2903b1c9afe1a8f1ffd9afddb4b346c1d022c38f6a"
_FILE = "proposals.onnx"
_CELL = 8  # px: cell (r, c) speaks of faces around (8c, 8r)
LIKELY, UNLIKELY = 0.4, 0.12  # how sure the network must be; and where else nothing is found
_LARGEST = 0.9  # of the longer side; wider than that no face answers the detector
_SAME_FACE = 0.3  # intersection over union from which two proposals are one


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A place that may hold a face: centre and width in px of the picture.

    `turn` is the head's, in radians clockwise; `chance` lies in 0..1.
    """

    x: float
    y: float
    width: float
    turn: float
    chance: float


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
    return [
        Proposal(x=x, y=y, width=width, turn=turn, chance=chance)
        for x, y, width, turn, chance in every[apart(every, _SAME_FACE)].tolist()
    ]


def _answers(
    proposer: Run, level: NDArray[np.uint8], picture: tuple[int, int], likely: float
) -> NDArray[np.float64]:
    """Give the peaks of one level as rows (x, y, width, turn, chance)."""
    cells = proposer(level[None])[0]
    heat = cells[0]
    # Compared as the network gives it: the logarithm of the odds.
    rows, columns = np.nonzero((heat > np.log(likely / (1 - likely))) & (heat >= _around(heat)))
    _, width, right, down, cos, sin = cells[:, rows, columns].astype(np.float64)
    scale = picture[1] / level.shape[1]
    x = (columns + right) * _CELL * scale
    y = (rows + down) * _CELL * picture[0] / level.shape[0]
    chance = 1 / (1 + np.exp(-heat[rows, columns].astype(np.float64)))
    return np.stack([x, y, np.exp(width) * scale, np.arctan2(sin, cos), chance], axis=1)


def _around(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the largest value of each cell and its eight neighbours."""
    tall = np.pad(heat, 1, constant_values=-np.inf)
    rows = np.maximum(np.maximum(tall[:-2], tall[1:-1]), tall[2:])
    most: NDArray[np.float32] = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return most
