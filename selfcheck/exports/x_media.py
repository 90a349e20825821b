"""Which files of an X archive belong to a post or a message: `<id>-<name in the address>`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.uris import urlsplit_path
from selfcheck.model import Member

_FILE = re.compile(r"(^|/)[a-z_]*_media/(\d{1,25})-[^/]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The media files of one tree. A medium is named by its addresses, the best one first."""

    tree: Documents
    _by_id: dict[str, list[int]] = field(repr=False)

    @classmethod
    def in_tree(cls, tree: Documents) -> Media:
        """Index the media files of a tree."""
        return cls(tree=tree, _by_id=tree.by_group(_FILE, 2))

    def of(self, number: str, media: Sequence[Sequence[str]]) -> list[tuple[Member, ...]]:
        """Give the files of each medium of a post; a name that fails leaves the post's others.

        The name of a film's file is that of one of its sizes, which may not be listed.
        """
        found = [self.named(number, addresses) for addresses in media]
        if all(found):
            return found
        named = {fold(m.path) for members in found for m in members}
        rest: dict[str, list[Member]] = {}
        for member in self._files(number):
            if fold(member.path) not in named:
                rest.setdefault(fold(member.path).rpartition("/")[2], []).append(member)
        left = iter(rest.values())
        return [members or tuple(next(left, ())) for members in found]

    def named(self, number: str, addresses: Sequence[str]) -> tuple[Member, ...]:
        """Give the files that one of the addresses names."""
        for name in map(name_in, addresses):
            found = self.tree.find(f"{number}-{name}") if name else ()
            if found:
                return found
        return ()

    def without_extension(self, number: str, address: str) -> tuple[Member, ...]:
        """Give the files named like an address that has no extension (a profile's banner)."""
        wanted = f"/{number}-{name_in(address)}."
        return tuple(m for m in self._files(number) if wanted in f"/{fold(m.path)}")

    def _files(self, number: str) -> list[Member]:
        return [self.tree.members[position] for position in self._by_id.get(number, ())]


def name_in(address: str) -> str:
    """Give the file name in an address, without query and size (`:orig`)."""
    return urlsplit_path(address).rpartition("/")[2].partition(":")[0]
