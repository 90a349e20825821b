"""Measure how well cuts are told from a camera that turns from a screen to a face.

    uv run --no-sync python -m bench.cuts [--films 24]

It draws rooms with a screen and a person who does not exist, and a camera that goes from one to
the other: slowly and fast, held upright and turned over, at 10 to 60 pictures a second, with a
shaking hand, motion blur, noise, and an exposure that adapts to the screen. From two such films
each, attacks are cut together. All of it goes through H.264. The table tells, for each kind of
film, the largest change against its neighbours (refused above `Way.spike`), the largest of all
(above `Way.most`), and how many films are refused. Half of the attacks stay in one room.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from selfcheck import pictures
from selfcheck.demo.camera import ease
from selfcheck.demo.people import PEOPLE, View, scene
from selfcheck.identity import Change, CodeSeries, Placed, Way
from selfcheck.identity.opening import is_cut, prominence

Rgb = NDArray[np.uint8]
Floats = NDArray[np.float32]
WIDE, HIGH = 320, 240
ROOM_WIDE, ROOM_HIGH = 1600, 480
SCREEN, FACE = 250, 1250  # from left, in pixels of the room
ON_SCREEN, ON_FACE = 3.0, 2.5  # seconds
MOMENTS = 6  # in which one picture is taken
RATES = (30, 24, 15, 30, 60, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """How a film is made: pictures a second, seconds of the way, and what the hand does."""

    rate: int
    way: float
    shake: float  # pixels
    roll: float = 0.0  # degrees by which the camera is turned over on the way, and back
    arc: float = 0.0  # pixels by which the way goes up or down
    noise: float = 5.0
    exposure: float = 0.7  # before the screen, against the room
    shutter: float = 0.5  # of the time of a picture

    @classmethod
    def honest(cls, rng: np.random.Generator, rate: int) -> Take:
        """Draw how somebody may film who means well."""
        # Few pictures a second need a slower hand.
        return cls(
            rate=rate,
            way=rng.uniform(0.5, 2.5) if rate > 15 else rng.uniform(1.5, 3.5),
            shake=rng.uniform(0.3, 3),
            roll=float(rng.choice([0, 0, 20, 60, 120])),
            arc=float(rng.choice([0, 60, -60])),
            noise=rng.uniform(2, 8),
            exposure=rng.uniform(0.5, 1),
            shutter=rng.uniform(0.2, 1),
        )


class Room:
    """A wide picture of a room: a person on the right, a screen of some size on the left."""

    def __init__(self, seed: int, screen: int) -> None:
        people = [(PEOPLE[seed % len(PEOPLE)], View(), (FACE / ROOM_WIDE, 0.17, 0.085))]
        self._picture = scene(people, width=ROOM_WIDE, height=ROOM_HIGH, seed=seed)
        self._screen = screen

    def showing(self, text: str) -> Image.Image:
        """Give the room while its screen shows a code."""
        room, side = self._picture.copy(), self._screen * 3 // 4
        for across, down, value in ((0.85, 0.62, 16), (0.375, 0.375, 235)):
            x, y = (round(share * self._screen) for share in (across, down))
            room[max(0, 240 - y) : 240 + y, max(0, SCREEN - x) : SCREEN + x] = value
        modules = np.pad(pictures.code_modules(text), 4)
        at = np.arange(side) * len(modules) // side
        code = np.where(modules[np.ix_(at, at)], 12, 235)[..., None]
        top, left = 240 - side // 2, SCREEN - side // 2
        room[top : top + side, left : left + side] = code
        return Image.fromarray(room)


def filmed(room: Room, take: Take, rng: np.random.Generator) -> list[Rgb]:
    """Film the way from the screen to the face."""
    count = round((ON_SCREEN + take.way + ON_FACE) * take.rate)
    hand = _shaking(rng, count + 1) * take.shake
    codes, begin, gain = CodeSeries(), rng.uniform(0, 2), take.exposure
    shown: dict[int, Image.Image] = {}
    film = []
    for number in range(count):
        slot = int((number / take.rate + begin) / 2)
        if slot not in shown:
            shown[slot] = room.showing(codes.show())
        seen = np.zeros((HIGH, WIDE, 3), np.float32)
        for moment in np.arange(MOMENTS) / MOMENTS:
            seconds = (number + moment * take.shutter) / take.rate
            way = ease(float(np.clip((seconds - ON_SCREEN) / take.way, 0, 1)))
            at = hand[number] * (1 - moment) + hand[number + 1] * moment
            seen += _view(shown[slot], way, at, take) / MOMENTS
        aim = take.exposure if way < 0.2 else 1.0  # the screen fills the picture
        gain += (aim - gain) * min(1, 2.5 / take.rate)
        noisy = seen * gain + rng.normal(0, take.noise, seen.shape)
        film.append(np.clip(noisy, 0, 255).astype(np.uint8))
    return film


def _shaking(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    walk = np.cumsum(rng.normal(0, 1, (count + 20, 3)), axis=0)
    soft = np.hanning(21) / np.hanning(21).sum()
    smooth = np.stack([np.convolve(row, soft, "valid") for row in walk.T], axis=1)[:count]
    return smooth - np.linspace(smooth[0], smooth[-1], len(smooth))


def _view(room: Image.Image, way: float, hand: NDArray[np.float64], take: Take) -> Floats:
    """Give what the camera sees at one moment of its way (0 to 1)."""
    over = np.sin(way * np.pi)
    x = SCREEN + way * (FACE - SCREEN) + hand[0]
    y = ROOM_HIGH / 2 + 20 * way + over * take.arc + hand[1]
    angle = np.radians(over * take.roll + hand[2] / 10)
    a, b = np.cos(angle), np.sin(angle)
    turned = (a, -b, x - a * WIDE / 2 + b * HIGH / 2, b, a, y - b * WIDE / 2 - a * HIGH / 2)
    part = room.transform(
        (WIDE, HIGH), Image.Transform.AFFINE, turned, resample=Image.Resampling.BILINEAR
    )
    return np.asarray(part, np.float32)


def attacks(one: list[Rgb], other: list[Rgb], take: Take) -> Iterator[tuple[str, list[Rgb]]]:
    """Cut one film's screen and the other's face together in many ways."""
    screen, way = round(ON_SCREEN * take.rate), round(take.way * take.rate)
    early, middle, face = screen // 2, screen + way // 2, screen + way + 2
    frozen = [one[middle]] * (take.rate // 2)
    junk = [np.full_like(one[0], 128), other[0][::-1]]
    yield "cut from screen to face", one[:early] + other[face:]
    yield "cut from screen to the way", one[:early] + other[middle:]
    yield "cut from the way to face", one[:middle] + other[face:]
    yield "cut within the way", one[:middle] + other[middle + way // 8 :]
    yield "frozen, then cut", one[:middle] + frozen + other[face:]
    yield "cut, one black picture between", [*one[:early], one[0] * 0, *other[face:]]
    yield "cut, two others between", one[:early] + junk + other[face:]
    for many in (1, 2, 3, 10, 20):
        yield f"dissolve of {many} pictures", one[:early] + _mixed(one[early:], other[face:], many)
    dark = [one[0] * 0] * 20
    fade = _mixed(one[early:], dark, 5)[:10] + _mixed(dark, other[face:], 5)
    yield "fade through black, 5 pictures each way", one[:early] + fade


def _mixed(before: list[Rgb], after: list[Rgb], many: int) -> list[Rgb]:
    shares = [(number + 1) / (many + 1) for number in range(many)]
    soft = [
        (a * (1 - share) + b * share).astype(np.uint8)
        for a, b, share in zip(before, after, shares, strict=False)
    ]
    return soft + after[many:]


def judged(frames: list[Rgb], take: Take, folder: Path) -> tuple[float, float, bool]:
    """Give a film's most prominent change, its largest, and whether it counts as cut."""
    path = folder / "film.mp4"
    pictures.write_film(path, iter(frames), take.rate)
    film = pictures.film(path)
    assert isinstance(film, pictures.Film)
    seen = [Change(seconds=one.seconds, amount=one.change) for one in film.glances]
    placed = Placed(codes=3, first=0.0, last=1.0, begun=datetime.now(UTC), off=0.0)
    cut = is_cut(seen, placed, seen[-1].seconds - 0.5, Way())
    return prominence(seen, Way()), max(one.amount for one in seen), cut


def main() -> None:
    """Draw, cut, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=24)
    films = parser.parse_args().films
    rng = np.random.default_rng(1)
    rooms = [Room(seed, screen) for seed, screen in enumerate((260, 200, 300, 150, 330, 180))]
    found: dict[str, list[tuple[float, float, bool]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(films):
            take = Take.honest(rng, RATES[number % len(RATES)])
            here = rooms[number % len(rooms)]
            there = rooms[(number + number // 2 % 2) % len(rooms)]
            one, other = (filmed(room, take, rng) for room in (here, there))
            for kind, frames in (("honest", one), *attacks(one, other, take)):
                found.setdefault(kind, []).append(judged(frames, take, Path(folder)))
    print(f"{'':40s} prominence    largest change   refused")
    for kind, rows in found.items():
        prominent, largest, cut = (sorted(column) for column in zip(*rows, strict=True))
        spans = (f"{values[0]:5.1f} to {values[-1]:4.1f}" for values in (prominent, largest))
        print(f"{kind:40s} {'   '.join(spans)}   {sum(cut)} of {len(cut)}")


if __name__ == "__main__":
    main()
