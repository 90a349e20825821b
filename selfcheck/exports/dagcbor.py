"""Decodes one block of DAG-CBOR, the strict form of CBOR in which atproto writes records.

Owns no names of fields. Reads whole blocks only, so a block's size bounds what is built.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_DEEPEST = 32
_NUMBER, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP, _TAG, _SIMPLE = range(8)
_LINK = 42  # the one tag that DAG-CBOR knows
_SIZES = {24: (">B", 1), 25: (">H", 2), 26: (">I", 4), 27: (">Q", 8)}
_DOUBLE = 27
_PLAIN = {20: False, 21: True, 22: None}


class NotDagCbor(ValueError):
    """The bytes are no DAG-CBOR."""


@dataclass(frozen=True, slots=True)
class Link:
    """The name of another block or of a blob: the bytes of its CID."""

    cid: bytes


def decode(block: bytes) -> object:
    """Give the value that a block holds; raise NotDagCbor for anything else.

    Maps, lists, texts, bytes, numbers, truth values, None, and `Link`.
    """
    try:
        value, end = _item(block, 0, 0)
    except UnicodeDecodeError as error:
        raise NotDagCbor("text that is not UTF-8") from error
    if end != len(block):
        raise NotDagCbor("something behind the value")
    return value


def _item(data: bytes, at: int, depth: int) -> tuple[object, int]:
    """Decode the value at a position; give it and where it ends."""
    if depth > _DEEPEST:
        raise NotDagCbor(f"nested deeper than {_DEEPEST} levels")
    head = _take(data, at, 1)[0]
    major, low = head >> 5, head & 31
    if major == _SIMPLE:
        return _simple(data, low, at + 1)
    count, at = _count(data, low, at + 1)
    if major in {_NUMBER, _NEGATIVE}:
        return (count if major == _NUMBER else -1 - count), at
    if major in {_BYTES, _TEXT}:
        found = _take(data, at, count)
        return (found if major == _BYTES else found.decode()), at + count
    return _nested(data, at, depth + 1, major, count)


def _nested(data: bytes, at: int, depth: int, major: int, count: int) -> tuple[object, int]:
    values: list[object] = []
    for _ in range({_LIST: count, _MAP: 2 * count, _TAG: 1}[major]):
        value, at = _item(data, at, depth)
        values.append(value)
    if major == _LIST:
        return values, at
    if major == _MAP:
        found = dict(zip(values[::2], values[1::2], strict=True)) if _texts(values[::2]) else {}
        if len(found) < count:
            raise NotDagCbor("a key that is no text, or stands twice")
        return found, at
    if count != _LINK or not isinstance(values[0], bytes) or values[0][:1] != b"\0":
        raise NotDagCbor("a tag that is no link")
    return Link(values[0][1:]), at


def _texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _simple(data: bytes, low: int, at: int) -> tuple[object, int]:
    if low == _DOUBLE:
        return struct.unpack(">d", _take(data, at, 8))[0], at + 8
    if low not in _PLAIN:
        raise NotDagCbor("a value that DAG-CBOR does not know")
    return _PLAIN[low], at


def _count(data: bytes, low: int, at: int) -> tuple[int, int]:
    """Decode a number or a length; indefinite lengths are no DAG-CBOR."""
    if low < min(_SIZES):
        return low, at
    if low not in _SIZES:
        raise NotDagCbor("no definite length")
    form, size = _SIZES[low]
    number: int = struct.unpack(form, _take(data, at, size))[0]
    return number, at + size


def _take(data: bytes, at: int, count: int) -> bytes:
    if at + count > len(data):
        raise NotDagCbor("the block ends too early")
    return data[at : at + count]
