"""A zip as a part of a tree: its members, and each opened by its own place in the archive."""

from __future__ import annotations

import io
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from selfcheck.model import Member, PartInfo, Reason, Skipped, Unreadable
from selfcheck.sources import names, zip_salvage
from selfcheck.sources.reading import Limits, as_file, open_file, take
from selfcheck.sources.seeking import unpacked, window
from selfcheck.sources.zip_directory import NoDirectory, directory
from selfcheck.sources.zip_entry import LOCAL, SMALL, STORED, Entry, data_of, small, start_of

_MOST_OPEN = 100  # of the 256 files that macOS allows


def members(info: PartInfo, part: int, limits: Limits) -> Iterator[Member | Skipped]:
    """List a zip's files in the order of their bytes; a cut zip ends with one Skipped.

    A zip within it is listed as a file: it is opened where its bytes are read (`nested`).
    """
    try:
        for ordinal, entry in enumerate(_entries(Path(info.path), limits)):
            limits.bear(ordinal)  # without a directory nothing else counts them
            yield from _listed(info, part, entry, limits)
    except Unreadable as trouble:
        yield Skipped(item=info.name, reason=trouble.reason, detail=trouble.detail)


def open_member(info: PartInfo, member: Member, limits: Limits) -> BinaryIO:
    """Open a member by its locator alone; raise Unreadable, here or while it is read."""
    file = open_file(Path(info.path))
    try:
        entry = Entry.located(member.locator, member.size)
        return as_file(data_of(file, entry, limits), file)
    except Unreadable:
        file.close()
        raise


class Archives:
    """The zips of a tree, kept open: a lifetime's sidecars lie in any of fifty parts."""

    def __init__(self) -> None:
        self._open: dict[str, BinaryIO] = {}
        weakref.finalize(self, _close, self._open)

    def small(self, info: PartInfo, member: Member, limits: Limits) -> BinaryIO | None:
        """Open a small document; None for what `open_member` is to open."""
        if member.size > min(SMALL, limits.member):
            return None
        data = small(self._archive(info.path), Entry.located(member.locator, member.size))
        return None if data is None else io.BytesIO(data)

    def _archive(self, path: str) -> BinaryIO:
        if path not in self._open:
            if len(self._open) >= _MOST_OPEN:
                self._open.pop(next(iter(self._open))).close()
            self._open[path] = open_file(Path(path))
        return self._open[path]


def _close(files: dict[str, BinaryIO]) -> None:
    for file in files.values():
        file.close()


def open_seekable(info: PartInfo, member: Member, limits: Limits) -> BinaryIO:
    """Open a member for reading back and forth, its checksum unchecked; raise Unreadable.

    Packed bytes are unpacked again where that goes back far, and at most a dozen times.
    """
    entry = Entry.located(member.locator, member.size)
    if entry.method != STORED:
        return unpacked(lambda: open_member(info, member, limits), entry.size)
    file = open_file(Path(info.path))
    try:
        return window(file, start_of(file, entry, limits), min(entry.size, entry.packed))
    except Unreadable:
        file.close()
        raise


def _entries(path: Path, limits: Limits) -> Iterator[Entry]:
    try:
        yield from directory(path, limits)
    except NoDirectory:
        with open_file(path) as file:
            start = take(file, len(LOCAL))
            if start != LOCAL:
                raise _no_zip(path, start) from None
            yield from zip_salvage.walk(file, path.stat().st_size, limits)


def _no_zip(path: Path, start: bytes) -> Unreadable:
    if not start:
        return Unreadable(Reason.TRUNCATED, "it is empty: download it again")
    if path.suffix.lower() != ".zip":
        return Unreadable(Reason.UNSUPPORTED, "unpack it and scan the folder")
    return Unreadable(Reason.DAMAGED, "named like an archive, but its content is something else")


def _listed(info: PartInfo, part: int, entry: Entry, limits: Limits) -> Iterator[Member | Skipped]:
    if len(entry.name) > limits.name:
        item = f"{info.name}/{names.matching(entry.name[:80])}…"
        detail = f"a name of {len(entry.name)} characters"
        yield Skipped(item=item, reason=Reason.HOSTILE, detail=detail)
        return
    path = names.matching(entry.name)
    if entry.name.endswith(("/", "\\")) and not entry.size:
        return  # a folder
    if entry.special:
        yield Skipped(item=f"{info.name}/{path}", reason=Reason.LINK)
    elif names.is_archive(path) and not names.is_zip(path):
        yield Skipped(item=f"{info.name}/{path}", reason=Reason.NESTED)
    else:
        yield Member(
            part=part,
            locator=entry.locator,
            path=path,
            shown=entry.name,
            size=entry.size,
            stamp=entry.stamp,
        )
