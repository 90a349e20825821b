"""Whether a face answers the colours of the screen before it, in their order and in time.

Owns the comparison of two series of light. Skin that is lit by a screen changes as the screen does;
what another screen shows does not. Where a strong light hides the answer, nothing was measured,
and that never counts as passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity.colour import SHOWN, Colour
from selfcheck.identity.pose import Array

# From when a page is told a colour until a camera's picture shows it, in seconds.
_LAGS: Final = np.arange(0.0, 0.81, 0.05)
# Of each colour's time the first part may still show the one before: screens and cameras are slow.
_SETTLED: Final = 0.45
_DARK: Final = 0.002  # of full light; below it a camera gives noise
_STEADY: Final = 1e-3  # a change that is allowed for at least, as a share of the light
_BEFORE: Final = 4  # changes
_SEEN: Final = 0.8  # of the frames, in which a place around must be seen


class Answer(StrEnum):
    """What the light said. The value is kept in the record."""

    ANSWERED = "answered"
    NOT_MEASURED = "not measured"
    OTHERWISE = "answered otherwise"
    SCREEN = "only what lies around the face answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How clear an answer must be, and how much it must agree."""

    clear: float = 4.0  # times the changes that there were before the colours
    # Light that the screen adds, as a share of what lights the face. Less is what a dark glass
    # throws back (4 %); skin in a room of 400 lux before a laptop gets 15 %.
    share: float = 0.08
    agrees: float = 0.75  # correlation of the changes
    around: float = 8.0  # from how clear an answer of the surroundings a face must answer too


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """An answer and its figures. clear, share, agrees: see `Limits`. lag in seconds."""

    answer: Answer
    clear: float
    share: float
    agrees: float
    lag: float
    around_clear: float
    around_agrees: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A colour and from when it was shown, in seconds of the check."""

    colour: Colour
    seconds: float


def compare(
    seconds: Array,
    skin: NDArray[np.float32],
    around: NDArray[np.float32],
    shown: Sequence[Shown],
    limits: Limits | None = None,
) -> Light:
    """Compare the light of skin (n, 3) and of places around (n, k, 3), linear, with what was shown.

    What is no number, of a place that the head covers, is passed over.

    Frames from before the first colour, two seconds of them at least, tell how much the light
    changes by itself: by noise, by a head that sways. `shown` ends with an entry that tells when
    the last colour was over.
    """
    limits = limits or Limits()
    own, share, agrees, lag = _best(seconds, skin, shown)
    other, around_agrees = _clearest(seconds, around, shown, limits)
    if own >= limits.clear and agrees < limits.agrees:
        answer = Answer.OTHERWISE
    elif own >= limits.clear and share >= limits.share:
        answer = Answer.ANSWERED
    elif other >= limits.around and around_agrees >= limits.agrees:
        answer = Answer.SCREEN
    else:
        answer = Answer.NOT_MEASURED
    return Light(
        answer=answer,
        clear=own,
        share=share,
        agrees=agrees,
        lag=lag,
        around_clear=other,
        around_agrees=around_agrees,
    )


def _clearest(
    seconds: Array, around: NDArray[np.float32], shown: Sequence[Shown], limits: Limits
) -> tuple[float, float]:
    """Give how clear the answer is of the place that answers most clearly, and how well it agrees.

    Of places that agree, if there are any: others are moved by something else than the screen.
    """
    found = []
    for place in range(around.shape[1] if around.ndim > 2 else 0):  # noqa: PLR2004 -- frames, places, channels
        light = around[:, place]
        seen = ~np.isnan(light).any(axis=1)
        if seen.sum() > 0 and seen.mean() >= _SEEN:
            clear, _, agrees, _ = _best(seconds[seen], light[seen], shown)
            found.append((agrees >= limits.agrees, clear, agrees))
    _, clear, agrees = max(found, default=(False, 0.0, 0.0))
    return clear, agrees


def _best(
    seconds: Array, light: NDArray[np.float32], shown: Sequence[Shown]
) -> tuple[float, float, float, float]:
    """Give how clear the changes are and which share of the light; how well they agree, and when.

    At the lag at which they agree best.
    """
    before = seconds < shown[0].seconds
    usual = _by_turns(seconds[before], np.asarray(light[before], np.float64))
    if len(usual) < _BEFORE:
        return 0.0, 0.0, 0.0, 0.0
    whole = np.maximum(usual.mean(axis=0), _DARK)
    by_itself = np.diff(usual / whole, axis=0)
    values = np.asarray(light, np.float64) / whole
    found = [(*_agreement(seconds, values, shown, float(lag)), float(lag)) for lag in _LAGS]
    clear = max(one[0] for one in found) / max(float(np.sqrt(np.square(by_itself).mean())), _STEADY)
    size, agrees, lag = max(found, key=lambda one: one[1])
    told = np.diff([one.colour.light for one in shown[:-1]], axis=0)
    return clear, size / max(float(np.sqrt(np.square(told).mean())), 1e-12), agrees, lag


def _by_turns(seconds: Array, light: Array) -> Array:
    """Average the light over as long as a colour's settled part lasts, one after the other."""
    turn = (seconds / (SHOWN * (1 - _SETTLED))).astype(int)
    return np.array([light[turn == one].mean(axis=0) for one in np.unique(turn)]).reshape(-1, 3)


def _agreement(
    seconds: Array, values: Array, shown: Sequence[Shown], lag: float
) -> tuple[float, float]:
    """Give how large the changes from colour to colour are, and how they agree with the screen's.

    Changes, not values: a camera follows slowly with exposure and white balance.
    """
    means = []
    for one, after in pairwise(shown):
        begin = one.seconds + lag + _SETTLED * (after.seconds - one.seconds)
        there = (seconds >= begin) & (seconds < after.seconds + lag)
        if not there.any():
            return 0.0, 0.0
        means.append(values[there].mean(axis=0))
    seen = np.diff(np.array(means), axis=0)
    told = np.diff([one.colour.light for one in shown[:-1]], axis=0)
    # Each channel by itself: a lamp may add light to one of them that the screen lacks.
    sizes = np.linalg.norm(seen, axis=0) * np.linalg.norm(told, axis=0)
    agrees = (seen * told).sum(axis=0) / np.maximum(sizes, 1e-12)
    return float(np.sqrt(np.square(seen).mean())), float(agrees.mean())
