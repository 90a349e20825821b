"""Made-up beginnings of films: codes on a screen, and the way from there to the face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from identity.actors import CHALLENGE

from selfcheck.identity import Change, CodeSeen, CodeSeries, FrameSeen, Opening, Shown

BEGUN = CHALLENGE.issued + timedelta(seconds=10)
ON_SCREEN, WAY = 6.5, 2.0  # seconds


def series(count: int = 5, begun: datetime = BEGUN) -> tuple[Shown, ...]:
    """Show codes, one every two seconds."""
    times = iter([begun + timedelta(seconds=2 * number) for number in range(count)])
    codes = CodeSeries(lambda: next(times))
    for _ in range(count):
        codes.show()
    return codes.shown


def sightings(
    codes: Sequence[Shown],
    *,
    begun: datetime = BEGUN,
    lasting: float = ON_SCREEN,
    speed: float = 1.0,
) -> tuple[CodeSeen, ...]:
    """Film a screen that shows these codes: what is read on it five times a second.

    speed: how many seconds of the screen one second of film shows.
    """
    seen = []
    for number in range(round(5 * lasting)):
        seconds = number / 5
        moment = begun + timedelta(seconds=seconds * speed)
        current = [code for code in codes if code.at <= moment]
        if current:
            seen.append(CodeSeen(seconds=seconds, text=current[-1].text))
    return tuple(seen)


def changes(lasting: float, *, per_second: float = 30) -> tuple[Change, ...]:
    """Give the changes of a film without a cut: a little noise, and much while it goes over."""
    found = []
    for number in range(round(lasting * per_second)):
        seconds = number / per_second
        moving = ON_SCREEN <= seconds <= ON_SCREEN + WAY
        found.append(Change(seconds=seconds, amount=8.0 if moving else 1.0))
    return tuple(found)


def later(frames: Sequence[FrameSeen], seconds: float = ON_SCREEN + WAY) -> tuple[FrameSeen, ...]:
    """Give what a film shows after its beginning, and nobody in the pictures before."""
    way = [FrameSeen(seconds=number / 10, faces=()) for number in range(round(10 * seconds))]
    return (*way, *(replace(frame, seconds=frame.seconds + seconds) for frame in frames))


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """All of a film that begins as it should, and what the screen showed."""

    opening: Opening
    frames: tuple[FrameSeen, ...]
    codes: tuple[Shown, ...]


def whole(frames: Sequence[FrameSeen], begun: datetime = BEGUN) -> Whole:
    codes = series(begun=begun)
    opening = Opening(
        codes=sightings(codes, begun=begun), changes=changes(ON_SCREEN + WAY + len(frames) / 10)
    )
    return Whole(opening=opening, frames=later(frames), codes=codes)
