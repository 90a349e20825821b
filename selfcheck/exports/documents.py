"""The members of a tree by the ends of their paths, and their texts and JSON read tolerantly.

Owns no platform's file names. Keeps the list of members and one index over it, nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

from selfcheck.exports import carfiles, htmlfiles, jsonfiles, textfiles
from selfcheck.exports.carfiles import Block
from selfcheck.exports.htmlfiles import Element, Wanted
from selfcheck.exports.jsonfiles import Shape
from selfcheck.exports.page_words import NoPages, PageReader
from selfcheck.exports.reading import Reading
from selfcheck.exports.roster import Roster
from selfcheck.model import Member, Reason, Skipped, Tree, Unreadable

_LARGEST = 32 << 20  # bytes of a document that may be held whole
_LAST = -1
_FEW = 16  # files of one name that are looked at one by one
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
        first, *others = folded.split("/")
        return "/".join((first.rstrip(" "), *(other.strip(" ") for other in others)))
    return folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """A tree's members with an index by file name. Build it with `of`."""

    tree: Tree
    members: Roster
    pages: PageReader = field(default_factory=NoPages)  # reads the HTML of saved pages
    _first: dict[str, int] = field(repr=False)  # folded file name -> its first position
    _next: array[int] = field(repr=False)  # position -> the next one of that file name
    _kinds: tuple[str, ...] = field(repr=False)  # folded paths, one of each kind of name
    # Of names that many files have, once asked for: by the last folder, as `1.jpg` of each album.
    _common: dict[str, dict[str, list[int]]] = field(default_factory=dict, repr=False)
    _troubles: dict[str, tuple[Member, Skipped]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, tree: Tree, members: Iterable[Member], pages: PageReader | None = None
    ) -> Documents:
        """Index the members; their order is kept. Without a reader saved pages say nothing."""
        held = members if isinstance(members, Roster) else Roster(members)
        first: dict[str, int] = {}
        following = array("q", [_LAST]) * len(held)
        kinds: dict[str, str] = {}
        last: dict[str, int] = {}
        for position, path in enumerate(held.paths(fold)):
            name = path.rpartition("/")[2]
            if name in last:
                following[last[name]] = position
            else:
                first[name] = position
            last[name] = position
            kinds.setdefault(_NUMBERED.sub("0", path), path)
        return cls(
            tree=tree,
            members=held,
            pages=pages or NoPages(),
            _first=first,
            _next=following,
            _kinds=tuple(kinds.values()),
        )

    def only(self, members: Iterable[Member]) -> Documents:
        """Index some of the members alone; what cannot be read is noted here too."""
        return replace(Documents.of(self.tree, members, self.pages), _troubles=self._troubles)

    @property
    def troubles(self) -> tuple[Skipped, ...]:
        """The documents that could not be read to their end so far, each once."""
        return tuple(skipped for _, skipped in self._troubles.values())

    @property
    def troubled(self) -> tuple[tuple[Member, Skipped], ...]:
        """The same, each with the member it is."""
        return tuple(self._troubles.values())

    def folded(self) -> Iterator[str]:
        """Yield the folded paths of all members in order."""
        return self.members.paths(fold)

    def positions(self, name: str) -> Iterator[int]:
        """Yield where in `members` the files of a name stand."""
        position = self._first.get(fold(name), _LAST)
        while position != _LAST:
            yield position
            position = self._next[position]

    def likely(self, folder: str, name: str) -> list[int]:
        """Give where the files of a name in folders of a name stand, perhaps with a few others."""
        name = fold(name)
        if name not in self._common:
            few = list(islice(self.positions(name), _FEW + 1))
            if len(few) <= _FEW:
                return few
            self._common[name] = {}
            for position in self.positions(name):
                there = fold(self.members.path(position)).rpartition("/")[0]
                self._common[name].setdefault(there.rpartition("/")[2], []).append(position)
        return self._common[name].get(fold(folder), [])

    def find(self, suffix: str) -> tuple[Member, ...]:
        """Give the members whose path ends in whole components with the suffix."""
        wanted = fold(suffix).strip("/")
        named = self.positions(wanted.rpartition("/")[2])
        found = (i for i in named if f"/{fold(self.members.path(i))}".endswith(f"/{wanted}"))
        return tuple(self.members[i] for i in found)

    def place_beside(self, folder: str, name: str) -> int | None:
        """Find where in `members` a file of a folder stands, or of that folder in another part."""
        here, kindred = fold(folder), None
        for position in self.likely(here.rpartition("/")[2], name):
            there = fold(self.members.path(position)).rpartition("/")[0]
            if there == here:
                return position
            if kindred is None and same_folder(here, there):
                kindred = position
        return kindred

    def beside(self, document: Member, name: str) -> tuple[Member, ...]:
        """Give the file of a name in a document's folder, or in that folder in another part."""
        found = self.place_beside(document.path.rpartition("/")[0], name)
        return () if found is None else (self.members[found],)

    def matching(self, pattern: re.Pattern[str]) -> list[Member]:
        """Give the members whose folded path the pattern finds, `_2` before `_10`."""
        return sorted(self.such(pattern), key=lambda m: (m.part, natural(m.path)))

    def such(self, pattern: re.Pattern[str]) -> Iterator[Member]:
        """Yield the same in the order in which they are listed."""
        return (self.members[i] for i, path in enumerate(self.folded()) if pattern.search(path))

    def by_group(self, pattern: re.Pattern[str], group: int) -> dict[str, list[int]]:
        """Map what a group of the pattern finds in folded paths to where those members stand."""
        found: dict[str, list[int]] = {}
        for position, path in enumerate(self.folded()):
            named = pattern.search(path)
            if named:
                found.setdefault(named[group], []).append(position)
        return found

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


def same_folder(one: str, other: str) -> bool:
    """Say whether two folded folders are one whose root differs between parts.

    `Takeout/Google Photos/Lake` is `Takeout 2/Google Photos/Lake` and `Lake`, but
    `2022/Lake` is not `2023/Lake`.
    """
    if f"/{one}".endswith(f"/{other}") or f"/{other}".endswith(f"/{one}"):
        return True
    return "/" in one and "/" in other and one.split("/")[-2:] == other.split("/")[-2:]


def natural(path: str) -> tuple[tuple[int, int, str], ...]:
    """Give a key that orders paths with their numbers as numbers."""
    pieces = re.findall(r"\d{1,18}|\D+", fold(path))
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces)
