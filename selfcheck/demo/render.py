"""Drawing of textured meshes with numpy: projection, z-buffer, light, noise.

Owns pixels; knows nothing of faces. A frame costs what its pixels cost: the triangles are
found for every pixel at once, and colour and normal are looked up once per pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DISTANCE = 7.5  # camera to head, in half heads: about 85 cm
_SKIN_SHINE = 0.16
_FAR = 0.2  # of a screen's light on the face, what the wall behind gets
_THIN = 1e-6  # pixels squared: triangles seen edge-on are left out
_EDGE = 1e-4  # how far outside a triangle a pixel may lie, so that seams close


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One grid of texels, every `step`-th of which is a vertex.

    points: (rows, columns, 3), colour: the same, linear light, gloss: (rows, columns).
    fixed: does not turn with the head. both_sides: also seen from behind.
    """

    points: NDArray[np.float32]
    colour: NDArray[np.float32]
    gloss: NDArray[np.float32]
    step: int
    fixed: bool = False
    both_sides: bool = False


@dataclass(slots=True)
class Mesh:
    """Many patches as one: vertices with their texel, triangles, and flat lists of texels."""

    vertices: NDArray[np.float32]
    texel: NDArray[np.float32]  # (vertices, 2): row and column in its patch
    triangles: NDArray[np.int32]
    start: NDArray[np.int32]  # per triangle: first texel of its patch
    stride: NDArray[np.int32]
    double: NDArray[np.bool_]
    fixed: NDArray[np.bool_]  # per vertex
    colour: NDArray[np.float32]
    normal: NDArray[np.float32]
    gloss: NDArray[np.float32]
    still: NDArray[np.bool_]  # per texel: belongs to a fixed patch
    sizes: tuple[int, ...]  # vertices of each patch


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A key light from `side` (-1 left to 1 right of the picture) and soft light all around.

    screen: red, green and blue light from where the camera is.
    """

    side: float = 0.25
    brightness: float = 1.0
    screen: tuple[float, float, float] = (0.0, 0.0, 0.0)


def normals(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the unit normals of a grid of points, outward where rows run down and columns right."""
    n = np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
    return np.asarray(n / (np.linalg.norm(n, axis=-1, keepdims=True) + 1e-12), np.float32)


def mesh(patches: Sequence[Patch]) -> Mesh:
    """Join patches into one mesh."""
    parts: list[tuple[NDArray[np.float32], ...]] = []
    triangles, start, stride, double, fixed = [], [], [], [], []
    vertex = texel = 0
    for p in patches:
        rows, columns = (_every(n, p.step) for n in p.points.shape[:2])
        r, c = (g.ravel() for g in np.meshgrid(rows, columns, indexing="ij"))
        parts.append((p.points[r, c], np.stack((r, c), -1).astype(np.float32)))
        i = (
            np.arange(len(rows) - 1)[:, None] * len(columns) + np.arange(len(columns) - 1)
        ).ravel() + vertex
        down = i + len(columns)
        faces = np.concatenate(
            (np.stack((i, down, i + 1), -1), np.stack((i + 1, down, down + 1), -1))
        )
        triangles.append(faces)
        start.append(np.full(len(faces), texel))
        stride.append(np.full(len(faces), p.points.shape[1]))
        double.append(np.full(len(faces), p.both_sides))
        fixed.append(np.full(len(r), p.fixed))
        vertex += len(r)
        texel += p.gloss.size
    return Mesh(
        vertices=np.concatenate([p[0] for p in parts]),
        texel=np.concatenate([p[1] for p in parts]),
        triangles=np.concatenate(triangles).astype(np.int32),
        start=np.concatenate(start).astype(np.int32),
        stride=np.concatenate(stride).astype(np.int32),
        double=np.concatenate(double),
        fixed=np.concatenate(fixed),
        colour=np.concatenate([p.colour.reshape(-1, 3) for p in patches]),
        normal=np.concatenate([normals(p.points).reshape(-1, 3) for p in patches]),
        gloss=np.concatenate([p.gloss.ravel() for p in patches]),
        sizes=tuple(len(p[0]) for p in parts),
        still=np.concatenate([np.full(p.gloss.size, p.fixed) for p in patches]),
    )


def _every(n: int, step: int) -> NDArray[np.int64]:
    """Give every step-th index and the last."""
    return np.unique(np.append(np.arange(0, n, step), n - 1))


def turn(yaw: float, pitch: float, roll: float) -> NDArray[np.float32]:
    """Give the rotation for degrees of yaw to the picture's right, pitch up, roll clockwise."""
    a, b, c = np.radians((yaw, -pitch, -roll))
    around_y = np.array(((np.cos(a), 0, np.sin(a)), (0, 1, 0), (-np.sin(a), 0, np.cos(a))))
    around_x = np.array(((1, 0, 0), (0, np.cos(b), -np.sin(b)), (0, np.sin(b), np.cos(b))))
    around_z = np.array(((np.cos(c), -np.sin(c), 0), (np.sin(c), np.cos(c), 0), (0, 0, 1)))
    return np.asarray(around_z @ around_x @ around_y, np.float32)


def project(
    points: NDArray[np.float32], *, focal: float, distance: float, centre: tuple[float, float]
) -> NDArray[np.float32]:
    """Project points (n, 3) to (n, 3): pixel to the right, pixel down, nearness."""
    k = focal / (distance - points[:, 2])
    return np.stack((centre[0] + points[:, 0] * k, centre[1] - points[:, 1] * k, k), -1)


def wall(
    width: int,
    height: int,
    brightness: float,
    screen: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> NDArray[np.float32]:
    """Give a plain grey wall (height, width, 3) in linear light, to draw on."""
    plain = _wall(width, height, brightness)
    if not any(screen):
        return plain.copy()
    return np.asarray(plain * (1 + _FAR / brightness * np.array(screen, np.float32)), np.float32)


@lru_cache(maxsize=4)
def _wall(width: int, height: int, brightness: float) -> NDArray[np.float32]:
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    shade = 1.05 - 0.2 * y - 0.12 * (x - 0.3) ** 2
    paint = np.array((0.62, 0.64, 0.66), np.float32) ** 2
    return np.asarray(paint * brightness * shade[..., None], np.float32)


def draw(
    picture: NDArray[np.float32],
    model: Mesh,
    seen: NDArray[np.float32],
    rotation: NDArray[np.float32],
    light: Light,
) -> None:
    """Draw a projected mesh into a picture (height, width, 3; linear light, 0 to 1)."""
    height, width = picture.shape[:2]
    texel, pixel = _visible(model, seen, width, height)
    normal = model.normal[texel]
    normal = np.where(model.still[texel, None], normal, normal @ rotation.T)
    lit, shine = _lighting(normal, model.gloss[texel], light)
    picture.reshape(-1, 3)[pixel] = np.clip(model.colour[texel] * lit + shine[:, None], 0, 1)


def _visible(
    model: Mesh, seen: NDArray[np.float32], width: int, height: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the nearest texel of every covered pixel, and those pixels."""
    # Columns, not rows of three: numpy is several times quicker along long axes.
    x, y, near = np.ascontiguousarray(seen.T)[:, model.triangles.T]  # each (3, triangles)
    area = (x[1] - x[0]) * (y[2] - y[0]) - (y[1] - y[0]) * (x[2] - x[0])
    left, wide = _span(x, width)
    top, high = _span(y, height)
    facing = (area < -_THIN) | (model.double & (area > _THIN))
    keep = np.flatnonzero(facing & (wide > 0) & (high > 0))
    x, y, near, area = x[:, keep], y[:, keep], near[:, keep], area[keep]
    left, wide, top, high = left[keep], wide[keep], top[keep], high[keep]
    # One candidate for every pixel of every triangle's bounding box, row by row. Barycentric
    # coordinates are linear in the pixel: two slopes, and the value where a row begins.
    b_right, b_down = (y[2] - y[0]) / area, (x[0] - x[2]) / area
    c_right, c_down = (y[0] - y[1]) / area, (x[1] - x[0]) / area
    row = np.repeat(np.arange(len(keep), dtype=np.int32), high)
    down = _counted(high).astype(np.float32)
    from_x, from_y = (left - x[0])[row], (top - y[0])[row] + down
    b_row = from_x * b_right[row] + from_y * b_down[row]
    c_row = from_x * c_right[row] + from_y * c_down[row]
    start = (top[row] + down.astype(np.int32)) * width + left[row]
    across = wide[row]
    right = _counted(across)
    r = right.astype(np.float32)
    b = np.repeat(b_row, across) + r * np.repeat(b_right[row], across)
    c = np.repeat(c_row, across) + r * np.repeat(c_right[row], across)
    inside = np.flatnonzero((b >= -_EDGE) & (c >= -_EDGE) & (b + c <= 1 + _EDGE))
    which, b, c = np.repeat(row, across)[inside], b[inside], c[inside]
    pixel = (np.repeat(start, across) + right)[inside].astype(np.int64)
    depth = near[0][which] + b * (near[1] - near[0])[which] + c * (near[2] - near[0])[which]
    winner = _nearest(pixel, depth, width * height)
    return _texel(model, keep[which[winner]], b[winner], c[winner]), pixel[winner]


def _span(corners: NDArray[np.float32], size: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give the first pixel that triangles (3, n) reach along one axis, and how many, if any."""
    low, high = (each.reduce(corners) for each in (np.minimum, np.maximum))
    first = np.maximum(np.ceil(low), 0).astype(np.int32)
    last = np.minimum(np.floor(high), size - 1).astype(np.int32)
    return first, last - first + 1


def _counted(lengths: NDArray[np.int32]) -> NDArray[np.int32]:
    """Count from 0 within each of runs that follow one another."""
    begins = np.cumsum(lengths, dtype=np.int32) - lengths
    return np.arange(lengths.sum(), dtype=np.int32) - np.repeat(begins, lengths)


def _nearest(pixel: NDArray[np.int64], near: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Give the index of the nearest candidate of every pixel that has one."""
    if not len(near):
        return np.zeros(0, np.int64)
    span = float(near.max() - near.min()) or 1.0
    key = ((near - near.min()) * (2**30 / span)).astype(np.int64) << 32 | np.arange(len(near))
    best = np.full(n, -1, np.int64)
    np.maximum.at(best, pixel, key)
    return best[best >= 0] & 0xFFFFFFFF


def _texel(
    model: Mesh, triangle: NDArray[np.int64], b: NDArray[np.float32], c: NDArray[np.float32]
) -> NDArray[np.int64]:
    at = model.texel[model.triangles[triangle]]
    rc = at[:, 0] + b[:, None] * (at[:, 1] - at[:, 0]) + c[:, None] * (at[:, 2] - at[:, 0])
    rc = np.rint(np.maximum(rc, 0)).astype(np.int64)
    return np.asarray(
        model.start[triangle] + rc[:, 0] * model.stride[triangle] + rc[:, 1], np.int64
    )


def _lighting(
    normal: NDArray[np.float32], gloss: NDArray[np.float32], light: Light
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give diffuse light (n, 3) and shine (n) for normals (n, 3)."""
    key = np.array((1.1 * light.side, 0.45, 1.0 - 0.35 * abs(light.side)), np.float32)
    key /= np.linalg.norm(key)
    half = key + np.array((0, 0, 1), np.float32)
    half /= np.linalg.norm(half)
    lambert = np.clip((normal @ key + 0.15) / 1.15, 0, None)
    around = 0.36 + 0.14 * normal[:, 1] + 0.08 * np.clip(normal[:, 2], 0, None)
    lit = lambert[:, None] * np.array((0.78, 0.74, 0.69), np.float32)
    lit = lit + around[:, None] * np.array((0.93, 0.97, 1.05), np.float32)
    shine = _SKIN_SHINE * gloss * np.clip(normal @ half, 0, 1) ** 22
    lit = light.brightness * lit
    if any(light.screen):
        facing = np.clip(normal[:, 2], 0, None)
        lit = lit + facing[:, None] * np.array(light.screen, np.float32)
    return lit, light.brightness * shine


def finish(
    picture: NDArray[np.float32], seed: int | None, *, noise: float = 0.012
) -> NDArray[np.uint8]:
    """Turn linear light into an 8-bit picture: soft lens, sRGB-like curve, camera noise."""
    soft = np.pad(picture, ((1, 1), (1, 1), (0, 0)), "edge")
    soft = soft[1:-1] * np.float32(0.6) + (soft[:-2] + soft[2:]) * np.float32(0.2)
    soft = soft[:, 1:-1] * np.float32(0.6) + (soft[:, :-2] + soft[:, 2:]) * np.float32(0.2)
    out = np.sqrt(soft)
    if seed is not None:
        rng = np.random.default_rng(seed)
        out += noise * rng.standard_normal(out.shape, np.float32)
    return np.asarray(np.clip(out * 255 + 0.5, 0, 255), np.uint8)
