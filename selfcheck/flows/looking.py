"""One look at one picture: its faces, and which of them is the owner's.

Runs in a worker. Encodings are compared here and end here; what is returned holds none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selfcheck import pictures
from selfcheck.model import Band, Box, FaceQuality

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from selfcheck.faces import Engine, Face
    from selfcheck.identity import Best, Matcher

# A picture is looked at about this large: the width at which the peer looks, and dense mmod with
# it. Up to twice that is left as it is, which costs less than scaling it.
LONG_SIDE = 1600
# Faces narrower than this lie up to 0.04 farther from their owner (40 people of LFW: median 0.347
# at 50 px, 0.365 at 40, 0.382 at 30; no gain above). One that comes near is looked at in a
# version of its picture that is at least so many times larger, if there is one.
SHARP, MORE = 50, 1.8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What one look at a picture gave: where faces are, and which of them is the owner's.

    `small` is the picture (H, W, 3) as the search saw it first, 720 px long where it had that.
    `quality` is what it shows of the owner's face.
    """

    boxes: tuple[Box, ...]
    best: Best | None
    small: NDArray[np.uint8] = field(repr=False)
    quality: FaceQuality | None = None


def look(
    engine: Engine,
    matcher: Matcher,
    rgb: NDArray[np.uint8],
    closer: Callable[[], NDArray[np.uint8]] | None = None,
) -> Look:
    """Find the faces on one upright picture and ask which of them is the owner's, if any.

    `closer` gives the same picture larger, where there is more to see.
    """
    from selfcheck.faces import LEVELS, quality

    smaller = pictures.smaller(rgb, LEVELS)
    faces = engine.spot([rgb, *smaller])
    best = _best(engine, matcher, rgb, faces, closer) if faces else None
    return Look(
        boxes=tuple(face.box for face in faces),
        best=best,
        small=smaller[0],
        quality=None if best is None else quality(rgb, faces[best.index]),
    )


def may_be_closer(still: pictures.Still) -> bool:
    """Say whether a picture's file holds enough more than was decoded of it."""
    enough: float = MORE * max(still.rgb.shape[:2])
    return max(still.width, still.height) >= enough


def _best(
    engine: Engine,
    matcher: Matcher,
    rgb: NDArray[np.uint8],
    faces: Sequence[Face],
    closer: Callable[[], NDArray[np.uint8]] | None,
) -> Best | None:
    """Compare faces with the owner: those that come near in full and mirrored, small ones sharper.

    Sharper only where that may decide: most small faces are the owner's or nobody's as they are.
    """
    from selfcheck.faces import ROUGHLY, enlarged

    encodings = engine.encode_roughly(rgb, faces)
    near = list(matcher.near(encodings, off=ROUGHLY))
    if not near:
        return None
    encodings[near] = engine.encode_both(rgb, [faces[index] for index in near])
    best = matcher.best(encodings)
    if closer is None or (best is not None and best.band is Band.YOU):
        return best
    small = [index for index in matcher.near(encodings) if faces[index].box.width < SHARP]
    if not small:
        return best
    large = closer()
    scale = large.shape[1] / rgb.shape[1]
    encodings[small] = engine.encode_both(large, [enlarged(faces[index], scale) for index in small])
    return matcher.best(encodings)
