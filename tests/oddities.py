"""Odd and hostile pictures, made byte by byte, and what must become of each.

`None` stands for a picture that is looked at; all else is the reason for which it is skipped.
"""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

from selfcheck.model import Reason
from selfcheck.pictures import Format, save

GREY = np.full((64, 96, 3), 128, np.uint8)


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(
    width: int,
    height: int,
    *,
    depth: int = 8,
    colour: int = 2,
    laced: int = 0,
    before: bytes = b"",
    rows: bytes | None = None,
) -> bytes:
    """Give a black PNG, or one whose pixels are these rows."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, laced)
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    lines = rows if rows is not None else bytes(height * (1 + (width * bits + 7) // 8))
    body = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg(frame: int, scan: bytes, data: bytes, *, depth: int = 8) -> bytes:
    """Give a grey JPEG of 8x8 pixels of any process; every code is the one bit 0."""
    table = b"\x01" + bytes(15) + b"\0"
    parts = (
        (0xDB, b"\0" + b"\x01" * 64),
        (frame, struct.pack(">BHHBBBB", depth, 8, 8, 1, 1, 0x11, 0)),
        (0xC4, b"\0" + table),
        (0xC4, b"\x10" + table),
        (0xDA, b"\x01\x01\x00" + scan),
    )
    body = b"".join(struct.pack(">BBH", 0xFF, mark, len(part) + 2) + part for mark, part in parts)
    return b"\xff\xd8" + body + data + b"\xff\xd9"


def segment(data: bytes, inserted: bytes) -> bytes:
    """Put something behind the first mark of a JPEG."""
    return data[:2] + inserted + data[2:]


def claiming(width: int, height: int) -> bytes:
    """Give a JPEG of 96x64 pixels whose header says otherwise."""
    data = bytearray(save(GREY, Format.JPEG))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def saved(image: Image.Image, form: str, **how: bytes | str | bool) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def moving(frames: int) -> bytes:
    """Give a PNG that says it moves and holds one picture."""
    control = chunk(b"acTL", struct.pack(">II", frames, 0))
    first = struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 10, 0, 0)
    return png(8, 8, before=control + chunk(b"fcTL", first))


def tiff(entries: bytes, count: int, following: int = 0) -> bytes:
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entries + struct.pack("<I", following)


def bmp(width: int, height: int) -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 3000, 0, 0, 54) + info + bytes(3000)


_JPEG = save(GREY, Format.JPEG)
_PNG = save(GREY, Format.PNG)
_BASELINE, _LOSSLESS = b"\x00\x3f\x00", b"\x01\x00\x00"

ODDITIES: dict[str, tuple[bytes, Reason | None]] = {
    # sizes and shapes
    "one-pixel.png": (png(1, 1), None),
    "one-pixel.jpg": (save(GREY[:1, :1], Format.JPEG), None),
    "thread.png": (png(1, 30_000), None),
    "line.png": (png(30_000, 1), None),
    "thread.jpg": (save(np.zeros((30_000, 1, 3), np.uint8), Format.JPEG), None),
    "300-megapixels.png": (png(20_000, 15_000, rows=b""), Reason.TOO_LARGE),
    "interlaced-bomb.png": (png(30_000, 30_000, colour=6, laced=1, rows=b""), Reason.TOO_LARGE),
    "sixteen-bits-bomb.png": (png(60_000, 60_000, depth=16, rows=b""), Reason.TOO_LARGE),
    "no-width.png": (png(0, 10), Reason.DAMAGED),
    "no-width.bmp": (bmp(0, 10), Reason.DAMAGED),
    "upside-down.bmp": (bmp(20, -20), None),
    "largest-height.bmp": (bmp(20, -(2**31)), Reason.TOO_LARGE),
    "claims-more.jpg": (claiming(9000, 9000), Reason.DAMAGED),
    "claims-less.jpg": (claiming(16, 16), None),
    "claims-nothing.jpg": (claiming(0, 0), Reason.DAMAGED),
    "claims-300-megapixels.jpg": (claiming(20_000, 15_000), Reason.TOO_LARGE),
    # ways of storing
    "twelve-bits.jpg": (jpeg(0xC1, _BASELINE, b"\x3f", depth=12), Reason.UNSUPPORTED),
    "lossless.jpg": (jpeg(0xC3, _LOSSLESS, bytes(8)), None),
    "arithmetic.jpg": (jpeg(0xC9, _BASELINE, bytes(16)), None),
    "hierarchical.jpg": (jpeg(0xC5, _BASELINE, b"\x3f"), Reason.UNSUPPORTED),
    "inverted-cmyk.jpg": (saved(Image.fromarray(GREY).convert("CMYK"), "JPEG"), None),
    "sixteen-bits-grey.png": (png(20, 20, depth=16, colour=0), None),
    "interlaced.png": (png(8, 8, laced=1, rows=bytes(500)), None),
    "clear.png": (png(40, 40, colour=6), None),
    "clear.webp": (saved(Image.new("RGBA", (40, 40)), "WEBP", lossless=True), None),
    "moving.png": (moving(3), None),
    "moving-without-frames.png": (moving(0), None),
    "no-palette.png": (png(8, 8, colour=3), None),
    "bit-depth-of-3.png": (png(8, 8, depth=3, rows=b""), Reason.DAMAGED),
    "no-frames.gif": (b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0, 0, 0) + b";", Reason.DAMAGED),
    "no-pictures.heic": (struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic", Reason.TRUNCATED),
    "no-entries.tif": (tiff(b"", 0), Reason.DAMAGED),
    "a-loop.tif": (tiff(b"", 0, following=8), Reason.DAMAGED),
    # junk beside the pixels
    "junk-profile.jpg": (saved(Image.fromarray(GREY), "JPEG", icc_profile=b"junk" * 50), None),
    "junk-profile.png": (saved(Image.fromarray(GREY), "PNG", icc_profile=b"junk" * 50), None),
    "junk-exif.jpg": (segment(_JPEG, b"\xff\xe1\0\x10Exif\0\0MM\0*\xff\xff\xff\xff"), None),
    "segment-of-no-length.jpg": (segment(_JPEG, b"\xff\xe5\0\0"), None),
    "many-segments.jpg": (segment(_JPEG, b"\xff\xfe\0\x02" * 50_000), None),
    "empty-chunks.png": (_PNG[:33] + chunk(b"tEXt") + chunk(b"IDAT") * 50 + _PNG[33:], None),
    "text-bomb.png": (
        _PNG[:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80 << 20))) + _PNG[33:],
        Reason.DAMAGED,
    ),
    "profile-bomb.png": (
        _PNG[:33] + chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(80 << 20))) + _PNG[33:],
        Reason.DAMAGED,
    ),
    "wrong-checksum.png": (_PNG.replace(_PNG[-20:-16], b"\0\0\0\0"), Reason.DAMAGED),
}
