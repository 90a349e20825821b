"""The members of a zip that has lost its directory, found from one local header to the next.

Downloads of exports break off often, and the directory stands at a zip's end.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from selfcheck.model import Reason, Unreadable
from selfcheck.sources.inflate import RAW, Ratio, unpack
from selfcheck.sources.reading import BLOCK, Limits, blocks, take
from selfcheck.sources.zip_entry import (
    DEFLATED,
    STORED,
    Entry,
    Header,
    extra_field,
    name_of,
    read_header,
)

_SIGNATURE = b"PK\x07\x08"
_LONGEST_DESCRIPTOR = 24
_DIRECTORY = b"PK\x01\x02"
_END = b"PK\x05\x06"
_END_WITHIN = 22 + 0xFFFF  # the record and the longest comment
_ELSEWHERE = 0xFFFFFFFF  # the size stands in the zip64 field
_ZIP64 = 0x0001
_TWO_SIZES = struct.Struct("<QQ")
_CUT = "the archive breaks off; the files in front of the break were read"


def walk(file: BinaryIO, size: int, limits: Limits) -> Iterator[Entry]:
    """Give the entries from the archive's first byte to where it breaks, then raise Unreadable.

    `size` is the archive's own. Reads and unpacks what says its length only behind its bytes.
    """
    offset = 0
    while (header := read_header(file, offset)) is not None:
        packed, unpacked = _sizes(header)
        crc, after = header.crc, 0
        if header.described_after and not packed:
            packed, unpacked, crc, after = _find_end(file, header, limits)
        if header.data + packed > size:
            break
        yield Entry(
            offset=offset,
            packed=packed,
            size=unpacked,
            method=header.method,
            crc=crc,
            locked=header.locked,
            name=name_of(header.name, header.extra),
            stamp=header.stamp,
        )
        after = after or _descriptor_behind(file, header, packed, unpacked)
        offset = header.data + packed + after
    raise _ending(file, offset, size)


def _ending(file: BinaryIO, offset: int, size: int) -> Unreadable:
    file.seek(offset)
    arrived = take(file, len(_DIRECTORY)) == _DIRECTORY
    file.seek(max(0, size - _END_WITHIN))
    if arrived and _END in take(file, _END_WITHIN):
        return Unreadable(Reason.DAMAGED, "its directory is damaged; files were found without it")
    return Unreadable(Reason.TRUNCATED, _CUT)


def _sizes(header: Header) -> tuple[int, int]:
    if _ELSEWHERE in {header.packed, header.size}:
        field = extra_field(header.extra, _ZIP64)
        if len(field) >= _TWO_SIZES.size:
            size, packed = _TWO_SIZES.unpack_from(field)
            return packed, size
    return header.packed, header.size


def _find_end(file: BinaryIO, header: Header, limits: Limits) -> tuple[int, int, int, int]:
    """Give packed size, size, checksum and the length of the descriptor behind the bytes."""
    if header.locked or header.method not in {STORED, DEFLATED}:
        raise Unreadable(Reason.TRUNCATED, f"{_CUT}; behind it is one whose end cannot be found")
    file.seek(header.data)
    if header.method == STORED:
        return _scan(file)
    packed, size, crc = _unpack_to_end(file, limits)
    file.seek(header.data + packed)
    after = _descriptor(take(file, _LONGEST_DESCRIPTOR), packed, size, crc)
    if not after:
        raise Unreadable(Reason.TRUNCATED, _CUT)
    return packed, size, crc, after


def _unpack_to_end(file: BinaryIO, limits: Limits) -> tuple[int, int, int]:
    unpacker, ratio, crc = zlib.decompressobj(RAW), Ratio(limits), 0
    for block in blocks(file):
        for chunk in unpack(unpacker, block, ratio):
            crc = zlib.crc32(chunk, crc)
        if unpacker.eof:
            return ratio.packed - len(unpacker.unused_data), ratio.unpacked, crc
    raise Unreadable(Reason.TRUNCATED, _CUT)


def _scan(file: BinaryIO) -> tuple[int, int, int, int]:
    # Bytes that are not packed have no end of their own: it is where a descriptor
    # stands whose checksum and length are those of all the bytes in front of it.
    crc, length, window = 0, 0, b""
    while block := take(file, BLOCK):
        window += block
        at = 0  # all in front of it is in crc and length already
        while (hit := window.find(_SIGNATURE, at)) >= 0:
            crc, length, at = zlib.crc32(window[at:hit], crc), length + hit - at, hit
            if after := _descriptor(window[hit : hit + _LONGEST_DESCRIPTOR], length, length, crc):
                return length, length, crc, after
            if hit + _LONGEST_DESCRIPTOR > len(window):
                break  # the rest of it may come with the next block
            crc, length, at = zlib.crc32(_SIGNATURE[:1], crc), length + 1, hit + 1
        else:
            kept = max(at, len(window) - len(_SIGNATURE) + 1)
            crc, length, at = zlib.crc32(window[at:kept], crc), length + kept - at, kept
        window = window[at:]
    raise Unreadable(Reason.TRUNCATED, _CUT)


def _descriptor(data: bytes, packed: int, size: int, crc: int) -> int:
    """Give the length of the descriptor at the start of the data, 0 if it is not this member's."""
    for signature in (_SIGNATURE, b""):
        for layout in ("<LLL", "<LQQ"):
            try:
                wanted = signature + struct.pack(layout, crc, packed, size)
            except struct.error:  # too large for 32 bits
                continue
            if data.startswith(wanted):
                return len(wanted)
    return 0


def _descriptor_behind(file: BinaryIO, header: Header, packed: int, size: int) -> int:
    # Some writers fill the header in afterwards and leave the descriptor standing.
    if not header.described_after:
        return 0
    file.seek(header.data + packed)
    data = take(file, _LONGEST_DESCRIPTOR)
    return _descriptor(data, packed, size, header.crc)
