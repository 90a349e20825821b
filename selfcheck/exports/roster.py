"""The members of one source, kept in columns until the export's reader asks for them.

A quarter of the memory of as many `Member` values: a lifetime's export has a million of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

from selfcheck.model import Member

_LARGEST = 2**63 - 1  # a hostile archive may name larger sizes
_TOGETHER = 256  # paths


class Roster(Sequence[Member]):
    """Members in the order in which they were appended; each is made anew when it is read."""

    def __init__(self, members: Iterable[Member] = ()) -> None:
        """Begin with these."""
        self._paths = bytearray()  # a slash after each
        self._path_ends = array("Q", [0])  # behind its slash; the first is the beginning
        self._locators = bytearray()
        self._locator_ends = array("Q", [0])
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
        self._paths += f"{member.path}/".encode("utf-8", "surrogatepass")
        self._path_ends.append(len(self._paths))
        self._locators += member.locator.encode("utf-8", "surrogatepass")
        self._locator_ends.append(len(self._locators))
        self._sizes.append(min(member.size, _LARGEST))
        self._stamps.append(max(-_LARGEST, min(member.stamp, _LARGEST)))
        self._parts.append(member.part)

    def path(self, index: int) -> str:
        """Give the path of one member, from 0 on, without making the member."""
        begin, end = self._path_ends[index], self._path_ends[index + 1]
        return _text(self._paths[begin : end - 1])

    def paths(self, change: Callable[[str], str] = str) -> Iterator[str]:
        """Yield all paths in order, changed: a tenth of the time that the members take.

        Of paths in ASCII many are changed at once, a slash after each: `change` must do to them
        what it does to each alone, unless it makes them longer or shorter.
        """
        for begin in range(0, len(self), _TOGETHER):
            ends = self._path_ends[begin : begin + _TOGETHER + 1]
            data = self._paths[ends[0] : ends[-1]]
            together = change(data.decode()) if data.isascii() else ""
            if len(together) == len(data):
                first = ends[0]
                yield from (together[one - first : end - first - 1] for one, end in pairwise(ends))
            else:
                yield from (change(self.path(begin + place)) for place in range(len(ends) - 1))

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
        path = self.path(index)
        return Member(
            part=self._parts[index],
            locator=_text(
                self._locators[self._locator_ends[index] : self._locator_ends[index + 1]]
            ),
            path=path,
            shown=self._shown.get(index, path),
            size=self._sizes[index],
            stamp=self._stamps[index],
        )


def _text(data: bytearray) -> str:
    return data.decode("utf-8", "surrogatepass")
