"""What a worker looks at in a live check: one frame after the other, as a page hands them over.

Runs in a worker process, like `witness`, and keeps one check at a time. Frames are dropped as soon
as they were looked at; nobody's encoding leaves but the owner's, as a verdict.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from selfcheck import identity, pictures
from selfcheck.errors import VerificationFailed
from selfcheck.faces import Face, landmarks68
from selfcheck.flows import worker
from selfcheck.flows.witness import FILM_SIDE, SMALLEST_ON_FILM, faces_now
from selfcheck.identity import Cue, Director, FaceSeen, FrameSeen
from selfcheck.model import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# More frames than any check needs once it has begun.
MOST_FRAMES: Final = 8000
LARGEST_FRAME: Final = 1 << 20
# Where skin is, in landmarks of the 300-W order: both cheeks, and the forehead above the brows.
_CHEEKS: Final = ((1, 31), (15, 35))
_BROWS: Final = slice(19, 25)
_PATCH: Final = 0.09  # radius of a patch of skin, in widths of the face
_AROUND: Final = 0.35  # how far what is around a face lies from its box, in widths
_PLACES: Final = 8  # rows and columns of places around
_BLACK: Final = 0.004  # of full light: what the noise of a covered camera comes to, and more


@dataclass(slots=True)
class _Check:
    director: Director
    references: NDArray[np.float32] = field(repr=False)
    faces: tuple[Face, ...] = ()
    seen: int = 0


_check: _Check | None = None


def begin(
    challenge: identity.Challenge,
    references: NDArray[np.float32],
    light: bool,  # noqa: FBT001 -- a call through a pipe
    left_out: Collection[identity.Aspect] = (),
) -> Cue:
    """Begin a live check against references (k, 128), and give what to show first.

    Loads what looking takes, so that the first picture is looked at as quickly as the others.
    left_out: see `Director`; no command hands it in.
    """
    global _check  # noqa: PLW0603 -- a worker process is its own world
    _warm_up()
    director = Director(challenge=challenge, light=light, left_out=left_out)
    _check = _Check(director=director, references=references)
    return director.cue


def look(data: bytes, seconds: float) -> Cue:
    """Look at one frame, and give what to show next; what is no picture is passed over."""
    check = _running()
    if check.director.over:
        return check.director.cue
    if len(check.director.frames) >= MOST_FRAMES:
        raise VerificationFailed(
            "The check took more pictures than any check needs.",
            hint="run the same command again",
        )
    still = pictures.decode(data, long_side=FILM_SIDE) if len(data) <= LARGEST_FRAME else None
    if not isinstance(still, pictures.Still):
        return check.director.cue
    return check.director.see(_seen(check, still.rgb, seconds))


def _warm_up() -> None:
    import numpy as np

    nothing = np.zeros((160, 160, 3), np.uint8)
    worker.engine().find(nothing, smallest=SMALLEST_ON_FILM)
    landmarks68(nothing, Box(left=40, top=40, right=120, bottom=120))


def session() -> identity.Session:
    """Give the check as it was seen so far; it stays in this process."""
    director = _running().director
    return identity.Session(
        frames=tuple(director.frames), script=director.script, challenge=director.challenge
    )


def end(now: datetime) -> identity.Acceptance:
    """Judge the check as it stands, and forget it."""
    global _check  # noqa: PLW0603 -- see above
    seen, references = session(), _running().references
    _check = None
    return identity.accept_live(seen, references=references, now=now)


def _running() -> _Check:
    if _check is None:  # another worker had it, and was ended from outside
        raise VerificationFailed(
            "The check was lost: the program that looked at the pictures was ended.",
            hint="run the same command again",
        )
    return _check


def _seen(check: _Check, rgb: NDArray[np.uint8], seconds: float) -> FrameSeen:
    found = check.faces = faces_now(rgb, check.faces, check.seen)
    check.seen += 1
    encodings = worker.engine().encode(rgb, found)
    faces = tuple(
        FaceSeen(box=face.box, landmarks=landmarks68(rgb, face.box), encoding=encoding)
        for face, encoding in zip(found, encodings, strict=True)
    )
    size = (rgb.shape[1], rgb.shape[0])
    if not faces:
        black = float(_light(rgb[::4, ::4]).max()) < _BLACK
        return FrameSeen(seconds=seconds, faces=(), size=size, black=black)
    largest = max(faces, key=lambda face: face.box.width)
    return FrameSeen(
        seconds=seconds,
        faces=faces,
        size=size,
        skin=_skin(rgb, largest),
        around=_around(rgb, largest.box),
    )


def _skin(rgb: NDArray[np.uint8], face: FaceSeen) -> NDArray[np.float32]:
    """Give the light (3,) of both cheeks and the forehead."""
    import numpy as np

    points, width = face.landmarks, face.box.width
    cheeks = [points[list(pair)].mean(axis=0) for pair in _CHEEKS]
    forehead = points[_BROWS].mean(axis=0) - (0, 0.18 * width)
    reach = max(2, round(_PATCH * width))
    patches = []
    for x, y in (*cheeks, forehead):
        left, top = max(0, round(float(x)) - reach), max(0, round(float(y)) - reach)
        part = rgb[top : top + 2 * reach, left : left + 2 * reach]
        if part.size:
            patches.append(_light(part))
    if not patches:
        return np.zeros(3, np.float32)
    return np.asarray(np.mean(patches, axis=0), np.float32)


def _around(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.float32]:
    """Give the light (64, 3) of places all over the picture; no numbers where the person is."""
    import numpy as np

    reach = round(_AROUND * box.width)
    rows, columns = (np.linspace(0, side, _PLACES + 1).astype(int) for side in rgb.shape[:2])
    found = np.full((_PLACES, _PLACES, 3), np.nan, np.float32)
    for row, column in np.ndindex(_PLACES, _PLACES):
        beside = columns[column + 1] <= box.left - reach or columns[column] >= box.right + reach
        if beside or rows[row + 1] <= box.top - reach:
            part = rgb[rows[row] : rows[row + 1] : 2, columns[column] : columns[column + 1] : 2]
            found[row, column] = _light(part)
    return found.reshape(-1, 3)


def _light(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give the mean light (3,) of pixels of sRGB, linear, 0 to 1 (exponent taken as 2.2)."""
    import numpy as np

    flat = pixels.reshape(-1, 3)
    if not len(flat):
        return np.zeros(3, np.float32)
    table = ((np.arange(256) / 255) ** 2.2).astype(np.float32)
    return np.asarray(table[flat].mean(axis=0), np.float32)
