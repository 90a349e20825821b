"""Exports of several platforms that lie unpacked side by side in one folder.

Owns which of its folders belong to which export; each export then sees its own folders alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile

from selfcheck.exports.contract import Export
from selfcheck.exports.documents import Documents
from selfcheck.exports.roster import Roster
from selfcheck.model import Context, Listed, Rule

_MOST = 200  # folders that are looked at one by one; whoever has more has pictures in them
_ENOUGH = 2  # platforms


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """What lies side by side: for each export its documents, and the folders that they are of."""

    name = "several"
    how = "Unpack the exports into folders of one folder, and name that."
    reads = "What each of the exports reads, of its own folders."

    depth: int  # how many folders lie around them all
    shares: tuple[tuple[Export, Documents], ...]
    of_folder: Mapping[str, Export]

    @property
    def title(self) -> str:
        """The names of the platforms, in the order of `EXPORTS`."""
        *first, last = dict.fromkeys(export.title for export, _ in self.shares)
        return f"{', '.join(first)} and {last}"

    def claims(self, tree: Documents) -> bool:  # noqa: ARG002 - made for one tree
        """Claim the tree that it was made of."""
        return True

    def read(self, tree: Documents) -> Iterator[Listed]:  # noqa: ARG002 - it holds its shares
        """Yield what each export lists of its own folders."""
        return chain.from_iterable(export.read(share) for export, share in self.shares)

    def unlisted(self, path: str) -> Context:
        """Give what the export of the path's folder gives."""
        return self.of_folder[_folder(path, self.depth)].unlisted(path)

    def ignores(self, path: str) -> Rule | None:
        """Ignore what the export of the path's folder does."""
        return self.of_folder[_folder(path, self.depth)].ignores(path)


def side_by_side(tree: Documents, exports: Sequence[Export]) -> Several | None:
    """Share a tree out among exports, the last of which takes what is nobody's.

    None for a tree in which no folders of two exports lie beside each other.
    """
    depth = _depth(tree)
    folders: dict[str, Roster] = {}
    for member in tree.members:
        folders.setdefault(_folder(member.path, depth), Roster()).append(member)
    if len(folders) > _MOST:
        return None
    claimed = {
        folder: next(export for export in exports if export.claims(tree.only(members)))
        for folder, members in folders.items()
    }
    claimed[""] = exports[-1]  # the files beside the folders
    if len({export.name for export in claimed.values()} - {exports[-1].name}) < _ENOUGH:
        return None
    shares = ((export, [f for f in folders if claimed[f] is export]) for export in exports)
    return Several(
        depth=depth,
        of_folder=claimed,
        shares=tuple(
            (export, tree.only(chain.from_iterable(folders[folder] for folder in own)))
            for export, own in shares
            if own
        ),
    )


def _depth(tree: Documents) -> int:
    """Count the folders that lie around everything."""
    # What the first and the last in order share, all do.
    first, last = (
        end((path.split("/")[:-1] for path in tree.members.paths()), default=[])
        for end in (min, max)
    )
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    )


def _folder(path: str, depth: int) -> str:
    """Give the folder of a path below so many; empty for a file that lies in none there."""
    steps = path.split("/", depth + 1)
    return steps[depth] if len(steps) > depth + 1 else ""
