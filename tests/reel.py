"""Drawn subjects of the live check as clips, so that nothing is drawn while a browser looks on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from selfcheck.demo.impostors import Subject
from selfcheck.identity import Step
from selfcheck.identity.colour import PALETTE
from selfcheck.pictures import Format, save

PER_SECOND = 10
DARK = (0.0, 0.0, 0.0)
CALM = "calm"
# Seconds of a step: until it is reached, and until all is as before.
_THERE, _BACK = 1.6, 1.4


@dataclass(slots=True)
class Clip:
    """Frames as JPEG: on the way there, while it lasts, and on the way back."""

    there: list[bytes] = field(default_factory=list)
    held: list[bytes] = field(default_factory=list)
    back: list[bytes] = field(default_factory=list)


class Reel:
    """A subject, filmed once: calm, each step, and lit by each colour."""

    def __init__(self, subject: Subject) -> None:
        """Film everything; takes some ten seconds."""
        self._subject, self._now = subject, 0.0
        self.calm = self._film(None, 1.2)
        self.steps: dict[str, Clip] = {}
        for step in Step:
            there = self._film(step.value, _THERE)
            back = self._film(None, _BACK)
            self.steps[step.value] = Clip(there=there, held=there[-3:], back=back)
        self.colours = {
            colour.css: [self._frame(None, colour.light) for _ in range(3)] for colour in PALETTE
        }

    def _frame(self, asked: str | None, screen: tuple[float, float, float]) -> bytes:
        self._now += 1 / PER_SECOND
        rgb: NDArray[np.uint8] = self._subject.picture(asked, self._now, screen)
        return save(rgb, Format.JPEG)

    def _film(self, asked: str | None, seconds: float) -> list[bytes]:
        return [self._frame(asked, DARK) for _ in range(round(seconds * PER_SECOND))]

    def player(self) -> Player:
        """Give somebody who shows it to a page."""
        return Player(self)


class Player:
    """Shows a reel as a page asks: one frame each time it is told what the page shows."""

    def __init__(self, reel: Reel) -> None:
        """Begin calm."""
        self._reel = reel
        self._calm = cycle(reel.calm)
        self._asked = ""
        self._playing: Iterator[bytes] = iter(())
        self._held: Iterator[bytes] = self._calm
        self._back = 0

    @property
    def calm(self) -> bool:
        """Whether nothing is asked, and what was done last has been over for some frames."""
        return not self._asked and self._back > _BACK * PER_SECOND / 2

    def frame(self, step: str, colour: str) -> bytes:
        """Give the next frame: for a step by its value, lit by a colour by its name, or neither."""
        if step != self._asked:
            before, self._asked = self._asked, step
            if step:
                clip = self._reel.steps[step]
                self._playing, self._held = iter(clip.there), cycle(clip.held)
            else:
                self._playing, self._held = iter(self._reel.steps[before].back), self._calm
        self._back = 0 if step else self._back + 1
        if colour:
            frames = self._reel.colours[colour]
            return frames[np.random.default_rng().integers(len(frames))]
        playing = next(self._playing, None)
        if playing is not None:
            return playing
        if step == Step.CLOSE_EYES.value:
            # Whoever closes the eyes does not see that the page waits no longer, so opens them
            # again after a while; and who then sees that it still waits closes them once more.
            clip = self._reel.steps[step]
            self._playing = iter([*clip.back, *self._reel.calm, *clip.there])
            return next(self._playing)
        return next(self._held)
