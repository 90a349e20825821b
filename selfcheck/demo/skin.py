"""The paint of a synthetic person: skin, hair, lips, brows, eyes and their lids, in sRGB.

Owns colour only. What moves (lids, the inside of the mouth) is painted anew for each frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from selfcheck.demo.person import Hair
from selfcheck.demo.shape import bump, hair_mask, smooth

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from selfcheck.demo.person import Person
    from selfcheck.demo.shape import Features, Surface

LASH = (0.07, 0.05, 0.04)


def clouds(
    rng: np.random.Generator, shape: tuple[int, int], cells: tuple[int, int]
) -> NDArray[np.float32]:
    """Give smooth noise between -1 and 1: a coarse random grid, interpolated."""
    coarse = rng.uniform(-1, 1, (cells[0] + 1, cells[1] + 1)).astype(np.float32)
    return _between(shape[0], cells[0]) @ coarse @ _between(shape[1], cells[1]).T


def _between(n: int, cells: int) -> NDArray[np.float32]:
    at = np.linspace(0, cells, n)[:, None] - np.arange(cells + 1)
    t = np.clip(1 - np.abs(at), 0, 1)
    t = t * t * (3 - 2 * t)
    return np.asarray(t / t.sum(1, keepdims=True), np.float32)


def mix(
    under: NDArray[np.float32], over: ArrayLike, share: NDArray[np.float32] | float
) -> NDArray[np.float32]:
    """Lay a colour or a picture over another by a share from 0 to 1."""
    a = np.asarray(share, np.float32)[..., None]
    return np.asarray(under * (1 - a) + np.asarray(over, np.float32) * a, np.float32)


def head(
    person: Person, f: Features, skull: Surface
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give colour (rows, columns, 3) and gloss (rows, columns) of the head, eyes left out."""
    rng = np.random.default_rng(person.seed)
    x, y, ax = skull.x, skull.y, np.abs(skull.x)
    face = smooth(skull.points[..., 2], 0.0, 0.25)
    tone = 1 + 0.05 * clouds(rng, x.shape, (14, 18)) + 0.035 * clouds(rng, x.shape, (160, 160))
    colour = np.asarray(person.skin, np.float32) * tone[..., None]
    colour = _blood(person, f, colour, x, y)
    colour = _shade(person, f, colour, x, y, face)
    colour = _wrinkles(person, f, colour, x, y, face)
    spots = smooth(clouds(rng, x.shape, (90, 110)), 0.45, 0.7) * bump(
        ax, y, (0.25, -0.2), (0.25, 0.2)
    )
    colour = mix(colour, np.asarray(person.skin) * (0.72, 0.6, 0.5), person.freckles * spots * face)
    strands = (
        0.5 + 0.5 * clouds(rng, x.shape, (10, 320)) * 0.7 + 0.25 * clouds(rng, x.shape, (30, 160))
    )
    hair = np.asarray(person.hair_colour, np.float32) * (0.55 + 0.75 * strands)[..., None]
    colour = mix(colour, hair, _beard(person, f, rng, x, y) * face)
    colour = _lips(person, f, colour, x, y, face)
    colour = mix(colour, hair, _brows(person, f, strands, x, y) * face)
    scalp = hair_mask(person, f, y, skull.angle)
    if person.hair in (Hair.BALD, Hair.RECEDING):
        scalp = scalp * 0.8
    colour = mix(colour, hair, scalp)
    gloss = (
        0.35
        + 0.3 * bump(x, y, (0, f.nose_tip), (0.1, 0.15))
        + 0.2 * bump(x, y, (0, 0.45), (0.3, 0.2))
    )
    gloss = gloss + 0.3 * bump(x, y, (0, f.mouth_y - 0.05), (0.15, 0.03))
    return np.clip(colour, 0, 1), np.asarray(gloss * (1 - 0.6 * scalp), np.float32)


def _blood(
    person: Person,
    f: Features,
    colour: NDArray[np.float32],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
) -> NDArray[np.float32]:
    red = 0.6 * bump(np.abs(x), y, (0.36, -0.25), (0.16, 0.15)) + 0.5 * bump(
        x, y, (0, f.nose_tip), (0.13, 0.09)
    )
    return mix(
        colour, np.asarray(person.skin) * (1.0, 0.72, 0.68), red * (0.35 + 0.5 * person.rouge)
    )


def _shade(
    person: Person,
    f: Features,
    colour: NDArray[np.float32],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    face: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Darken where little light comes: sockets, nostrils, folds, under lip and chin."""
    ax = np.abs(x)
    dark = 0.3 * bump(ax, y, (f.eye_x - 0.09, 0.05), (0.08, 0.06))
    dark += 0.22 * bump(ax, y, (f.eye_x, 0.085), (0.13, 0.035))
    dark += (0.12 + 0.3 * person.age) * bump(ax, y, (f.eye_x - 0.02, -0.12), (0.1, 0.03))
    dark += 0.3 * bump(ax, y, (f.nose_w + 0.05, f.nose_tip), (0.03, 0.06))
    dark += 0.4 * bump(x, y, (0, f.nose_tip - 0.11), (f.nose_w, 0.03))
    dark += 0.9 * bump(ax, y, (f.nose_w * 0.55, f.nose_tip - 0.075), (0.035, 0.018))
    dark += 0.35 * bump(x, y, (0, f.mouth_y - f.lower_lip - 0.05), (f.mouth_w * 0.7, 0.03))
    dark += 0.4 * bump(ax, y, (f.mouth_w + 0.01, f.mouth_y), (0.03, 0.025))
    dark = dark * face + 0.45 * smooth(-y, 0.92, 1.0)
    return np.asarray(
        colour * (1 - np.clip(dark, 0, 0.9)[..., None] * (0.8, 0.95, 1.0)), np.float32
    )


def _wrinkles(
    person: Person,
    f: Features,
    colour: NDArray[np.float32],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    face: NDArray[np.float32],
) -> NDArray[np.float32]:
    ax = np.abs(x)
    line = np.zeros_like(x)
    for i in range(4):
        wave = 0.33 + 0.07 * i + 0.015 * np.sin(9 * x + i + person.seed)
        line += np.exp(-(((y - wave) / 0.008) ** 2)) * np.exp(-((x / 0.33) ** 4))
    for i in range(3):
        crow = 0.01 - 0.04 * i + (ax - f.eye_x - f.eye_w) * (0.5 - 0.5 * i)
        line += np.exp(-(((y - crow) / 0.008) ** 2)) * bump(
            ax, y, (f.eye_x + f.eye_w + 0.08, 0), (0.05, 0.2)
        )
    line = line * max(0.0, person.age - 0.25) * 1.3
    fold = f.nose_w + 0.05 + (f.nose_tip - y) * 0.45
    near = np.exp(-(((ax - fold) / 0.02) ** 2)) * smooth(f.nose_tip + 0.03 - y, 0, 0.08)
    line += (0.15 + 0.75 * person.age) * near * smooth(y - f.mouth_y, -0.08, 0.05)
    under = bump(ax, y + 0.3 * (ax - f.eye_x) ** 2, (f.eye_x - 0.01, -0.15), (0.11, 0.012))
    line = (line + person.age * under) * face
    return np.asarray(colour * (1 - 0.5 * np.clip(line, 0, 1)[..., None]), np.float32)


def _beard(
    person: Person,
    f: Features,
    rng: np.random.Generator,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
) -> NDArray[np.float32]:
    if person.beard == 0:
        return np.zeros_like(x)
    ax = np.abs(x)
    edge = -0.28 - 0.5 * np.clip(0.52 - ax, 0, 1) - 0.12 * bump(ax, y, (0.33, -0.5), (0.1, 0.5))
    where = smooth(edge - y, -0.05, 0.06)
    lip = bump(x, y, (0, f.mouth_y + f.upper_lip + 0.05), (f.mouth_w + 0.03, 0.05))
    where = np.maximum(where, np.clip(1.4 * lip, 0, 1))
    where *= 1 - 0.9 * bump(ax, y, (0.12, f.mouth_y - f.lower_lip - 0.04), (0.07, 0.035))
    grain = 0.75 + 0.5 * clouds(rng, x.shape, (200, 240))
    return np.asarray(np.clip(where * person.beard * grain, 0, 0.97), np.float32)


def _lips(
    person: Person,
    f: Features,
    colour: NDArray[np.float32],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    face: NDArray[np.float32],
) -> NDArray[np.float32]:
    t = np.clip(1 - (x / f.mouth_w) ** 2, 0, 1)
    bow = 1 - 0.22 * np.exp(-((x / 0.03) ** 2))
    upper = smooth(f.upper_lip * t**0.8 * bow - (y - f.mouth_y), -0.008, 0.012) * (y >= f.mouth_y)
    lower = smooth(f.lower_lip * t**0.6 - (f.mouth_y - y), -0.01, 0.014) * (y < f.mouth_y)
    share = (upper + lower) * (t > 0) * face
    red = np.asarray(person.skin) * (0.92, 0.58, 0.58)
    red = red * (1 - person.rouge) + person.rouge * np.asarray((0.66, 0.2, 0.22))
    return mix(mix(colour, red * 0.9, 0.8 * upper * share), red, 0.8 * lower * share)


def _brows(
    person: Person,
    f: Features,
    strands: NDArray[np.float32],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
) -> NDArray[np.float32]:
    u = (np.abs(x) - f.eye_x) / (f.eye_w * 1.5)  # -1 at the nose, 1 at the temple
    middle = f.brow_y + 0.03 - 0.05 * (u - 0.35) ** 2 - 0.03 * person.brow_tilt * -u
    thick = (0.034 + 0.016 * person.brow_weight) * (1 - 0.3 * smooth(u, 0, 1.1))
    where = np.exp(-(((y - middle) / thick) ** 4)) * smooth(1.05 - np.abs(u), 0, 0.25)
    return np.asarray(
        np.clip(where * (0.75 + 0.2 * person.brow_weight + 0.3 * (strands - 0.5)), 0, 0.95),
        np.float32,
    )


def eyes(
    person: Person,
    f: Features,
    skin: NDArray[np.float32],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    openness: float,
) -> NDArray[np.float32]:
    """Paint the eyes over the skin around them, lids as open as asked.

    skin: colours of a patch of texels, any shape with a last axis of 3; x, y: their places.
    """
    u = (np.abs(x) - f.eye_x) / f.eye_w  # -1 at the nose, 1 at the temple
    v = y - f.eye_y - f.eye_tilt * f.eye_w * u
    arch = np.clip(1 - np.abs(u) ** 2.2, 0, 1)
    bottom = -0.75 * f.eye_h * arch
    top = bottom + (1.2 * f.eye_h * arch * (1 - 0.12 * u) - bottom) * openness
    aperture = (
        smooth(np.minimum(top - v, v - bottom), -0.004, 0.008) * (np.abs(u) < 1) * (openness > 0.04)
    )
    white = (
        np.asarray((0.9, 0.87, 0.84))
        * (1 - 0.35 * np.abs(u) ** 3 - 0.3 * smooth(v - top, -0.045, 0.0))[..., None]
    )
    ball = _iris(person, white.astype(np.float32), x, v, f)
    lid = (
        np.exp(-(((v - (1.2 * f.eye_h * arch + 0.03)) / 0.01) ** 2))
        * (arch > 0.05)
        * 0.45
        * openness
    )
    colour = np.asarray(skin * (1 - lid[..., None]), np.float32)
    colour = mix(colour, ball, aperture)
    lash = 0.9 * np.exp(-(((v - top - 0.004) / 0.013) ** 2)) + 0.3 * np.exp(
        -(((v - bottom + 0.004) / 0.009) ** 2)
    )
    return mix(colour, LASH, np.clip(lash * smooth(1.06 - np.abs(u), 0, 0.1), 0, 1))


def _iris(
    person: Person,
    white: NDArray[np.float32],
    x: NDArray[np.float32],
    v: NDArray[np.float32],
    f: Features,
) -> NDArray[np.float32]:
    cx = np.sign(x) * (np.abs(x) - f.eye_x)
    r = np.hypot(cx, v - 0.004)
    rim = np.asarray(person.iris) * (0.5 + 0.7 * np.clip(1 - r / 0.056, 0, 1))[..., None]
    ball = mix(white, rim, 1 - smooth(r, 0.05, 0.06))
    ball = mix(ball, (0.02, 0.02, 0.02), 1 - smooth(r, 0.018, 0.026))
    return mix(ball, (1, 1, 1), 0.9 * (1 - smooth(np.hypot(cx - 0.018, v - 0.024), 0.006, 0.014)))


def mouth(
    f: Features,
    skin: NDArray[np.float32],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    mouth_open: float,
) -> NDArray[np.float32]:
    """Paint the line between the lips, or what an open mouth shows."""
    half = 0.012
    v = (f.mouth_y + half - y) / (2 * half)  # 0 at the upper lip, 1 at the lower
    inside = ((v > 0) & (v < 1) & (np.abs(x) < f.mouth_w)).astype(np.float32)
    dark = np.broadcast_to(np.asarray((0.16, 0.05, 0.05), np.float32), skin.shape)
    teeth = (
        0.85
        * smooth(np.float32(mouth_open), 0.1, 0.4)
        * smooth(v, 0.05, 0.15)
        * (1 - smooth(v, 0.25, 0.4))
    )
    dark = mix(dark, (0.85, 0.82, 0.75), teeth * (np.abs(x) < 0.75 * f.mouth_w))
    share = inside * (0.75 + 0.25 * smooth(np.float32(mouth_open), 0, 0.2))
    return mix(skin, dark, share)


def plain(surface: Surface, colour: tuple[float, float, float]) -> NDArray[np.float32]:
    """Give one colour all over a surface."""
    return np.broadcast_to(np.asarray(colour, np.float32), surface.points.shape)


def ear(person: Person, surface: Surface) -> NDArray[np.float32]:
    """Give the colour of an ear, darker inside."""
    v = surface.x
    shade = 1 - 0.45 * np.exp(-((v / 0.45) ** 2)) - 0.15 * np.exp(-(((v - 0.65) / 0.1) ** 2))
    return np.asarray(np.asarray(person.skin) * (0.97, 0.86, 0.84) * shade[..., None], np.float32)


def curtain(person: Person, surface: Surface) -> NDArray[np.float32]:
    """Give the colour of long hair: strands that run down."""
    rng = np.random.default_rng(person.seed + 1)
    strands = 0.6 * clouds(rng, surface.x.shape, (6, 100)) + 0.4 * clouds(
        rng, surface.x.shape, (3, 30)
    )
    return np.asarray(
        np.asarray(person.hair_colour) * (0.85 + 0.35 * strands)[..., None], np.float32
    )


def torso(person: Person, surface: Surface) -> NDArray[np.float32]:
    """Give the colour of neck and shirt, with the chin's shadow on the neck."""
    rng = np.random.default_rng(person.seed + 2)
    y, turn = surface.y, np.abs(surface.angle)
    neck = np.asarray(person.skin) * (1 - 0.5 * smooth(y, -1.3, -0.95) * (turn < 120))[..., None]
    cloth = np.asarray(person.shirt) * (1 + 0.12 * clouds(rng, y.shape, (40, 60)))[..., None]
    line = -1.3 - 0.22 * smooth(60 - turn, 0, 60)
    return mix(neck.astype(np.float32), np.clip(cloth, 0, 1), smooth(line - y, -0.01, 0.015))
