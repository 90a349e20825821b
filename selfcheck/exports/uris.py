"""Which member a `uri` of Meta's JSON means; the prefix it names is often not where the file lies.

Order of the search: the whole uri, without its first folder, the last folders that fit one
file only, the file name; for remote addresses the numbers in their file names.
"""

from __future__ import annotations

import re
from itertools import takewhile
from urllib.parse import urlsplit

from selfcheck.exports.documents import Documents, fold
from selfcheck.model import Member

_DISTINCT = 10  # characters a name needs to be taken for one picture's: `1.jpg` is anybody's
_NUMBERS = re.compile(r"^\d{4,}_\d{4,}_\d{4,}(?=\D)")


class Uris:
    """Resolves the uris of one tree."""

    def __init__(self, tree: Documents) -> None:
        self._tree = tree
        self._numbers: dict[str, list[int]] | None = None

    def members(self, uri: str, listed_in: Member) -> tuple[Member, ...]:
        """Give the members that a uri means: none if it is nowhere, several if copied."""
        if "://" in uri:
            return self._remote(urlsplit_path(uri))
        wanted = [part for part in fold(uri).split("/") if part not in {"", "."}]
        if not wanted or ".." in wanted:
            return ()
        found = [self._tree.members[i] for i in self._tree.positions(wanted[-1])]
        shared = [_shared(fold(m.path).split("/")[::-1], wanted[::-1]) for m in found]
        best = max(shared, default=0)
        fitting = [m for m, count in zip(found, shared, strict=True) if count == best]
        if best == len(wanted) or (best == len(wanted) - 1 and best > 1):
            return _nearest(fitting, listed_in)
        return _only(fitting) if _distinct(wanted[-1]) else ()

    def _remote(self, path: str) -> tuple[Member, ...]:
        """Find the local twin of a remote address: same name, or same three numbers in it."""
        name = fold(path).rpartition("/")[2]
        if _distinct(name):
            found = _only([self._tree.members[i] for i in self._tree.positions(name)])
            if found:
                return found
        numbers = _NUMBERS.match(name)
        twins = self._by_numbers().get(numbers[0], []) if numbers else []
        return _only([self._tree.members[i] for i in twins])

    def _by_numbers(self) -> dict[str, list[int]]:
        if self._numbers is None:
            self._numbers = {}
            for position, member in enumerate(self._tree.members):
                numbers = _NUMBERS.match(member.path.rpartition("/")[2])
                if numbers:
                    self._numbers.setdefault(numbers[0], []).append(position)
        return self._numbers


def urlsplit_path(uri: str) -> str:
    """Give the path of an address, without its query, where signatures stand."""
    try:
        return urlsplit(uri).path
    except ValueError:
        return ""


def _shared(one: list[str], other: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _nearest(found: list[Member], listed_in: Member) -> tuple[Member, ...]:
    """Prefer files under the root of the document that lists them: two exports in one folder."""
    here = fold(listed_in.path).split("/")
    shared = [_shared(fold(m.path).split("/"), here) for m in found]
    most = max(shared)
    return tuple(m for m, count in zip(found, shared, strict=True) if count == most)


def _only(found: list[Member]) -> tuple[Member, ...]:
    """Take what lies at one path only, be it in several parts."""
    return tuple(found) if len({fold(m.path) for m in found}) == 1 else ()


def _distinct(name: str) -> bool:
    return len(name.rpartition(".")[0] or name) >= _DISTINCT
