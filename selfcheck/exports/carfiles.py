"""CAR files (version 1) of any size, as a stream of their blocks.

A file is a header and then blocks, each behind its length and its CID, in any order.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from selfcheck.exports.dagcbor import NotDagCbor, decode
from selfcheck.exports.reading import BeyondLimits, Reading
from selfcheck.model import Reason, Unreadable

_LARGEST = 4 << 20  # bytes of one block; a record of atproto has at most 1 MB
_LONGEST_NUMBER = 9  # bytes of a varint
_OLD_CID = b"\x12\x20"  # version 0: a bare SHA-256
_OLD_SIZE = 34
_MORE = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block and the bytes of its CID."""

    cid: bytes
    data: bytes


def blocks(reading: Reading) -> Iterator[Block]:
    """Yield the blocks of a file up to where it breaks off."""
    try:
        with reading.open() as stream:
            _check(_section(stream))
            while section := _section(stream):
                size = _cid_size(section)
                yield Block(cid=section[:size], data=section[size:])
    except (Unreadable, OSError, EOFError, BeyondLimits, NotDagCbor) as error:
        reading.tell(error)


def cid_text(cid: bytes) -> str:
    """Write a CID as people see it: `bafkrei…`."""
    return f"b{b32encode(cid).decode().lower().rstrip('=')}"


def _check(header: bytes) -> None:
    told = decode(header)
    if not isinstance(told, dict) or told.get("version") != 1:
        raise Unreadable(Reason.UNSUPPORTED, "not a CAR file of version 1")


def _section(stream: BinaryIO) -> bytes:
    """Read what stands behind the next length; nothing at the end of the file."""
    size = _length(stream)
    if size > _LARGEST:
        raise BeyondLimits("one block of more than 4 MiB")
    data = stream.read(size) if size else b""
    if len(data) < size:
        raise Unreadable(Reason.TRUNCATED, "inside a block")
    return data


def _length(stream: BinaryIO) -> int:
    number = 0
    for place in range(_LONGEST_NUMBER):
        byte = stream.read(1)
        if not byte and place:
            raise Unreadable(Reason.TRUNCATED, "inside a length")
        if not byte:
            return 0
        number |= (byte[0] & ~_MORE) << (7 * place)
        if byte[0] < _MORE:
            return number
    raise BeyondLimits("a length of more than 9 bytes")


def _cid_size(section: bytes) -> int:
    """Tell how long the CID is: version, codec, hash, length of the hash, hash."""
    if section.startswith(_OLD_CID):
        return min(_OLD_SIZE, len(section))
    at, number = 0, 0
    for _ in range(4):
        number, at = _number(section, at)
    if at + number > len(section):
        raise NotDagCbor("a block without a whole CID")
    return at + number


def _number(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for place, byte in enumerate(data[at : at + _LONGEST_NUMBER]):
        number |= (byte & ~_MORE) << (7 * place)
        if byte < _MORE:
            return number, at + place + 1
    raise NotDagCbor("a block without a CID")
