"""Whether the lines of the history are those that were written, all of them, in their order.

Names the first thing that is not so. What it cannot see stands in docs/history.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from selfcheck.ledger.chain import LONGEST, START, Head, Line, follows, read


class Fault(StrEnum):
    """What is wrong."""

    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    ADDED = "added"
    CUT = "cut"
    NO_HEAD = "no head"
    OLD_HEAD = "old head"
    OTHER_HEAD = "other head"


class Ending(StrEnum):
    """How the file ends, where it holds."""

    WHOLE = "whole"
    AHEAD = "ahead"  # one line beyond the head
    TORN = "torn"  # a piece of a line beyond the head


_WORDS: Final = {
    Fault.CHANGED: "In the history {lines} was changed.",
    Fault.MISSING: "In the history {lines} {are} missing.",
    Fault.MOVED: "In the history {lines} does not stand in its place.",
    Fault.ADDED: "{after} of the history stands something that does not belong there.",
    Fault.CUT: "The history was cut: {lines} {are} missing at its end.",
    Fault.NO_HEAD: "The history's head is missing, so lines may have been cut off its end.",
    Fault.OLD_HEAD: "The history's head is older than its lines: it was put back.",
    Fault.OTHER_HEAD: "The history's head belongs to other lines than these.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of the check.

    lines: how many held, from the first on. earlier: lines before them, of an earlier profile,
    whose key is gone. fault: None where all is well. first, last: the numbers it is about.
    """

    lines: int
    earlier: int = 0
    ending: Ending = Ending.WHOLE
    fault: Fault | None = None
    first: int = 0
    last: int = 0

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        if self.fault is None:
            return self._good()
        many = self.last > self.first
        return _WORDS[self.fault].format(
            lines=f"lines {self.first} to {self.last}" if many else f"line {self.first}",
            are="are" if many else "is",
            after=f"After line {self.lines}" if self.lines else "At the beginning",
        )

    def _good(self) -> str:
        if not self.lines:
            said = "Nothing was noted for this profile yet"
        else:
            said = f"The history holds: {_counted(self.lines)}, none changed, missing or cut"
        if self.ending is not Ending.WHOLE:
            said += "; the program ended while it wrote the last"
        if self.earlier:
            said += f"; {_counted(self.earlier)} before, of an earlier profile, cannot be checked"
        return said + "."


def _counted(lines: int) -> str:
    return f"{lines} line{'' if lines == 1 else 's'}"


def check(raws: Iterable[bytes], *, key: bytes, head: Head | None, profile: str) -> Proof:
    """Check every line against the one before it, and the last against the head.

    raws: as `history.lines` gives them. head: None where there is none of this profile's. One
    pass, in flat memory, and another over the rest after the first line that does not fit.
    """
    rest = iter(raws)
    count, mac, earlier = 0, START, 0
    at_head = START if head is not None and head.count == 0 else None
    for raw in rest:
        found = follows(key, mac, raw)
        if found is None:
            if count == 0 and _is_of_another(raw, profile):
                earlier += 1
                continue
            if _is_torn(raw):
                return _ended(count, at_head, head, earlier, torn=True)
            gap = _Gap(key=key, mac=mac, count=count, profile=profile, head=head)
            return replace(gap.named(raw, rest), earlier=earlier)
        count, mac = count + 1, found
        if head is not None and count == head.count:
            at_head = mac
    return _ended(count, at_head, head, earlier, torn=False)


def _ended(
    count: int, at_head: bytes | None, head: Head | None, earlier: int, *, torn: bool
) -> Proof:
    fault: Fault | None = None
    if head is None:
        fault = Fault.NO_HEAD if count else None
    elif count < head.count:
        cut = (count + 1, head.count)
        return Proof(lines=count, earlier=earlier, fault=Fault.CUT, first=cut[0], last=cut[1])
    elif at_head != head.mac:
        fault = Fault.OTHER_HEAD
    elif count > head.count + 1:
        fault = Fault.OLD_HEAD
    ahead = head is not None and count > head.count
    ending = Ending.TORN if torn else Ending.AHEAD if ahead else Ending.WHOLE
    return Proof(lines=count, earlier=earlier, ending=ending, fault=fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """Where a line does not follow the one before it, which has this number and this MAC."""

    key: bytes
    mac: bytes
    count: int
    profile: str
    head: Head | None

    def named(self, raw: bytes, rest: Iterator[bytes]) -> Proof:
        """Say what is wrong with the line and, from what follows it, with those before it."""
        expected = last = self.count + 1
        number = self._number(raw)
        fault = Fault.CHANGED
        if number is not None and number > expected:
            fault, last = self._absent(number, rest)
        elif self._is_added(number, rest):
            fault = Fault.ADDED
        return Proof(lines=self.count, fault=fault, first=expected, last=last)

    def _is_added(self, number: int | None, rest: Iterator[bytes]) -> bool:
        """Tell a line that was put in from one that was changed."""
        again = number is not None and number <= self.count
        beyond = self.head is not None and self.count >= self.head.count
        return again or beyond or follows(self.key, self.mac, next(rest, b"")) is not None

    def _absent(self, number: int, rest: Iterator[bytes]) -> tuple[Fault, int]:
        """Tell lines that are missing from one that is elsewhere, or lies about its number."""
        expected = self.count + 1
        for later in map(self._number, rest):
            if later == expected:
                return Fault.MOVED, expected
            if later is not None and expected < later <= number:
                return Fault.CHANGED, expected
        return Fault.MISSING, number - 1

    def _number(self, raw: bytes) -> int | None:
        """Give the number that a line claims, None for one that none of ours can be."""
        line = _read(raw)
        if line is None or line.entry.profile != self.profile:
            return None
        most = None if self.head is None else self.head.count + 1
        return line.number if most is None or line.number <= most else None


def _read(raw: bytes) -> Line | None:
    try:
        return read(raw)
    except ValueError:
        return None


def _is_of_another(raw: bytes, profile: str) -> bool:
    line = _read(raw)
    return line is not None and line.entry.profile != profile


def _is_torn(raw: bytes) -> bool:
    return len(raw) <= LONGEST and not raw.endswith(b"\n")
