"""Somebody who sits before a live check and does what it asks, as it asks it; they do not exist.

Owns the performance: how soon, how far and how fast. `camera` performs what is known beforehand.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from selfcheck.demo.camera import HEIGHT, STILL, ease, posed, swaying
from selfcheck.demo.person import View

# Seconds: to read and begin, on the way there and back, and with the eyes closed, who see nothing.
_SOONEST, _LATEST = 0.4, 0.8
_WAY, _LIDS_WAY = 0.5, 0.2
_LIDS_HELD: Final = 1.3
# Light of a screen before a face, as a share of the room's.
_SCREEN: Final = 0.3


class Sitter:
    """A person before a page; ask for their view at one moment after the other."""

    def __init__(
        self, seed: int = 0, *, soonest: float = _SOONEST, latest: float = _LATEST
    ) -> None:
        """Take how long they need to answer, in seconds."""
        self._random = Random(seed)  # noqa: S311 -- a performance is nothing secret
        self._answers = (soonest, latest)
        self._asked: str | None = None
        self._doing: str | None = None
        self._begins = 0.0
        self._before: float | None = None
        self.levels: dict[str, float] = dict.fromkeys(HEIGHT, 0.0)

    def view(
        self,
        asked: str | None,
        seconds: float,
        screen: tuple[float, float, float] = (0.0, 0.0, 0.0),
    ) -> View:
        """Give how they look now, while this step is asked for (None: to look straight).

        screen: the light that the page sends out, 0 to 1 a channel.
        """
        since = 0.0 if self._before is None else seconds - self._before
        self._before = seconds
        if asked != self._asked:
            self._asked = asked
            self._begins = seconds + self._random.uniform(*self._answers)
        if seconds >= self._begins:
            self._doing = self._asked
            if self._doing == "close the eyes" and seconds >= self._begins + _LIDS_HELD:
                self._doing = None
        self._move(since)
        return self._seen(tuple(_SCREEN * value for value in screen))

    def _move(self, since: float) -> None:
        for step, level in self.levels.items():
            way = _LIDS_WAY if step == "close the eyes" else _WAY
            aim = 1.0 if step == self._doing else 0.0
            reach = since / way
            self.levels[step] = max(level - reach, aim) if level > aim else min(level + reach, aim)

    def _seen(self, screen: tuple[float, ...]) -> View:
        values = dict(STILL)
        for step, level in self.levels.items():
            setting, full = HEIGHT[step]
            values[setting] += (full - STILL[setting]) * ease(level)
        red, green, blue = screen
        return swaying(replace(posed(values), screen=(red, green, blue)), self._random)
