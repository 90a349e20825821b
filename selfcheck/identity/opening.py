"""How a film goes from the screen to the face: without a cut, soon, and where the face begins.

Owns what the beginning of a film must show besides the codes themselves. Sees figures of how much
pictures differ, never pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from selfcheck.identity.codes import CodeSeen, Placed, Shown, place
from selfcheck.identity.frames import FaceSeen, FrameSeen
from selfcheck.identity.pose import Array
from selfcheck.identity.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How much a film's picture differs from the one before, but for the camera's movement.

    seconds: since the film's start. amount: 0 to 255.
    """

    seconds: float
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the beginning of a film shows: the codes, and every change from picture to picture."""

    codes: tuple[CodeSeen, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What still counts as one way from the screen to the face. Times in seconds.

    Tuned on rendered rooms, 2026-11-26 (docs/threat-model.md): a camera that turns changes its
    picture for a while, a cut does it once, or a few times where it is softened. In films made in
    one go the most prominent change was 1.9 times those near by and the largest 19; hard cuts
    begin at 2.4, most lie above 6.
    """

    spike: float = 3.0  # times the largest change near by
    runs: int = 3  # pictures over which a cut may be spread, by one or two that show both sides
    near: int = 2  # pictures before and after
    still: float = 2.0  # added to a change near by: noise is never quite nothing
    most: float = 22.0  # nobody turns a camera so fast that this is left, even for a moment
    gap: float = 0.3  # without a picture
    face_within: float = 15.0  # from the last code
    steady: int = 4  # frames in a row in which the face is there and
    sway: float = 0.2  # moves by no more than so many of its widths
    after: float = 2.0  # from where the face begins, in which a cut still counts

    @property
    def longest(self) -> float:
        """Tell how long after the last code the opening may go on."""
        return self.face_within + self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A film that began as it should: where its codes put it, and the frames of the face."""

    placed: Placed
    frames: tuple[FrameSeen, ...]

    @property
    def measures(self) -> dict[str, float]:
        """Give the figures of the beginning, for the record and for tuning."""
        return {
            "codes": float(self.placed.codes),
            "seconds off": self.placed.off,
            "seconds to the face": round(self.frames[0].seconds - self.placed.last, 1),
        }


def begin(
    opening: Opening, frames: Sequence[FrameSeen], codes: Sequence[Shown], way: Way | None = None
) -> Begun | Refusal:
    """Check the beginning of a film, up to the face; give the reason if it will not do.

    frames: with the faces seen, in seconds since the film's start; those before the last code do
    not count. codes: what the screen showed.
    """
    way = way or Way()
    placed = place(opening.codes, codes)
    if isinstance(placed, Refusal):
        return placed
    face = face_part(frames, placed, way)
    if isinstance(face, Refusal):
        return face
    if is_cut(opening.changes, placed, face[0].seconds, way):
        return Refusal.CUT
    return Begun(placed=placed, frames=face)


def face_part(
    frames: Sequence[FrameSeen], placed: Placed, way: Way
) -> tuple[FrameSeen, ...] | Refusal:
    """Give the frames from where the face begins: after the last code, and held steadily.

    While the camera comes to rest the face is blurred and half outside, which would look like
    another face; that stretch counts for cuts only.
    """
    later = [frame for frame in frames if frame.seconds > placed.last]
    seen = [number for number, frame in enumerate(later) if frame.faces]
    if not seen:
        return Refusal.FAR_FROM_FACE
    first = next((number for number in seen if _steady(later, number, way)), seen[0])
    if later[first].seconds - placed.last > way.face_within:
        return Refusal.FAR_FROM_FACE
    return tuple(later[first:])


def _steady(frames: Sequence[FrameSeen], first: int, way: Way) -> bool:
    stretch = frames[first : first + way.steady + 1]
    if len(stretch) <= way.steady or not all(frame.faces for frame in stretch):
        return False
    faces = [max(frame.faces, key=lambda face: face.box.width) for frame in stretch]
    return all(_moved(one, other) <= way.sway for one, other in pairwise(faces))


def _moved(one: FaceSeen, other: FaceSeen) -> float:
    """Give the way between two faces' middles in widths of the first."""
    a, b = one.box, other.box
    across = (b.left + b.right - a.left - a.right) / 2
    down = (b.top + b.bottom - a.top - a.bottom) / 2
    return float(np.hypot(across, down)) / max(a.width, 1)


def is_cut(changes: Sequence[Change], placed: Placed, face_begins: float, way: Way) -> bool:
    """Say whether the film is cut between its first code and a little after the face begins.

    A cut is a change that stands out from those before and after it, one that no turning camera
    makes, or a time without pictures. What this cannot see: a cut within very fast movement, one
    between two pictures that are alike, and one that is softened, by a dissolve of three pictures
    or more, or a fade through black.
    """
    seen = [one for one in changes if placed.first <= one.seconds <= face_begins + way.after]
    if not seen or seen[-1].seconds < face_begins:
        return True
    if any(b.seconds - a.seconds > way.gap for a, b in pairwise(seen)):
        return True
    return prominence(seen, way) > way.spike or max(one.amount for one in seen) > way.most


def prominence(changes: Sequence[Change], way: Way) -> float:
    """Tell how many times larger than all changes near by the most prominent one is.

    Or the most prominent few in a row: one picture that shows both sides makes two of a cut.
    """
    amounts = np.array([one.amount for one in changes])
    return max(_prominence(amounts, run, way) for run in range(1, way.runs + 1))


def _prominence(amounts: Array, run: int, way: Way) -> float:
    """Tell it for changes that are so many in a row, of which the smallest counts."""
    if len(amounts) < run:
        return 0.0
    padded = np.pad(amounts, way.near)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * way.near + run)
    inside = windows[:, way.near : way.near + run].min(axis=1)
    beside = np.delete(windows, np.s_[way.near : way.near + run], axis=1).max(axis=1)
    return float((inside / (beside + way.still)).max())
