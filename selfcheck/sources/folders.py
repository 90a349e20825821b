"""A folder, or one file, as a part of a tree. Links are never followed, nothing is opened twice."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from selfcheck.model import Member, PartInfo, Reason, Skipped, Unreadable
from selfcheck.sources import names
from selfcheck.sources.reading import Limits, as_file, blocks, told
from selfcheck.sources.seeking import window

_GIVE_IT = "give the archive itself to scan it"
_UNFINISHED = "a download that is not finished: wait for its end and scan again"


def members(
    info: PartInfo, part: int, *, elsewhere: frozenset[str] = frozenset()
) -> Iterator[Member | Skipped]:
    """List the files below a folder by name, depth first; what cannot be listed is Skipped.

    Left out is what stands `elsewhere`, as a part of its own.
    """
    root = Path(info.path)
    if root.is_file():
        yield from _listed(info, part, root, "")
        return
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        if inside in elsewhere:
            continue
        path = root / inside
        if inside and not _is_folder(path):
            yield from _listed(info, part, path, inside)
            continue
        try:
            found = sorted((child.name for child in path.iterdir()), reverse=True)
        except OSError as error:
            trouble = told(error)
            detail = f"{trouble.detail}: the folder and all it holds"
            yield Skipped(item=_item(info, inside), reason=trouble.reason, detail=detail)
            continue
        waiting += [f"{inside}/{name}" if inside else name for name in found]


def open_member(info: PartInfo, member: Member, limits: Limits) -> BinaryIO:
    """Open a listed file; raise Unreadable for one that is gone, locked, a link or too large."""
    file, _ = _opened(info, member, limits)
    return as_file(_bounded(blocks(file), limits), file)


def open_seekable(info: PartInfo, member: Member, limits: Limits) -> BinaryIO:
    """Open a listed file for reading back and forth, as long as it is now; raise Unreadable."""
    file, size = _opened(info, member, limits)
    return window(file, 0, size)


def _opened(info: PartInfo, member: Member, limits: Limits) -> tuple[BinaryIO, int]:
    root = Path(info.path)
    path = root / names.restore(member.locator) if member.locator else root
    # A folder on the way may have become a link since the listing.
    if Path(os.path.realpath(path.parent)) != path.parent:
        raise Unreadable(Reason.LINK, "a folder above it is a link")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        # Without O_NONBLOCK a pipe in the file's place would hold the worker for ever.
        descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise told(error) from error
    file = os.fdopen(descriptor, "rb", buffering=0)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_size > limits.member:
        file.close()
        special = Unreadable(Reason.LINK, "not a regular file")
        large = Unreadable(Reason.TOO_LARGE, f"{found.st_size} bytes")
        raise large if stat.S_ISREG(found.st_mode) else special
    return file, found.st_size


def _bounded(chunks: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    count = 0
    for chunk in chunks:
        count += len(chunk)
        if count > limits.member:  # somebody is still writing to it
            raise Unreadable(Reason.TOO_LARGE, f"more than {limits.member} bytes")
        yield chunk


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _listed(info: PartInfo, part: int, path: Path, inside: str) -> Iterator[Member | Skipped]:
    try:
        found = path.lstat()
    except OSError as error:
        trouble = told(error)
        yield Skipped(item=_item(info, inside), reason=trouble.reason, detail=trouble.detail)
        return
    if not stat.S_ISREG(found.st_mode):
        yield Skipped(item=_item(info, inside), reason=Reason.LINK)
    elif inside and names.is_archive(inside):
        yield Skipped(item=_item(info, inside), reason=Reason.NESTED, detail=_GIVE_IT)
    elif inside and names.is_unfinished(inside):
        yield Skipped(item=_item(info, inside), reason=Reason.TRUNCATED, detail=_UNFINISHED)
    else:
        shown = names.of_file(inside or path.name)
        yield Member(
            part=part,
            locator=names.store(inside),
            path=names.matching(shown),
            shown=shown,
            size=found.st_size,
            stamp=found.st_mtime_ns,
        )


def _item(info: PartInfo, inside: str) -> str:
    return f"{info.name}/{names.of_file(inside)}" if inside else info.name
