"""The members of a zip by its central directory, with the checks that zipfile lacks.

Python 3.11.7 lets entries overlap (CVE-2024-0450), which is how 46 MB unpack to 4.5 PB.
An archive without a usable directory is walked in `zip_salvage`.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from selfcheck.model import Reason, Unreadable
from selfcheck.sources.reading import Limits
from selfcheck.sources.zip_entry import AES, LOCAL, LOCKED, UTF8, Entry, name_of, stamp_of

_LOCAL_SIZE = 30
_UNIX = 3
# What zipfile raises over a directory that is cut, damaged or made up. OSError: a seek to
# where there is nothing; trouble with the archive as a file shows again when it is walked.
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    OverflowError,
    struct.error,
    EOFError,
    OSError,
)


class NoDirectory(Exception):
    """The archive has no directory that fits it."""


def directory(path: Path, limits: Limits) -> Iterator[Entry]:
    """Give an archive's entries in the order of their bytes.

    Raises NoDirectory for an archive that cannot be opened, is cut or whose directory is
    damaged, and Unreadable for one that is built to harm.
    """
    try:
        with path.open("rb") as file:
            return directory_in(file, path.stat().st_size, limits)
    except OSError as error:
        raise NoDirectory from error


def directory_in(file: BinaryIO, size: int, limits: Limits) -> Iterator[Entry]:
    """Do the same for an open archive of that size, which may lie in another."""
    infos, end = _infos(file)
    infos.sort(key=lambda info: info.header_offset)
    _refuse_hostile(infos, end, size, limits)
    return (_entry(info) for info in infos)


def start_of_directory(path: Path) -> int:
    """Give the offset of the central directory; raise NoDirectory."""
    try:
        with path.open("rb") as file:
            return _infos(file)[1]
    except OSError as error:
        raise NoDirectory from error


def _infos(file: BinaryIO) -> tuple[list[zipfile.ZipInfo], int]:
    try:
        with zipfile.ZipFile(file) as archive:
            infos, end = archive.infolist(), archive.start_dir
            file.seek(0)
            begins_with_member = file.read(4) == LOCAL
    except _BROKEN as error:
        raise NoDirectory from error
    # A download cut inside a zip that it stores ends with that zip's directory: taken
    # for its own, everything in front of the inner zip would be lost without a word.
    first = min((info.header_offset for info in infos), default=end)
    if begins_with_member and first > 0:
        raise NoDirectory
    return infos, end


def _refuse_hostile(infos: list[zipfile.ZipInfo], end: int, size: int, limits: Limits) -> None:
    if len(infos) > limits.entries:
        raise Unreadable(Reason.HOSTILE, f"it lists {len(infos)} files")
    total = sum(info.file_size for info in infos)
    if total > max(limits.total_from, limits.total_ratio * size):
        raise Unreadable(Reason.HOSTILE, f"{size} bytes that unpack to {total}")
    reached = 0
    for info in infos:
        if info.header_offset < reached:
            raise Unreadable(Reason.HOSTILE, "its files overlap")
        name = len(info.orig_filename) if info.flag_bits & UTF8 == 0 else 0
        reached = info.header_offset + _LOCAL_SIZE + name + info.compress_size
    if reached > end:
        raise Unreadable(Reason.HOSTILE, "its files overlap its directory")


def _entry(info: zipfile.ZipInfo) -> Entry:
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
    return Entry(
        offset=info.header_offset,
        packed=info.compress_size,
        size=info.file_size,
        method=info.compress_type,
        crc=info.CRC,
        locked=bool(info.flag_bits & LOCKED) or info.compress_type == AES,
        name=_name(info),
        special=kind not in {0, stat.S_IFREG, stat.S_IFDIR},
        stamp=stamp_of(info.date_time),
    )


def _name(info: zipfile.ZipInfo) -> str:
    # filename is cut at a NUL and changed on Windows; orig_filename is what was recorded.
    plain = info.orig_filename.isascii() and not info.extra
    if info.flag_bits & UTF8 or plain:
        return info.orig_filename
    return name_of(info.orig_filename.encode("cp437"), info.extra)
