"""Which parts one path stands for: itself, or the archives that lie in a folder and the rest.

Owns the walk through a given folder; what a folder's other files are is listed by `folders`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from selfcheck.model import PartInfo, Unreadable
from selfcheck.sources import kinds, names

# What file managers leave in a folder that holds nothing but downloaded archives.
_LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One part, and which files of a folder stand as parts of their own."""

    info: PartInfo
    elsewhere: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class _Walk:
    archives: list[str] = field(default_factory=list)
    others: bool = False  # files, or what could not be looked into


def parts(path: Path) -> Iterator[Found]:
    """Give the parts that a path stands for; raise SourceError where it cannot be opened.

    A folder that holds nothing but archives stands for these; of any other folder they are
    parts beside it.
    """
    try:
        walk = _walk(path) if kinds.is_folder(path) else _Walk(others=True)
    except (Unreadable, OSError) as trouble:
        raise kinds.unopened(path, trouble) from trouble
    if walk.others or not walk.archives:
        yield Found(info=kinds.part_of(path), elsewhere=frozenset(walk.archives))
    root = path.resolve()
    for inside in sorted(walk.archives, key=natural):
        yield Found(info=kinds.part_by_name(root / inside))


def _walk(folder: Path) -> _Walk:
    walk, waiting = _Walk(), [""]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(folder / inside) as entries:
                for entry in entries:
                    _sort(walk, waiting, entry, f"{inside}/{entry.name}" if inside else entry.name)
        except OSError:
            if not inside:
                raise
            walk.others = True  # it is told when the folder is listed
    return walk


def _sort(walk: _Walk, waiting: list[str], entry: os.DirEntry[str], inside: str) -> None:
    if entry.is_dir(follow_symlinks=False):
        waiting.append(inside)
    elif entry.is_file(follow_symlinks=False) and names.is_archive(entry.name):
        # What a file manager of Apple's keeps about an archive has the archive's name.
        if entry.name.startswith("._"):
            walk.others = True
        else:
            walk.archives.append(inside)
    elif entry.name[0] != "." and entry.name.lower() not in _LEFT_BEHIND:
        walk.others = True


def natural(name: str) -> list[tuple[int, str]]:
    """Give a key that sorts "part 10" behind "part 9"."""
    pieces = re.split(r"([0-9]{1,18})", name)  # every second one is a number
    return [(int(p), "") if n % 2 else (-1, p) for n, p in enumerate(pieces)]
