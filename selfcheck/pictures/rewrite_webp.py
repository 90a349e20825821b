"""A WebP without metadata: its chunks copied or left out, its pixels not touched.

Owns which chunks show the picture, those within an animation's frames too, and the flags that
announce the others. Source: RFC 9649.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from selfcheck.model import Reason
from selfcheck.pictures.colour_profile import called, nameless
from selfcheck.pictures.rewriting import Notes, Rewritten, Unfit, orientation_alone

_HEAD = 8  # bytes before a chunk's body
_FORM = 12  # bytes before the first chunk
_MOST_CHUNKS = 100_000
_FRAME_HEAD = 16  # of an animation's frame, before its own chunks
_OF_A_FRAME = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
_SHOWS = _OF_A_FRAME | {b"ANIM"}
_ANIMATED_AND_ALPHA, _HAS_EXIF, _HAS_PROFILE = 0x12, 0x08, 0x20
_KINDS = {b"EXIF": "EXIF", b"XMP ": "XMP"}


def rewrite_webp(data: bytes, orientation: int) -> Rewritten:
    """Give the same picture without metadata but for its orientation and nameless colours.

    Raises Unfit for a file that breaks off within a chunk or has far too many.
    """
    view, notes = memoryview(data), Notes()
    size, end = _extended(data), _FORM
    exif = orientation_alone(orientation) if size else b""
    profile, kept = b"", list[memoryview | bytes]()
    for name, start, end in _chunks(data, _FORM, _promised(data)):
        body = view[start + _HEAD : end]
        if name in _SHOWS:
            kept.append(_chunk(name, body))
        elif name == b"ANMF":
            kept.append(_chunk(name, _frame(data, start + _HEAD, end, notes)))
        elif name == b"ICCP":
            profile = _clean_profile(bytes(body), notes) if size else b""
        elif name != b"VP8X" and not (name == b"EXIF" and exif and bytes(body) == exif):
            notes.block(_kind(name), end - start)
    notes.trailing(view[end + end % 2 :])
    flags = (size[0] & _ANIMATED_AND_ALPHA) if size else 0
    flags |= (_HAS_EXIF if exif else 0) | (_HAS_PROFILE if profile else 0)
    header = [_chunk(b"VP8X", bytes((flags, 0, 0, 0)) + size[4:])] if size else []
    header += [_chunk(b"ICCP", profile)] if profile else []
    last = [_chunk(b"EXIF", exif)] if exif else []
    content = b"".join([b"WEBP", *header, *kept, *last])
    return Rewritten(data=_chunk(b"RIFF", content), removed=notes.removed())


def _promised(data: bytes) -> int:
    """Give where the file's own header says that it ends."""
    promised = int.from_bytes(data[4:8], "little") + 8
    if promised > len(data):
        detail = f"WebP: its header promises {promised:,} bytes, {len(data):,} are there"
        raise Unfit(Reason.TRUNCATED, detail)
    return promised


def _extended(data: bytes) -> bytes:
    """Give the body of the chunk that announces others; none for a simple file."""
    return data[20:30] if data[12:16] == b"VP8X" and len(data) >= 30 else b""  # noqa: PLR2004 -- its end


def _chunks(data: bytes, at: int, last: int) -> Iterator[tuple[bytes, int, int]]:
    """Give each chunk's name, where it starts and where its body ends."""
    for _ in range(_MOST_CHUNKS):
        if at + _HEAD > last:
            return
        end = at + _HEAD + int.from_bytes(data[at + 4 : at + 8], "little")
        if end > last:
            raise Unfit(Reason.DAMAGED, "WebP: a chunk is longer than the file says it is")
        yield data[at : at + 4], at, end
        at = end + end % 2  # the file begins at an even place, and so does each chunk
    raise Unfit(Reason.HOSTILE, f"WebP: more than {_MOST_CHUNKS:,} chunks")


def _frame(data: bytes, start: int, end: int, notes: Notes) -> bytes:
    """Give a frame of an animation with its pixels alone."""
    kept = [data[start : start + _FRAME_HEAD]]
    for name, at, last in _chunks(data, start + _FRAME_HEAD, end):
        if name in _OF_A_FRAME:
            kept.append(_chunk(name, memoryview(data)[at + _HEAD : last]))
        else:
            notes.block(_kind(name), last - at)
    return b"".join(kept)


def _chunk(name: bytes, body: bytes | memoryview) -> bytes:
    return b"".join((name, struct.pack("<I", len(body)), body, bytes(len(body) % 2)))


def _clean_profile(whole: bytes, notes: Notes) -> bytes:
    clean = nameless(whole)
    if clean != whole:
        notes.text("colour profile's names", called(whole) or f"{len(whole):,} bytes")
    return clean


def _kind(name: bytes) -> str:
    return _KINDS.get(name, f"a chunk '{name.decode('latin-1')}'")
