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
from selfcheck.sources import folders, holders, kinds, names, nested, singlefiles, tars, zips
from selfcheck.sources.holders import Met
from selfcheck.sources.reading import Limits
from selfcheck.sources.singlefiles import Form

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
        self._html = holders.HtmlRoom()
        self._wide = replace(self._limits, member=self._limits.holder)
        self._archives = zips.Archives()
        self._rooms: dict[int, nested.Room] = {}
        self._pages: dict[tuple[int, str], Form] = {}  # those that hold their pictures
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
            if isinstance(found, Member) and self._opened_up(found, look=True):
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
                if isinstance(found, Skipped):
                    yield found
                elif names.is_page(found[0].path):
                    yield from self._page(*found)
                elif names.is_zip(found[0].path):
                    yield from self._nested(found[0], nested.held(found[1]))
                elif names.is_holder(found[0].path):
                    yield from holders.open_up(*found, self._limits, self._html)
                else:
                    yield found

    def _page(self, member: Member, file: BinaryIO) -> Iterator[Met]:
        form, file = singlefiles.looked_at(file)
        if form is None:
            yield member, file
        elif form is Form.PLAIN:
            yield from holders.open_up(member, file, self._limits, self._html)
        elif member.size <= self._limits.nested:
            yield from self._nested(member, nested.held(file))
        else:
            detail = "a page that is a zip itself: unpack the archive and scan the folder"
            yield Skipped(item=member.shown, reason=Reason.NESTED, detail=detail)

    def _in_holders(self) -> Iterator[Met]:
        for found in self._listed():
            if isinstance(found, Skipped) or not self._opened_up(found, look=False):
                continue
            if names.is_zip(found.path) or self._pages.get(_key(found)) is Form.ZIPPED:
                yield from self._nested(found, partial(self.open_seekable, found))
                continue
            try:
                file = self._opened(found, self._wide)
            except Unreadable as trouble:
                yield Skipped(item=found.shown, reason=trouble.reason, detail=trouble.detail)
            else:
                yield from holders.open_up(found, file, self._limits, self._html)

    def _nested(self, zipped: Member, begin: Callable[[], BinaryIO]) -> Iterator[Met]:
        part = self._parts[zipped.part]
        if part.kind == kinds.FOLDER:  # its files are no parts of each other
            room = nested.Room.beside(zipped.size, self._limits)
        else:
            room = self._rooms.setdefault(zipped.part, nested.Room.of(part, self._limits))
        yield from nested.open_up(zipped, begin, self._limits, room, self._html)

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
                kept = self._archives.small(part, member, limits)
                return kept or zips.open_member(part, member, limits)
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

    def _opened_up(self, found: Member, *, look: bool) -> bool:
        """Say whether what a member holds are members in its place; of a page, look at it once."""
        if look and names.is_page(found.path):
            try:
                with self._opened(found, self._wide) as file:
                    form = singlefiles.form_of(file)
            except Unreadable:
                return False  # it is told when the page is read
            if form is not None:
                self._pages[_key(found)] = form
        return names.is_holder(found.path) or names.is_zip(found.path) or _key(found) in self._pages

    def _apart(self, part: PartInfo) -> frozenset[str]:
        return self._elsewhere.get(part.path, frozenset())

    def _keeping(self, member: Member, file: BinaryIO) -> tuple[Member, BinaryIO]:
        allowed, key = min(self._limits.document, self._room), _key(member)
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
        kept = self._kept.get(_key(member))
        if isinstance(kept, bytes):
            return io.BytesIO(kept)
        if isinstance(kept, Unreadable):
            raise kept
        raise Unreadable(Reason.TOO_LARGE, "it was not kept when its archive was read")


def _key(member: Member) -> tuple[int, str]:
    return member.part, member.locator


def reopen(parts: Sequence[PartInfo], limits: Limits | None = None) -> PartsTree:
    """Make the tree again of its parts, in a worker: nothing is opened or listed."""
    return PartsTree(parts, label=", ".join(part.name for part in parts), limits=limits)
