"""A zip within an archive or a page, opened up: its files as members of the tree, read in passing.

One level and no deeper: iCloud's shared albums come as zips in a zip (2025), and people pack
archives that they got. All zips within one archive share what one archive may unpack to.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from selfcheck.model import Member, PartInfo, Reason, Skipped, Unreadable
from selfcheck.sources import holders, names, singlefiles, zip_salvage
from selfcheck.sources.holders import INSIDE, HtmlRoom, Met
from selfcheck.sources.reading import Limits, as_file, take
from selfcheck.sources.singlefiles import Form
from selfcheck.sources.zip_directory import NoDirectory, directory_in
from selfcheck.sources.zip_entry import LOCAL, Entry, data_of


@dataclass(slots=True, kw_only=True)
class Room:
    """How many bytes the zips within one archive may still say they hold."""

    left: int

    @classmethod
    def of(cls, part: PartInfo, limits: Limits) -> Room:
        """Give what one archive may hold itself; raise nothing for one that is gone."""
        try:
            size = Path(part.path).stat().st_size
        except OSError:
            size = 0
        return cls.beside(size, limits)

    @classmethod
    def beside(cls, size: int, limits: Limits) -> Room:
        """Give what an archive of a size may hold."""
        return cls(left=max(limits.total_from, limits.total_ratio * size))

    def take(self, size: int) -> None:
        """Take a file's size; raise Unreadable(HOSTILE) where there is no room for it."""
        if size > self.left:
            raise Unreadable(Reason.HOSTILE, "zips within an archive that unpack beyond measure")
        self.left -= size


def held(file: BinaryIO) -> Callable[[], BinaryIO]:
    """Give a way to open a zip that comes by on a tape: it is held, because it is read twice."""
    return lambda: io.BytesIO(file.read())


def open_up(
    zipped: Member, begin: Callable[[], BinaryIO], limits: Limits, room: Room, html: HtmlRoom
) -> Iterator[Met]:
    """Give the files of a zip in the order of their bytes; trouble comes as Skipped."""
    try:
        with begin() as file:
            for ordinal, entry in enumerate(_entries(file, zipped, limits)):
                limits.bear(ordinal)
                room.take(entry.size)
                yield from _met(zipped, file, entry, limits, html)
    except Unreadable as trouble:
        yield Skipped(item=zipped.shown, reason=trouble.reason, detail=trouble.detail)


def _no_zip(path: str) -> Unreadable:
    if names.is_page(path):
        return Unreadable(Reason.DAMAGED, "the zip in the page has no end: save the page again")
    return Unreadable(Reason.DAMAGED, "named like an archive, but its content is something else")


def _entries(file: BinaryIO, zipped: Member, limits: Limits) -> Iterator[Entry]:
    try:
        yield from directory_in(file, zipped.size, limits)
    except NoDirectory:
        file.seek(0)
        if take(file, len(LOCAL)) != LOCAL:
            raise _no_zip(zipped.path) from None
        yield from zip_salvage.walk(file, zipped.size, limits)


def _met(
    zipped: Member, file: BinaryIO, entry: Entry, limits: Limits, html: HtmlRoom
) -> Iterator[Met]:
    path = f"{zipped.path}/{names.matching(entry.name[: limits.name])}"
    shown = f"{zipped.shown}/{entry.name[: limits.name]}"
    if entry.name.endswith(("/", "\\")) and not entry.size:
        return  # a folder
    if len(entry.name) > limits.name:
        detail = f"a name of {len(entry.name)} characters"
        yield Skipped(item=path[:300], reason=Reason.HOSTILE, detail=detail)
    elif entry.special:
        yield Skipped(item=path, reason=Reason.LINK)
    elif names.is_archive(path):
        yield Skipped(item=path, reason=Reason.NESTED)
    else:
        member = Member(
            part=zipped.part,
            locator=f"{zipped.locator}{INSIDE}{entry.locator}",
            path=path,
            shown=shown,
            size=entry.size,
            stamp=entry.stamp,
        )
        content = as_file(_content(file, entry, limits))
        form = None
        if names.is_page(path):
            form, content = singlefiles.looked_at(content)
        if form is Form.ZIPPED:
            yield Skipped(item=path, reason=Reason.NESTED, detail="a page that is a zip itself")
        elif form is Form.PLAIN or names.is_holder(path):
            yield from holders.open_up(member, content, limits, html)
        else:
            yield member, content


def _content(file: BinaryIO, entry: Entry, limits: Limits) -> Iterator[bytes]:
    # Nothing is read, and nothing goes wrong, before somebody reads.
    if file.closed:
        raise Unreadable(Reason.VANISHED, "the archive has been read past it")
    yield from data_of(file, entry, limits)
