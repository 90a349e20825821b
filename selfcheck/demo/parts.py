"""What a synthetic person has besides a skull: ears, long hair, glasses, neck and shoulders.

Owns geometry only, in the units of `shape`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from selfcheck.demo.person import Glasses
from selfcheck.demo.shape import Array, Features, Surface, curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from selfcheck.demo.person import Person

    Path = NDArray[np.floating]


def _surface(
    x: Array,
    y: Array,
    z: Array,
    down: Array,
    angle: Array,
    *,
    step: int,
    fixed: bool = False,
    both_sides: bool = False,
) -> Surface:
    """Give a grid of points; `down` and `angle` say where on the grid paint goes.

    All arrays broadcast together.
    """
    points = np.stack(np.broadcast_arrays(x, y, z), -1).astype(np.float32)
    shape = points.shape[:2]
    return Surface(
        points=points,
        x=points[..., 0],
        y=np.broadcast_to(down, shape).astype(np.float32),
        angle=np.broadcast_to(angle, shape).astype(np.float32),
        step=step,
        fixed=fixed,
        both_sides=both_sides,
    )


def ear(skull: Surface, side: int) -> Surface:
    """Give one ear; side -1 is on the picture's left, 1 on its right."""
    v = np.linspace(0, 1, 48, dtype=np.float32)[:, None]
    a = np.linspace(0, 2 * np.pi, 64, dtype=np.float32)[None, :]
    u = v * np.cos(a)
    h = v * np.sin(a) * (1 - 0.18 * np.sin(a))
    relief = (
        0.05 * np.exp(-(((v - 0.85) / 0.16) ** 2)) - 0.05 * np.exp(-((v / 0.5) ** 2)) - 0.09 * v**8
    )
    at = _widest(skull)
    x = at + 0.015 + 0.05 * (u + 1) / 2 + relief + 0 * h
    y = -0.06 + 0.19 * h - 0.03 * u
    z = -0.02 - 0.115 * u
    if side < 0:  # mirrored, a grid would face inwards
        x, y, z = -x[:, ::-1], y[:, ::-1], z[:, ::-1]
    return _surface(x, y, z, v, v, step=3)


def curtain(person: Person) -> Surface:
    """Give long hair: a sheet around the sides and the back, open to the face."""
    y = np.linspace(0.62, -1.35, 160, dtype=np.float32)[:, None]
    turn = np.linspace(-1, 1, 200, dtype=np.float32)[None, :]
    theta = np.pi + turn * (np.pi - np.radians(52))
    wide = 0.66 * (1 + 0.15 * person.width) + 0.1
    swell = curve(y, (-1.35, -0.9, -0.4, 0.1, 0.62), (0.92, 1.0, 1.04, 1.02, 0.84))
    wave = 0.015 * np.sin(theta * 23 + 3 * np.sin(4 * y + person.seed))
    x = (wide + wave) * swell * np.sin(theta)
    z = -0.08 + (0.95 + wave) * swell * np.cos(theta) * np.where(np.cos(theta) < 0, 1, 0.4)
    y3 = y * (1 + 0.1 * person.length)
    return _surface(x, y3, z, y, np.degrees(theta), step=4, both_sides=True)


def torso(person: Person) -> Surface:
    """Give neck, shoulders and chest."""
    y = np.linspace(-0.55, -5.0, 240, dtype=np.float32)[:, None]
    theta = np.linspace(-np.pi, np.pi, 160, dtype=np.float32)[None, :]
    knots = (-5.0, -2.2, -1.75, -1.5, -1.32, -1.15, -0.9, -0.55)
    broad = 1 + 0.15 * person.width + 0.1 * person.jaw
    w = curve(y, knots, (1.45, 1.5, 1.42, 1.02, 0.6, 0.42, 0.38, 0.38)) * broad
    d = curve(y, knots, (0.7, 0.66, 0.6, 0.52, 0.43, 0.38, 0.37, 0.38))
    x, z = w * np.sin(theta), d * np.cos(theta) - 0.16 + 0.0 * y
    return _surface(x, y, z, y, np.degrees(theta), step=4, fixed=True)


def glasses(person: Person, f: Features, skull: Surface) -> list[Surface]:
    """Give the parts of a pair of glasses: two rims, the bridge and two temples."""
    front = max(_depth(skull, f.eye_x, f.brow_y), _depth(skull, 0.07, 0.05)) + 0.05
    wide = 0.43 * (f.eye_x + 0.24)
    power = 2.0 if person.glasses is Glasses.ROUND else 4.5
    a = np.linspace(0, 2 * np.pi, 72, dtype=np.float32)
    k = (np.abs(np.cos(a)) ** power + np.abs(np.sin(a)) ** power) ** (-1 / power)
    rim_x, rim_y = wide * k * np.cos(a), 0.77 * wide * k * np.sin(a) - 0.02
    gap, edge = f.eye_x - wide, f.eye_x + wide
    t = np.linspace(-1, 1, 12, dtype=np.float32)
    parts = [_tube(gap * t, 0.05 + 0.02 * (1 - t * t), front + 0 * t, 0.02)]
    back = np.linspace(0, 1, 24, dtype=np.float32)
    for side in (-1, 1):
        x = side * f.eye_x + rim_x
        parts.append(_tube(x, rim_y, front - 0.12 * (np.abs(x) - 0.05), 0.02))
        x = side * (edge + (_widest(skull) + 0.01 - edge) * np.sqrt(back))
        z = (front - 0.12 * edge) * (1 - back) + 0.05 * back
        parts.append(_tube(x, 0.03 + 0.03 * back, z, 0.018))
    return parts


def _widest(skull: Surface) -> float:
    """Give half the width of the head where the ears are."""
    row = int(np.argmin(np.abs(skull.y[:, 0] + 0.05)))
    return float(np.abs(skull.points[row, :, 0]).max())


def _depth(skull: Surface, x: float, y: float) -> float:
    """Give how far forward the face is at a place."""
    off = (skull.x - x) ** 2 + (skull.y - y) ** 2 + (skull.points[..., 2] < 0)
    return float(skull.points[..., 2].flat[int(np.argmin(off))])


def _tube(x: Path, y: Path, z: Path, radius: float) -> Surface:
    """Give a round tube along a path of n points."""
    path = np.stack((x, y, z), -1)
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    # Any direction does that the path does not follow.
    up = np.cross(ahead, np.array((0.3, 0.9, 0.3)))
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    a = np.linspace(0, 2 * np.pi, 9)[:, None, None]
    ring = (path + radius * (np.cos(a) * up + np.sin(a) * np.cross(ahead, up))).astype(np.float32)
    none = np.zeros(1, np.float32)
    return _surface(ring[..., 0], ring[..., 1], ring[..., 2], none, none, step=1)
