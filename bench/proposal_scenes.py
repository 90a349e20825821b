"""Small scenes with faces of known place, size and turn: what the proposal network learns from.

Faces come from the training half of the people in SELFCHECK_FACES, backgrounds from a folder of
pictures without people, distractors from cut-out pictures of things. Nothing here is installed,
and no picture is written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIDE = 320  # px of a scene
CELL = 8  # px of the network's cells
SMALLEST, LARGEST = 14.0, 46.0  # px of the faces it answers on one level
_HARD = 0.5  # share of the scenes that lie where a background was taken for a face

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprite:
    """A picture of one face: where it is, how large, and how far the head is tilted."""

    levels: tuple[Pixels, ...]  # each half as large as the one before
    x: float
    y: float
    width: float
    tilt: float  # radians, clockwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A face in a scene: centre and width in px, turn in radians clockwise."""

    x: float
    y: float
    width: float
    turn: float
    clear: bool = True  # False: neither right nor wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What scenes are made of."""

    sprites: Sequence[Sprite]
    backgrounds: Sequence[Pixels]  # several sizes of each picture
    things: Sequence[Image.Image]  # RGBA, about 100 px
    decoys: Sequence[Sprite]  # pieces of backgrounds, laid down just as faces are
    # Places of backgrounds (which, x, y) that were taken for faces when they were looked at.
    hard: Sequence[tuple[int, int, int]] = ()


def sprite(rgb: Pixels, box: tuple[float, float, float], tilt: float) -> Sprite:
    """Keep a picture with its face (centre x, y and width in px) in falling sizes."""
    levels = [Image.fromarray(rgb)]
    while min(levels[-1].size) > 40:
        levels.append(levels[-1].reduce(2))
    x, y, width = box
    return Sprite(levels=tuple(np.asarray(one) for one in levels), x=x, y=y, width=width, tilt=tilt)


def background(path: Path) -> list[Pixels]:
    """Read a picture in several sizes, so that its detail is met at every scale."""
    with Image.open(path) as image:
        image.draft("RGB", (2000, 2000))
        picture = image.convert("RGB")
    picture.thumbnail((2000, 2000))
    sizes = []
    while min(picture.size) >= SIDE:
        sizes.append(np.asarray(picture))
        picture = picture.resize((round(picture.width / 1.7), round(picture.height / 1.7)))
    return sizes


def decoy(rgb: Pixels, rng: np.random.Generator) -> Sprite:
    """Cut a piece out of a background that is laid down as a face is, and is none."""
    top, left = (int(rng.integers(0, side - 250 + 1)) for side in rgb.shape[:2])
    return sprite(rgb[top : top + 250, left : left + 250], (125.0, 125.0, 100.0), 0.0)


def decoy_at(rgb: Pixels, place: tuple[float, float, float]) -> Sprite:
    """Cut out what was taken for a face (centre x, y and width in px), as `decoy` does."""
    x, y, width = place
    reach = max(round(1.25 * width), 20)
    left, top = (
        min(max(round(at) - reach, 0), max(side - 2 * reach, 0))
        for at, side in ((x, rgb.shape[1]), (y, rgb.shape[0]))
    )
    part = rgb[top : top + 2 * reach, left : left + 2 * reach]
    return sprite(part, (x - left, y - top, width), 0.0)


def scene(stock: Stock, rng: np.random.Generator) -> tuple[Pixels, list[Label]]:
    """Draw one scene of SIDE x SIDE and tell which faces are in it."""
    canvas = Image.fromarray(_ground(stock, rng))
    for _ in range(int(rng.integers(0, 5))):
        _lay_thing(canvas, stock, rng)
    for _ in range(int(rng.integers(0, 4))):
        one = stock.decoys[int(rng.integers(len(stock.decoys)))]
        x, y = rng.uniform(0, SIDE, 2)
        width = float(rng.uniform(SMALLEST, LARGEST))
        spot = _Spot(
            x=float(x), y=float(y), width=width, turn=float(rng.uniform(-math.pi, math.pi))
        )
        _paste(canvas, one, spot, rng)
    labels: list[Label] = []
    for _ in range(int(rng.integers(0, 14))):
        label = _lay_face(canvas, labels, stock, rng)
        if label is not None:
            labels.append(label)
    return _as_taken(canvas, rng), labels


def _ground(stock: Stock, rng: np.random.Generator) -> Pixels:
    kind = rng.random()
    if kind < 0.06:  # an even wall, perhaps shaded
        ends = rng.integers(0, 256, (2, 3))
        shade = np.linspace(0, 1, SIDE)[:, None, None]
        flat = ends[0] * shade + ends[1] * (1 - shade)
        return np.broadcast_to(flat, (SIDE, SIDE, 3)).astype(np.uint8)
    if kind < 0.10:  # noise of some grain
        grain = int(rng.integers(1, 12))
        coarse = rng.integers(0, 256, (SIDE // grain + 1, SIDE // grain + 1, 3), dtype=np.uint8)
        return np.asarray(Image.fromarray(coarse).resize((SIDE, SIDE)))
    if kind < 0.28:
        return _crowd_without_faces(stock, rng)
    if stock.hard and rng.random() < _HARD:
        which, x, y = stock.hard[int(rng.integers(len(stock.hard)))]
        pick = stock.backgrounds[which]
        left, top = (
            min(max(at - int(rng.integers(16, SIDE - 16)), 0), side - SIDE)
            for at, side in ((x, pick.shape[1]), (y, pick.shape[0]))
        )
    else:
        pick = stock.backgrounds[int(rng.integers(len(stock.backgrounds)))]
        top = int(rng.integers(0, pick.shape[0] - SIDE + 1))
        left = int(rng.integers(0, pick.shape[1] - SIDE + 1))
    part = pick[top : top + SIDE, left : left + SIDE]
    turned = np.rot90(part, int(rng.integers(4))) if rng.random() < 0.3 else part
    return turned[:, ::-1] if rng.random() < 0.5 else turned


def _crowd_without_faces(stock: Stock, rng: np.random.Generator) -> Pixels:
    """Tile the surroundings of faces, each face painted over: clothes, hair, hands, signs."""
    canvas = Image.new("RGB", (SIDE, SIDE))
    tile = int(rng.integers(60, 200))
    for top in range(0, SIDE, tile):
        for left in range(0, SIDE, tile):
            one = stock.sprites[int(rng.integers(len(stock.sprites)))]
            level = min(len(one.levels) - 1, max(0, round(math.log2(250 / tile))))
            part = Image.fromarray(one.levels[level]).resize((tile, tile))
            scale = tile / one.levels[0].shape[1]
            reach = one.width * scale * 0.75
            x, y = one.x * scale, one.y * scale
            hole = (x - reach, y - reach * 1.2, x + reach, y + reach)
            patch = stock.backgrounds[int(rng.integers(len(stock.backgrounds)))]
            across, down = round(hole[2] - hole[0]) + 1, round(hole[3] - hole[1]) + 1
            cover = Image.fromarray(patch[:down, :across])
            part.paste(cover, (round(hole[0]), round(hole[1])))
            canvas.paste(part, (left, top))
    return np.asarray(canvas)


def _lay_thing(canvas: Image.Image, stock: Stock, rng: np.random.Generator) -> None:
    if not stock.things:
        return
    thing = stock.things[int(rng.integers(len(stock.things)))]
    size = int(rng.integers(12, 130))
    scaled = thing.resize((size, max(1, round(size * thing.height / thing.width))))
    if rng.random() < 0.5:
        scaled = scaled.rotate(float(rng.uniform(-180, 180)), expand=True)
    place = (int(rng.integers(-size // 2, SIDE)), int(rng.integers(-size // 2, SIDE)))
    canvas.paste(scaled, place, scaled)


def _lay_face(
    canvas: Image.Image, before: Sequence[Label], stock: Stock, rng: np.random.Generator
) -> Label | None:
    one = stock.sprites[int(rng.integers(len(stock.sprites)))]
    width = float(np.exp(rng.uniform(math.log(9.0), math.log(60.0))))
    if rng.random() < 0.75:
        width = float(np.exp(rng.uniform(math.log(SMALLEST), math.log(LARGEST))))
    x, y = (float(value) for value in rng.uniform(-0.15 * width, SIDE + 0.15 * width, 2))
    if any(math.hypot(x - o.x, y - o.y) < 0.6 * (width + o.width) for o in before):
        return None
    upright = rng.random() < 0.6
    turn = float(rng.normal(0, 0.25) if upright else rng.uniform(-math.pi, math.pi))
    mirrored = bool(rng.random() < 0.5)
    tilt = -one.tilt if mirrored else one.tilt
    stretch = float(rng.uniform(0.9, 1.1))
    # What surrounds this face must not cover another.
    room = min((math.hypot(x - o.x, y - o.y) - 0.5 * o.width for o in before), default=SIDE)
    spot = _Spot(
        x=x, y=y, width=width, room=room, turn=turn - tilt, mirrored=mirrored, stretch=stretch
    )
    _paste(canvas, one, spot, rng)
    if rng.random() < 0.25:
        _cover(canvas, (x, y, width), turn, stock, rng)
    inside = 0.3 * width <= x <= SIDE - 0.3 * width and 0.3 * width <= y <= SIDE - 0.3 * width
    known = SMALLEST <= width <= LARGEST and inside
    return Label(x=x, y=y, width=width, turn=turn, clear=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where and how a sprite is laid down; `room` is how far it may reach, in px."""

    x: float
    y: float
    width: float
    turn: float
    room: float = SIDE
    mirrored: bool = False
    stretch: float = 1.0


def _paste(canvas: Image.Image, one: Sprite, spot: _Spot, rng: np.random.Generator) -> None:
    """Lay a face down within a mask of some shape and softness."""
    x, y, width = spot.x, spot.y, spot.width
    scale = width / one.width
    level = min(len(one.levels) - 1, max(0, int(math.log2(1 / scale))) if scale < 1 else 0)
    source, shrunk = one.levels[level], 2.0**level
    reach = int(min(width * rng.uniform(0.65, 1.7), max(spot.room, 0.65 * width))) + 2
    left, top = round(x) - reach, round(y) - reach
    # From a pixel of the scene to one of the source: turned back about the face's centre.
    cos, sin = math.cos(spot.turn) / (scale * shrunk), math.sin(spot.turn) / (scale * shrunk)
    a, b, d, e = cos, sin, -sin * spot.stretch, cos * spot.stretch
    if spot.mirrored:
        a, b = -a, -b
    ox, oy = x - left, y - top
    c = one.x / shrunk - a * ox - b * oy
    f = one.y / shrunk - d * ox - e * oy
    size = (2 * reach, 2 * reach)
    bilinear = Image.Resampling.BILINEAR
    affine = Image.Transform.AFFINE
    part = Image.fromarray(source).transform(size, affine, (a, b, c, d, e, f), resample=bilinear)
    full = Image.new("L", (source.shape[1], source.shape[0]), 255)
    mask = full.transform(size, affine, (a, b, c, d, e, f))
    kind = rng.random()
    if kind < 0.75:
        shape = Image.new("L", size, 0)
        grow = rng.uniform(0.75, 1.0)
        rim = (1 - grow) * reach
        ellipse = (rim, rim, 2 * reach - rim, 2 * reach - rim)
        draw = ImageDraw.Draw(shape)
        (draw.ellipse if kind < 0.6 else draw.rectangle)(ellipse, fill=255)
        if rng.random() < 0.7:
            shape = shape.filter(
                ImageFilter.GaussianBlur(float(rng.uniform(0.3, 0.12 * reach + 0.3)))
            )
        mask = Image.fromarray(np.minimum(np.asarray(mask), np.asarray(shape)))
    if rng.random() < 0.35:
        part = _lit(part, rng)
    canvas.paste(part, (left, top), mask)


def _lit(part: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Give a face its own light: darker, so bright that it turns white, or from one side."""
    values = np.asarray(part, dtype=np.float32)
    slope = np.linspace(-1, 1, values.shape[1])[None, :, None] * rng.uniform(-0.5, 0.5)
    lit = values * (rng.uniform(0.35, 1.8) * (1 + slope))
    return Image.fromarray(lit.clip(0, 255).astype(np.uint8))


def _cover(
    canvas: Image.Image,
    place: tuple[float, float, float],
    turn: float,
    stock: Stock,
    rng: np.random.Generator,
) -> None:
    """Lay a medical mask, dark glasses, a hat, or a thing over part of a face."""
    x, y, width = place
    colour = tuple(int(value) for value in rng.integers(0, 256, 3))

    def turned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        cos, sin = math.cos(turn) * width, math.sin(turn) * width
        return [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in points]

    draw = ImageDraw.Draw(canvas)
    match int(rng.integers(4)):
        case 0:  # mouth and nose
            draw.polygon(
                turned([(-0.42, 0.1), (0, 0.0), (0.42, 0.1), (0.3, 0.55), (-0.3, 0.55)]),
                fill=colour,
            )
        case 1:  # eyes
            dark = tuple(value // 4 for value in colour)
            for side in (-1, 1):
                lens = [
                    (side * u, v)
                    for u, v in ((0.04, -0.24), (0.4, -0.26), (0.38, -0.02), (0.08, -0.02))
                ]
                draw.polygon(turned(lens), fill=dark)
        case 2:  # brow and hair
            brim = float(rng.uniform(-0.5, -0.3))
            draw.polygon(
                turned([(-0.6, brim), (0.6, brim), (0.5, -1.0), (-0.5, -1.0)]), fill=colour
            )
        case _ if stock.things:
            thing = stock.things[int(rng.integers(len(stock.things)))]
            size = max(3, int(width * rng.uniform(0.3, 0.7)))
            scaled = thing.resize((size, max(1, round(size * thing.height / thing.width))))
            u, v = rng.uniform(-0.5, 0.5, 2) * width
            canvas.paste(scaled, (round(x + u - size / 2), round(y + v - size / 2)), scaled)
        case _:
            pass


def _as_taken(canvas: Image.Image, rng: np.random.Generator) -> Pixels:
    """Blur, light, colour and grain of the whole picture."""
    kind = rng.random()
    if kind < 0.15:
        canvas = canvas.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.6))))
    elif kind < 0.22:
        canvas = _shaken(canvas, rng)
    elif kind < 0.35:
        canvas = canvas.filter(ImageFilter.UnsharpMask(1.0, int(rng.integers(30, 200)), 0))
    values: NDArray[np.floating] = np.asarray(canvas, dtype=np.float32)
    if rng.random() < 0.12:
        values = np.repeat(values.mean(axis=2, keepdims=True), 3, axis=2)
    if rng.random() < 0.5:
        gain = (rng.uniform(0.7, 1.45) * rng.uniform(0.85, 1.15, 3)).astype(np.float32)
        values = values * gain + np.float32(rng.uniform(-25, 25))
    if rng.random() < 0.2:  # night, or against the light
        tone, level = np.float32(rng.uniform(0.5, 2.2)), np.float32(255 * rng.uniform(0.2, 1.0))
        values = level * (values.clip(0, 255) / 255) ** tone
    if rng.random() < 0.5:
        grain = rng.standard_normal(values.shape, dtype=np.float32)
        values = values + grain * np.float32(rng.uniform(1, 14))
    return values.clip(0, 255).astype(np.uint8)


def _shaken(canvas: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Blur along a line, as a moving hand does."""
    values = np.asarray(canvas, dtype=np.float32)
    angle, length = rng.uniform(0, math.pi), rng.uniform(2, 7)
    steps = np.linspace(-length / 2, length / 2, 5)
    moved = [
        np.roll(values, (round(s * math.sin(angle)), round(s * math.cos(angle))), (0, 1))
        for s in steps
    ]
    return Image.fromarray(np.mean(moved, axis=0).astype(np.uint8))
