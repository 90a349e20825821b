"""What the bytes of an answer are: a picture, a film, a page, or something else.

Owns telling them apart by their first bytes; a header is a hint where these are plain text.
What a page that is no page turns out to be is told by `signs`.
"""

from __future__ import annotations

import codecs
import re

from selfcheck.sources.web.outcomes import Kind

HEAD = 512  # bytes that `sniff` wants to see

_PICTURES = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",  # TIFF, and BigTIFF below
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"\0\0\0\x0cJXL \r\n\x87\n",
    b"\xff\x0a",  # JPEG XL without a container
)
_FILMS = (
    b"\x1aE\xdf\xa3",  # Matroska and WebM
    b"\0\0\x01\xba",  # MPEG
    b"\0\0\x01\xb3",
    b"FLV\x01",
)
_RIFF = {b"WEBP": Kind.PICTURE, b"AVI ": Kind.FILM}
_PICTURE_BRANDS = frozenset(
    b"heic heix heim heis hevc hevx hevm hevs mif1 msf1 avif avis".split()  # HEIC and AVIF
)
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The table of the WHATWG's MIME Sniffing Standard (section 7.1), with `meta` and `link`.
_TAGS = re.compile(
    r"\s*(?:<!--|<\?xml[^>]*\?>\s*(?:<!doctype\s+html|<html)"
    r"|<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link)[\s>])",
    re.IGNORECASE,
)
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def sniff(head: bytes, declared: str = "") -> Kind:
    """Tell what bytes are from the first `HEAD` of them, and the type the header declares."""
    if not head:
        return Kind.EMPTY
    if head.startswith(_PICTURES) or _is_bmp(head):
        return Kind.PICTURE
    if head.startswith(_FILMS):
        return Kind.FILM
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], Kind.OTHER)
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    return Kind.PAGE if _is_page(head[:HEAD], declared) else Kind.OTHER


def _is_bmp(head: bytes) -> bool:
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS


def _by_brand(brand: bytes) -> Kind:
    if brand in _PICTURE_BRANDS:
        return Kind.PICTURE
    return Kind.OTHER if brand in _SOUND_BRANDS else Kind.FILM


def _is_page(head: bytes, declared: str) -> bool:
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "latin-1")
    text = head.decode(encoding, "replace").lstrip("\ufeffï»¿")
    if _TAGS.match(text):
        return True
    # Text that begins with words: only then does the header say what it is.
    kind = declared.partition(";")[0].strip().lower()
    return kind in _PAGE_TYPES and "\0" not in text and not text.lstrip().startswith("<svg")
