"""Finds which matched pictures are one picture in other sizes or encodings, by their fingerprints.

Works on what the ledger gives, in order of discovery, so that neither workers nor interruptions
change its result. It decides nothing about who is on a picture; docs/copies.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from selfcheck.model import Band, Exposure, Leak, Match

NEAR = 8
"""Bits of 256 that may differ. Copies of pictures of 500 px differ by 2, shots of a burst by 10 and
more, other pictures by 50 and more."""

# Where 8 bits differ, at least one of 9 bands is untouched: so a copy is found by looking up its
# bands, and never by a walk over all.
_BANDS = 9
_WIDTH = 29

CROWD = 64
"""How many pictures of one band and second a match is compared with, the latest. One scene taken
from a tripod shares its bands by the thousand, and would be compared all with all."""

_SILENT, _TELLING = "", "any second"

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


@dataclass(frozen=True, slots=True)
class _Traits:
    """What copies share: the bits, the form, and the middle and width of the owner's face.

    Lengths are in shares of the picture's width.
    """

    bits: int
    form: float
    across: float
    down: float
    wide: float


def same_picture(one: bytes, other: bytes) -> bool:
    """Say whether two fingerprints are of one picture, resized or saved again."""
    differing = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return len(one) == len(other) and differing.bit_count() <= NEAR


def _traits(match: Match) -> _Traits:
    box, unit = match.box, 1 / match.picture_width
    return _Traits(
        bits=int.from_bytes(match.fingerprint, "big"),
        form=match.picture_width / match.picture_height,
        across=(box.left + box.right) / 2 * unit,
        down=(box.top + box.bottom) / 2 * unit,
        wide=box.width * unit,
    )


class _Leaders:
    """The pictures that stand for others, to be found by nearness.

    Each is kept by its bands and the second it records, because copies share both: shots of one
    scene are many, those of one second are few. Those that record none are kept apart, and what
    records none is looked up among all.
    """

    def __init__(self) -> None:
        self._known: dict[int, _Traits] = {}
        self._by_band: dict[tuple[str, int], list[int]] = {}

    def add(self, place: int, match: Match) -> None:
        """Keep one, unless it has no fingerprint to be found by."""
        if not match.fingerprint:
            return
        traits = _traits(match)
        self._known[place] = traits
        taken = _taken(match)
        tables = (taken, _TELLING) if taken else (_SILENT,)
        for key in product(tables, _keys(traits.bits)):
            self._by_band.setdefault(key, []).append(place)

    def of(self, match: Match) -> int | None:
        """Give the place of the nearest one that shows the same picture, the first of equals."""
        if not match.fingerprint:
            return None
        traits = _traits(match)
        tables = (_taken(match) or _TELLING, _SILENT)
        keys = product(tables, _keys(traits.bits))
        met = {place for key in keys for place in self._by_band.get(key, ())[-CROWD:]}
        near: list[tuple[int, int]] = []
        for place in met:
            other = self._known[place]
            differing = (traits.bits ^ other.bits).bit_count()
            if differing <= NEAR and _alike(traits, other):
                near.append((differing, place))
        return min(near)[1] if near else None


def _keys(bits: int) -> list[int]:
    """Cut the bits into bands, each marked with its number so that one table holds them all."""
    mask = (1 << _WIDTH) - 1
    return [band << _WIDTH | (bits >> band * _WIDTH) & mask for band in range(_BANDS)]


def _alike(one: _Traits, other: _Traits) -> bool:
    """Say if neither the form nor the place of the face speaks against one picture.

    Two shots of a burst differ in few bits, but somebody moved, or the clock went on.
    """
    if abs(one.form - other.form) > _ASPECT * max(one.form, other.form):
        return False
    moved = max(abs(one.across - other.across), abs(one.down - other.down))
    narrower = min(one.wide, other.wide)
    return moved <= _MOVED * narrower and max(one.wide, other.wide) <= _GROWN * narrower


def _taken(match: Match) -> str:
    """Give the second at which a file says that it was taken, "" where it says nothing."""
    times = (finding.value for finding in match.findings if finding.leak is Leak.TIME)
    return next(times, "")[:_SECONDS]
