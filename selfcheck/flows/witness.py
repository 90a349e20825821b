"""What a worker looks at for enrolment and verification: reference photos and films.

Runs in a worker process, like `worker`. The owner's own encodings leave it; whoever else is seen
on a photo or a film is judged here and dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from selfcheck import identity, pictures
from selfcheck.faces import Face, landmarks68, mirrored, quality
from selfcheck.flows import looking, worker
from selfcheck.identity import (
    Challenge,
    Change,
    CodeSeen,
    FaceSeen,
    FrameSeen,
    Opening,
    ReferenceFace,
    ReferenceSeen,
    Shown,
)
from selfcheck.model import Reason, Skipped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A film is watched at this size and speed: a face that fills a third of it is 200 px wide.
FILM_SIDE = 640
FRAMES_A_SECOND = 10
# A second person counts from well under half of that on; a poster far behind does not.
SMALLEST_ON_FILM = 80
LONGEST_FILM = 310.0
LONGEST_OPENING = 90.0  # seconds in which the codes must have come, and then the face
LOOK_AROUND = 5  # every fifth frame is searched as a whole, the others around the faces before


def faces_now(rgb: NDArray[np.uint8], before: tuple[Face, ...], number: int) -> tuple[Face, ...]:
    """Find the faces of a film's frame: near where they were in the frame before, or anywhere.

    Anywhere twice a second, for whoever comes in, and whenever a face is lost.
    """
    eyes = worker.engine()
    near = eyes.follow(rgb, before) if before else ()
    if number % LOOK_AROUND and len(near) >= max(1, len(before)):
        return near
    found = eyes.find(rgb, smallest=SMALLEST_ON_FILM)
    return found if len(found) >= len(near) else near


def look_at_reference(path: Path) -> ReferenceSeen | Skipped:
    """Decode one reference photo and encode the face on it, if it shows one person only."""
    try:
        with path.open("rb") as file:
            data = file.read(worker.MEMBER_LIMIT + 1)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        return Skipped(item=path.name, reason=Reason.NO_PERMISSION, detail=detail)
    still = pictures.decode(data, long_side=looking.LONG_SIDE)
    if isinstance(still, pictures.Unreadable):
        return Skipped(item=path.name, reason=still.reason, detail=still.detail)
    engine = worker.engine()
    faces = engine.find(still.rgb)
    # A photo with several people is refused, so none of them is encoded.
    alone = len(faces) == 1
    encodings = engine.encode(still.rgb, faces) if alone else nobody(len(faces))
    turned = engine.encode(*mirrored(still.rgb, faces)) if alone else encodings
    seen = []
    for face, encoding, other in zip(faces, encodings, turned, strict=True):
        measured = quality(still.rgb, face)
        seen.append(
            ReferenceFace(
                width=measured.width,
                sharpness=measured.sharpness,
                encoding=encoding,
                mirrored=other,
            )
        )
    digest = hashlib.sha256(data).hexdigest()
    return ReferenceSeen(name=path.name, sha256=digest, faces=tuple(seen))


def nobody(count: int) -> NDArray[np.float32]:
    """Give encodings (count, 128) that describe nobody."""
    import numpy as np

    return np.zeros((count, 128), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What a film is held against: what was asked for, what the screen showed, whom it must show.

    references: (k, 128). now: when it was handed over. seen_before: SHA-256 of films accepted.
    """

    challenge: Challenge
    codes: tuple[Shown, ...]
    references: NDArray[np.float32] = field(repr=False)
    now: datetime
    seen_before: tuple[str, ...]


def watch_film(path: Path, asked: Asked) -> identity.Acceptance | Skipped:
    """Watch a film and judge it as the answer to a challenge."""
    film = pictures.film(
        path,
        long_side=FILM_SIDE,
        per_second=FRAMES_A_SECOND,
        limit_seconds=LONGEST_FILM,
    )
    if isinstance(film, pictures.Unreadable):
        return Skipped(item=path.name, reason=film.reason, detail=film.detail)
    known = identity.Film(sha256=film.sha256, created=film.created)
    # A film that comes too late, or without the codes, is refused before minutes are spent on it.
    late = identity.in_time(
        known, challenge=asked.challenge, now=asked.now, seen_before=asked.seen_before
    )
    opening = Opening() if late else _opening(film, asked.codes)
    placed = identity.place(opening.codes, asked.codes)
    frames: tuple[FrameSeen, ...] = ()
    if isinstance(placed, identity.Placed):
        frames = tuple(_watched(film, after=placed.last))
    if not film.unchanged():
        detail = "it was changed while it was watched"
        return Skipped(item=path.name, reason=Reason.DAMAGED, detail=detail)
    return identity.accept(
        known,
        opening,
        frames,
        challenge=asked.challenge,
        codes=asked.codes,
        references=asked.references,
        now=asked.now,
        seen_before=asked.seen_before,
    )


def _opening(film: pictures.Film, codes: tuple[Shown, ...]) -> Opening:
    """Look at a film's beginning, for as long as codes of this screen may come, or the face."""
    ours = {code.text for code in codes}
    until = identity.Showing().begin
    seen: list[CodeSeen] = []
    changes: list[Change] = []
    for glance in film.glances:
        if glance.seconds > min(until, LONGEST_OPENING):
            break
        changes.append(Change(seconds=glance.seconds, amount=glance.change))
        marked = [text for text in glance.codes if text.startswith(identity.MARK)]
        seen += [CodeSeen(seconds=glance.seconds, text=text) for text in marked]
        if not ours.isdisjoint(marked):
            until = glance.seconds + identity.Way().longest
    return Opening(codes=tuple(seen), changes=tuple(changes))


def _watched(film: pictures.Film, *, after: float) -> Iterator[FrameSeen]:
    """Look for faces in what comes after the codes."""
    eyes = worker.engine()
    faces: tuple[Face, ...] = ()
    later = (frame for frame in film.frames if frame[0] > after)
    for number, (seconds, rgb) in enumerate(later):
        faces = faces_now(rgb, faces, number)
        encodings = eyes.encode(rgb, faces)
        seen = tuple(
            FaceSeen(box=face.box, landmarks=landmarks68(rgb, face.box), encoding=encoding)
            for face, encoding in zip(faces, encodings, strict=True)
        )
        yield FrameSeen(seconds=seconds, faces=seen)
