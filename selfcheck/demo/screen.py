"""A drawn room: a screen that shows codes, and the camera's way from there to a person.

Owns how a film of the demo and of the tests begins. Its screen shows what it is handed, its camera
the renderer's people and nobody else, so it opens no way round the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np

from selfcheck.demo import render
from selfcheck.demo.camera import ease
from selfcheck.demo.people import FACE, Head, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

CODES: Final = 4  # the last is left before it changes
# Seconds: each code but the last, the last, and on the way to the person.
_SHOWN, _LAST, _WAY = 2.0, 0.6, 2.2
_APART: Final = 1.25  # from the middle of the screen to the person, in widths of the picture
_QUIET: Final = 4  # modules of white around a code
_CODE, _SCREEN_HIGH, _SCREEN_WIDE = 0.5, 0.75, 0.9  # shares of the picture's height
_WHITE, _BLACK = 0.8, 0.01  # linear light
_SHAKE: Final = 1  # pixels
_BLUR: Final = 4  # moments in which one picture is taken while the camera moves
# What else hangs on the wall: left, top, right and bottom in shares of the picture, and a colour.
_THINGS: Final = (
    (0.99, 0.10, 1.21, 0.40, (0.30, 0.08, 0.05)),
    (1.03, 0.15, 1.17, 0.35, (0.55, 0.50, 0.38)),
    (0.97, 0.72, 1.24, 0.76, (0.16, 0.09, 0.05)),
    (1.00, 0.56, 1.05, 0.72, (0.05, 0.15, 0.30)),
    (1.07, 0.60, 1.14, 0.72, (0.10, 0.30, 0.12)),
    (0.00, 0.93, 0.95, 1.00, (0.20, 0.13, 0.08)),
)


class Clock:
    """A clock that goes on when it is told to, so that nobody waits for a drawn film."""

    def __init__(self, start: datetime) -> None:
        """Begin at this moment (aware)."""
        self._now = start

    def __call__(self) -> datetime:
        """Tell the time."""
        return self._now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)

    def during(
        self, frames: Iterable[NDArray[np.uint8]], per_second: float
    ) -> Iterator[NDArray[np.uint8]]:
        """Let time pass as frames are taken."""
        for frame in frames:
            yield frame
            self.wait(1 / per_second)


def opening(
    head: Head,
    show: Callable[[], NDArray[np.bool_]],
    *,
    per_second: float = 10,
    width: int = 480,
    height: int = 480,
    seed: int = 0,
) -> Iterator[NDArray[np.uint8]]:
    """Film a screen and go over to a person: RGB frames (height, width, 3), some nine seconds.

    `show` is called when the screen shows another code, and gives its dark modules (n, n). The
    film can go on with `camera.perform` in the same size.
    """
    room = _Room(width, height)
    random = Random(seed)  # noqa: S311 -- a hand that shakes is nothing secret
    for code in range(CODES):
        room.put(show())
        for _ in range(round((_LAST if code == CODES - 1 else _SHOWN) * per_second)):
            seed += 1
            yield render.finish(room.seen(random.randint(-_SHAKE, _SHAKE)), seed)
    steps = round(_WAY * per_second)
    for step in range(steps):
        seed += 1
        shares = [(step + moment / _BLUR) / steps for moment in range(_BLUR)]
        yield render.finish(room.passing(head, [ease(share) for share in shares]), seed)


class _Room:
    """A wall with a screen at its left end and a person's place at its right."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._far = round(_APART * width)
        near = render.wall(width, height, 1.0)
        beyond = np.repeat(near[:, :1], self._far + _SHAKE, axis=1)
        self._wall = np.concatenate([beyond, near], axis=1)
        for left, top, right, bottom, colour in _THINGS:
            rows = slice(round(top * height), round(bottom * height))
            self._wall[rows, round(left * width) : round(right * width)] = colour
        self._screen(_SCREEN_WIDE, _SCREEN_HIGH)[:] = _BLACK

    def _screen(self, wide: float, high: float) -> NDArray[np.float32]:
        """Give the part of the wall around the middle of the screen; sizes in picture heights."""
        across, down = round(wide * self._height / 2), round(high * self._height / 2)
        x, y = self._width // 2 + _SHAKE, self._height // 2
        return self._wall[y - down : y + down, max(0, x - across) : x + across]

    def put(self, modules: NDArray[np.bool_]) -> None:
        """Show a code on the screen."""
        whole = np.pad(modules, _QUIET)
        place = self._screen(_CODE, _CODE)
        rows, columns = (np.arange(side) * len(whole) // side for side in place.shape[:2])
        place[:] = np.where(whole[np.ix_(rows, columns)], _BLACK, _WHITE)[..., None]

    def seen(self, left: int) -> NDArray[np.float32]:
        """Give what a camera that looks so far to the right of the screen sees of the room."""
        begin = _SHAKE + left
        return self._wall[:, begin : begin + self._width]

    def passing(self, head: Head, shares: list[float]) -> NDArray[np.float32]:
        """Give the mean of what is seen at these shares of the way, the person in it."""
        lefts = [round(share * self._far) for share in shares]
        seen = [self.seen(left) for left in lefts]
        picture = np.asarray(np.mean(seen, axis=0), np.float32)
        away = self._far - float(np.mean(lefts))
        centre = (self._width / 2 + away, self._height / 2)
        head.draw(picture, View(), centre, FACE * min(self._width, self._height))
        return picture
