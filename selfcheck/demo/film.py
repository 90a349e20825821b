"""Films of attacks: a flat, bent or cut-out photo moved in front of the camera.

Owns only what stands in for a head. A living head is `Head.frame`, view after view.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from selfcheck.demo import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from selfcheck.demo.person import View

_STEP = 3  # texels between two vertices of the sheet
_PAPER = 0.9  # linear light that paper returns, so that a photo looks like what it shows


class Sheet:
    """A photo as a thing: flat or bent, whole or cut out.

    bend: degrees of arc the sheet is rolled by around its upright axis, positive towards the
    camera in the middle. outline: keep only these pixels of the photo (see `Head.outline`).
    """

    def __init__(
        self,
        photo: NDArray[np.uint8],
        *,
        bend: float = 0.0,
        outline: NDArray[np.bool_] | None = None,
    ) -> None:
        self._mesh = _sheet(photo, bend, outline)

    def frame(
        self, view: View, *, width: int = 480, height: int = 480, seed: int | None = None
    ) -> NDArray[np.uint8]:
        """Draw it held before the camera: (height, width, 3) RGB; no seed, no camera noise.

        At scale 1 the photo fills the frame. A view turns and moves the sheet; its mouth and eyes
        mean nothing here.
        """
        rotation = render.turn(view.yaw, view.pitch, view.roll)
        seen = render.project(
            self._mesh.vertices @ rotation.T,
            focal=render.DISTANCE * min(width, height) / 2,
            distance=render.DISTANCE / view.scale,
            centre=(width * (0.5 + view.x), height * (0.5 + view.y)),
        )
        picture = render.wall(width, height, view.brightness, view.screen)
        light = render.Light(side=view.light, brightness=view.brightness, screen=view.screen)
        render.draw(picture, self._mesh, seen, rotation, light)
        return render.finish(picture, seed)


def flat_photo(
    photo: NDArray[np.uint8],
    views: Iterable[View],
    *,
    width: int = 480,
    height: int = 480,
    bend: float = 0.0,
    outline: NDArray[np.bool_] | None = None,
    seed: int | None = 0,
) -> Iterator[NDArray[np.uint8]]:
    """Film a `Sheet`, one frame per view. seed: of the camera noise, one further each frame."""
    sheet = Sheet(photo, bend=bend, outline=outline)
    for number, view in enumerate(views):
        noise = None if seed is None else seed + number
        yield sheet.frame(view, width=width, height=height, seed=noise)


def _sheet(photo: NDArray[np.uint8], bend: float, outline: NDArray[np.bool_] | None) -> render.Mesh:
    """Give a photo as a mesh whose shorter side is 2 units."""
    height, width = photo.shape[:2]
    unit = min(width, height) / 2
    x = (np.arange(width, dtype=np.float32) - width / 2) / unit
    y = (height / 2 - np.arange(height, dtype=np.float32)) / unit
    z = np.zeros_like(x)
    if bend:
        radius = float(2 * x.max() / np.radians(bend))
        x, z = radius * np.sin(x / radius), radius * (np.cos(x / radius) - 1)
    points = np.stack(np.broadcast_arrays(x[None], y[:, None], z[None]), -1).astype(np.float32)
    colour = np.square(photo / np.float32(255)) * np.float32(_PAPER)
    patch = render.Patch(
        points=points, colour=colour, gloss=np.zeros((height, width), np.float32), step=_STEP
    )
    sheet = render.mesh((patch,))
    if outline is None:
        return sheet
    at = sheet.texel.astype(int)
    kept = outline[at[:, 0], at[:, 1]][sheet.triangles].any(1)
    return replace(
        sheet,
        triangles=sheet.triangles[kept],
        start=sheet.start[kept],
        stride=sheet.stride[kept],
        double=sheet.double[kept],
    )
