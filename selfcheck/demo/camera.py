"""A synthetic camera: a person who does not exist, doing the steps that a challenge asks for.

Owns the performance. It can show the renderer's people and nobody else, so it opens no way
round the gate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final

from selfcheck.demo.people import Head, View

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What each step looks like at its height: the words of `identity.Step`, and one setting of `View`.
HEIGHT: Final = {
    "turn left": ("yaw", 26.0),
    "turn right": ("yaw", -26.0),
    "look up": ("pitch", 18.0),
    "look down": ("pitch", -18.0),
    "open the mouth": ("mouth", 0.6),
    "close the eyes": ("eyes", 0.0),
    "come closer": ("scale", 1.5),
}
STILL: Final = {"yaw": 0.0, "pitch": 0.0, "mouth": 0.0, "eyes": 1.0, "scale": 1.0}
# Seconds: calm at the start, on the way there and back, held, and calm in between.
_START, _WAY, _HELD, _BETWEEN = 1.3, 0.5, 0.7, 0.6
_EYES_WAY, _EYES_HELD = 0.2, 1.2
# How much nobody holds still: degrees, and shares of the picture.
_SWAY, _DRIFT = 0.8, 0.004


def perform(
    head: Head,
    steps: Sequence[str],
    *,
    per_second: float = 10,
    width: int = 480,
    height: int = 480,
    seed: int = 0,
) -> Iterator[NDArray[np.uint8]]:
    """Film a person doing these steps, calm in between: RGB frames (height, width, 3), upright.

    Five steps take 12 to 15 seconds of film. Not mirrored: left is the person's own left.
    """
    for number, view in enumerate(performance(steps, per_second=per_second, seed=seed)):
        yield head.frame(view, width=width, height=height, seed=seed + number)


def performance(steps: Sequence[str], *, per_second: float = 10, seed: int = 0) -> Iterator[View]:
    """Script the film: one view a frame, with the sway and haste of a human being."""
    random = Random(seed)  # noqa: S311 -- a performance is nothing secret
    yield from _calm(_START, per_second, random)
    for step in steps:
        yield from _step(step, per_second, random)
        yield from _calm(_BETWEEN * random.uniform(0.9, 1.2), per_second, random)


def _step(step: str, per_second: float, random: Random) -> Iterator[View]:
    setting, full = HEIGHT[step]
    still = STILL[setting]
    reach = still + (full - still) * random.uniform(0.9, 1.05)
    way, held = (_EYES_WAY, _EYES_HELD) if setting == "eyes" else (_WAY, _HELD)
    there = max(1, round(way * per_second * random.uniform(0.85, 1.15)))
    ramp = [ease((i + 1) / (there + 1)) for i in range(there)]
    for share in (*ramp, *[1.0] * round(held * per_second), *reversed(ramp)):
        value = still + (reach - still) * share
        yield swaying(posed({setting: value}), random)


def _calm(seconds: float, per_second: float, random: Random) -> Iterator[View]:
    for _ in range(round(seconds * per_second)):
        yield swaying(View(), random)


def posed(settings: Mapping[str, float]) -> View:
    """Give a view with some of its settings of a head changed."""
    return replace(View(), **settings)  # type: ignore[arg-type] # only settings that are numbers


def swaying(view: View, random: Random) -> View:
    """Move a view by as much as nobody holds still."""
    return replace(
        view,
        yaw=view.yaw + random.gauss(0, _SWAY),
        pitch=view.pitch + random.gauss(0, _SWAY),
        roll=view.roll + random.gauss(0, _SWAY),
        x=view.x + random.gauss(0, _DRIFT),
        y=view.y + random.gauss(0, _DRIFT),
    )


def ease(share: float) -> float:
    """Begin and end a movement gently: 0 to 1 for 0 to 1."""
    return share * share * (3 - 2 * share)
