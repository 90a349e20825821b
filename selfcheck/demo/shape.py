"""The shape of a synthetic head with short hair: a grid of points; `parts` adds the rest.

Owns geometry only. One unit is half the height of a head, about 11.5 cm; x runs to the
picture's right, y up, z to the camera. Rows of a grid run down, columns from left to right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from selfcheck.demo.person import Hair

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from selfcheck.demo.person import Person

Array = NDArray[np.float32]

ROWS = COLUMNS = 640  # texels of the head: about 370 across the face
STEP = 5  # texels between two vertices of the mesh

# Half widths and depths of the skull at some heights, before it rounds off at both ends
# with a power of _POWER; what the sliders of jaw and chin add to the widths.
_POWER = 2.6
_HEIGHTS = (-1, -0.85, -0.6, -0.3, 0, 0.3, 0.6, 1)
_WIDTHS = (0.44, 0.47, 0.555, 0.61, 0.645, 0.685, 0.705, 0.72)
_JAW = (0.05, 0.07, 0.1, 0.05, 0, 0, 0, 0)
_CHIN = (0.09, 0.09, 0.02, 0, 0, 0, 0, 0)
_FRONTS = (1.12, 1.1, 0.9, 0.79, 0.77, 0.81, 0.79, 0.75)
_BACKS = (0.2, 0.3, 0.5, 0.8, 0.95, 1.0, 1.0, 0.85)

# How far the hairline reaches down, by degrees from the middle of the face: over the
# forehead, past the temple and the sideburn, around the ear, to the nape.
_HAIRLINE_AT = (0, 25, 45, 58, 68, 76, 84, 105, 120, 140, 180)
_HAIRLINE = (0.0, -0.02, -0.08, -0.26, -0.48, -0.72, -0.5, -0.45, -0.8, -1.15, -1.2)

_HAIR_THICK = {
    Hair.BALD: 0.0,
    Hair.RECEDING: 0.03,
    Hair.SHORT: 0.07,
    Hair.FRINGE: 0.1,
    Hair.LONG: 0.1,
    Hair.LONG_FRINGE: 0.1,
}


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

    points: Array
    x: Array
    y: Array
    angle: Array
    step: int = STEP
    fixed: bool = False
    both_sides: bool = False


def features(person: Person) -> Features:
    """Place the features of a face."""
    rows = _latitudes()[:, 0]
    mouth = -0.62 + 0.075 * person.mouth_height
    # The lips part between two rows of the mesh, so the line is put in the middle of two.
    row = int(np.argmin(np.abs(rows - mouth))) // STEP * STEP
    return Features(
        eye_x=0.275 + 0.06 * person.eye_gap,
        eye_y=0.0,
        eye_w=0.145 + 0.03 * person.eye_size,
        eye_h=0.046 + 0.008 * person.eye_size + 0.014 * person.eye_open,
        eye_tilt=0.24 * person.eye_tilt,
        brow_y=0.185 + 0.06 * person.brow_height,
        nose_tip=-0.33 - 0.085 * person.nose_length,
        nose_w=0.125 + 0.05 * person.nose_width,
        mouth_y=float(rows[row] + rows[row + STEP]) / 2,
        mouth_w=0.235 + 0.07 * person.mouth_width,
        upper_lip=0.062 + 0.036 * person.upper_lip,
        lower_lip=0.078 + 0.036 * person.lower_lip,
        hairline=0.62 + 0.1 * person.forehead,
    )


def smooth(x: Array, low: float, high: float) -> Array:
    """Rise smoothly from 0 at `low` to 1 at `high`."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def bump(
    x: Array,
    y: Array,
    at: tuple[float, float],
    size: tuple[float, float],
) -> Array:
    """Give a Gaussian hill of height 1."""
    return np.asarray(
        np.exp(-(((x - at[0]) / size[0]) ** 2) - ((y - at[1]) / size[1]) ** 2), np.float32
    )


def curve(x: Array, knots: ArrayLike, values: ArrayLike) -> Array:
    """Interpolate smoothly (cubic Hermite) between knots in rising order."""
    k, v = np.asarray(knots, np.float32), np.asarray(values, np.float32)
    slope = np.gradient(v, k)
    i = np.clip(np.searchsorted(k, x) - 1, 0, len(k) - 2)
    h = k[i + 1] - k[i]
    t = np.clip((x - k[i]) / h, 0, 1)
    a, b = v[i] + t * h * slope[i], v[i + 1] - (1 - t) * h * slope[i + 1]
    s = t * t * (3 - 2 * t)
    return np.asarray(a * (1 - s) + b * s, np.float32)


def _latitudes() -> Array:
    """Give (ROWS, 1) heights of the head's rows, closest together over the face."""
    r = np.linspace(1, -1, ROWS, dtype=np.float32)[:, None]
    t = np.pi / 2 * (0.72 * r + 0.28 * r**3)
    norm = (np.abs(np.cos(t)) ** _POWER + np.abs(np.sin(t)) ** _POWER) ** (1 / _POWER)
    return np.asarray(np.sin(t) / norm, np.float32)


def head(person: Person, f: Features) -> Surface:
    """Give the skull with the face and short hair on it."""
    x, y, z, angle = _egg(person)
    face = smooth(z, 0.0, 0.25)
    dx, dy, dz = _face_relief(person, f, x, y)
    points = np.stack((x + dx * face, y + dy * face, z + dz * face), -1)
    thick = _HAIR_THICK[person.hair] * hair_mask(person, f, y, angle)
    out = np.stack((x, 0.8 * y, z), -1)
    points += thick[..., None] * out / np.linalg.norm(out, axis=-1, keepdims=True)
    points[..., 1] *= 1 + 0.1 * person.length
    return Surface(points=points.astype(np.float32), x=x, y=y, angle=angle)


def _egg(person: Person) -> tuple[Array, Array, Array, Array]:
    """Give x, y and z of a head without a face, and the angle from its middle in degrees."""
    down = _latitudes()
    s = np.linspace(-1, 1, COLUMNS, dtype=np.float32)[None, :]
    theta = np.pi * (0.42 * s + 0.58 * s**3)
    jaw, chin = np.array(_JAW) * person.jaw, np.array(_CHIN) * person.chin
    width = curve(down, _HEIGHTS, np.array(_WIDTHS) * (1 + 0.15 * person.width) + jaw + chin)
    front, back = curve(down, _HEIGHTS, _FRONTS), curve(down, _HEIGHTS, _BACKS)
    across, ahead = np.sin(theta), np.cos(theta)
    round_ = np.clip(1 - np.abs(down) ** _POWER, 0, 1) ** (1 / _POWER)
    k = round_ * (np.abs(across) ** 2.35 + np.abs(ahead) ** 2.35) ** (-1 / 2.35)
    grids = np.broadcast_arrays(
        width * k * across, down, np.where(ahead > 0, front, back) * k * ahead, np.degrees(theta)
    )
    x, y, z, angle = (g.astype(np.float32) for g in grids)
    return x, y, z, angle


def _face_relief(person: Person, f: Features, x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Give the displacements that turn an egg into a face."""
    ax, side = np.abs(x), np.sign(x)
    e = (f.eye_x, f.eye_y)
    dz = (0.045 + 0.035 * person.brow_ridge) * bump(ax, y, (0.24, f.brow_y - 0.02), (0.2, 0.08))
    dz -= (0.1 + 0.04 * person.eye_depth) * bump(ax, y, (e[0] - 0.03, 0.01), (0.16, 0.11))
    dz += 0.05 * bump(ax, y, e, (f.eye_w * 0.9, 0.1))
    dz += (0.03 + 0.05 * person.cheekbones) * bump(ax, y, (0.4, -0.17), (0.16, 0.13))
    dz += (0.05 * person.cheeks) * bump(ax, y, (0.33, -0.45), (0.2, 0.2))
    dz += _nose(person, f, x, y) + _mouth(f, x, y)
    dz += (0.06 + 0.07 * person.chin_forward) * bump(x, y, (0, -0.88), (0.17, 0.11))
    dz -= 0.025 * person.age * bump(ax, y, (0.3, -0.36), (0.05, 0.14))
    dz -= 0.05 * bump(ax, y, (0.56, 0.22), (0.1, 0.16))
    dx = side * (0.08 * person.cheekbones * bump(ax, y, (0.5, -0.15), (0.15, 0.16)))
    dx = dx + side * 0.1 * person.cheeks * bump(ax, y, (0.45, -0.5), (0.2, 0.25))
    dy = -0.03 * bump(x, y, (0, f.nose_tip), (0.08, 0.06))
    corners = np.clip((x / f.mouth_w) ** 2, 0, 1.2) - 0.3
    dy = dy + 0.045 * person.smile * corners * bump(x, y, (0, f.mouth_y), (f.mouth_w * 1.3, 0.12))
    return dx, dy, dz


def _nose(person: Person, f: Features, x: Array, y: Array) -> Array:
    """Give the height of the nose over the face."""
    ax, tip = np.abs(x), f.nose_tip
    along = (0.13 - y) / (0.13 - tip)  # 0 at the root, 1 at the tip
    height = 0.2 + 0.06 * person.nose_forward
    root = 0.35 + 0.2 * person.nose_bridge
    ridge = height * (root + (1 - root) * np.clip(along, 0, 1) ** 1.3)
    ridge = ridge * smooth(along, -0.35, 0.25) * (1 - smooth(-y, -tip + 0.01, -tip + 0.1))
    half = 0.06 + 0.03 * np.clip(along, 0, 1) ** 2 * (f.nose_w / 0.125)
    nose = ridge * np.exp(-((ax / half) ** 2))
    nose = nose + 0.045 * bump(x, y, (0, tip + 0.01), (0.07, 0.06))
    wing = bump(ax, y, (f.nose_w, tip - 0.01), (0.055, 0.06))
    return np.asarray(nose + 0.105 * wing, np.float32)


def _mouth(f: Features, x: Array, y: Array) -> Array:
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


def hair_mask(person: Person, f: Features, y: Array, angle: Array) -> Array:
    """Give 1 where hair grows on the head, 0 on skin, with a soft edge."""
    turn = np.abs(angle)
    line = f.hairline + curve(turn, _HAIRLINE_AT, _HAIRLINE)
    match person.hair:
        case Hair.BALD:
            return np.zeros_like(y)
        case Hair.RECEDING:
            line = line + 0.5 * np.exp(-(((turn - 30) / 30) ** 2)) + 0.15 * smooth(95 - turn, 0, 1)
        case Hair.FRINGE | Hair.LONG_FRINGE:
            line = line - 0.3 * smooth(60 - turn, 0, 15)
        case Hair.SHORT | Hair.LONG:
            pass
    ragged = 0.012 * np.sin(angle * 1.7 + person.seed) + 0.01 * np.sin(angle * 4.1)
    return smooth(y - line + ragged, -0.02, 0.035)


def jaw_weights(f: Features, x: Array, y: Array) -> Array:
    """Give how far each point follows the jaw: 0 above the lips, 1 below."""
    inside = np.sqrt(np.clip(1 - (x / f.mouth_w) ** 2, 0, 1))
    below = f.mouth_y - y
    apart = (below > 0).astype(np.float32)
    return np.asarray(inside * apart + (1 - inside) * smooth(below, -0.25, 0.3), np.float32)
