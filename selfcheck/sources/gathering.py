"""Which of the paths given together are parts of one export.

The rule: paths in the same folder whose names differ only in a part number or a copy mark
("takeout-20240102T030405Z-001.zip" and "-002 (1).zip", "Takeout" and "Takeout 2") belong
together, and so do single files in one folder. A date at a name's end is no part number.
Content is never looked at for this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from selfcheck.model import PartInfo, Unreadable
from selfcheck.sources import kinds, names
from selfcheck.sources.reading import Limits
from selfcheck.sources.tree import PartsTree

_ENDING = re.compile(r"\.(zip|tgz|tar\.gz|tar)$", re.IGNORECASE)
_COPY = re.compile(r"\s*\(\d{1,3}\)$")
_TAKEOUT = re.compile(r"takeout-\d{8}T\d{6}Z", re.IGNORECASE)
_DATE = re.compile(r"(19|20)\d\d[-_.]?[01]\d([-_.]?[0-3]\d)?$")
_NUMBER = re.compile(r"(?:[-_. ]+(?:part[-_. ]?)?|(?<=part))\d{1,3}$", re.IGNORECASE)
# What file managers leave in a folder that holds nothing but downloaded archives.
_LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini"})


def gather(paths: Sequence[Path], limits: Limits | None = None) -> tuple[PartsTree, ...]:
    """Make trees of the paths given in one command, in their order; parts by part number.

    A folder that holds nothing but archives stands for these archives. Raises SourceError
    for a path that cannot be opened at all.
    """
    groups: dict[tuple[str, str], dict[str, PartInfo]] = {}
    for part in _parts(paths):
        group = groups.setdefault(_belongs_to(part), {})
        group.setdefault(part.path, part)
    return tuple(_tree(name, group.values(), limits) for (_, name), group in groups.items())


def _belongs_to(part: PartInfo) -> tuple[str, str]:
    path = Path(part.path)
    if part.kind == kinds.FOLDER and path.is_file():
        return f"{path.parent}/*", path.parent.name  # pictures given one by one
    return str(path.parent), without_number(part.name)


def without_number(name: str) -> str:
    """Give a part's name without its ending, copy mark and part number."""
    if takeout := _TAKEOUT.match(name):
        return takeout[0]
    whole = _ENDING.sub("", name)
    stem = _COPY.sub("", whole) or whole
    if _DATE.search(stem):
        return stem
    return _COPY.sub("", _NUMBER.sub("", stem)) or stem


def _parts(paths: Iterable[Path]) -> Iterable[PartInfo]:
    for path in paths:
        if archives := _archives_of(path):
            yield from map(kinds.part_by_name, archives)
        else:
            yield kinds.part_of(path)


def _archives_of(folder: Path) -> Sequence[Path]:
    try:
        if not kinds.is_folder(folder):
            return ()
        inside = sorted(folder.iterdir(), key=lambda path: _natural(path.name))
    except (Unreadable, OSError) as trouble:
        raise kinds.unopened(folder, trouble) from trouble
    seen = [p for p in inside if p.name[0] != "." and p.name.lower() not in _LEFT_BEHIND]
    return seen if all(names.is_archive(p.name) and p.is_file() for p in seen) else ()


def _tree(name: str, parts: Iterable[PartInfo], limits: Limits | None) -> PartsTree:
    ordered = tuple(sorted(parts, key=lambda part: _natural(part.name)))
    return PartsTree(ordered, label=name if len(ordered) > 1 else ordered[0].name, limits=limits)


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort "part 10" behind "part 9"."""
    pieces = re.split(r"([0-9]+)", name)
    return [(int(p), "") if p.isdigit() else (-1, p) for p in pieces]
