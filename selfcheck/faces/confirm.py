"""Confirm proposals: the detector scores a small upright crop around each. Proposes nothing.

A face is what the detector says is one, at the detector's own place, so precision is its own.
It sees each proposal turned upright and at the size it was trained for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from selfcheck.faces.detect import CELL, FIRST, Detector, Found, apart, cut
from selfcheck.faces.propose import Proposal

# Measured on 256 faces with the errors that proposals have (8 % in width, 5 % in place, 6 degrees):
# shown 78 px wide, a crop of 124 px finds 98.8 % of them and costs 0.9 ms, 140 px 99.2 % and
# 1.25 ms, 168 px 99.6 % and 2 ms. So the small one first, and what fails once more in others.
_FACE = 79.0
_SMALL, _LARGE = 124, 172  # px; both put a cell right on the middle
_REACH = 30  # px from the middle: what answers farther out has its own proposal
# Somewhat below the detector's own threshold, which serves for looking everywhere: at proposed
# places it finds 8 more of 538 faces, and nothing false more.
_ENOUGH = -0.2
# Nearly all that is no face scores below this (99 %: -1.22), and is not looked at again.
_HOPELESS, _SURE = -1.25, 0.6
_BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """How a proposal is shown to the detector: crop in px, factors, and whether it is lit."""

    side: int = _SMALL
    size: float = 1.0
    turn: float = 0.0
    lit: bool = False


# In the order of what each found of the failed ones: dark and blurred faces, turned ones.
_AGAIN = (
    _View(size=1.15, lit=True),
    _View(turn=math.pi),
    _View(side=_LARGE, size=1.3),
    _View(turn=0.4, lit=True),
    _View(size=0.75),
)
# Before a picture is said to hold no face, its likeliest places are looked at in these: heads
# unlike those of the training are taken for larger than they are, or for turned another way.
_LAST = tuple(
    _View(size=size, turn=turn)
    for turn in (0.0, math.pi, math.pi / 2, -math.pi / 2)
    for size in (0.75, 1.15)
)
_LAST_ONES, _LAST_CHANCE = 1, 0.5


def confirm(
    detector: Detector,
    levels: Sequence[NDArray[np.uint8]],
    proposals: Sequence[Proposal],
) -> list[Found]:
    """Give the faces among the proposals, best score first.

    `levels` are the picture and smaller versions of it, largest first; places are in px of
    the first.
    """
    found: list[Found] = []
    left = list(proposals)
    for view in (_View(), *_AGAIN):
        answers = _answers(detector, levels, left, view)
        found += [one for one in answers if one.score > _ENOUGH]
        left = [
            proposal
            for proposal, one in zip(left, answers, strict=True)
            if one.score <= _ENOUGH and (one.score > _HOPELESS or proposal.chance > _SURE)
        ]
    return _distinct(found, detector.overlap)


def confirm_any(
    detector: Detector,
    levels: Sequence[NDArray[np.uint8]],
    proposals: Sequence[Proposal],
) -> list[Found]:
    """Look harder at the likeliest few of the proposals that `confirm` found no face in."""
    best = [one for one in proposals if one.chance > _LAST_CHANCE][:_LAST_ONES]
    found = [one for view in _LAST for one in _answers(detector, levels, best, view)]
    return _distinct([one for one in found if one.score > _ENOUGH], detector.overlap)


def _answers(
    detector: Detector,
    levels: Sequence[NDArray[np.uint8]],
    proposals: Sequence[Proposal],
    view: _View,
) -> list[Found]:
    """Give the detector's best answer to each proposal, whatever its score."""
    answers: list[Found] = []
    seen = [
        replace(one, width=one.width * view.size, turn=one.turn + view.turn) for one in proposals
    ]
    for start in range(0, len(seen), _BATCH):
        batch = seen[start : start + _BATCH]
        crops = [crop(levels, one, view.side, view.side / _FACE) for one in batch]
        scores = detector.scores(np.stack([_lit(one) for one in crops] if view.lit else crops))
        answers += [
            _placed(one, table, detector, view.side)
            for one, table in zip(batch, scores, strict=True)
        ]
    return answers


def _lit(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Stretch a crop's brightness to the full range, at most six times."""
    low, high = np.percentile(rgb[12:-12, 12:-12], (1, 99))
    gain = min(6.0, 235 / max(float(high - low), 10.0))
    values = (rgb.astype(np.float32) - float(low)) * gain + 8
    return values.clip(0, 255).astype(np.uint8)


def _placed(
    proposal: Proposal, scores: NDArray[np.float32], detector: Detector, side: int
) -> Found:
    """Read the place of the best answer near the middle of a crop."""
    offsets = np.arange(scores.shape[0]) * CELL + FIRST - side / 2
    near = np.abs(offsets) <= _REACH
    scores, offsets = scores[near][:, near], offsets[near]
    best = float(scores.max())
    weight = np.clip(scores - (best - 0.5), 0, None)
    right = float((weight * offsets[None, :]).sum() / weight.sum())
    down = float((weight * offsets[:, None]).sum() / weight.sum())
    scale = proposal.width / _FACE
    cos, sin = math.cos(proposal.turn) * scale, math.sin(proposal.turn) * scale
    return Found(
        x=proposal.x + right * cos - down * sin,
        y=proposal.y + right * sin + down * cos,
        side=detector.window * scale,
        score=best,
        turn=math.remainder(proposal.turn, math.tau),
    )


def crop(
    levels: Sequence[NDArray[np.uint8]], place: Proposal | Found, side: int, spread: float
) -> NDArray[np.uint8]:
    """Cut a square of `spread` times the face's width, turned upright, scaled to `side` px."""
    import dlib

    width = place.width if isinstance(place, Proposal) else place.side
    reach = width * spread / 2
    level = _level(levels, side / (2 * reach))
    scale = level.shape[1] / levels[0].shape[1]
    x, y, reach = place.x * scale, place.y * scale, reach * scale
    far = math.ceil(reach * (abs(math.cos(place.turn)) + abs(math.sin(place.turn)))) + 2
    if min(x, y, level.shape[1] - x, level.shape[0] - y) < far:
        left, top = round(x) - far, round(y) - far
        level = cut(level, left, top, 2 * far)
        x, y = x - left, y - top
    square = dlib.drectangle(x - reach, y - reach, x + reach, y + reach)
    details = dlib.chip_details(square, dlib.chip_dims(side, side), place.turn)
    chip: NDArray[np.uint8] = dlib.extract_image_chip(level, details)
    return chip


def _level(levels: Sequence[NDArray[np.uint8]], scale: float) -> NDArray[np.uint8]:
    """Choose the smallest version that need not be enlarged to be shown at this scale."""
    wide = levels[0].shape[1]
    enough = [one for one in levels if one.shape[1] >= 0.95 * scale * wide]
    return enough[-1] if enough else levels[0]


def _distinct(found: Sequence[Found], overlap: float) -> list[Found]:
    """Keep the best of the answers that overlap."""
    ranked = sorted(found, key=lambda one: (-one.score, one.y, one.x))
    places = np.array([(one.x, one.y, one.side) for one in ranked]).reshape(-1, 3)
    return [ranked[index] for index in apart(places, overlap)]
