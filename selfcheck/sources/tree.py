"""Several parts as one read-only tree, in this process or opened again in a worker.

Owns the choice of the right reader and the documents kept from what is read once.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import BinaryIO

from selfcheck.model import Member, PartInfo, Reason, Skipped, Unreadable
from selfcheck.sources import folders, holders, kinds, names, nested, tars, zips
from selfcheck.sources.holders import Met
from selfcheck.sources.reading import Limits

# What an export writes its own data in; everything else of a stream is used in passing.
_DOCUMENT = re.compile(r"\.(jsonl?|html?|csv|txt|js|car|xmp|atom)$", re.IGNORECASE)


class PartsTree:
    """The parts of one export as one tree (`model.Tree`). Nothing is read until asked."""

    def __init__(
        self,
        parts: Sequence[PartInfo],
        *,
        label: str,
        limits: Limits | None = None,
        elsewhere: Mapping[str, frozenset[str]] | None = None,
        absent_parts: tuple[str, ...] = (),
    ) -> None:
        self._parts = tuple(parts)
        self._elsewhere = elsewhere or {}
        self._absent = absent_parts
        self._label = label
        self._limits = limits or Limits()
        self._kept: dict[tuple[int, str], bytes | Unreadable] = {}
        self._room = self._limits.documents
        self._wide = replace(self._limits, member=self._limits.holder)
        self._rooms: dict[int, nested.Room] = {}
        self._holders = False  # whether mail or saved pages were met in the listing

    @property
    def label(self) -> str:
        """The name a person would use for it."""
        return self._label

    @property
    def parts(self) -> tuple[PartInfo, ...]:
        """The parts, in the order in which their members are listed."""
        return self._parts

    @property
    def absent_parts(self) -> tuple[str, ...]:
        """The names of parts that were not given, as far as the names of the others tell."""
        return self._absent

    @property
    def streamed(self) -> bool:
        """Whether any part, or mail in one, can only be read once; of mail the listing tells."""
        return self._holders or any(part.kind == kinds.TAR for part in self._parts)

    def members(self) -> Iterator[Member | Skipped]:
        """List folders and zips, part by part, in a stable order; the rest comes by `stream`.

        The rest are tars, and what lies in mail, saved pages, web archives and zips within zips.
        """
        for found in self._listed():
            if isinstance(found, Member) and _opened_up(found.path):
                self._holders = True
            else:
                yield found

    def _listed(self) -> Iterator[Member | Skipped]:
        for number, part in enumerate(self._parts):
            match part.kind:
                case kinds.FOLDER:
                    yield from folders.members(part, number, elsewhere=self._apart(part))
                case kinds.ZIP:
                    yield from zips.members(part, number, self._limits)

    def stream(self) -> Iterator[tuple[Member, BinaryIO] | Skipped]:
        """Read tars, mail and pages once, front to back; small documents are kept for `open`.

        A member's file is good until the next member is asked for. `members` comes first.
        """
        for found in chain(self._tars(), self._in_holders() if self._holders else ()):
            yield found if isinstance(found, Skipped) else self._keeping(*found)

    def _tars(self) -> Iterator[Met]:
        for number, part in enumerate(self._parts):
            if part.kind != kinds.TAR:
                continue
            for found in tars.stream(part, number, self._limits):
                if isinstance(found, Skipped) or not _opened_up(found[0].path):
                    yield found
                elif names.is_zip(found[0].path):
                    yield from self._nested(found[0], nested.held(found[1]))
                else:
                    yield from holders.open_up(*found, self._limits)

    def _in_holders(self) -> Iterator[Met]:
        for found in self._listed():
            if isinstance(found, Skipped) or not _opened_up(found.path):
                continue
            if names.is_zip(found.path):
                yield from self._nested(found, partial(self.open_seekable, found))
                continue
            try:
                file = self._opened(found, self._wide)
            except Unreadable as trouble:
                yield Skipped(item=found.shown, reason=trouble.reason, detail=trouble.detail)
            else:
                yield from holders.open_up(found, file, self._limits)

    def _nested(self, zipped: Member, begin: Callable[[], BinaryIO]) -> Iterator[Met]:
        part = self._parts[zipped.part]
        room = self._rooms.setdefault(zipped.part, nested.Room.of(part, self._limits))
        yield from nested.open_up(zipped, begin, self._limits, room)

    def open(self, member: Member) -> BinaryIO:
        """Open a listed member, or a document kept from the stream; raise Unreadable.

        The file is not seekable. Reading it raises Unreadable too: what is wrong with a
        member often shows at its end.
        """
        return self._opened(member, self._limits)

    def _opened(self, member: Member, limits: Limits) -> BinaryIO:
        part = self._parts[member.part]
        match part.kind:
            case kinds.FOLDER if holders.INSIDE not in member.locator:
                return folders.open_member(part, member, limits)
            case kinds.ZIP if holders.INSIDE not in member.locator:
                return zips.open_member(part, member, limits)
            case _:
                return self._document(member)

    def open_seekable(self, member: Member) -> BinaryIO:
        """Open a listed member of a folder or zip for reading back and forth; raise Unreadable.

        Its checksum is not checked: read it once through `open` for that.
        """
        part = self._parts[member.part]
        match part.kind:
            case kinds.FOLDER if holders.INSIDE not in member.locator:
                return folders.open_seekable(part, member, self._limits)
            case kinds.ZIP if holders.INSIDE not in member.locator:
                return zips.open_seekable(part, member, self._limits)
            case _:
                return self._document(member)

    def _apart(self, part: PartInfo) -> frozenset[str]:
        return self._elsewhere.get(part.path, frozenset())

    def _keeping(self, member: Member, file: BinaryIO) -> tuple[Member, BinaryIO]:
        allowed, key = min(self._limits.document, self._room), (member.part, member.locator)
        if key in self._kept or member.size > allowed or not _DOCUMENT.search(member.path):
            return member, file
        try:
            self._kept[key] = file.read()
            self._room -= member.size
        except Unreadable as trouble:
            self._kept[key] = trouble
            return member, file  # it will say so again to whoever reads it
        return member, self._document(member)

    def _document(self, member: Member) -> BinaryIO:
        kept = self._kept.get((member.part, member.locator))
        if isinstance(kept, bytes):
            return io.BytesIO(kept)
        if isinstance(kept, Unreadable):
            raise kept
        raise Unreadable(Reason.TOO_LARGE, "it was not kept when its archive was read")


def _opened_up(path: str) -> bool:
    """Say whether what a member holds are members in its place."""
    return names.is_holder(path) or names.is_zip(path)


def reopen(parts: Sequence[PartInfo], limits: Limits | None = None) -> PartsTree:
    """Make the tree again of its parts, in a worker: nothing is opened or listed."""
    return PartsTree(parts, label=", ".join(part.name for part in parts), limits=limits)
