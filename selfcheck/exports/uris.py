"""Which member a path or address in a document means, wherever its parts were unpacked.

Meta's JSON calls it a `uri`, whose first folders are often not those of the file.

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
        name = wanted[-1]
        # With its last folder, if a file lies in one of that name: `1.jpg` lies in every folder.
        alike = self._tree.likely(wanted[-2], name) if len(wanted) > 1 else None
        found = self._tree.positions(name) if alike is None else alike
        members = [self._tree.members[i] for i in found]
        shared = [_shared(fold(m.path).split("/")[::-1], wanted[::-1]) for m in members]
        best = max(shared, default=0)
        fitting = [m for m, count in zip(members, shared, strict=True) if count == best]
        if best == len(wanted) or (best == len(wanted) - 1 and best > 1):
            return _nearest(fitting, listed_in)
        if not _distinct(name):
            return ()
        return _only(fitting) if best > 1 else self._alone(name)

    def named(self, name: str, listed_in: Member) -> tuple[Member, ...]:
        """Give the files of a bare name below its document's folder.

        Elsewhere only the one file of a name that is one picture's: `1.jpg` is anybody's.
        """
        found = [self._tree.members[i] for i in self._tree.positions(name)]
        folder, slash, _ = fold(listed_in.path).rpartition("/")
        below = tuple(m for m in found if fold(m.path).startswith(folder + slash))
        return below or (self._alone(name) if _distinct(fold(name)) else ())

    def _remote(self, path: str) -> tuple[Member, ...]:
        """Find the local twin of a remote address: same name, or same three numbers in it."""
        name = fold(path).rpartition("/")[2]
        found = self._alone(name) if _distinct(name) else ()
        if found:
            return found
        numbers = _NUMBERS.match(name)
        twins = self._by_numbers().get(numbers[0], []) if numbers else []
        return _only([self._tree.members[i] for i in twins])

    def _alone(self, name: str) -> tuple[Member, ...]:
        """Give the files of a name if they lie at one path; no look beyond a second path."""
        found: list[Member] = []
        for position in self._tree.positions(name):
            found.append(self._tree.members[position])
            if fold(found[-1].path) != fold(found[0].path):
                return ()
        return tuple(found)

    def _by_numbers(self) -> dict[str, list[int]]:
        if self._numbers is None:
            self._numbers = {}
            for position, path in enumerate(self._tree.members.paths()):
                numbers = _NUMBERS.match(path.rpartition("/")[2])
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
