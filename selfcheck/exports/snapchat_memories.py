"""Snapchat's Memories: the rows of their list, and which file each of them means.

Owns how Memories are named. The list names no file (2026): rows and files are joined by the id
that links hold, by the time in the zip, or by the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.values import Fields, fields, iso, place, text
from selfcheck.model import (
    Address,
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    Moment,
    Picture,
    PictureKind,
    Place,
    Precision,
)

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
DAY = r"(?P<day>\d{4}-\d\d-\d\d)_"
_MAIN = re.compile(rf"(^|/)memories/(?:{DAY})?(?P<id>{UUID})-main\.(?P<kind>\w{{2,5}})$")
# One of them is the UUID in the file's name; which one varies.
_ID = re.compile(rf"\b(?:sid|mid)=({UUID})(?![^&#])", re.IGNORECASE)
_SPOT = re.compile(r"(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)")
_FILMS = frozenset({"mp4", "mov", "m4v", "video"})
_LINKS = ("Media Download Url", "Download Link")
_LIST = "json/memories_history.json"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Row:
    """What one row of the list tells."""

    time: Moment
    film: bool
    listed_in: str
    place: Place | None = None
    link: str | None = None
    ids: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        return self.time.when.strftime("%Y-%m-%d")

    @property
    def slot(self) -> int:
        """The time as a zip keeps it: seconds since 1970, even ones only."""
        return int(self.time.when.timestamp()) // 2 * 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Memory:
    """One Memory among the files; several of them where exports overlap."""

    id: str
    day: str | None
    film: bool
    members: list[Member] = field(default_factory=list)


def read(tree: Documents, *, platform: str) -> Iterator[Listed]:
    """Yield the Memories that rows mean, and the rows that mean none of the files."""
    rows, memories = _rows(tree), _memories(tree)
    joined = _by_id(rows, memories)
    taken = frozenset(joined.values())
    joined |= _by_time(
        [row for row in rows if row not in joined],
        [memory for memory in memories if memory not in taken],
    )
    for row, memory in joined.items():
        yield from _pictures(memory, platform, row.time, row.place, row.listed_in)
    yield from _by_day(rows, memories, joined, platform)


def of_name(path: str, platform: str) -> Context | None:
    """Give what the name of a Memory tells; None for another file's."""
    found = _MAIN.search(fold(path))
    return _context(platform, day_of(found["day"], utc=True)) if found else None


def day_of(written: str | None, *, utc: bool) -> Moment | None:
    """Read the day in a file's name."""
    try:
        when = datetime.strptime(written or "", "%Y-%m-%d").replace(tzinfo=UTC if utc else None)
    except ValueError:
        return None
    return Moment(when=when, precision=Precision.DAY)


def _rows(tree: Documents) -> list[_Row]:
    """Read the list, in order of time."""
    found: list[_Row] = []
    for member in tree.find(_LIST):
        for item in tree.items(member, "Saved Media"):
            told = fields(item)
            if time := iso(told.get("Date")):
                found.append(_row(told, time, member.path))
    return sorted(found, key=lambda row: row.time.when)


def _row(told: Fields, time: Moment, listed_in: str) -> _Row:
    spot = _SPOT.search(text(told.get("Location")) or "")
    links = [link for key in _LINKS if (link := text(told.get(key)))]
    return _Row(
        time=time,
        film=(text(told.get("Media Type")) or "").casefold() in _FILMS,
        listed_in=listed_in,
        place=place(spot[1], spot[2]) if spot else None,
        link=next((found for link in links if (found := cleaned(link))), None),
        ids=tuple(found.lower() for link in links for found in _ID.findall(link)),
    )


def _memories(tree: Documents) -> list[_Memory]:
    """Find the files, in the order of their names and not of the parts."""
    found: dict[str, _Memory] = {}
    for position, path in enumerate(tree.folded()):
        if named := _MAIN.search(path):
            memory = _Memory(id=named["id"], day=named["day"], film=named["kind"] in _FILMS)
            found.setdefault(named["id"], memory).members.append(tree.members[position])
    return sorted(found.values(), key=lambda one: (one.day or "", one.id))


def _by_id(rows: list[_Row], memories: list[_Memory]) -> dict[_Row, _Memory]:
    """Join by the id in a row's link; several rows may mean one file."""
    named = {memory.id: memory for memory in memories}
    return {row: named[one] for row in rows for one in row.ids if one in named}


def _by_time(rows: list[_Row], memories: list[_Memory]) -> dict[_Row, _Memory]:
    """Join by the time in the zip, which is that of the picture in even seconds of UTC (2026).

    Of a folder it is in nanoseconds and meets none. Pictures of one slot are taken in order.
    """
    waiting: dict[tuple[bool, int], list[_Memory]] = {}
    for memory in memories:
        waiting.setdefault((memory.film, memory.members[0].stamp), []).append(memory)
    joined: dict[_Row, _Memory] = {}
    for row in rows:
        if slot := waiting.get((row.film, row.slot)):
            joined[row] = slot.pop(0)
    # A few that fit are chance: then the archive was packed again, with other times.
    return joined if 2 * len(joined) >= min(len(rows), len(memories)) else {}


def _by_day(
    rows: list[_Row], memories: list[_Memory], joined: dict[_Row, _Memory], platform: str
) -> Iterator[Listed]:
    """Join the rest by day and kind, as far as all rows of that day and kind say alike.

    Files of 2022 have no day in their names: then nobody can tell which row has none.
    """
    taken = frozenset(joined.values())
    left: dict[tuple[str | None, bool], list[_Memory]] = {}
    for memory in memories:
        if memory not in taken:
            left.setdefault((memory.day, memory.film), []).append(memory)
    undated = any(key[0] is None for key in left)
    alike: dict[tuple[str, bool], list[_Row]] = {}
    for row in rows:
        alike.setdefault((row.day, row.film), []).append(row)
    for key, group in alike.items():
        found = left.get(key, [])
        open_rows = [row for row in group if row not in joined]
        if len(found) <= len(open_rows):
            for memory in found:
                yield from _pictures(memory, platform, *_said_alike(group), group[0].listed_in)
        if not undated:
            yield from (_absent(row, platform) for row in open_rows[len(found) :])


def _said_alike(rows: list[_Row]) -> tuple[Moment | None, Place | None]:
    first, *others = rows
    time = first.time if all(row.time == first.time for row in others) else None
    where = first.place if all(row.place == first.place for row in others) else None
    return time or day_of(first.day, utc=True), where


def _absent(row: _Row, platform: str) -> Listed:
    if row.link:
        context = _context(platform, row.time, row.place, row.listed_in)
        return Address(address=row.link, context=context)
    kind = "video" if row.film else "image"
    return Missing(path=f"memories/{row.day} ({kind})", listed_in=row.listed_in)


def _pictures(
    memory: _Memory, platform: str, time: Moment | None, where: Place | None, listed_in: str
) -> Iterator[Picture]:
    context = _context(platform, time, where, listed_in)
    yield from (Picture(member=member, context=context) for member in memory.members)


def _context(
    platform: str, time: Moment | None, where: Place | None = None, listed_in: str | None = None
) -> Context:
    return Context(
        platform=platform,
        kind=PictureKind.LIBRARY,
        time=time,
        author=Author.OWNER,
        audience=Audience.PRIVATE,
        place=where,
        listed_in=listed_in,
    )
