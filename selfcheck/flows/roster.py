"""The members of one source, kept in columns until the export's reader asks for them.

A quarter of the memory of as many `Member` values: a lifetime's export has a million of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from selfcheck.model import Member

_LARGEST = 2**63 - 1  # a hostile archive may name larger sizes


class Roster(Sequence[Member]):
    """Members in the order in which they were appended; each is made anew when it is read."""

    def __init__(self, members: Iterable[Member] = ()) -> None:
        """Begin with these."""
        self._texts = bytearray()
        self._ends = array("Q")  # of each path and each locator, by turns
        self._parts = array("L")
        self._sizes = array("q")
        self._stamps = array("q")
        self._shown: dict[int, str] = {}  # where it is not the path
        for member in members:
            self.append(member)

    def append(self, member: Member) -> None:
        """Add a member."""
        if member.shown != member.path:
            self._shown[len(self)] = member.shown
        for text in (member.path, member.locator):
            self._texts += text.encode("utf-8", "surrogatepass")
            self._ends.append(len(self._texts))
        self._sizes.append(min(member.size, _LARGEST))
        self._stamps.append(max(-_LARGEST, min(member.stamp, _LARGEST)))
        self._parts.append(member.part)

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Member]:
        return map(self._member, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Member: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Member]: ...

    def __getitem__(self, index: int | slice) -> Member | Sequence[Member]:
        if isinstance(index, slice):
            return [self._member(one) for one in range(*index.indices(len(self)))]
        return self._member(range(len(self))[index])

    def _member(self, index: int) -> Member:
        begin = self._ends[2 * index - 1] if index else 0
        middle, end = self._ends[2 * index], self._ends[2 * index + 1]
        path = self._text(begin, middle)
        return Member(
            part=self._parts[index],
            locator=self._text(middle, end),
            path=path,
            shown=self._shown.get(index, path),
            size=self._sizes[index],
            stamp=self._stamps[index],
        )

    def _text(self, begin: int, end: int) -> str:
        return self._texts[begin:end].decode("utf-8", "surrogatepass")
