"""What a file's own outline says about its length and size, read without decoding.

Owns the walk over boxes and chunks that tells a file cut short from a damaged one. It
never decides that a picture is good: only a decoder does.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, Literal

from selfcheck.pictures.formats import Format

_MOST_BOXES = 10_000  # a hostile file may hold millions of empty ones
_TAIL = 64 << 10
_UNCLOSED = "it ends without its closing mark"
_BOXES = frozenset(
    {b"ftyp", b"moov", b"mdat", b"meta", b"free", b"skip", b"wide", b"moof", b"udta", b"uuid"}
)
_SEGMENT = b"\x18\x53\x80\x67"
_TIFF_TYPE_SIZES = (1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8)
_TIFF_ENTRY = {"little": "<HHII", "big": ">HHII"}
# Marks of a JPEG: what stands among the frame headers and is none, and the hierarchical ones.
_RESERVED = 0xC8
_NO_FRAMES = frozenset({0xC4, _RESERVED, 0xCC})
_HIERARCHICAL = frozenset({0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF})
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_SCAN = 0xDA
_STRIPS = {273: 279, 324: 325}  # where the strips or tiles stand: how long they are


def ends_early(file: BinaryIO, form: Format) -> str:
    """Say how a file's outline shows that its end is missing; empty where it does not.

    Reads headers only, from a seekable file. Ask it about a file that a decoder refused:
    some writers get the outline wrong and the picture right.
    """
    size = file.seek(0, os.SEEK_END)
    match form:
        case Format.JPEG:
            # A maker's own data may follow the closing mark.
            said = "" if b"\xff\xd9" in _tail(file, size) else _UNCLOSED
        case Format.GIF:
            said = "" if _tail(file, size).rstrip(b"\0").endswith(b";") else _UNCLOSED
        case Format.PNG:
            said = _png(file, size)
        case Format.WEBP | Format.AVI:
            said = _riff(file, size)
        case Format.HEIC | Format.AVIF | Format.MP4:
            said = _iso(file, size)
        case Format.TIFF:
            said = _tiff(file, size)
        case Format.MATROSKA:
            said = _ebml(file, size)
        case _:
            said = ""
    return said


def webp_size(head: bytes) -> tuple[int, int] | None:
    """Read width and height from a WebP's first 30 bytes, before a decoder reserves them."""
    kind, body = head[12:16], head[20:30]
    if len(body) < 10:  # noqa: PLR2004 - the longest of the three headers
        return None
    little = int.from_bytes
    if kind == b"VP8X":
        return little(body[4:7], "little") + 1, little(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = little(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return little(body[6:8], "little") & 0x3FFF, little(body[8:10], "little") & 0x3FFF
    return None


def jpeg_process(data: bytes) -> str:
    """Name the way a JPEG is stored where hardly any program reads it; empty for all others."""
    mark, depth = _jpeg_frame(data)
    if mark in _HIERARCHICAL:
        return "stored hierarchically"
    return f"{depth} bits a colour" if mark and depth != 8 else ""  # noqa: PLR2004 - the usual


def jpeg_holds(data: bytes, pixels: int) -> bool:
    """Say whether so many pixels can come out of a JPEG at all.

    Each block of 64 takes a bit or more, but for arithmetic coding. A decoder fills up what
    is missing with grey, and it would pass for a picture without a face.
    """
    arithmetic = _jpeg_frame(data)[0] > _RESERVED
    return arithmetic or pixels <= 64 * 8 * len(data)


def jpeg_in_scans(data: bytes) -> bool:
    """Say whether a JPEG comes colour by colour or ever finer, so that all of it is held."""
    frame = colours = 0
    for mark, head in _jpeg_heads(data):
        if _is_frame(mark):
            frame, colours = mark, head[9] if len(head) > 9 else 0  # noqa: PLR2004 - after the size
        if mark == _SCAN:
            return frame in _PROGRESSIVE or head[4] < colours
    return frame in _PROGRESSIVE


def _jpeg_frame(data: bytes) -> tuple[int, int]:
    """Give the mark and the bits a colour of a JPEG's frame header; noughts where there is none."""
    return next(((mark, head[4]) for mark, head in _jpeg_heads(data) if _is_frame(mark)), (0, 0))


def _is_frame(mark: int) -> bool:
    return 0xC0 <= mark <= 0xCF and mark not in _NO_FRAMES  # noqa: PLR2004 - of the standard


def _jpeg_heads(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the mark and the first bytes of each segment up to the first scan's."""
    at = 2
    for _ in range(_MOST_BOXES):
        head = data[at : at + 10]
        if len(head) < 5 or head[0] != 0xFF:  # noqa: PLR2004 - mark, length, depth
            return
        if head[1] != 0xFF:  # noqa: PLR2004 - filling
            yield head[1], head
        if head[1] == _SCAN:
            return
        at += 1 if head[1] == 0xFF else 2 + int.from_bytes(head[2:4], "big")  # noqa: PLR2004 - filling


def _promise(name: str, promised: int, there: int) -> str:
    """Word the difference between what a header promises and what is there."""
    return f"{name} promises {promised:,} bytes, {max(there, 0):,} are there"


def _at(file: BinaryIO, offset: int, count: int) -> bytes:
    """Read `count` bytes at an offset."""
    file.seek(offset)
    return file.read(count)


def _png(file: BinaryIO, size: int) -> str:
    """Walk the chunks up to IEND."""
    at = 8
    for _ in range(_MOST_BOXES):
        head = _at(file, at, 8)
        if len(head) < 8:  # noqa: PLR2004 - length and name
            return "it ends before its last chunk (IEND)"
        length = int.from_bytes(head[:4], "big")
        if at + 12 + length > size:
            return _promise("its last chunk", length, size - at - 12)
        if head[4:] == b"IEND":
            return ""
        at += 12 + length
    return ""


def _tail(file: BinaryIO, size: int) -> bytes:
    """Read the last 64 KiB."""
    return _at(file, max(size - _TAIL, 0), _TAIL)


def _riff(file: BinaryIO, size: int) -> str:
    """Compare the size in a RIFF header with the file's."""
    promised = int.from_bytes(_at(file, 4, 4), "little") + 8
    return _promise("its header", promised, size) if promised > size else ""


def _iso(file: BinaryIO, size: int) -> str:
    """Walk the outermost boxes; a film or picture without its index was never finished."""
    at, seen = 0, set[bytes]()
    for _ in range(_MOST_BOXES):
        if at >= size:
            break
        head = _at(file, at, 16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:  # up to the end of the file
            length = size - at
        if len(head) < 8:  # noqa: PLR2004 - length and name
            return "it ends inside the header of a box"
        if at + length > size and kind not in _BOXES:
            break  # what some phones append is no box
        if at + length > size:
            return _promise("its last box", length, size - at)
        if length < 8:  # noqa: PLR2004 - less than its own header: damaged, not cut
            return ""
        seen.add(kind)
        at += length
    if not seen & {b"moov", b"meta"}:
        return "it has no index, as when a recording or a download was broken off"
    return ""


def _ebml(file: BinaryIO, size: int) -> str:
    """Compare the size of a Matroska file's segment, where it is known, with the file's."""
    length, width = _ebml_size(_at(file, 4, 8))
    at = 4 + width + length
    if _at(file, at, 4) != _SEGMENT:
        return ""
    length, width = _ebml_size(_at(file, at + 4, 8))
    start = at + 4 + width
    live = length == (1 << 7 * width) - 1  # a browser does not know it when it begins
    return "" if live or start + length <= size else _promise("its segment", length, size - start)


def _ebml_size(raw: bytes) -> tuple[int, int]:
    """Read a size whose leading zero bits tell how many bytes it has: value and width."""
    width = 9 - raw[0].bit_length() if raw and raw[0] else 1
    return int.from_bytes(raw[:width], "big") & ((1 << 7 * width) - 1), width


def _tiff(file: BinaryIO, size: int) -> str:
    """Ask whether the first directory, its values and its strips lie inside the file."""
    head = _at(file, 0, 8)
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    if head[2:4] in {b"+\0", b"\0+"}:
        return ""  # BigTIFF: rare, and its decoder's own words must do
    start = int.from_bytes(head[4:8], order)
    count = int.from_bytes(_at(file, start, 2), order)
    if start + 2 + 12 * count > size:
        return f"its directory would stand at byte {start:,} of {size:,}"
    entries = _at(file, start + 2, 12 * count)
    values: dict[int, list[int]] = {}
    for at in range(0, len(entries), 12):
        tag, kind, many, value = struct.unpack(_TIFF_ENTRY[order], entries[at : at + 12])
        width = _TIFF_TYPE_SIZES[kind] if kind < len(_TIFF_TYPE_SIZES) else 1
        inside = start + 2 + at + 8
        place = inside if width * many <= 4 else value  # noqa: PLR2004 - kept in the entry
        if place + width * many > size:
            return f"a part of its directory would stand at byte {place:,} of {size:,}"
        if tag in _STRIPS or tag in _STRIPS.values():
            raw = _at(file, place, width * many)
            values[tag] = [
                int.from_bytes(raw[i : i + width], order) for i in range(0, len(raw), width)
            ]
    for where, length in _STRIPS.items():
        ends = (a + b for a, b in zip(values.get(where, ()), values.get(length, ()), strict=False))
        end = max(ends, default=0)
        if end > size:
            return f"its pixels would reach to byte {end:,} of {size:,}"
    return ""
