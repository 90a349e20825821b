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

from selfcheck.faces.detect import CELL, FIRST, ROUGHLY, Detector, Found, apart, cut
from selfcheck.faces.propose import Proposal

# Measured on 256 faces with the errors that proposals have (8 % in width, 5 % in place, 6 degrees):
# shown 78 px wide, a crop of 124 px finds 98.8 % of them and costs 0.9 ms, 140 px 99.2 % and
# 1.25 ms, 168 px 99.6 % and 2 ms. So the small one, and what fails once more in other ways.
_FACE = 79.0
_SIDE = 124  # px; it puts a cell right on the middle
_REACH = 30  # px from the middle: what answers farther out has its own proposal
# Somewhat below the detector's own threshold, which serves for looking everywhere: at proposed
# places it finds 8 more of 538 faces, and nothing false more.
_ENOUGH = -0.2
# Nearly all that is no face scores below this (99 %: -1.22), and is not looked at again.
_HOPELESS, _SURE = -1.25, 0.6
# A face that scores below this may be shown too large or too small.
_CLEAR, _SIZES = 0.6, (0.84, 1.19)
_BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """How a proposal is shown to the detector: larger, turned, and whether it is lit."""

    size: float = 1.0
    turn: float = 0.0
    lit: bool = False


# In the order of what each found of 406 faces that failed: 97, then 71 and 19 more (dark and
# blurred ones, turned ones), a few; a larger crop found 4 of them more, at twice the cost.
_AGAIN = (
    _View(size=1.15, lit=True),
    _View(turn=0.4, lit=True),
    _View(turn=math.pi),
    _View(size=0.85, lit=True),
)
# Before a picture is said to hold no face, its likeliest places are looked at in these: heads
# unlike those of the training are taken for larger than they are, or for turned another way.
_LAST = tuple(
    _View(size=size, turn=turn)
    for turn in (0.0, math.pi, math.pi / 2, -math.pi / 2)
    for size in (0.75, 1.15)
)
_LAST_ONES, _LAST_CHANCE = 1, 0.55


def confirm(
    detector: Detector,
    levels: Sequence[NDArray[np.uint8]],
    proposals: Sequence[Proposal],
) -> list[Found]:
    """Give the faces among the proposals, best score first.

    `levels` are the picture and smaller versions of it, largest first; places are in px of
    the first.
    """
    found, failed = _tried(detector, levels, proposals, _View())
    covered = [(one, other) for one in failed for other in one.instead]
    answers = _answers(detector, levels, [other for _, other in covered], _View())
    mended = {
        id(one): answer
        for (one, _), answer in zip(covered, answers, strict=True)
        if answer.score > _ENOUGH
    }
    found += mended.values()
    left = [one for one in failed if id(one) not in mended]
    for view in _AGAIN:
        more, left = _tried(detector, levels, left, view)
        found += more
    found = _better_placed(detector, levels, found)
    return _distinct(found, detector.overlap)


def _tried(
    detector: Detector,
    levels: Sequence[NDArray[np.uint8]],
    proposals: Sequence[Proposal],
    view: _View,
) -> tuple[list[Found], list[Proposal]]:
    """Show proposals to the detector; give the faces, and the others that are worth another try."""
    answers = _answers(detector, levels, proposals, view)
    found = [one for one in answers if one.score > _ENOUGH]
    left = [
        proposal
        for proposal, one in zip(proposals, answers, strict=True)
        if one.score <= _ENOUGH and (one.score > _HOPELESS or proposal.chance > _SURE)
    ]
    return found, left


def _better_placed(
    detector: Detector, levels: Sequence[NDArray[np.uint8]], found: Sequence[Found]
) -> list[Found]:
    """Take faces that are not clear for larger or smaller ones, where the detector likes that."""
    unclear = [one for one in found if one.score < _CLEAR]
    again = [
        Proposal(x=one.x, y=one.y, width=one.side, turn=one.turn, chance=1.0) for one in unclear
    ]
    best = {id(one): one for one in unclear}
    for size in _SIZES:
        for one, other in zip(
            unclear, _answers(detector, levels, again, _View(size=size)), strict=True
        ):
            if other.score > best[id(one)].score:
                best[id(one)] = other
    return [best.get(id(one), one) for one in found]


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
        crops = [crop(levels, one, _SIDE, _SIDE / _FACE) for one in batch]
        pixels = np.stack([_lit(one) for one in crops] if view.lit else crops)
        places = zip(batch, *_best(_scores(detector, pixels)), strict=True)
        answers += [_found(detector, one, *best) for one, *best in places]
    return answers


def _scores(detector: Detector, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Score crops roughly, and in full where that may decide."""
    scores = detector.rough(crops)
    near = np.abs(scores.max(axis=(1, 2)) - _ENOUGH) <= ROUGHLY
    if near.any():
        scores[near] = detector.scores(crops[near])
    return scores


def _lit(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Stretch a crop's brightness to the full range, at most six times."""
    counts = np.cumsum(np.bincount(rgb[12:-12, 12:-12].ravel(), minlength=256))
    low, high = np.searchsorted(counts, (0.01 * counts[-1], 0.99 * counts[-1]))
    gain = min(6.0, 235 / max(float(high - low), 10.0))
    table = ((np.arange(256) - float(low)) * gain + 8).clip(0, 255).astype(np.uint8)
    lit: NDArray[np.uint8] = table[rgb]
    return lit


def _best(scores: NDArray[np.float32]) -> tuple[list[float], list[float], list[float]]:
    """Read each crop's best answer near its middle: how far right and down, and the score."""
    offsets = np.arange(scores.shape[1]) * CELL + FIRST - _SIDE / 2
    near = np.abs(offsets) <= _REACH
    scores, offsets = scores[:, near][:, :, near], offsets[near]
    best = scores.max(axis=(1, 2))
    weight = np.clip(scores - (best - 0.5)[:, None, None], 0, None)
    total = weight.sum(axis=(1, 2))
    right = weight.sum(axis=1) @ offsets / total
    down = weight.sum(axis=2) @ offsets / total
    return right.tolist(), down.tolist(), best.tolist()


def _found(
    detector: Detector, proposal: Proposal, right: float, down: float, score: float
) -> Found:
    """Carry an answer from its crop, px from the middle, into the picture."""
    scale = proposal.width / _FACE
    cos, sin = math.cos(proposal.turn) * scale, math.sin(proposal.turn) * scale
    return Found(
        x=proposal.x + right * cos - down * sin,
        y=proposal.y + right * sin + down * cos,
        side=detector.window * scale,
        score=score,
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
