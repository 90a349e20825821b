"""The paint of a synthetic person: skin, hair, lips, brows, eyes and their lids, in sRGB.

Owns colour only. What moves (lids, the inside of the mouth) is painted anew for each frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from selfcheck.demo.person import Hair
from selfcheck.demo.shape import Array, bump, hair_mask, smooth

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from selfcheck.demo.person import Person
    from selfcheck.demo.shape import Features, Surface

_LASH = (0.07, 0.05, 0.04)
_GAPE = (0.16, 0.05, 0.05)
_TEETH = (0.85, 0.82, 0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Texels of a face: whose they are and where, as arrays of one shape; ax is |x|."""

    person: Person
    f: Features
    x: Array
    y: Array
    ax: Array

    def at(self, texels: NDArray[np.int64]) -> Place:
        """Give some of the texels, by flat index."""
        x, y = self.x.ravel()[texels], self.y.ravel()[texels]
        return Place(person=self.person, f=self.f, x=x, y=y, ax=np.abs(x))

    def spot(self, x: float, y: float, wide: float, high: float) -> Array:
        """Give a soft spot around (x, y), on both sides of the face."""
        return bump(self.ax, self.y, (x, y), (wide, high))

    def tint(self, red: float, green: float, blue: float) -> Array:
        """Give the person's skin, tinted."""
        return np.array(self.person.skin, np.float32) * np.array((red, green, blue), np.float32)


def clouds(rng: np.random.Generator, shape: tuple[int, ...], cells: tuple[int, int]) -> Array:
    """Give smooth noise between -1 and 1: a coarse random grid, interpolated."""
    coarse = rng.uniform(-1, 1, (cells[0] + 1, cells[1] + 1)).astype(np.float32)
    out = _between(shape[0], cells[0]) @ coarse @ _between(shape[1], cells[1]).T
    return np.asarray(out, np.float32)


def _between(n: int, cells: int) -> Array:
    at = np.linspace(0, cells, n)[:, None] - np.arange(cells + 1)
    t = np.clip(1 - np.abs(at), 0, 1)
    t = t * t * (3 - 2 * t)
    return np.asarray(t / t.sum(1, keepdims=True), np.float32)


def mix(under: Array, over: ArrayLike, share: Array | float) -> Array:
    """Lay a colour or a picture over another by a share from 0 to 1."""
    a = np.asarray(share, np.float32)[..., None]
    return np.asarray(under * (1 - a) + np.asarray(over, np.float32) * a, np.float32)


def line(distance: ArrayLike, thick: float) -> Array:
    """Give a soft line where a signed distance is 0."""
    return np.asarray(np.exp(-((np.asarray(distance) / thick) ** 2)), np.float32)


def head(p: Place, skull: Surface) -> tuple[Array, Array]:
    """Give colour (rows, columns, 3) and gloss (rows, columns) of the head, eyes left out."""
    person, rng = p.person, np.random.default_rng(p.person.seed)
    size = skull.x.shape
    face = smooth(skull.points[..., 2], 0.0, 0.25)
    tone = 1 + 0.05 * clouds(rng, size, (14, 18)) + 0.035 * clouds(rng, size, (160, 160))
    fine, long = clouds(rng, size, (30, 160)), clouds(rng, size, (10, 320))
    strands = 0.5 + 0.35 * long + 0.25 * fine
    hair = np.array(person.hair_colour, np.float32) * (0.55 + 0.75 * strands)[..., None]
    freckles = smooth(clouds(rng, size, (150, 170)), 0.5, 0.8) * p.spot(0.25, -0.2, 0.25, 0.2)

    colour = np.array(person.skin, np.float32) * tone[..., None]
    colour = mix(colour, p.tint(1.0, 0.72, 0.68), _blood(p) * face)
    dark = np.clip(_shade(p) * face + 0.45 * smooth(-p.y, 0.92, 1.0), 0, 0.9)
    colour = colour * (1 - dark[..., None] * np.array((0.8, 0.95, 1.0), np.float32))
    colour = mix(colour, p.tint(0.5, 0.46, 0.45), np.clip(_wrinkles(p) * face, 0, 1))
    colour = mix(colour, p.tint(0.72, 0.6, 0.5), person.freckles * freckles * face)
    grain = 0.75 + 0.5 * clouds(rng, size, (200, 240))
    colour = mix(colour, hair, np.clip(_beard(p) * grain * face, 0, 0.97))
    colour = _lips(p, colour, face)
    colour = mix(colour, hair * 0.85, _brows(p, strands) * face)
    scalp = hair_mask(person, p.f, p.y + 0.03 * (long + fine), skull.angle)
    if person.hair is Hair.RECEDING:
        scalp = scalp * 0.85
    gloss = 0.35 + 0.3 * p.spot(0, p.f.nose_tip, 0.1, 0.15) + 0.2 * p.spot(0, 0.45, 0.3, 0.2)
    gloss = gloss + 0.3 * p.spot(0, p.f.mouth_y - 0.05, 0.15, 0.03)
    return np.clip(mix(colour, hair, scalp), 0, 1), np.asarray(
        gloss * (1 - 0.6 * scalp), np.float32
    )


def _blood(p: Place) -> Array:
    red = 0.6 * p.spot(0.36, -0.25, 0.16, 0.15) + 0.5 * p.spot(0, p.f.nose_tip, 0.13, 0.09)
    return np.asarray(red * (0.35 + 0.5 * p.person.rouge), np.float32)


def _shade(p: Place) -> Array:
    """Darken where little light comes: sockets, nostrils, folds, under lip."""
    f, age, make_up = p.f, p.person.age, max(0.0, p.person.rouge - 0.4)
    dark = 0.22 * p.spot(f.eye_x - 0.12, 0.06, 0.07, 0.06)
    dark += (0.12 + 0.5 * make_up) * p.spot(f.eye_x, 0.09, 0.13, 0.03)
    dark += (0.1 + 0.3 * age) * p.spot(f.eye_x - 0.02, -0.12, 0.1, 0.03)
    dark += 0.3 * p.spot(f.nose_w + 0.05, f.nose_tip, 0.03, 0.06)
    dark += 0.4 * p.spot(0, f.nose_tip - 0.11, f.nose_w, 0.03)
    dark += 0.9 * p.spot(f.nose_w * 0.55, f.nose_tip - 0.075, 0.035, 0.018)
    dark += 0.35 * p.spot(0, f.mouth_y - f.lower_lip - 0.05, f.mouth_w * 0.7, 0.03)
    dark += 0.35 * p.spot(f.mouth_w + 0.01, f.mouth_y, 0.03, 0.025)
    return np.asarray(dark, np.float32)


def _wrinkles(p: Place) -> Array:
    f, age = p.f, p.person.age
    lines = np.zeros_like(p.x)
    for i in range(4):  # across the forehead
        wave = 0.33 + 0.07 * i + 0.015 * np.sin(9 * p.x + i + p.person.seed)
        lines += line(p.y - wave, 0.008) * np.exp(-((p.x / 0.33) ** 4))
    for i in range(3):  # at the outer corners of the eyes
        ray = 0.01 - 0.04 * i + (p.ax - f.eye_x - f.eye_w) * (0.5 - 0.5 * i)
        lines += line(p.y - ray, 0.008) * p.spot(f.eye_x + f.eye_w + 0.08, 0, 0.05, 0.2)
    lines *= max(0.0, age - 0.25) * 1.3
    fold = line(p.ax - f.nose_w - 0.05 - (f.nose_tip - p.y) * 0.45, 0.026)
    fold *= smooth(f.nose_tip + 0.03 - p.y, 0, 0.08) * smooth(p.y - f.mouth_y, -0.08, 0.05)
    bag = bump(p.ax, p.y + 0.3 * (p.ax - f.eye_x) ** 2, (f.eye_x - 0.01, -0.15), (0.11, 0.012))
    return np.asarray(lines + (0.08 + 0.5 * age) * fold + age * bag, np.float32)


def _beard(p: Place) -> Array:
    f = p.f
    edge = -0.28 - 0.5 * np.clip(0.52 - p.ax, 0, 1) - 0.12 * p.spot(0.33, -0.5, 0.1, 0.5)
    chin = smooth(edge - p.y, -0.05, 0.06)
    chin *= 1 - 0.9 * p.spot(0.12, f.mouth_y - f.lower_lip - 0.04, 0.07, 0.035)
    lip = 1.4 * p.spot(0, f.mouth_y + f.upper_lip + 0.05, f.mouth_w + 0.03, 0.05)
    lip = np.clip(lip, 0, 1) * max(p.person.moustache, 0.9 * p.person.beard)
    return np.asarray(np.maximum(chin * p.person.beard, lip), np.float32)


def _lips(p: Place, colour: Array, face: Array) -> Array:
    f, rouge = p.f, p.person.rouge
    t = np.clip(1 - (p.x / f.mouth_w) ** 2, 0, 1)
    bow = 1 - 0.22 * line(p.x, 0.03)
    upper = smooth(f.upper_lip * t**0.8 * bow - (p.y - f.mouth_y), -0.008, 0.012)
    lower = smooth(f.lower_lip * t**0.6 - (f.mouth_y - p.y), -0.01, 0.014)
    red = p.tint(0.92, 0.58, 0.58) * (1 - rouge) + rouge * np.array((0.66, 0.2, 0.22), np.float32)
    share = 0.8 * (t > 0) * face
    colour = mix(colour, red * 0.9, upper * (p.y >= f.mouth_y) * share)
    return mix(colour, red, lower * (p.y < f.mouth_y) * share)


def _brows(p: Place, strands: Array) -> Array:
    f, weight = p.f, p.person.brow_weight
    u = (p.ax - f.eye_x) / (f.eye_w * 1.5)  # -1 at the nose, 1 at the temple
    middle = f.brow_y + 0.02 - 0.035 * (u - 0.3) ** 2 + 0.045 * p.person.brow_tilt * u
    thick = (0.034 + 0.018 * weight) * (1 - 0.35 * smooth(u, 0, 1.1))
    where = np.exp(-(((p.y - middle) / thick) ** 4)) * smooth(1.05 - np.abs(u), 0, 0.25)
    return np.asarray(
        np.clip(where * (0.75 + 0.2 * weight + 0.4 * (strands - 0.5)), 0, 0.95), np.float32
    )


def eyes(p: Place, skin: Array, openness: float) -> Array:
    """Paint the eyes over the skin around them, lids as open as asked.

    skin: the colours of the texels of `p`, with a last axis of 3.
    """
    f, shut = p.f, 1 - openness
    u = (p.ax - f.eye_x) / f.eye_w  # -1 at the nose, 1 at the temple
    v = p.y - f.eye_y - f.eye_tilt * f.eye_w * u * (1 - 0.6 * shut)
    arch = np.clip(1 - np.abs(u) ** 2.2, 0, 1)
    bottom = -f.eye_h * arch * (0.75 - 0.45 * shut)
    wide = 1.2 * f.eye_h * arch * (1 - 0.12 * u)
    top = bottom + (wide - bottom) * openness
    inside = smooth(np.minimum(top - v, v - bottom), -0.004, 0.008) * (np.abs(u) < 1)
    crease = 0.45 * (1 - 0.5 * shut) * line(v - wide - 0.03, 0.01) * (arch > 0)
    colour = mix(skin, p.tint(0.45, 0.38, 0.36), crease)
    shade = 1 - 0.35 * np.abs(u) ** 3 - 0.3 * smooth(v - top, -0.045, 0.0)
    white = np.array((0.9, 0.87, 0.84), np.float32) * np.clip(shade, 0.2, 1)[..., None]
    colour = mix(colour, _iris(p, white.astype(np.float32), v), inside * (openness > 0))
    # Lashes of a shut eye lie side by side, and are all that is left to see of it.
    thick = 0.013 + 0.008 * max(0.0, p.person.rouge - 0.4) + 0.014 * shut
    lashes = 0.9 * line(v - top - 0.004, thick) + 0.3 * line(v - bottom + 0.004, 0.009)
    return mix(colour, _LASH, np.clip(lashes * smooth(1.06 - np.abs(u), 0, 0.1), 0, 1))


def _iris(p: Place, white: Array, v: Array) -> Array:
    across = np.sign(p.x) * (p.ax - p.f.eye_x)
    r = np.hypot(across, v - 0.004)
    rim = np.array(p.person.iris) * (0.5 + 0.7 * np.clip(1 - r / 0.056, 0, 1))[..., None]
    ball = mix(white, rim, 1 - smooth(r, 0.05, 0.06))
    ball = mix(ball, (0.02, 0.02, 0.02), 1 - smooth(r, 0.018, 0.026))
    glint = np.hypot(across - 0.018, v - 0.024)
    return mix(ball, (1, 1, 1), 0.9 * (1 - smooth(glint, 0.006, 0.014)))


def mouth(p: Place, skin: Array, openness: float) -> Array:
    """Paint the line between the lips, or what an open mouth shows."""
    half = 0.012
    v = (p.f.mouth_y + half - p.y) / (2 * half)  # 0 at the upper lip, 1 at the lower
    wide = smooth(np.array(openness, np.float32), 0.05, 0.35)
    inside = (np.abs(v - 0.5) < 0.5) & (p.ax < p.f.mouth_w)  # noqa: PLR2004 (halfway)
    teeth = 0.6 * wide * smooth(v, 0.03, 0.08) * (1 - smooth(v, 0.14, 0.22))
    dark = mix(
        np.broadcast_to(np.array(_GAPE, np.float32), skin.shape),
        _TEETH,
        teeth * (p.ax < 0.75 * p.f.mouth_w),
    )
    return mix(skin, dark, inside * (0.75 + 0.25 * wide))


def plain(surface: Surface, colour: tuple[float, float, float]) -> Array:
    """Give one colour all over a surface."""
    return np.broadcast_to(np.array(colour, np.float32), surface.points.shape)


def ear(person: Person, surface: Surface) -> Array:
    """Give the colour of an ear, darker inside."""
    v = surface.y
    shade = 1 - 0.45 * line(v, 0.45) - 0.15 * line(v - 0.65, 0.1)
    tint = np.array(person.skin, np.float32) * np.array((0.97, 0.86, 0.84), np.float32)
    return np.asarray(tint * shade[..., None], np.float32)


def curtain(person: Person, surface: Surface) -> Array:
    """Give the colour of long hair: strands that run down."""
    rng = np.random.default_rng(person.seed + 1)
    size = surface.x.shape
    strands = 0.6 * clouds(rng, size, (6, 100)) + 0.4 * clouds(rng, size, (3, 30))
    return np.asarray(np.array(person.hair_colour) * (0.85 + 0.35 * strands)[..., None], np.float32)


def torso(person: Person, surface: Surface) -> Array:
    """Give the colour of neck and shirt, with the chin's shadow on the neck."""
    rng = np.random.default_rng(person.seed + 2)
    y, front = surface.y, smooth(130 - np.abs(surface.angle), 0, 30)
    neck = np.array(person.skin) * (1 - 0.5 * smooth(y, -1.3, -0.95) * front)[..., None]
    cloth = np.array(person.shirt) * (1 + 0.12 * clouds(rng, y.shape, (40, 60)))[..., None]
    collar = -1.3 - 0.22 * smooth(60 - np.abs(surface.angle), 0, 60)
    return mix(neck.astype(np.float32), np.clip(cloth, 0, 1), smooth(collar - y, -0.01, 0.015))
