"""The demo's owner, a person who does not exist, and her reference photos."""

from __future__ import annotations

from pathlib import Path

from selfcheck import pictures
from selfcheck.demo.people import PEOPLE, Person, View, portrait

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
