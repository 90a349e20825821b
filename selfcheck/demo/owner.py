"""The demo's owner: a person who does not exist, her reference photos, and her camera.

The camera can show the renderer's people only, so it opens no way round the gate.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from selfcheck import identity, pictures
from selfcheck.demo.camera import perform
from selfcheck.demo.people import PEOPLE, Head, Person, View, portrait

OWNER, *OTHERS = PEOPLE
FRAMES_PER_SECOND = 10
# The owner's photos "from different days": other light, another turn of the head.
REFERENCES = (
    View(),
    View(yaw=14, pitch=3, light=-0.5),
    View(yaw=-12, pitch=-4, light=0.6),
    View(yaw=4, pitch=7, scale=1.2),
    View(yaw=-20, roll=8, scale=0.8, mouth=0.15),
)


def write_references(folder: Path, person: Person = OWNER) -> tuple[Path, ...]:
    """Draw a person's reference photos into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, view in enumerate(REFERENCES):
        path = folder / f"{person.name.lower()}-{number + 1}.jpg"
        drawn = portrait(person, view, seed=100 + number)
        path.write_bytes(pictures.save(drawn, pictures.Format.JPEG))
        paths.append(path)
    return tuple(paths)


class Camera:
    """A drawn camera: films a synthetic person doing what a challenge asks for."""

    def __init__(self, path: Path, person: Person = OWNER) -> None:
        """Write the film to this path."""
        self._path = path
        self._person = person

    def __call__(self, challenge: identity.Challenge) -> Path:
        """Film the steps and give the film's path."""
        frames = perform(Head(self._person), challenge.steps, per_second=FRAMES_PER_SECOND)
        pictures.write_film(self._path, frames, FRAMES_PER_SECOND, created=datetime.now(UTC))
        return self._path
