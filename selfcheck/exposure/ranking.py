"""What to deal with first: one rule, in words and as an order.

The rule is lexicographic, so that a person can follow it: the second criterion counts only among
pictures that are equal in the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from selfcheck.model import REACH, Audience, Band, Exposure, Leak, Usefulness

RULE: Final = (
    "who could see it, the widest audience first",
    "how useful it is to a face-search engine",
    "what its file gives away: a place before a thumbnail that shows more, names and the rest",
    "in how many places it stands",
)

_USE = (Usefulness.HIGH, Usefulness.MODERATE, Usefulness.UNKNOWN, Usefulness.LOW)
_WORST = (Leak.GPS, Leak.THUMBNAIL, Leak.PERSON, Leak.SERIAL)


def order(exposures: Iterable[Exposure]) -> tuple[str, ...]:
    """Give the SHA-256 of the `you` in the order of `RULE`; equals stay as they were found."""
    you = (each for each in exposures if each.match.band is Band.YOU)
    return tuple(each.sha256 for each in sorted(you, key=_urgency))


def _urgency(exposure: Exposure) -> tuple[int, int, int, int]:
    audiences = [
        context.audience
        for one in exposure.whole
        for occurrence in one.occurrences
        for context in occurrence.contexts
    ]
    leaks = {finding.leak for one in exposure.whole for finding in one.match.findings}
    return (
        min(map(REACH.index, audiences), default=REACH.index(Audience.UNKNOWN)),
        _USE.index(exposure.grade.usefulness),
        min(map(_telling, leaks), default=len(_WORST) + 1),
        -len(audiences),
    )


def _telling(leak: Leak) -> int:
    return _WORST.index(leak) if leak in _WORST else len(_WORST)
