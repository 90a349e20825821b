"""A JPEG without metadata: its segments copied or left out, its pixels not touched.

Owns which segments show the picture. Source: ITU-T T.81, annex B; JFIF 1.02.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selfcheck.model import Reason
from selfcheck.pictures.colour_profile import called, nameless
from selfcheck.pictures.rewriting import Notes, Rewritten, Unfit, orientation_alone

# Real files have a few hundred: 64 KiB each, or a scan each.
_MOST_SEGMENTS = 20_000
_SCAN, _END = 0xDA, 0xD9
_APP0, _APP1, _APP2, _APP14, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
# Tables, frames and scans: all that a decoder needs.
_SHOWS = frozenset(range(0xC0, 0xD0)) | frozenset(range(0xDA, 0xE0))
_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}  # marks without a body
# A body of more than this many bytes does not go into one segment.
_ROOM = 65_533
_PROFILE = b"ICC_PROFILE\0"
_JFIF, _JFIF_SIZE = b"JFIF\0", 14
_ADOBE, _ADOBE_SIZE = b"Adobe", 12
_EXIF = b"Exif\0\0"
_KINDS: tuple[tuple[int, bytes, str], ...] = (
    (_APP0, b"JFXX\0", "thumbnail (JFXX)"),
    (_APP1, b"Exif\0", "EXIF"),
    (_APP1, b"http://ns.adobe.com/xap/", "XMP"),
    (_APP1, b"http://ns.adobe.com/xmp/", "XMP"),
    (_APP2, b"MPF\0", "list of further pictures (MPF)"),
    (_APP2, b"urn:iso:std:iso:ts:21496", "gain map's settings"),
    (0xEB, b"JP", "content credentials (JUMBF)"),
    (0xED, b"Photoshop 3.0\0", "Photoshop's and IPTC's block"),
)

# A mark is FF and what is neither stuffing (00) nor filling (FF); within a scan, restarts are none.
_MARK = re.compile(rb"\xff[^\x00\xff]")
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(slots=True, kw_only=True)
class _Parts:
    """What is kept of a file while it is walked through."""

    jfif: bytes = b""
    profile: dict[int, bytes] = field(default_factory=dict)
    rest: list[memoryview | bytes] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)


def rewrite_jpeg(data: bytes, orientation: int) -> Rewritten:
    """Give the same picture without metadata but for its orientation and nameless colours.

    Raises Unfit for a file that breaks off within a segment or has far too many.
    """
    view, parts = memoryview(data), _Parts()
    exif = orientation_alone(orientation)
    exif = _EXIF + exif if exif else b""
    after = 2
    for mark, start, end in _segments(data):
        parts.notes.block("loose bytes between segments", start - after)
        after = end
        if mark in _SHOWS:
            parts.rest.append(view[start:end])
        elif mark == _END:
            parts.notes.trailing(view[end:])
        elif mark not in _ALONE:
            _sort(mark, data[start + 4 : end], parts, exif)
    head = [b"\xff\xd8", _segment(_APP0, parts.jfif), _segment(_APP1, exif), *_profile(parts)]
    whole = b"".join([*head, *parts.rest, b"\xff\xd9"])
    return Rewritten(data=whole, removed=parts.notes.removed())


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Give each segment's mark, where it starts and where it ends; a scan with its pixels."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        found = _MARK.search(data, at)
        if found is None:
            return  # it ends without its closing mark: a decoder decides what that means
        start, mark = found.start(), data[found.start() + 1]
        at = start + 2
        if mark not in _ALONE and mark != _END:
            at = _end(data, at)
        if mark == _SCAN:
            following = _AFTER_SCAN.search(data, at)
            at = following.start() if following is not None else len(data)
        yield mark, start, at
        if mark == _END:
            return
    raise Unfit(Reason.HOSTILE, f"JPEG: more than {_MOST_SEGMENTS:,} segments")


def _end(data: bytes, at: int) -> int:
    """Give where a segment ends whose length stands at `at`."""
    length = int.from_bytes(data[at : at + 2], "big")
    if at + max(length, 2) > len(data):
        raise Unfit(Reason.TRUNCATED, f"JPEG: its last segment promises {length:,} bytes")
    if length < 2:  # noqa: PLR2004 - the length counts itself
        raise Unfit(Reason.DAMAGED, f"JPEG: a segment of {length} bytes")
    return at + length


def _sort(mark: int, body: bytes, parts: _Parts, exif: bytes) -> None:
    """Keep what shows the picture right, and note all else."""
    if mark == _APP0 and body.startswith(_JFIF) and len(body) >= _JFIF_SIZE:
        # That it is there tells a decoder what the colours are; behind it lies a thumbnail.
        parts.jfif = body[: _JFIF_SIZE - 2] + b"\0\0"
        parts.notes.block("thumbnail (JFIF)", len(body) - _JFIF_SIZE)
    elif mark == _APP14 and body.startswith(_ADOBE) and len(body) >= _ADOBE_SIZE:
        parts.rest.append(_segment(_APP14, body[:_ADOBE_SIZE]))
        parts.notes.block("Adobe's own block", len(body) - _ADOBE_SIZE)
    elif mark == _APP2 and body.startswith(_PROFILE):
        parts.profile[body[12] if len(body) > 12 else 0] = body[14:]  # noqa: PLR2004 - its number
    elif mark == _COMMENT:
        parts.notes.text("comment", body)
    elif not (exif and body == exif):
        parts.notes.block(_kind(mark, body), len(body) + 4)


def _kind(mark: int, body: bytes) -> str:
    for known, start, kind in _KINDS:
        if mark == known and body.startswith(start):
            return kind
    return f"a program's own block (APP{mark - _APP0})" if mark >= _APP0 else f"block {mark:02X}"


def _profile(parts: _Parts) -> list[bytes]:
    """Give the segments of a colour profile without names."""
    whole = b"".join(part for _, part in sorted(parts.profile.items()))
    clean = nameless(whole)
    if clean != whole:
        parts.notes.text("colour profile's names", called(whole) or f"{len(whole):,} bytes")
    room = _ROOM - len(_PROFILE) - 2
    pieces = [clean[at : at + room] for at in range(0, len(clean), room)]
    if len(pieces) > 255:  # noqa: PLR2004 - they are numbered by a byte
        return []
    numbered = enumerate(pieces, start=1)
    return [_segment(_APP2, _PROFILE + bytes((n, len(pieces))) + one) for n, one in numbered]


def _segment(mark: int, body: bytes) -> bytes:
    """Write a segment; none without a body."""
    return bytes((0xFF, mark)) + (len(body) + 2).to_bytes(2, "big") + body if body else b""
