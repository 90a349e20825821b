"""The shape of a synthetic person: grids of points for head, ears, hair, glasses and torso.

Owns geometry only. One unit is half the height of a head, about 11.5 cm; x runs to the
picture's right, y up, z to the camera. Rows of a grid run down, columns from left to right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from selfcheck.demo.person import Glasses, Hair

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from selfcheck.demo.person import Person


ROWS = COLUMNS = 640  # texels of the head: about 370 across the face
STEP = 5  # texels between two vertices of the mesh

# How far the hairline reaches down, by degrees from the middle of the face: over the
# forehead, past the temple and the sideburn, around the ear, to the nape.
_HAIRLINE_AT = (0, 25, 45, 58, 68, 76, 84, 105, 120, 140, 180)
_HAIRLINE = (0.0, -0.02, -0.08, -0.26, -0.48, -0.72, -0.5, -0.45, -0.8, -1.15, -1.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Where the features of one face are, in units, before any displacement."""

    eye_x: float
    eye_y: float
    eye_w: float
    eye_h: float
    eye_tilt: float
    brow_y: float
    nose_tip: float
    nose_w: float
    mouth_y: float
    mouth_w: float
    upper_lip: float
    lower_lip: float
    hairline: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One grid of points.

    points: (rows, columns, 3). x, y: where each point was before displacement; angle: degrees
    from the middle of the face, negative on the picture's left. step: texels between vertices.
    fixed: stays while the head turns.
    """

    points: NDArray[np.float32]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    angle: NDArray[np.float32]
    step: int = STEP
    fixed: bool = False
    both_sides: bool = False


def features(person: Person) -> Features:
    """Place the features of a face."""
    rows = _latitudes()[:, 0]
    mouth = -0.62 + 0.05 * person.mouth_height
    # The lips part between two rows of the mesh, so the line is put in the middle of two.
    row = int(np.argmin(np.abs(rows - mouth))) // STEP * STEP
    return Features(
        eye_x=0.275 + 0.04 * person.eye_gap,
        eye_y=0.0,
        eye_w=0.135 + 0.022 * person.eye_size,
        eye_h=0.05 + 0.008 * person.eye_size + 0.016 * person.eye_open,
        eye_tilt=0.14 * person.eye_tilt,
        brow_y=0.185 + 0.045 * person.brow_height,
        nose_tip=-0.33 - 0.06 * person.nose_length,
        nose_w=0.125 + 0.04 * person.nose_width,
        mouth_y=float(rows[row] + rows[row + STEP]) / 2,
        mouth_w=0.235 + 0.05 * person.mouth_width,
        upper_lip=0.062 + 0.03 * person.upper_lip,
        lower_lip=0.078 + 0.03 * person.lower_lip,
        hairline=0.62 + 0.1 * person.forehead,
    )


def smooth(x: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    """Rise smoothly from 0 at `low` to 1 at `high`."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def bump(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    at: tuple[float, float],
    size: tuple[float, float],
) -> NDArray[np.float32]:
    """Give a Gaussian hill of height 1."""
    return np.asarray(
        np.exp(-(((x - at[0]) / size[0]) ** 2) - ((y - at[1]) / size[1]) ** 2), np.float32
    )


def curve(x: NDArray[np.float32], knots: ArrayLike, values: ArrayLike) -> NDArray[np.float32]:
    """Interpolate smoothly (cubic Hermite) between knots in rising order."""
    k, v = np.asarray(knots, np.float32), np.asarray(values, np.float32)
    slope = np.gradient(v, k)
    i = np.clip(np.searchsorted(k, x) - 1, 0, len(k) - 2)
    h = k[i + 1] - k[i]
    t = np.clip((x - k[i]) / h, 0, 1)
    a, b = v[i] + t * h * slope[i], v[i + 1] - (1 - t) * h * slope[i + 1]
    s = t * t * (3 - 2 * t)
    return np.asarray(a * (1 - s) + b * s, np.float32)


def _latitudes() -> NDArray[np.float32]:
    """Give (ROWS, 1) heights of the head's rows, closest together over the face."""
    r = np.linspace(1, -1, ROWS, dtype=np.float32)[:, None]
    t = np.pi / 2 * (0.72 * r + 0.28 * r**3)
    p = 2.6
    return np.asarray(
        np.sin(t) / (np.abs(np.cos(t)) ** p + np.abs(np.sin(t)) ** p) ** (1 / p), np.float32
    )


def head(person: Person, f: Features) -> Surface:
    """Give the skull with the face and short hair on it."""
    y1 = _latitudes()
    s = np.linspace(-1, 1, COLUMNS, dtype=np.float32)[None, :]
    theta = np.pi * (0.42 * s + 0.58 * s**3)
    c = np.clip(1 - np.abs(y1) ** 2.6, 0, 1) ** (1 / 2.6)
    w = c * curve(
        y1,
        (-1, -0.85, -0.6, -0.3, 0, 0.3, 0.6, 1),
        np.array((0.44, 0.47, 0.555, 0.61, 0.645, 0.685, 0.705, 0.72)) * (1 + 0.12 * person.width)
        + np.array((0.5, 0.7, 1, 0.5, 0, 0, 0, 0)) * 0.07 * person.jaw
        + np.array((1, 1, 0.2, 0, 0, 0, 0, 0)) * 0.07 * person.chin,
    )
    front = c * curve(
        y1, (-1, -0.85, -0.6, -0.3, 0, 0.3, 0.6, 1), (1.12, 1.1, 0.9, 0.79, 0.77, 0.81, 0.79, 0.75)
    )
    back = c * curve(
        y1, (-1, -0.85, -0.6, -0.3, 0, 0.3, 0.6, 1), (0.2, 0.3, 0.5, 0.8, 0.95, 1.0, 1.0, 0.85)
    )
    si, co = np.sin(theta), np.cos(theta)
    k = (np.abs(si) ** 2.35 + np.abs(co) ** 2.35) ** (-1 / 2.35)
    x, z = w * k * si, np.where(co > 0, front, back) * k * co
    y = np.broadcast_to(y1, x.shape)
    angle = np.broadcast_to(np.degrees(theta), x.shape).astype(np.float32)
    x, z, y = x.astype(np.float32), z.astype(np.float32), y.astype(np.float32)
    face = smooth(z, 0.0, 0.25)
    dx, dy, dz = _face_relief(person, f, x, y)
    points = np.stack((x + dx * face, y + dy * face, z + dz * face), -1)
    thick = _hair_thickness(person) * hair_mask(person, f, y, angle)
    out = np.stack((x, 0.8 * y, z), -1)
    points += thick[..., None] * out / np.linalg.norm(out, axis=-1, keepdims=True)
    points[..., 1] *= 1 + 0.07 * person.length
    return Surface(points=points.astype(np.float32), x=x, y=y, angle=angle)


def _face_relief(
    person: Person, f: Features, x: NDArray[np.float32], y: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Give the displacements that turn an egg into a face."""
    ax, side = np.abs(x), np.sign(x)
    e = (f.eye_x, f.eye_y)
    dz = (0.045 + 0.035 * person.brow_ridge) * bump(ax, y, (0.24, f.brow_y - 0.02), (0.2, 0.08))
    dz -= (0.1 + 0.04 * person.eye_depth) * bump(ax, y, (e[0] - 0.03, 0.01), (0.16, 0.11))
    dz += 0.055 * bump(ax, y, e, (f.eye_w * 0.85, 0.085))
    dz += (0.03 + 0.05 * person.cheekbones) * bump(ax, y, (0.4, -0.17), (0.16, 0.13))
    dz += (0.05 * person.cheeks) * bump(ax, y, (0.33, -0.45), (0.2, 0.2))
    dz += _nose(person, f, x, y) + _mouth(f, x, y)
    dz += (0.06 + 0.07 * person.chin_forward) * bump(x, y, (0, -0.88), (0.17, 0.11))
    dz -= 0.025 * person.age * bump(ax, y, (0.3, -0.36), (0.05, 0.14))
    dz -= 0.05 * bump(ax, y, (0.56, 0.22), (0.1, 0.16))
    dx = side * (0.05 * person.cheekbones * bump(ax, y, (0.5, -0.15), (0.15, 0.16)))
    dx = dx + side * 0.06 * person.cheeks * bump(ax, y, (0.45, -0.5), (0.2, 0.25))
    dy = -0.03 * bump(x, y, (0, f.nose_tip), (0.08, 0.06))
    return dx, dy, dz


def _nose(
    person: Person, f: Features, x: NDArray[np.float32], y: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Give the height of the nose over the face."""
    ax, tip = np.abs(x), f.nose_tip
    along = (0.13 - y) / (0.13 - tip)  # 0 at the root, 1 at the tip
    height = 0.23 + 0.07 * person.nose_forward
    root = 0.35 + 0.2 * person.nose_bridge
    ridge = height * (root + (1 - root) * np.clip(along, 0, 1) ** 1.3)
    ridge = ridge * smooth(along, -0.35, 0.25) * (1 - smooth(-y, -tip + 0.01, -tip + 0.1))
    half = 0.06 + 0.03 * np.clip(along, 0, 1) ** 2 * (f.nose_w / 0.125)
    nose = ridge * np.exp(-((ax / half) ** 2))
    nose = nose + 0.045 * bump(x, y, (0, tip + 0.01), (0.07, 0.06))
    wing = bump(ax, y, (f.nose_w, tip - 0.01), (0.055, 0.06))
    return np.asarray(nose + 0.105 * wing, np.float32)


def _mouth(f: Features, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the relief of the lips and of the groove under them."""
    wide, my = f.mouth_w * 0.8, f.mouth_y
    lips = 0.05 * bump(x, y, (0, my), (wide * 1.5, 0.2))
    lips += 0.4 * f.upper_lip * bump(x, y, (0, my + f.upper_lip * 0.55), (wide, f.upper_lip * 0.6))
    lips += (
        0.5
        * f.lower_lip
        * bump(x, y, (0, my - f.lower_lip * 0.6), (wide * 0.85, f.lower_lip * 0.6))
    )
    lips -= 0.02 * bump(x, y, (0, my), (wide * 1.2, 0.012))
    lips -= 0.035 * bump(x, y, (0, my - f.lower_lip - 0.07), (wide, 0.05))
    return np.asarray(
        lips - 0.03 * bump(np.abs(x), y, (f.mouth_w + 0.02, my), (0.05, 0.05)), np.float32
    )


def _hair_thickness(person: Person) -> float:
    return {Hair.BALD: 0.0, Hair.RECEDING: 0.03, Hair.SHORT: 0.07}.get(person.hair, 0.1)


def hair_mask(
    person: Person, f: Features, y: NDArray[np.float32], angle: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Give 1 where hair grows on the head, 0 on skin, with a soft edge."""
    turn = np.abs(angle)
    line = f.hairline + curve(turn, _HAIRLINE_AT, _HAIRLINE)
    match person.hair:
        case Hair.BALD:
            return np.zeros_like(y)
        case Hair.RECEDING:
            line = line + 0.5 * np.exp(-(((turn - 30) / 30) ** 2)) + 0.15 * (turn < 95)
        case Hair.FRINGE | Hair.LONG_FRINGE:
            line = line - 0.3 * smooth(60 - turn, 0, 15)
        case Hair.SHORT | Hair.LONG:
            pass
    ragged = 0.012 * np.sin(angle * 1.7 + person.seed) + 0.01 * np.sin(angle * 4.1)
    return smooth(y - line + ragged, -0.02, 0.035)


def jaw_weights(f: Features, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give how far each point follows the jaw: 0 above the lips, 1 below."""
    inside = np.sqrt(np.clip(1 - (x / f.mouth_w) ** 2, 0, 1))
    below = f.mouth_y - y
    apart = (below > 0).astype(np.float32)
    return np.asarray(inside * apart + (1 - inside) * smooth(below, -0.25, 0.3), np.float32)


def ear(person: Person, skull: Surface, side: int) -> Surface:
    """Give one ear; side -1 is on the picture's left, 1 on its right."""
    v = np.linspace(0, 1, 48, dtype=np.float32)[:, None]
    a = np.linspace(0, 2 * np.pi, 64, dtype=np.float32)[None, :]
    u = v * np.cos(a)
    h = v * np.sin(a) * (1 - 0.18 * np.sin(a))
    relief = (
        0.05 * np.exp(-(((v - 0.85) / 0.16) ** 2)) - 0.05 * np.exp(-((v / 0.5) ** 2)) - 0.09 * v**8
    )
    at = float(np.abs(skull.points[np.abs(skull.y + 0.05) < 0.02][:, 0]).max())
    x = at + 0.015 + 0.05 * (u + 1) / 2 + relief + 0 * h
    y = -0.06 + 0.19 * h - 0.03 * u
    z = -0.02 - 0.115 * u
    points = np.stack((side * x, y, z), -1).astype(np.float32)
    if side < 0:
        points = points[:, ::-1]
    flat = np.broadcast_to(v, x.shape).astype(np.float32)
    return Surface(points=points, x=flat, y=y.astype(np.float32), angle=flat, step=3)


def curtain(person: Person, skull: Surface) -> Surface:
    """Give long hair: a sheet around the sides and the back, open to the face."""
    y = np.linspace(0.62, -1.35, 160, dtype=np.float32)[:, None]
    turn = np.linspace(-1, 1, 200, dtype=np.float32)[None, :]
    open_at = np.radians(52 + 0 * y)
    theta = np.pi + turn * (np.pi - open_at)
    wide = 0.66 * (1 + 0.12 * person.width) + 0.1
    swell = curve(y, (-1.35, -0.9, -0.4, 0.1, 0.62), (0.92, 1.0, 1.04, 1.02, 0.84))
    wave = 0.015 * np.sin(theta * 23 + 3 * np.sin(4 * y + person.seed))
    x = (wide + wave) * swell * np.sin(theta)
    z = -0.08 + (0.95 + wave) * swell * np.cos(theta) * np.where(np.cos(theta) < 0, 1, 0.4)
    points = np.stack(np.broadcast_arrays(x, y * (1 + 0.07 * person.length), z), -1).astype(
        np.float32
    )
    # Seen from outside, the angle runs from right to left around the back.
    angle = np.broadcast_to(np.degrees(theta), points.shape[:2]).astype(np.float32)
    spread = np.broadcast_to(y, points.shape[:2]).astype(np.float32)
    return Surface(points=points, x=points[..., 0], y=spread, angle=angle, step=4, both_sides=True)


def torso(person: Person) -> Surface:
    """Give neck, shoulders and chest."""
    y = np.linspace(-0.55, -3.2, 200, dtype=np.float32)[:, None]
    theta = np.linspace(-np.pi, np.pi, 160, dtype=np.float32)[None, :]
    knots = (-3.2, -2.2, -1.75, -1.5, -1.32, -1.15, -0.9, -0.55)
    broad = 1 + 0.12 * person.width + 0.1 * person.jaw
    w = curve(y, knots, (1.45, 1.5, 1.42, 1.02, 0.6, 0.42, 0.38, 0.38)) * broad
    d = curve(y, knots, (0.7, 0.66, 0.6, 0.52, 0.43, 0.38, 0.37, 0.38))
    x, z = w * np.sin(theta), d * np.cos(theta) - 0.16 + 0.0 * y
    points = np.stack(np.broadcast_arrays(x, y, z), -1).astype(np.float32)
    flat = np.broadcast_to(y, points.shape[:2]).astype(np.float32)
    angle = np.broadcast_to(np.degrees(theta), points.shape[:2]).astype(np.float32)
    return Surface(points=points, x=points[..., 0], y=flat, angle=angle, step=4, fixed=True)


def frames(person: Person, f: Features, skull: Surface) -> list[Surface]:
    """Give the parts of a pair of glasses: two rims, the bridge and two temples."""
    power = 2.0 if person.glasses is Glasses.ROUND else 4.5
    front = _depth_at(skull, f.eye_x, f.brow_y) + 0.05
    half = 0.5 * (f.eye_x + 0.24)
    a = np.linspace(0, 2 * np.pi, 72, dtype=np.float32)[None, :]
    k = (np.abs(np.cos(a)) ** power + np.abs(np.sin(a)) ** power) ** (-1 / power)
    parts = []
    for side in (-1, 1):
        path = np.stack(
            (side * f.eye_x + half * 0.86 * k * np.cos(a), -0.02 + half * 0.66 * k * np.sin(a)), -1
        )
        z = front - 0.12 * (np.abs(path[..., :1]) - 0.05)
        parts.append(_tube(np.concatenate((path, z), -1)[0], 0.02))
    gap = f.eye_x - half * 0.84
    t = np.linspace(-1, 1, 12, dtype=np.float32)
    parts.append(_tube(np.stack((gap * t, 0.05 + 0.02 * (1 - t * t), front + 0.0 * t), -1), 0.02))
    edge = f.eye_x + half * 0.86
    at = float(np.abs(skull.points[..., 0][np.abs(skull.y) < 0.02]).max())
    for side in (-1, 1):
        t = np.linspace(0, 1, 24, dtype=np.float32)
        x = side * (edge + (at + 0.01 - edge) * t**0.5)
        parts.append(
            _tube(
                np.stack((x, 0.03 + 0.03 * t, front - 0.12 * edge + t * (0.05 - front)), -1), 0.018
            )
        )
    return parts


def _depth_at(skull: Surface, x: float, y: float) -> float:
    off = (np.abs(skull.x) - x) ** 2 + (skull.y - y) ** 2 + (skull.points[..., 2] < 0)
    return float(skull.points[..., 2].flat[int(np.argmin(off))])


def _tube(path: NDArray[np.float32], radius: float) -> Surface:
    """Give a round tube along a path of (n, 3) points."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    up = np.cross(ahead, np.where(np.abs(ahead[:, 2:]) > 0.7, (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    out = np.cross(ahead, up)
    a = np.linspace(0, 2 * np.pi, 9)[:, None, None]
    points = (path + radius * (np.cos(a) * up + np.sin(a) * out)).astype(np.float32)
    zero = np.zeros(points.shape[:2], np.float32)
    return Surface(points=points, x=zero, y=zero, angle=zero, step=1)
