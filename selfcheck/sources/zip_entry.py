"""One file inside a zip: where its bytes are, and how to read them without the directory.

A member's locator says everything, so that a worker opens a member of an archive of
200,000 without listing the archive. Finding the entries is `zip_directory`'s work.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from selfcheck.model import Reason, Unreadable
from selfcheck.sources import names
from selfcheck.sources.inflate import RAW, inflate
from selfcheck.sources.reading import Limits, blocks, take

STORED, DEFLATED = 0, 8
LOCAL = b"PK\x03\x04"
# APPNOTE.TXT 4.3.7: the local header that stands in front of each member's bytes.
_HEADER = struct.Struct("<4s5H3L2H")
_METHODS = {9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz", 98: "ppmd", 99: "AES"}
AES = 99
SMALL = 64 << 10  # bytes, packed and unpacked
_BEFORE = 1024  # bytes for the local header with its name and extra data; few need more
# Bits of a member's flags.
LOCKED = 0x1
DESCRIPTOR = 0x8
UTF8 = 0x800
_UNICODE_PATH = 0x7075
_FIELD = struct.Struct("<HH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A member as its archive describes it; `packed` and `size` in bytes."""

    offset: int  # of the local header, the prefix of a self-extracting archive included
    packed: int
    size: int
    method: int
    crc: int
    locked: bool
    name: str = ""
    special: bool = False
    stamp: int = 0  # of the time it was changed, as `stamp_of` gives it

    @property
    def locator(self) -> str:
        """All that is needed to open it again, but for its size."""
        locked = ":locked" if self.locked else ""
        return f"{self.offset}:{self.packed}:{self.method}:{self.crc:08x}{locked}"

    @classmethod
    def located(cls, locator: str, size: int) -> Entry:
        """Give the entry back that wrote a locator."""
        offset, packed, method, crc, *locked = locator.split(":")
        return cls(
            offset=int(offset),
            packed=int(packed),
            size=size,
            method=int(method),
            crc=int(crc, 16),
            locked=bool(locked),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A local header: what it says of its member, and where the member's bytes begin."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    name: bytes
    extra: bytes
    data: int
    time: int
    date: int

    @property
    def locked(self) -> bool:
        """Whether the bytes are encrypted."""
        return bool(self.flags & LOCKED) or self.method == AES

    @property
    def described_after(self) -> bool:
        """Whether checksum and sizes stand behind the bytes instead."""
        return bool(self.flags & DESCRIPTOR)

    @property
    def stamp(self) -> int:
        """The time it was changed, as `stamp_of` gives it."""
        day = (self.date >> 9) + 1980, self.date >> 5 & 0xF, self.date & 0x1F
        return stamp_of((*day, self.time >> 11, self.time >> 5 & 0x3F, (self.time & 0x1F) * 2))


def stamp_of(changed: tuple[int, int, int, int, int, int]) -> int:
    """Give an entry's time, year to second, in seconds since 1970 as if in UTC; 0 for none.

    It is MS-DOS's: even seconds, and no zone (4.4.6).
    """
    try:
        return int(datetime(*changed, tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def extra_field(extra: bytes, wanted: int) -> bytes:
    """Give the content of one field of a header's extra data, empty where there is none."""
    while len(extra) >= _FIELD.size:
        tag, length = _FIELD.unpack_from(extra)
        field, extra = extra[_FIELD.size :][:length], extra[_FIELD.size + length :]
        if tag == wanted:
            return field
    return b""


def name_of(raw: bytes, extra: bytes) -> str:
    """Decode a recorded name; the UTF-8 name beside it wins if it belongs to it (4.6.9)."""
    field = extra_field(extra, _UNICODE_PATH)
    if field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
        return field[5:].decode(errors="replace")
    return names.decode(raw)


def read_header(file: BinaryIO, offset: int) -> Header | None:
    """Read the local header at an offset; None where there is none or only a part of one."""
    file.seek(offset)
    fixed = take(file, _HEADER.size)
    if len(fixed) < _HEADER.size or not fixed.startswith(LOCAL):
        return None
    _, _, flags, method, time, date, crc, packed, size, *lengths = _HEADER.unpack(fixed)
    name_size, extra_size = lengths
    name, extra = take(file, name_size), take(file, extra_size)
    if len(name) < name_size or len(extra) < extra_size:
        return None
    return Header(
        flags=flags,
        method=method,
        crc=crc,
        packed=packed,
        size=size,
        name=name,
        extra=extra,
        data=offset + _HEADER.size + name_size + extra_size,
        time=time,
        date=date,
    )


def data_of(file: BinaryIO, entry: Entry, limits: Limits) -> Iterator[bytes]:
    """Read an entry's bytes, unpacked and checked; raise Unreadable at once or on the way."""
    file.seek(start_of(file, entry, limits))
    packed = blocks(file, entry.packed)
    return _checked(packed if entry.method == STORED else inflate(packed, limits), entry)


def small(file: BinaryIO, entry: Entry) -> bytes | None:
    """Read a small entry with one look at its archive; None for whatever is not as it should be.

    A tenth of the time of `data_of`, which then tells what is wrong.
    """
    if entry.locked or entry.method not in {STORED, DEFLATED} or entry.packed > SMALL:
        return None
    try:
        file.seek(entry.offset)
        found = file.read(_BEFORE + entry.packed)
    except OSError:
        return None
    if len(found) < _HEADER.size or not found.startswith(LOCAL):
        return None
    *_, name, extra = _HEADER.unpack_from(found)
    begin = _HEADER.size + name + extra
    data = found[begin : begin + entry.packed]
    if entry.method == DEFLATED:
        unpacker = zlib.decompressobj(RAW)
        try:
            data = unpacker.decompress(data, entry.size + 1)
        except zlib.error:
            return None
    sound = len(data) == entry.size and zlib.crc32(data) == entry.crc
    return data if sound else None


def start_of(file: BinaryIO, entry: Entry, limits: Limits) -> int:
    """Find where an entry's bytes begin in the archive; raise Unreadable for one not read."""
    if entry.locked:
        raise Unreadable(Reason.ENCRYPTED, "unpack the archive with its password and scan that")
    if entry.method not in {STORED, DEFLATED}:
        method = _METHODS.get(entry.method, f"method {entry.method}")
        raise Unreadable(Reason.UNSUPPORTED, f"packed with {method}: unpack the archive first")
    if entry.size > limits.member:
        raise Unreadable(Reason.TOO_LARGE, f"{entry.size} bytes")
    header = read_header(file, entry.offset)
    if header is None:
        raise Unreadable(Reason.DAMAGED, "the archive has nothing where its directory says")
    return header.data


def _checked(chunks: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    count, crc = 0, 0
    for chunk in chunks:
        count += len(chunk)
        crc = zlib.crc32(chunk, crc)
        if count > entry.size:
            raise Unreadable(Reason.DAMAGED, f"it holds more than the {entry.size} bytes it says")
        yield chunk
    if count < entry.size:
        raise Unreadable(Reason.DAMAGED, f"it holds {count} bytes and says {entry.size}")
    if crc != entry.crc:
        raise Unreadable(Reason.DAMAGED, "its checksum does not match")
