"""Codes that this computer shows while a film is made, and where they put the film in time.

Owns the codes, which are secret until they are shown, and the rules over those that a film
shows. How codes become modules on a screen, and are read again, is `pictures`.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from secrets import token_bytes
from typing import Final

from selfcheck.identity.refusal import Refusal

EVERY: Final = timedelta(seconds=2)
# What a code of any series begins with. With the 16 characters of 80 random bits that is 19 of
# the 20 that fit into the smallest QR code.
MARK: Final = "SC-"
_RANDOM_BYTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A code and the moment it came onto the screen (aware); it went when the next one came."""

    text: str = field(repr=False)
    at: datetime


class CodeSeries:
    """The codes of one check, each drawn by the operating system when it is shown, not before."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Begin with none; `clock` says when a code is shown, never which."""
        self._clock = clock
        self._shown: list[Shown] = []

    def show(self) -> str:
        """Draw the next code, to be shown at once: 80 random bits, upper case and digits."""
        text = MARK + b32encode(token_bytes(_RANDOM_BYTES)).decode()
        self._shown.append(Shown(text=text, at=self._clock()))
        return text

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Give what was shown so far, in its order."""
        return tuple(self._shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSeen:
    """A code that a film shows: seconds since the film's start, and its text."""

    seconds: float
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a film must show the codes."""

    least: int = 3  # different ones
    begin: float = 6.0  # seconds of film before the first
    unread: int = 1  # codes in a row that a film may fail to show readably
    # Seconds by which film and clock may disagree: a slow terminal draws late, a camera's
    # pictures are a tenth of a second old.
    off: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where its codes put a film.

    first, last: seconds of film at which this series' codes are first and last seen. begun: the
    moment of the film's start by this computer's clock, the earliest that the codes allow.
    off: seconds by which film and clock disagree; negative for the room that is left.
    """

    codes: int
    first: float
    last: float
    begun: datetime
    off: float


def place(
    seen: Sequence[CodeSeen], shown: Sequence[Shown], showing: Showing | None = None
) -> Placed | Refusal:
    """Find out when a film was made by the codes it shows; give the reason if they do not fit.

    seen: at their times, ascending. Codes of others are ignored, those of another series of
    ours are refused. A code can be seen from when it came onto the screen until the next one
    did: all of that must agree with one moment of the film's start.
    """
    showing = showing or Showing()
    order = {one.text: number for number, one in enumerate(shown)}
    if any(one.text.startswith(MARK) and one.text not in order for one in seen):
        return Refusal.CODES_ELSEWHERE
    ours = [(one.seconds, order[one.text]) for one in seen if one.text in order]
    numbers = [number for _, number in ours]
    if len(set(numbers)) < showing.least:
        return Refusal.NO_CODES
    if ours[0][0] > showing.begin:
        return Refusal.CODES_NOT_FIRST
    if any(not 0 <= after - before <= showing.unread + 1 for before, after in pairwise(numbers)):
        return Refusal.CODES_OUT_OF_ORDER
    earliest, latest = _start(ours, shown)
    off = (earliest - latest).total_seconds()
    if off > showing.off:
        return Refusal.CODES_OUT_OF_TIME
    return Placed(
        codes=len(set(numbers)),
        first=ours[0][0],
        last=ours[-1][0],
        begun=min(earliest, latest),
        off=round(off, 3),
    )


def _start(ours: Sequence[tuple[float, int]], shown: Sequence[Shown]) -> tuple[datetime, datetime]:
    """Give the earliest and the latest start of a film in which each code is seen while shown."""
    came = [shown[number].at - timedelta(seconds=seconds) for seconds, number in ours]
    went = [
        shown[number + 1].at - timedelta(seconds=seconds)
        for seconds, number in ours
        if number + 1 < len(shown)
    ]
    earliest = max(came)
    return earliest, min(went, default=earliest)
