"""Photos of known people at known places: heads laid softly on photographs without people.

Heads come from pictures of LFW, backgrounds from bench/backgrounds.py; everything is drawn from a
seed. A scene knows where each face is, by the box that dense mmod finds in the source picture, and
whose it is. Scenes live in memory or in a temporary folder.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bench.backgrounds import Backgrounds
from bench.people import Photo
from selfcheck.faces import Engine, quality

QUALITY = 88  # of the JPEG, as phones save them
# Room that a head takes, in widths of its face from the face's centre.
_ASIDE, _ABOVE, _BELOW = 0.80, 1.05, 1.15
_TILE = 1400  # px of the grain, which repeats
# Where LFW's faces lie in their 250 px, for those in which mmod finds none.
_USUAL = (125.0, 131.0, 94.0)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where in a picture the head of the person it names is: the face's centre and width in px."""

    person: str
    path: Path
    x: float
    y: float
    width: float
    yaw: float  # degrees, rough
    seen: bool  # False: mmod found no face, and the place is the usual one


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a face is shown: turn in degrees, light as a factor, blur in widths of the face."""

    turn: float = 0.0
    light: float = 1.0
    shadow: float = 0.0  # 0 to 1: how dark one side is
    blur: float = 0.0  # standard deviation of a Gaussian
    shake: float = 0.0  # length of a straight movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A head to lay into a scene, so many px wide; `cell` names what is measured with it."""

    head: Head
    width: float
    look: Look = field(default_factory=Look)
    cell: str = ""
    first: bool = False  # gets its place before the others do


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A face in a scene: its square box by centre and width in px, and whose it is."""

    x: float
    y: float
    width: float
    person: str
    cell: str = ""


class Stock:
    """What scenes are made of: backgrounds and a piece of grain."""

    def __init__(self, backgrounds: Backgrounds) -> None:
        """Prepare grain as of a camera: mostly in brightness, and a little coarse."""
        self.backgrounds = backgrounds
        rng = np.random.default_rng(7)
        fine = rng.normal(0, 1, (_TILE, _TILE, 1))
        coarse = fine + np.roll(fine, 1, 0) + np.roll(fine, 1, 1)
        tile = 128 + 2.7 * coarse + rng.normal(0, 2.5, (_TILE, _TILE, 3))
        self._grain = Image.fromarray(np.tile(tile.clip(0, 255).astype(np.uint8), (3, 3, 1)))

    def ground(self, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
        """Fill a picture of (width, height) with one photograph or several, and things on it."""
        photographs, things = self.backgrounds.photographs, self.backgrounds.things
        canvas = Image.new("RGB", size)
        across = down = 1 if rng.random() < 0.55 else int(rng.integers(2, 4))
        for row in range(down):
            for column in range(across):
                pick = photographs[int(rng.integers(len(photographs)))]
                left, top = column * size[0] // across, row * size[1] // down
                tile = (size[0] // across + 1, size[1] // down + 1)
                canvas.paste(_crop(pick, tile, rng), (left, top))
        for _ in range(int(rng.integers(2, 14)) if things else 0):
            thing = things[int(rng.integers(len(things)))]
            side = max(size) * rng.uniform(0.03, 0.2)
            scale = float(side) / max(thing.size)
            scaled = thing.resize(
                (max(1, round(thing.width * scale)), max(1, round(thing.height * scale)))
            )
            place = (int(rng.integers(-20, size[0])), int(rng.integers(-20, size[1])))
            canvas.paste(scaled, place, scaled)
        return canvas

    def taken(self, canvas: Image.Image, rng: np.random.Generator) -> Image.Image:
        """Lay the grain of a camera over a picture."""
        left, top = (int(value) for value in rng.integers(0, _TILE, 2))
        width, height = canvas.size
        if max(width, height) + _TILE > 3 * _TILE:
            left, top = left % (3 * _TILE - width + 1), top % (3 * _TILE - height + 1)
        grain = self._grain.crop((left, top, left + width, top + height))
        return ImageChops.add(canvas, grain, 1, -128)


def head(photo: Photo, engine: Engine) -> Head | None:
    """Find the person a picture names, by dense mmod; None where somebody else is too near."""
    with Image.open(photo.path) as image:
        rgb = np.asarray(image.convert("RGB"))
    faces = engine.find(rgb, smallest=48)
    places = [
        ((face.box.left + face.box.right) / 2, (face.box.top + face.box.bottom) / 2)
        for face in faces
    ]
    size = (rgb.shape[1], rgb.shape[0])
    middle = (size[0] / 2, size[1] / 2)
    x, y, width = _USUAL
    yaw, nearest = 0.0, -1
    if faces:
        nearest = min(range(len(faces)), key=lambda index: math.dist(places[index], middle))
        (x, y), width = places[nearest], float(faces[nearest].box.width)
        yaw = quality(rgb, faces[nearest]).yaw
    if not 40 <= width <= 200:
        return None
    mask = np.asarray(_mask(size, x, y, width))
    for index, place in enumerate(places):
        column, row = (min(max(round(v), 0), end - 1) for v, end in zip(place, size, strict=True))
        if index != nearest and mask[row, column]:
            return None
    return Head(
        person=photo.person, path=photo.path, x=x, y=y, width=width, yaw=yaw, seen=bool(faces)
    )


@lru_cache(maxsize=1500)
def _cut(head: Head) -> tuple[Image.Image, Image.Image]:
    """Give the picture of a head, and the mask around the head."""
    with Image.open(head.path) as image:
        picture = image.convert("RGB")
    return picture, _mask(picture.size, head.x, head.y, head.width)


def _mask(size: tuple[int, int], x: float, y: float, width: float) -> Image.Image:
    """Draw head and a bit of shoulder, soft at the rim and towards the picture's border."""
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    top = y - 0.08 * width
    draw.ellipse(
        (x - 0.72 * width, top - 0.92 * width, x + 0.72 * width, top + 0.92 * width), fill=255
    )
    draw.ellipse((x - 1.1 * width, y + 0.72 * width, x + 1.1 * width, y + 2.6 * width), fill=255)
    fade = max(3, round(0.07 * width))
    frame = Image.new("L", size, 0)
    frame.paste(255, (fade, fade, size[0] - fade, size[1]))
    # Nothing lower than the head's room, so that heads do not cover each other.
    frame.paste(0, (0, min(size[1], round(y + (_BELOW - 0.1) * width)), *size))
    return ImageChops.multiply(mask, frame).filter(ImageFilter.GaussianBlur(0.055 * width))


def _crop(pick: Pixels, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """Cut a part of a photograph in the shape wanted, mirrored or not, and scale it."""
    image = Image.fromarray(pick)
    shape = size[0] / size[1]
    width = min(image.width, image.height * shape) * rng.uniform(0.65, 1.0)
    height = width / shape
    left, top = rng.uniform(0, image.width - width), rng.uniform(0, image.height - height)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    box = (float(left), float(top), float(left + width), float(top + height))
    return image.resize(size, Image.Resampling.BICUBIC, box=box)


def compose(
    stock: Stock, size: tuple[int, int], wishes: Sequence[Wish], rng: np.random.Generator
) -> tuple[Image.Image, list[Truth], list[Wish]]:
    """Lay heads where there is room; give the picture, its faces, and those left over."""
    canvas = stock.ground(size, rng)
    taken: list[tuple[float, float, float, float]] = []
    truths, left_over = [], []
    for wish in sorted(wishes, key=lambda one: (not one.first, -one.width)):
        place = _place(size, wish, taken, rng)
        if place is None:
            left_over.append(wish)
            continue
        _lay(canvas, wish, place, rng)
        truths.append(
            Truth(
                x=place[0],
                y=place[1],
                width=wish.width,
                person=wish.head.person,
                cell=wish.cell,
            )
        )
    return stock.taken(canvas, rng), truths, left_over


def _place(
    size: tuple[int, int],
    wish: Wish,
    taken: list[tuple[float, float, float, float]],
    rng: np.random.Generator,
) -> tuple[float, float] | None:
    aside, above, below = (wish.width * reach for reach in (_ASIDE, _ABOVE, _BELOW))
    if wish.look.turn:
        aside = above = below = wish.width * 1.2
    # The largest ones may stand out of the picture with their hair, not with their face.
    slack = [
        min(reach, max(0.55 * wish.width, (room - 2) / 2))
        for reach, room in ((aside, size[0]), (above, size[1]), (below, size[1]))
    ]
    for _ in range(60):
        if slack[0] * 2 >= size[0] or slack[1] + slack[2] >= size[1]:
            return None
        x = float(rng.uniform(slack[0], size[0] - slack[0]))
        y = float(rng.uniform(slack[1], size[1] - slack[2]))
        room = (x - aside, y - above, x + aside, y + below)
        if not any(
            room[0] < other[2] and other[0] < room[2] and room[1] < other[3] and other[1] < room[3]
            for other in taken
        ):
            taken.append(room)
            return x, y
    return None


def _lay(
    canvas: Image.Image, wish: Wish, place: tuple[float, float], rng: np.random.Generator
) -> None:
    head, look = wish.head, wish.look
    scale = wish.width / head.width
    picture, mask = _cut(head)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    part = picture.resize(size, Image.Resampling.BICUBIC)
    mask = mask.resize(size, Image.Resampling.BILINEAR)
    x, y = head.x * scale, head.y * scale
    part = _shown(part, look, wish.width, (x, y), rng)
    if look.turn:
        middle = (part.width / 2, part.height / 2)
        bicubic = Image.Resampling.BICUBIC
        part = part.rotate(-look.turn, bicubic, expand=True)
        mask = mask.rotate(-look.turn, Image.Resampling.BILINEAR, expand=True)
        cos, sin = math.cos(math.radians(look.turn)), math.sin(math.radians(look.turn))
        across, down = x - middle[0], y - middle[1]
        x = part.width / 2 + across * cos - down * sin
        y = part.height / 2 + across * sin + down * cos
    canvas.paste(part, (round(place[0] - x), round(place[1] - y)), mask)


def _shown(
    part: Image.Image,
    look: Look,
    width: float,
    centre: tuple[float, float],
    rng: np.random.Generator,
) -> Image.Image:
    """Light and blur a head; shadow falls from one side, with its edge in the face's middle."""
    if look.blur:
        part = part.filter(ImageFilter.GaussianBlur(look.blur * width))
    if look.shake:
        part = _shaken(part, look.shake * width, float(rng.uniform(0, math.pi)))
    if look.light == 1.0 and not look.shadow:
        return part
    values = np.asarray(part, dtype=np.float32) * look.light
    if look.shadow:
        side = 1 if rng.random() < 0.5 else -1
        columns = (np.arange(part.width) - centre[0]) / (0.12 * width) * side
        values *= (1 - look.shadow / (1 + np.exp(-columns.clip(-30, 30))))[None, :, None]
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _shaken(part: Image.Image, length: float, angle: float) -> Image.Image:
    """Average copies moved along a line."""
    values = np.asarray(part, dtype=np.float32)
    steps = np.linspace(-length / 2, length / 2, max(2, min(40, math.ceil(length) + 1)))
    total = np.zeros_like(values)
    for step in steps:
        moved = (round(step * math.sin(angle)), round(step * math.cos(angle)))
        total += np.roll(values, moved, (0, 1))
    return Image.fromarray((total / len(steps)).astype(np.uint8))


def jpeg(picture: Image.Image) -> bytes:
    """Save a scene as a camera does."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=QUALITY)
    return held.getvalue()
