"""The members of a tree by the ends of their paths, and their texts and JSON read tolerantly.

Owns no platform's file names. Keeps the list of members and one index over it, nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO

from selfcheck.exports import carfiles, htmlfiles, jsonfiles, textfiles
from selfcheck.exports.carfiles import Block
from selfcheck.exports.htmlfiles import Element, Wanted
from selfcheck.exports.jsonfiles import Shape
from selfcheck.exports.reading import Reading
from selfcheck.model import Member, Reason, Skipped, Tree, Unreadable

_LARGEST = 32 << 20  # bytes of a document that may be held whole
_LAST = -1
# What tells thousands of files of one kind apart: numbers of five digits and more, and hashes.
_NUMBERED = re.compile(r"[0-9a-f]{16,}|\d{5,}")


@lru_cache(maxsize=4)  # every export asks for one path after the other
def fold(path: str) -> str:
    """Give a path as it is compared: no case, one form of each letter and apostrophe.

    Meta writes one apostrophe as `'`, `’` and `_`; folders made by a user may end in blanks.
    """
    if path.isascii():
        folded = path.lower().replace("'", "_")
    else:
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
        folded = folded.replace("’", "_").replace("'", "_")
    if " /" in folded or "/ " in folded or folded.endswith(" "):
        return re.sub(r"[ ]+(?=/|$)|(?<=/)[ ]+", "", folded)
    return folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """A tree's members with an index by file name. Build it with `of`."""

    tree: Tree
    members: Sequence[Member]
    _first: dict[str, int] = field(repr=False)  # folded file name -> its first position
    _next: array[int] = field(repr=False)  # position -> the next one of that file name
    _kinds: tuple[str, ...] = field(repr=False)  # folded paths, one of each kind of name
    _troubles: dict[str, tuple[Member, Skipped]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, tree: Tree, members: Iterable[Member]) -> Documents:
        """Index the members; their order is kept."""
        held = members if isinstance(members, Sequence) else tuple(members)
        first: dict[str, int] = {}
        following = array("q", [_LAST]) * len(held)
        kinds: dict[str, str] = {}
        for position in range(len(held) - 1, -1, -1):
            path = fold(held[position].path)
            name = path.rpartition("/")[2]
            following[position] = first.get(name, _LAST)
            first[name] = position
            kinds[_NUMBERED.sub("0", path)] = path
        return cls(
            tree=tree, members=held, _first=first, _next=following, _kinds=tuple(kinds.values())
        )

    @property
    def troubles(self) -> tuple[Skipped, ...]:
        """The documents that could not be read to their end so far, each once."""
        return tuple(skipped for _, skipped in self._troubles.values())

    @property
    def troubled(self) -> tuple[tuple[Member, Skipped], ...]:
        """The same, each with the member it is."""
        return tuple(self._troubles.values())

    def positions(self, name: str) -> Iterator[int]:
        """Yield where in `members` the files of a name stand."""
        position = self._first.get(fold(name), _LAST)
        while position != _LAST:
            yield position
            position = self._next[position]

    def find(self, suffix: str) -> tuple[Member, ...]:
        """Give the members whose path ends in whole components with the suffix."""
        wanted = fold(suffix).strip("/")
        found = (self.members[i] for i in self.positions(wanted.rpartition("/")[2]))
        return tuple(m for m in found if f"/{fold(m.path)}".endswith(f"/{wanted}"))

    def matching(self, pattern: re.Pattern[str]) -> list[Member]:
        """Give the members whose folded path the pattern finds, `_2` before `_10`."""
        found = [m for m in self.members if pattern.search(fold(m.path))]
        return sorted(found, key=lambda m: (m.part, natural(m.path)))

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Say whether the pattern finds a member's folded path.

        Paths that differ only in long numbers or hashes are tried once, so that forty exports can
        ask a tree of a million members: a pattern must not tell such numbers apart.
        """
        return any(pattern.search(path) for path in self._kinds)

    def open(self, member: Member) -> BinaryIO:
        """Open a member's bytes; raises what the tree raises."""
        return self.tree.open(member)

    def start(self, member: Member, size: int) -> bytes:
        """Give a file's first bytes; none of one that cannot be opened, which is no trouble yet."""
        try:
            with self.open(member) as stream:
                return stream.read(size)
        except (Unreadable, OSError, EOFError):
            return b""

    def text(self, member: Member) -> str:
        """Read a document of at most 32 MiB; what cannot be decoded is replaced."""
        data = self._whole(member)
        return data.decode("utf-8-sig", errors="replace")

    def shape(self, member: Member) -> Shape:
        """Tell what a JSON document is at its top level, without holding its lists."""
        return jsonfiles.shape(self._json(member))

    def items(self, member: Member, key: str | None = None) -> Iterator[object]:
        """Yield the elements of a top-level list, or of the list under a key, as a stream."""
        return jsonfiles.items(self._json(member), key)

    def within(self, member: Member, key: str) -> Iterator[tuple[Mapping[str, object], object]]:
        """Yield the elements of every list under a key, however deep, as a stream.

        Each comes with the plain values that stand before the list in the objects around it.
        """
        return jsonfiles.within(self._json(member), key)

    def under(self, member: Member, *keys: str) -> Iterator[tuple[str, object]]:
        """Yield what stands under some keys, however deep, each with its key, as a stream.

        A list is given element by element; what is given is not searched again.
        """
        return jsonfiles.under(self._json(member), keys)

    def entries(self, member: Member) -> Iterator[tuple[tuple[str, ...], object]]:
        """Yield every plain value and every element of an outermost list, as a stream.

        Each comes with the keys above it: for objects whose keys are names of people or chats.
        """
        return jsonfiles.entries(self._json(member))

    def value(self, member: Member) -> object:
        """Read a JSON document of at most 32 MiB; None for one that cannot be read."""
        return jsonfiles.value(self._json(member))

    def lines(self, member: Member) -> Iterator[str]:
        """Yield a text's lines without their ends, as a stream, in UTF-8 or UTF-16."""
        return textfiles.lines(self._reading(member))

    def rows(self, member: Member) -> Iterator[Mapping[str, str]]:
        """Yield a CSV's rows by the names in its first line, as a stream."""
        return textfiles.rows(self._reading(member))

    def blocks(self, member: Member, wanted: Wanted) -> Iterator[Element]:
        """Yield the outermost elements of an HTML document that are wanted, as a stream."""
        return htmlfiles.blocks(self._reading(member), wanted)

    def sections(self, member: Member) -> Iterator[Block]:
        """Yield the blocks of a CAR file, as a stream."""
        return carfiles.blocks(self._reading(member))

    def flow(self, member: Member) -> Iterator[Element | str]:
        """Yield an HTML document's tags and the texts between them in order, as a stream."""
        return htmlfiles.flow(self._reading(member))

    def _json(self, member: Member) -> Reading:
        """Read JSON, also what a script assigns to a name."""
        reading = self._reading(member)
        return jsonfiles.assigned(reading) if fold(member.path).endswith(".js") else reading

    def _reading(self, member: Member) -> Reading:
        return Reading(
            open=lambda: self.open(member),
            whole=lambda: self._whole(member),
            trouble=lambda reason, detail: self._note(member, reason, detail),
        )

    def _whole(self, member: Member) -> bytes:
        try:
            with self.open(member) as stream:
                # As much as it says it has, and more only if there is: room is made beforehand.
                data = stream.read(min(member.size, _LARGEST) + 1)
                if len(data) > member.size:
                    data += stream.read(_LARGEST + 1 - len(data))
        except Unreadable as error:
            self._note(member, error.reason, error.detail)
            return b""
        except (OSError, EOFError) as error:
            self._note(member, Reason.DAMAGED, type(error).__name__)
            return b""
        if len(data) > _LARGEST:
            self._note(member, Reason.TOO_LARGE, "a document of more than 32 MiB")
            return b""
        return data

    def _note(self, member: Member, reason: Reason, detail: str) -> None:
        skipped = Skipped(item=member.shown, reason=reason, detail=detail)
        self._troubles.setdefault(f"{member.part}/{member.locator}", (member, skipped))


def natural(path: str) -> tuple[tuple[int, int, str], ...]:
    """Give a key that orders paths with their numbers as numbers."""
    pieces = re.findall(r"\d{1,18}|\D+", fold(path))
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces)
