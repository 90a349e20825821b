"""Attacks on the live check, each doing the right steps as far as its kind can.

Owns what stands before the camera in the place of the person; all of them are drawn. They serve
tests and benchmarks, and show nobody who exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from selfcheck.demo import render
from selfcheck.demo.camera import HEIGHT, performance
from selfcheck.demo.film import Sheet
from selfcheck.demo.people import Head, Person, View
from selfcheck.demo.sitter import Sitter

if TYPE_CHECKING:
    from numpy.typing import NDArray

Rgb = "NDArray[np.uint8]"
SIDE: Final = 480
_SHEET: Final = 350.0  # mm: a portrait of 480 px, its face 192 px and life-size
_TILT: Final = 38.0  # degrees by which a photo is tilted for a turn, at most
_WAVES, _WAVED = 1.4, 14.0  # a second; degrees
_BEZEL: Final = 0.04  # of a screen, in shares of its side
_STEPS: Final = ("turn left", "turn right", "look up", "look down")


class Subject(Protocol):
    """What stands before the camera."""

    def picture(
        self, asked: str | None, seconds: float, screen: tuple[float, float, float]
    ) -> NDArray[np.uint8]:
        """Give what the camera sees now: (480, 480, 3) RGB.

        asked: the step that the page asks for, None to look straight. screen: the light that the
        page sends out, 0 to 1 a channel.
        """


class Living:
    """A living head that does what it is asked to."""

    def __init__(self, person: Person, seed: int = 0, **answers: float) -> None:
        self.head, self.sitter, self._seed = Head(person), Sitter(seed, **answers), seed
        self.light, self.brightness = View().light, View().brightness
        self._number = 0

    def view(self, asked: str | None, seconds: float, screen: tuple[float, float, float]) -> View:
        """Give how it is seen now."""
        seen = self.sitter.view(asked, seconds, screen)
        return replace(seen, light=self.light, brightness=self.brightness)

    def picture(
        self, asked: str | None, seconds: float, screen: tuple[float, float, float]
    ) -> NDArray[np.uint8]:
        """Draw it."""
        return self.drawn(self.view(asked, seconds, screen))

    def drawn(self, view: View) -> NDArray[np.uint8]:
        """Draw a view of it with the noise of a camera."""
        self._number += 1
        return self.head.frame(view, width=SIDE, height=SIDE, seed=self._seed + self._number)


class Photo:
    """A photo, tilted where a head would turn; mouth and eyes are other photos, or cut out.

    bend: radius in mm that it is bent to, 0 for flat. waved: moves to and fro with each step. cut:
    eyes and mouth are a living person's behind it, and move without haste.
    """

    def __init__(
        self, person: Person, seed: int = 0, *, bend: float = 0, waved: bool = False,
        cut: bool = False,
    ) -> None:  # fmt: skip
        self._living = Living(person, seed)
        self._bend = float(np.degrees(_SHEET / bend)) if bend else 0.0
        self._waved, self._cut, self._seed = waved, cut, seed
        head = self._living.head
        self._outline = head.outline(View(), width=SIDE, height=SIDE) if bend else None
        self._sheets: dict[tuple[float, float], Sheet] = {}
        self._number = 0

    def picture(
        self, asked: str | None, seconds: float, screen: tuple[float, float, float]
    ) -> NDArray[np.uint8]:
        """Draw it."""
        seen = self._living.view(asked, seconds, screen)
        across, up = seen.yaw / HEIGHT["turn left"][1], seen.pitch / HEIGHT["look up"][1]
        share = max(abs(across), abs(up))
        waves = np.sin(2 * np.pi * _WAVES * seconds) * _WAVED * min(share, 1) if self._waved else 0
        view = replace(
            seen,
            yaw=across * _TILT + (waves if abs(seen.yaw) > abs(seen.pitch) else 0),
            pitch=up * _TILT + (waves if abs(seen.pitch) >= abs(seen.yaw) else 0),
        )
        self._number += 1
        sheet = self._sheet(seen.mouth, seen.eyes)
        return sheet.frame(view, width=SIDE, height=SIDE, seed=self._seed + self._number)

    def _sheet(self, mouth: float, eyes: float) -> Sheet:
        steps = 8 if self._cut else 1
        wide = HEIGHT["open the mouth"][1]
        shown = (round(mouth / wide * steps) * wide / steps, round(eyes * steps) / steps)
        if shown not in self._sheets:
            view = replace(View(), mouth=shown[0], eyes=shown[1])
            photo = self._living.head.frame(view, width=SIDE, height=SIDE)
            self._sheets[shown] = Sheet(photo, bend=self._bend, outline=self._outline)
        return self._sheets[shown]


class Held:
    """Photos of every pose, each held still before the camera when it is asked for."""

    def __init__(self, person: Person, seed: int = 0) -> None:
        self._living = Living(person, seed)
        self._photos: dict[str | None, NDArray[np.uint8]] = {}

    def picture(
        self, asked: str | None, seconds: float, screen: tuple[float, float, float]
    ) -> NDArray[np.uint8]:
        """Draw it: the photo changes at once, half-way through what a head would do."""
        view = self._living.view(asked, seconds, screen)
        levels = self._living.sitter.levels
        step = max(levels, key=lambda one: levels[one])
        still = View() if levels[step] < 0.5 else full(step)  # noqa: PLR2004 -- half-way
        return self._living.drawn(
            replace(still, x=view.x, y=view.y, screen=view.screen, light=view.light)
        )


def full(step: str) -> View:
    """Give a step at its height."""
    views = list(performance((step,), seed=3))
    far = {
        "open the mouth": lambda one: one.mouth,
        "close the eyes": lambda one: -one.eyes,
        "come closer": lambda one: one.scale,
    }
    deep: Callable[[View], float] = far.get(step, lambda one: abs(one.yaw) + abs(one.pitch))
    return max(views, key=deep)


class OnScreen:
    """A screen that fills most of the picture and shows another subject, unlit by the page."""

    def __init__(self, subject: Subject, *, asked: Mapping[float, str] | None = None) -> None:
        """Show a subject; `asked` makes it do other steps than those asked for, by seconds."""
        self._subject, self._asked = subject, asked

    def picture(
        self, asked: str | None, seconds: float, screen: tuple[float, float, float]
    ) -> NDArray[np.uint8]:
        """Draw it."""
        if self._asked is not None:
            due = [step for at, step in sorted(self._asked.items()) if at <= seconds < at + 1.6]
            asked = due[-1] if due else None
        shown = self._subject.picture(asked, seconds, (0.0, 0.0, 0.0))
        room = render.finish(
            render.wall(SIDE, SIDE, 1.0, tuple(0.3 * value for value in screen)),  # type: ignore[arg-type]
            seed=round(seconds * 1000),
        )
        edge, rim = round(0.07 * SIDE), round(_BEZEL * SIDE)
        room[edge:-edge, edge:-edge] = 12
        inner = slice(edge + rim, SIDE - edge - rim)
        room[inner, inner] = shown[inner, inner]
        return room


class Swapped:
    """One person until some moment, then another, in the same place."""

    def __init__(self, one: Person, other: Person, seed: int = 0, *, after: int = 2) -> None:
        """Swap after so many steps."""
        self._people = (Living(one, seed), Living(other, seed))
        self._after, self._steps = after, 0
        self._asked: str | None = None

    def picture(
        self, asked: str | None, seconds: float, screen: tuple[float, float, float]
    ) -> NDArray[np.uint8]:
        """Draw it: they change places while nothing is asked for."""
        if asked is None and self._asked is not None:
            self._steps += 1
        self._asked = asked
        views = [one.view(asked, seconds, screen) for one in self._people]
        second = self._steps >= self._after
        return self._people[second].drawn(views[0])


class Accompanied:
    """A living head that another person joins."""

    def __init__(self, one: Person, other: Person, seed: int = 0, *, joins: float = 0) -> None:
        """Let the other one join after so many seconds."""
        self._one, self._other, self._joins = Living(one, seed), Living(other, seed + 1), joins

    def picture(
        self, asked: str | None, seconds: float, screen: tuple[float, float, float]
    ) -> NDArray[np.uint8]:
        """Draw it: the other one stands behind the shoulder."""
        view = self._one.view(asked, seconds, screen)
        picture = render.wall(SIDE, SIDE, view.brightness, view.screen)
        behind = View(scale=0.75, screen=view.screen)
        if seconds >= self._joins:
            self._other.head.draw(picture, behind, (0.80 * SIDE, 0.42 * SIDE), 0.34 * SIDE)
        place = (SIDE * (0.42 + view.x), SIDE * (0.5 + view.y))
        self._one.head.draw(picture, view, place, 0.40 * SIDE)
        return render.finish(picture, round(seconds * 1000))


def mixture(one: Person, other: Person, share: float = 0.5) -> Person:
    """Give a head between two: as a mask of one on the other would be, or a morphed face."""

    def between(a: float, b: float) -> float:
        return a * (1 - share) + b * share

    changed: dict[str, object] = {}
    for name in Person.__dataclass_fields__:
        a, b = getattr(one, name), getattr(other, name)
        if name == "seed":
            continue
        if isinstance(a, float):
            changed[name] = between(a, b)
        elif isinstance(a, tuple):
            changed[name] = tuple(between(x, y) for x, y in zip(a, b, strict=True))
    return replace(one, **changed)  # type: ignore[arg-type] # the same fields
