"""The people of the demo and of every test, and pictures of them; nobody of them exists.

Owns `Head`, `portrait` and `scene`; `cast` lists the people. Draws with numpy alone; saves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from selfcheck.demo import parts, render, shape, skin
from selfcheck.demo.cast import PEOPLE
from selfcheck.demo.person import Glasses, Hair, Person, View
from selfcheck.demo.shape import Array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["PEOPLE", "Glasses", "Hair", "Head", "Person", "View", "portrait", "scene"]

FACE = 0.40  # width of a face in the default view, as a share of the picture's shorter side
_PIVOT = np.array((0.0, -0.35, -0.2), np.float32)  # what a head turns around
_HINGE = np.array((0.0, -0.2, -0.5), np.float32)  # a jaw turns and slides: it turns around here
_FINE = 150.0  # pixels across a face below which it is drawn larger and averaged
_EYE_HIGH, _LIPS_HIGH = 0.15, 0.03  # half the height of what is painted anew
_IN_FRONT = 0.9
_GAPE = 9.0  # degrees of a wide open jaw


class Head:
    """A person's head, painted once and projected for each frame.

    Building takes about a second, a frame of 480x480 about 60 ms (2026-11, one core).
    """

    def __init__(self, person: Person) -> None:
        self.person = person
        f = shape.features(person)
        skull = shape.head(person, f)
        place = skin.Place(person=person, f=f, x=skull.x, y=skull.y, ax=np.abs(skull.x))
        colour, gloss = skin.head(place, skull)
        self._mesh = render.mesh([_patch(skull, colour, gloss), *_parts(person, f, skull)])
        rows, columns = self._mesh.texel[: self._mesh.sizes[0]].astype(int).T
        front = shape.smooth(skull.points[..., 2], -0.1, 0.3)
        self._jaw = (shape.jaw_weights(f, skull.x, skull.y) * front)[rows, columns]
        seen = front > _IN_FRONT
        near = np.abs(place.ax - f.eye_x) < 1.25 * f.eye_w, np.abs(skull.y - f.eye_y) < _EYE_HIGH
        self._eyes = _Moving.cut(place, colour, near[0] & near[1] & seen)
        near = place.ax < f.mouth_w, np.abs(skull.y - f.mouth_y) < _LIPS_HIGH
        self._lips = _Moving.cut(place, colour, near[0] & near[1] & seen)

    def frame(
        self, view: View, *, width: int = 480, height: int = 480, seed: int | None = None
    ) -> NDArray[np.uint8]:
        """Draw the head before a plain wall: (height, width, 3) RGB; no seed, no camera noise."""
        picture = render.wall(width, height, view.brightness, view.screen)
        centre = (width * (0.5 + view.x), height * (0.5 + view.y))
        self.draw(picture, view, centre, FACE * min(width, height))
        return render.finish(picture, seed)

    def outline(self, view: View, *, width: int = 480, height: int = 480) -> NDArray[np.bool_]:
        """Give the pixels of `frame` that show the person and not the wall."""
        picture = np.full((height, width, 3), -1, np.float32)
        centre = (width * (0.5 + view.x), height * (0.5 + view.y))
        self.draw(picture, view, centre, FACE * min(width, height))
        return np.asarray(picture[..., 0] >= 0, np.bool_)

    def draw(self, picture: Array, view: View, centre: tuple[float, float], face: float) -> None:
        """Draw into linear light (height, width, 3), the head's centre at a pixel.

        face: pixels from cheek to cheek at scale 1.
        """
        height, width = picture.shape[:2]
        size = face * view.scale
        left, right = (int(np.clip(centre[0] + k * size, 0, width)) for k in (-1.6, 1.6))
        top, bottom = (int(np.clip(centre[1] + k * size, 0, height)) for k in (-1.3, 2.9))
        if left >= right or top >= bottom:
            return
        # Texels must not be much smaller than pixels: small heads are drawn large and averaged.
        k = max(1, round(_FINE / size))
        box = picture[top:bottom, left:right]
        large = box.repeat(k, 0).repeat(k, 1)
        self._draw(large, view, (k * (centre[0] - left), k * (centre[1] - top)), k * face)
        box[:] = large.reshape(box.shape[0], k, box.shape[1], k, 3).mean((1, 3))

    def _draw(self, picture: Array, view: View, centre: tuple[float, float], face: float) -> None:
        self._pose_face(view)
        rotation = render.turn(view.yaw, view.pitch, view.roll)
        points = self._mesh.vertices.copy()
        points[: len(self._jaw)] = _open_jaw(points[: len(self._jaw)], self._jaw, view.mouth)
        turned = (points - _PIVOT) @ rotation.T + _PIVOT
        points = np.where(self._mesh.fixed[:, None], points, turned)
        near = render.DISTANCE / view.scale
        # The cheeks stand about 0.3 nearer than the centre of the head and 1.28 apart.
        focal = face / 1.28 * (render.DISTANCE - 0.3)
        seen = render.project(points, focal=focal, distance=near, centre=centre)
        render.draw(
            picture,
            self._mesh,
            seen,
            rotation,
            render.Light(side=view.light, brightness=view.brightness, screen=view.screen),
        )

    def _pose_face(self, view: View) -> None:
        for part, paint, pose in (
            (self._eyes, skin.eyes, view.eyes),
            (self._lips, skin.mouth, view.mouth),
        ):
            self._mesh.colour[part.texels] = paint(part.place, part.under, pose) ** 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moving:
    """Texels that are painted anew for each frame, and the skin under them."""

    texels: NDArray[np.int64]
    place: skin.Place
    under: Array

    @classmethod
    def cut(cls, place: skin.Place, colour: Array, where: NDArray[np.bool_]) -> _Moving:
        texels = np.flatnonzero(where)
        return cls(texels=texels, place=place.at(texels), under=colour.reshape(-1, 3)[texels])


def _open_jaw(points: Array, weight: Array, mouth: float) -> Array:
    if mouth == 0:
        return points
    rotation = render.turn(0, -_GAPE * mouth, 0)
    return np.asarray(
        points + weight[:, None] * ((points - _HINGE) @ rotation.T + _HINGE - points), np.float32
    )


def _patch(surface: shape.Surface, colour: Array, gloss: Array | float) -> render.Patch:
    return render.Patch(
        points=surface.points,
        colour=np.square(np.clip(colour, 0, 1)).astype(np.float32),
        gloss=np.broadcast_to(np.asarray(gloss, np.float32), surface.x.shape),
        step=surface.step,
        fixed=surface.fixed,
        both_sides=surface.both_sides,
    )


def _parts(person: Person, f: shape.Features, skull: shape.Surface) -> list[render.Patch]:
    """Give everything but the skull."""
    body = parts.torso(person)
    out = [_patch(body, skin.torso(person, body), 0.1)]
    for side in (-1, 1):
        ear = parts.ear(skull, side)
        out.append(_patch(ear, skin.ear(person, ear), 0.2))
    if person.hair in (Hair.LONG, Hair.LONG_FRINGE):
        sheet = parts.curtain(person)
        out.append(_patch(sheet, skin.curtain(person, sheet), 0.3))
    if person.glasses is not Glasses.NONE:
        rims = parts.glasses(person, f, skull)
        out += [_patch(rim, skin.plain(rim, (0.08, 0.07, 0.07)), 1.0) for rim in rims]
    return out


@lru_cache(maxsize=12)
def _head(person: Person) -> Head:
    return Head(person)


def portrait(
    person: Person, view: View | None = None, *, width: int = 480, height: int = 640, seed: int = 0
) -> NDArray[np.uint8]:
    """Draw one person before a plain wall: (height, width, 3) RGB with mild camera noise."""
    return _head(person).frame(view or View(), width=width, height=height, seed=seed)


def scene(
    people: Sequence[tuple[Person, View, tuple[float, float, float]]],
    *,
    width: int,
    height: int,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """Draw several people before a busy room, the first in the list farthest back.

    The triple is centre x, centre y and width of the face, all in fractions of the width.
    """
    rng = np.random.default_rng(seed)
    picture = _room(rng, width, height)
    for person, view, (x, y, face) in people:
        _head(person).draw(picture, view, (x * width, y * width), face * width)
    return render.finish(picture, seed)


def _room(rng: np.random.Generator, width: int, height: int) -> Array:
    picture = np.zeros((height, width, 3), np.float32) + rng.uniform(0.35, 0.6, 3).astype(
        np.float32
    )
    for _ in range(40):
        w, h = rng.uniform(0.03, 0.3, 2) * (width, height)
        x, y = int(rng.uniform(-0.1, 1) * width), int(rng.uniform(-0.1, 1) * height)
        box = picture[max(0, y) : max(0, int(y + h)), max(0, x) : max(0, int(x + w))]
        box[:] = rng.uniform(0.1, 0.85, 3) * rng.uniform(0.4, 1)
    grain = (
        skin.clouds(rng, (height, width), (60, 80)) * 0.06
        + skin.clouds(rng, (height, width), (4, 5)) * 0.15
    )
    return np.asarray(np.clip(picture * (1 + grain[..., None]), 0.01, 1) ** 2, np.float32)
