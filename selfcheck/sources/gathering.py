"""Which of the paths given together are parts of one export.

The rule: paths in the same folder whose names differ only in a part number or a copy mark
("takeout-20240102T030405Z-001.zip" and "-002 (1).zip", "Takeout" and "Takeout 2") belong
together, and so do single files in one folder. Archives that somebody renamed are joined where
their lists of members leave no doubt (`bonds`). Two exports of two accounts stay two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfcheck.model import PartInfo
from selfcheck.sources import bonds, finding, kinds, part_names
from selfcheck.sources.bonds import Content
from selfcheck.sources.part_names import PartName
from selfcheck.sources.reading import Limits
from selfcheck.sources.tree import PartsTree


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One part, what its name tells, and what it holds where that had to be looked at."""

    info: PartInfo
    place: str  # the folder it lies in
    name: PartName
    content: Content | None = None
    elsewhere: frozenset[str] = frozenset()

    @property
    def zipped(self) -> bool:
        return self.info.kind == kinds.ZIP

    @property
    def cut(self) -> bool:
        """Whether it is a download that broke off; only for a part that was looked into."""
        return self.zipped and self.content is None


@dataclass(slots=True, kw_only=True)
class _Group:
    """Parts of one export, as far as is known."""

    label: str
    parts: list[_Part] = field(default_factory=list)

    @property
    def told(self) -> bool:
        return any(part.name.told for part in self.parts)

    @property
    def numbers(self) -> set[int]:
        """The numbers of parts that no other export has; empty for all others."""
        names = [part.name for part in self.parts]
        numbers = [1 if name.first_bare and name.number is None else name.number for name in names]
        known = {number for number in numbers if number is not None}
        return known if all(name.unique for name in names) and None not in numbers else set()

    @property
    def family(self) -> tuple[str, str] | None:
        first = self.parts[0]
        return (first.place, first.name.family) if first.name.family else None

    @property
    def contents(self) -> list[Content]:
        return [part.content for part in self.parts if part.content is not None]

    def overlaps(self, other: _Group) -> bool:
        return any(mine.overlaps(theirs) for mine in self.contents for theirs in other.contents)

    def bound_to(self, other: _Group) -> bool:
        pairs = ((mine, theirs) for mine in self.contents for theirs in other.contents)
        return any(mine.bound_to(theirs) for mine, theirs in pairs) and not self.overlaps(other)

    def take_in(self, other: _Group) -> None:
        if other.told and not self.told:
            self.label = other.label
        self.parts += other.parts


def gather(paths: Sequence[Path], limits: Limits | None = None) -> tuple[PartsTree, ...]:
    """Make trees of the paths given in one command, in their order; parts by part number.

    Archives in a folder are parts of their own, at any depth. Raises SourceError for a path
    that cannot be opened at all.
    """
    given: dict[str, _Part] = {}
    for path in paths:
        for found in finding.parts(path):
            given.setdefault(found.info.path, _part(found))
    parts = _looked_into(given.values(), limits or Limits())
    named = _across_folders(_by_name(parts))
    groups = [group for alike in named for group in _unmixed(alike)]
    return tuple(_tree(group, limits) for group in _bound(_families(groups)))


def _part(found: finding.Found) -> _Part:
    path, name = Path(found.info.path), part_names.parse(found.info.name)
    place = str(path.parent)
    if found.info.kind == kinds.FOLDER and path.is_file():  # pictures given one by one
        place, name = f"{place}/*", PartName(export=path.parent.name, unique=True)
    return _Part(info=found.info, place=place, name=name, elsewhere=found.elsewhere)


def _looked_into(parts: Iterable[_Part], limits: Limits) -> Iterator[_Part]:
    """Look into the archives whose names do not say enough, and what they may be parts of."""
    held, lists = tuple(parts), bonds.Lists(limits)
    renamed = {
        part.info.path: content
        for part in held
        if not part.name.told and (content := lists.content(part.info))
    }
    telling = any(content.telling for content in renamed.values())
    for part in held:
        doubtful = telling or not part.name.unique or part.name.family is not None
        content = renamed.get(part.info.path)
        if part.name.told and doubtful:
            content = lists.content(part.info)
        # iCloud and people who pack a folder again leave the name inside.
        inside = part_names.parse(content.root) if content and content.root else None
        known = inside if inside and inside.told and not part.name.told else part.name
        yield replace(part, name=known, content=content)


def _by_name(parts: Iterable[_Part]) -> list[_Group]:
    groups: dict[tuple[str, str], _Group] = {}
    for part in parts:
        key = (part.place, part.name.export)
        groups.setdefault(key, _Group(label=part.name.export)).parts.append(part)
    return list(groups.values())


def _across_folders(groups: Iterable[_Group]) -> list[_Group]:
    """Join what lies in several folders, where a name of its own says that it is one export.

    A part that lies in both folders makes them two copies, which stay two.
    """
    joined: list[_Group] = []
    of_label: dict[str, list[_Group]] = {}
    for group in groups:
        kin = of_label.setdefault(group.label, [])
        if group.numbers and len(kin) == 1 and not kin[0].numbers & group.numbers:
            kin[0].take_in(group)
        else:
            joined.append(group)
            kin += [group] if group.numbers else []
    return joined


def _unmixed(group: _Group) -> list[_Group]:
    """Take apart what one folder holds of two exports whose parts are called alike.

    Their parts have equal numbers, and the browser's mark behind the name tells them apart.
    A download that broke off and its second try are of one export all the same.
    """
    if all(part.name.unique for part in group.parts):
        return [group]
    once = {part.info.fingerprint: part for part in reversed(group.parts)}
    group.parts = [part for part in group.parts if once[part.info.fingerprint] is part]
    numbers = [part.name.number for part in group.parts if not part.cut]
    if len(set(numbers)) == len(numbers):
        return [group]
    apart: dict[int, _Group] = {}
    for part in group.parts:
        apart.setdefault(part.name.copy, _Group(label=group.label)).parts.append(part)
    return list(apart.values())


def _families(groups: Iterable[_Group]) -> list[_Group]:
    """Join what Meta named by account and day, unless a picture lies in both: then it is two."""
    joined: list[_Group] = []
    of_family: dict[tuple[str, str], list[_Group]] = {}
    for group in groups:
        family = group.family
        kin = of_family.setdefault(family, []) if family else []
        able = [one for one in kin if group.contents and one.contents and not group.overlaps(one)]
        if family and len(able) == len(kin) == 1:
            able[0].label = family[1]
            able[0].take_in(group)
        else:
            joined.append(group)
            kin.append(group)
    return joined


def _bound(groups: Sequence[_Group]) -> list[_Group]:
    """Join renamed archives with what they are parts of, where their members leave no doubt."""
    joined: list[_Group] = []
    telling: list[_Group] = []
    for group in groups:
        told = any(content.telling for content in group.contents)
        partners = [one for one in telling if told and one.bound_to(group)]
        if partners and _one_export([group, *partners], groups):
            first, *others = partners
            for other in (*others, group):
                first.take_in(other)
            gone = set(map(id, others))
            joined = [one for one in joined if id(one) not in gone]
            telling = [one for one in telling if id(one) not in gone]
        else:
            joined.append(group)
            telling += [group] if told else []
    return joined


def _one_export(together: Sequence[_Group], groups: Iterable[_Group]) -> bool:
    """Say whether at most one platform's name is among them, and nothing that is there twice."""
    if sum(group.told for group in together) > 1:
        return False
    if any(one.overlaps(two) for n, one in enumerate(together) for two in together[:n]):
        return False
    # A renamed archive that would fit two exports belongs to neither for certain.
    named = [group for group in groups if group.told]
    return not any(
        sum(group.bound_to(one) for one in named) > 1 for group in together if not group.told
    )


def _tree(group: _Group, limits: Limits | None) -> PartsTree:
    ordered = sorted(group.parts, key=lambda part: finding.natural(part.info.name))
    infos = tuple(part.info for part in ordered)
    return PartsTree(
        infos,
        label=group.label if len(infos) > 1 else infos[0].name,
        limits=limits,
        elsewhere={part.info.path: part.elsewhere for part in ordered if part.elsewhere},
        absent_parts=_absent(group),
    )


def _absent(group: _Group) -> tuple[str, ...]:
    told = [part.name for part in group.parts if part.name.told]
    gaps = part_names.absent(told or [part.name for part in group.parts])
    # One that was renamed may be the very part that seems to be absent.
    return () if told and len(gaps) <= len(group.parts) - len(told) else gaps
