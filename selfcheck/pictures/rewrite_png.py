"""A PNG without metadata: its chunks copied or left out, its pixels not touched.

Owns which chunks show the picture, those of an animation among them. Source: PNG, 3rd edition.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from selfcheck.model import Reason
from selfcheck.pictures.colour_profile import called, nameless
from selfcheck.pictures.rewriting import Notes, Rewritten, Unfit, inflated, orientation_alone

_START = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 200_000  # 200 MB in pieces of 1 KiB
_FRAME = 12  # bytes of a chunk besides its body
# Not among them: sPLT, a palette that is only suggested, and has a name.
_SHOWS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA sRGB sBIT cICP mDCV mDCv cLLI cLLi bKGD pHYs"
    b" acTL fcTL fdAT".split()
)
_TEXTS = frozenset((b"tEXt", b"zTXt", b"iTXt"))
_PROFILE = 16 << 20
_XMP = b"XML:com.adobe.xmp"


def rewrite_png(data: bytes, orientation: int) -> Rewritten:
    """Give the same picture without metadata but for its orientation and nameless colours.

    Raises Unfit for a file that breaks off within a chunk or has far too many.
    """
    view, notes, kept = memoryview(data), Notes(), list[memoryview]()
    exif, profile = orientation_alone(orientation), b""
    end = len(data)
    for name, start, end in _chunks(data):
        if name in _SHOWS:
            kept.append(view[start:end])
        elif name == b"iCCP":
            profile = _clean_profile(data[start + 8 : end - 4], notes)
        elif name in _TEXTS:
            _note_text(name, data[start + 8 : end - 4], notes)
        elif name == b"tIME":
            notes.text("time of the last change", _time(data[start + 8 : end - 4]))
        elif not (name == b"eXIf" and exif and data[start + 8 : end - 4] == exif):
            notes.block(_kind(name), end - start)
    notes.trailing(view[end:])
    first, *rest = kept
    # A profile comes before the palette and the pixels.
    added = (_chunk(b"iCCP", profile), _chunk(b"eXIf", exif))
    return Rewritten(data=b"".join((_START, first, *added, *rest)), removed=notes.removed())


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Give each chunk's name, where it starts and where it ends."""
    at = len(_START)
    for _ in range(_MOST_CHUNKS):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + _FRAME + length
        if len(name) < 4 or end > len(data):  # noqa: PLR2004 - a name's length
            raise Unfit(Reason.TRUNCATED, "PNG: it ends before its last chunk (IEND)")
        if at == len(_START) and name != b"IHDR":
            raise Unfit(Reason.DAMAGED, "PNG: it does not begin with its header (IHDR)")
        yield name, at, end
        if name == b"IEND":
            return
        at = end
    raise Unfit(Reason.HOSTILE, f"PNG: more than {_MOST_CHUNKS:,} chunks")


def _chunk(name: bytes, body: bytes) -> bytes:
    """Write a chunk; none without a body."""
    if not body:
        return b""
    checked = name + body
    return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))


def _clean_profile(body: bytes, notes: Notes) -> bytes:
    """Give the body of a chunk whose profile has no names; none for what is no profile."""
    name, _, packed = body.partition(b"\0")
    whole = inflated(packed[1:], _PROFILE)
    clean = nameless(whole)
    if clean != whole or name != b"colours":
        notes.text("colour profile's names", called(whole) or name)
    return b"colours\0\0" + zlib.compress(clean, 9) if clean else b""


def _note_text(name: bytes, body: bytes, notes: Notes) -> None:
    key, _, text = body.partition(b"\0")
    if key == _XMP:
        notes.block("XMP", len(body) + _FRAME)
        return
    if name == b"zTXt":
        text = inflated(text[1:])
    elif name == b"iTXt":
        packed, text = text[:1] == b"\1", text[2:].split(b"\0", 2)[-1]
        text = inflated(text) if packed else text
    label = key[:79].decode("latin-1")
    if name == b"iTXt":
        notes.text(f"text '{label}'", text)
    else:
        notes.text(f"text '{label}'", text[:1200].decode("latin-1"))


def _time(body: bytes) -> str:
    if len(body) != 7:  # noqa: PLR2004 - year to second
        return f"{len(body)} bytes"
    year, *rest = struct.unpack(">H5B", body)
    month, day, hour, minute, second = rest
    return f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"


def _kind(name: bytes) -> str:
    return "EXIF" if name == b"eXIf" else f"a chunk '{name.decode('latin-1')}'"
