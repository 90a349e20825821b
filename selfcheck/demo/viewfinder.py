"""The viewfinder of a live check with somebody before it who does not exist.

No page, no camera and no waiting: its time goes from picture to picture. It can show drawn subjects
and nobody else, so it opens no way round the gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from selfcheck import pictures
from selfcheck.demo.impostors import Living, Subject
from selfcheck.demo.people import Person
from selfcheck.identity import Cue, Phase, Shot

PER_SECOND = 10
_LONGEST = 120.0  # seconds of its own time
_SEEN_LATER = 2  # pictures from when the page changes until a camera shows what it did


@dataclass(slots=True)
class DrawnViewfinder:
    """What a subject sees of the page, and the camera of the subject."""

    subject: Subject
    per_second: float = PER_SECOND
    shown: list[Cue] = field(default_factory=list)

    def show(self, cue: Cue) -> None:
        """Show what to do now."""
        self.shown.append(cue)

    def frames(self) -> Iterator[Shot]:
        """Give the camera's pictures until the check is over, or somebody would have left."""
        number = 0
        while number < _LONGEST * self.per_second:
            if self.shown[-1].phase.over:
                return
            seconds = number / self.per_second
            cue = self.shown[max(-_SEEN_LATER, -len(self.shown))]
            step = cue.step.value if cue.phase is Phase.STEP and cue.step else None
            light = cue.colour.light if cue.colour else (0.0, 0.0, 0.0)
            rgb = self.subject.picture(step, seconds, light)
            data = pictures.save(rgb, pictures.Format.JPEG)
            yield Shot(data=data, seconds=seconds, cue=cue.number)
            number += 1


@contextmanager
def before(subject: Subject) -> Iterator[DrawnViewfinder]:
    """Put a subject before a page that does not exist."""
    yield DrawnViewfinder(subject)


@contextmanager
def living(person: Person, seed: int = 0) -> Iterator[DrawnViewfinder]:
    """Put a person who does not exist before it, willing to do what is asked."""
    yield DrawnViewfinder(Living(person, seed))
