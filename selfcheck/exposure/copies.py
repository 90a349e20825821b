"""Finds which matched pictures are one picture in other sizes or encodings, by their fingerprints.

Works on what the ledger gives, in order of discovery, so that neither workers nor interruptions
change its result. It decides nothing about who is on a picture; docs/copies.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from selfcheck.model import Band, Exposure, Leak, Match

NEAR = 8
"""Bits of 256 that may differ. Copies of pictures of 500 px differ by 2, shots of a burst by 10 and
more, other pictures by 50 and more."""

# Where 8 bits differ, at least one of 9 bands is untouched: so a copy is found by looking up its
# bands, and never by a walk over all.
_BANDS = 9
_WIDTH = 29

_ASPECT = 0.03  # rounding of a small copy's sides
_MOVED = 0.5  # of the face's width: what a detector may be off by between two sizes
_GROWN = 1.5
_SECONDS = len("2019-06-21 04:05:06")


def group(exposures: Iterable[Exposure]) -> tuple[Exposure, ...]:
    """Put each picture's other sizes and encodings into its `copies`; keep the order otherwise.

    A picture stands for those near to it, never for those near to them, so groups do not chain.
    It is the first in order among the `you`; only what is near none of them is led by a `maybe`:
    so a group is as sure as its surest picture, and what is shown of it is that picture's own.
    Copies lose their crops. A wrong join would hide a picture, so doubt keeps two apart.
    """
    every = tuple(exposures)
    leaders = _Leaders()
    copies: dict[int, list[Exposure]] = {}
    for band in (Band.YOU, Band.MAYBE):
        for place, exposure in enumerate(every):
            if exposure.match.band is not band:
                continue
            leader = leaders.of(exposure.match)
            if leader is None:
                leaders.add(place, exposure.match)
                copies[place] = []
            else:
                alone = replace(exposure, match=replace(exposure.match, crop=b""))
                copies[leader].append(alone)
    return tuple(replace(every[place], copies=tuple(copies[place])) for place in sorted(copies))


class _Leaders:
    """The pictures that stand for others, to be found by nearness."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, Match]] = {}
        self._by_band: dict[int, list[int]] = {}

    def add(self, place: int, match: Match) -> None:
        """Keep one, unless it has no fingerprint to be found by."""
        if not match.fingerprint:
            return
        bits = int.from_bytes(match.fingerprint, "big")
        self._known[place] = bits, match
        for key in _keys(bits):
            self._by_band.setdefault(key, []).append(place)

    def of(self, match: Match) -> int | None:
        """Give the place of the nearest one that shows the same picture, the first of equals."""
        if not match.fingerprint:
            return None
        bits = int.from_bytes(match.fingerprint, "big")
        met = {place for key in _keys(bits) for place in self._by_band.get(key, ())}
        near: list[tuple[int, int]] = []
        for place in met:
            other, leader = self._known[place]
            differing = (bits ^ other).bit_count()
            if differing <= NEAR and _alike(match, leader):
                near.append((differing, place))
        return min(near)[1] if near else None


def _keys(bits: int) -> list[int]:
    """Cut the bits into bands, each marked with its number so that one table holds them all."""
    mask = (1 << _WIDTH) - 1
    return [band << _WIDTH | (bits >> band * _WIDTH) & mask for band in range(_BANDS)]


def _alike(one: Match, other: Match) -> bool:
    """Say if nothing but the bits speaks against one picture: form, place of the face, time.

    Two shots of a burst differ in few bits, but somebody moved or the clock went on.
    """
    if one.second is not None or other.second is not None:
        return False  # a film's frame is no still
    return _same_form(one, other) and _same_face(one, other) and _same_time(one, other)


def _same_form(one: Match, other: Match) -> bool:
    first = one.picture_width * other.picture_height
    second = other.picture_width * one.picture_height
    return abs(first - second) <= _ASPECT * max(first, second)


def _same_face(one: Match, other: Match) -> bool:
    (x, y, width), (other_x, other_y, other_width) = _face(one), _face(other)
    moved = max(abs(x - other_x), abs(y - other_y))
    narrower = min(width, other_width)
    return moved <= _MOVED * narrower and max(width, other_width) <= _GROWN * narrower


def _face(match: Match) -> tuple[float, float, float]:
    """Give the middle of the owner's face and its width, in shares of the picture's width."""
    box, unit = match.box, 1 / match.picture_width
    return (box.left + box.right) / 2 * unit, (box.top + box.bottom) / 2 * unit, box.width * unit


def _same_time(one: Match, other: Match) -> bool:
    """Compare what both files say about when they were taken; silence speaks for nothing."""
    first, second = _taken(one), _taken(other)
    return not first or not second or first == second


def _taken(match: Match) -> str:
    times = (finding.value for finding in match.findings if finding.leak is Leak.TIME)
    return next(times, "")[:_SECONDS]
