"""What a worker looks at for enrolment and verification: reference photos and films.

Runs in a worker process, like `worker`. The owner's own encodings leave it; whoever else is seen
on a photo or a film is judged here and dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from selfcheck import identity, pictures
from selfcheck.faces import Face, landmarks68, mirrored, quality
from selfcheck.flows import looking, worker
from selfcheck.identity import FaceSeen, FrameSeen, ReferenceFace, ReferenceSeen
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
LOOK_AROUND = 5  # every fifth frame is searched as a whole, the others around the faces before


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


def watch_film(
    path: Path,
    challenge: identity.Challenge,
    references: NDArray[np.float32],
    now: datetime,
    seen_before: tuple[str, ...],
) -> identity.Acceptance | Skipped:
    """Watch a film and judge it as the answer to a challenge; references are (k, 128)."""
    film = pictures.film(
        path,
        long_side=FILM_SIDE,
        per_second=FRAMES_A_SECOND,
        limit_seconds=LONGEST_FILM,
    )
    if isinstance(film, pictures.Unreadable):
        return Skipped(item=path.name, reason=film.reason, detail=film.detail)
    known = identity.Film(sha256=film.sha256, created=film.created)
    # A film that comes too late is refused before minutes are spent on watching it.
    late = identity.in_time(known, challenge=challenge, now=now, seen_before=seen_before)
    frames = () if late else tuple(_watched(film))
    return identity.accept(
        known,
        frames,
        challenge=challenge,
        references=references,
        now=now,
        seen_before=seen_before,
    )


def _watched(film: pictures.Film) -> Iterator[FrameSeen]:
    eyes = worker.engine()
    faces: tuple[Face, ...] = ()
    for number, (seconds, rgb) in enumerate(film.frames):
        found = eyes.follow(rgb, faces) if number % LOOK_AROUND else ()
        # The whole picture twice a second, for whoever comes in, and whenever a face is lost.
        if len(found) < max(1, len(faces)):
            found = eyes.find(rgb, smallest=SMALLEST_ON_FILM)
        faces = found
        encodings = eyes.encode(rgb, faces)
        seen = tuple(
            FaceSeen(box=face.box, landmarks=landmarks68(rgb, face.box), encoding=encoding)
            for face, encoding in zip(faces, encodings, strict=True)
        )
        yield FrameSeen(seconds=seconds, faces=seen)
