"""Which kind of file some bytes are, decided by the bytes and never by the name.

Owns the closed list of formats, and the words for what a file is when it is none of them.
It reads no further than the first few kilobytes and decodes nothing.
"""

from __future__ import annotations

import codecs
import re
from enum import StrEnum

HEAD = 4096  # bytes that `sniff` wants to see


class Format(StrEnum):
    """Every kind of file that is told apart. The value is shown to people."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WebP"
    GIF = "GIF"
    TIFF = "TIFF"
    BMP = "BMP"
    HEIC = "HEIC"
    AVIF = "AVIF"
    MP4 = "MP4"  # and QuickTime and 3GP: one family of boxes
    MATROSKA = "Matroska"  # and WebM
    AVI = "AVI"
    MPEG = "MPEG"
    WMV = "Windows Media"
    FLV = "Flash video"
    SOUND = "sound"

    @property
    def is_picture(self) -> bool:
        """Say whether `decode` reads it."""
        return self in PICTURES

    @property
    def is_film(self) -> bool:
        """Say whether it is a moving picture; `film` reads MP4, Matroska and AVI only."""
        return self in FILMS


PICTURES = frozenset(
    {
        Format.JPEG,
        Format.PNG,
        Format.WEBP,
        Format.GIF,
        Format.TIFF,
        Format.BMP,
        Format.HEIC,
        Format.AVIF,
    }
)
FILMS = frozenset({Format.MP4, Format.MATROSKA, Format.AVI, Format.MPEG, Format.WMV, Format.FLV})

_STARTS: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"II*\0", Format.TIFF),
    (b"MM\0*", Format.TIFF),
    (b"II+\0", Format.TIFF),  # BigTIFF
    (b"MM\0+", Format.TIFF),
    (b"\x1aE\xdf\xa3", Format.MATROSKA),
    (b"\0\0\x01\xba", Format.MPEG),
    (b"\0\0\x01\xb3", Format.MPEG),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Format.WMV),
    (b"FLV\x01", Format.FLV),
    (b"ID3", Format.SOUND),
    (b"fLaC", Format.SOUND),
    (b"OggS", Format.SOUND),
    (b"#!AMR", Format.SOUND),
    (b"caff", Format.SOUND),
    (b"\xff\xf1", Format.SOUND),  # AAC
    (b"\xff\xf9", Format.SOUND),
    (b"\xff\xfb", Format.SOUND),  # MP3 without a tag
    (b"\xff\xfa", Format.SOUND),
    (b"\xff\xf3", Format.SOUND),
    (b"\xff\xf2", Format.SOUND),
)
_RIFF = {b"WEBP": Format.WEBP, b"AVI ": Format.AVI, b"WAVE": Format.SOUND}
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})
_RAW_BRAND = b"crx "
# QuickTime files from before `ftyp` begin with one of these boxes.
_OLD_BOXES = frozenset({b"moov", b"mdat", b"wide", b"pnot", b"skip", b"free"})

_UNREAD: tuple[tuple[bytes, str], ...] = (
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"FUJIFILMCCD-RAW", "a camera's raw file"),
    (b"IIU\0", "a camera's raw file"),
    (b"IIRO", "a camera's raw file"),
    (b"IIRS", "a camera's raw file"),
    (b"MMOR", "a camera's raw file"),
    (b"FOVb", "a camera's raw file"),
)
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\0\x05\x16\x07", "an AppleDouble file (what macOS keeps beside a file)"),
)
_FILM_EXTENSION = re.compile(
    r"\.(mp4|m4v|mov|qt|3gp|3g2|mkv|webm|avi|mp|mv|lrv|insv)$", re.IGNORECASE
)
_EXTENSION = re.compile(
    r"\.(jpe?g|jpe|jfif|pjpeg|mpo|a?png|webp|gif|tiff?|bmp|dib|hei[cf]s?|hif|avifs?"  # read
    r"|jxl|jp2|j2k|jpf|dng|cr[23]|nef|arw|orf|rw2|raf|pef|srw)$",  # pictures, not read
    re.IGNORECASE,
)


def sniff(head: bytes) -> Format | None:
    """Tell the format from a file's first bytes (`HEAD` of them are enough).

    None means: nothing of the closed list. The name never counts.
    """
    for start, form in _STARTS:
        if head.startswith(start):
            return form
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return Format.SOUND
    if head[:2] == b"BM":
        known = int.from_bytes(head[14:18], "little") in _BMP_HEADERS
        return Format.BMP if known else None
    if head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G":
        return Format.MPEG  # a transport stream: 188-byte packets
    return _boxes(head)


def _boxes(head: bytes) -> Format | None:
    """Tell the members of the ISO box family apart by their brands."""
    size, kind, major = int.from_bytes(head[:4], "big"), head[4:8], head[8:12]
    if kind in _OLD_BOXES and (size == 1 or size >= 8):  # noqa: PLR2004 - a box's own header
        return Format.MP4
    if kind != b"ftyp":
        return None
    brands = {head[at : at + 4] for at in range(16, min(size, len(head)), 4)}
    if major in _AVIF_BRANDS or (major in {b"mif1", b"msf1"} and brands & _AVIF_BRANDS):
        return Format.AVIF
    if major in _HEIC_BRANDS:
        return Format.HEIC
    if major == _RAW_BRAND:
        return None
    return Format.SOUND if major in _SOUND_BRANDS else Format.MP4


def unread(head: bytes) -> str | None:
    """Name the picture format of these first bytes if it is one that is not read here."""
    if head[4:8] == b"ftyp" and head[8:12] == _RAW_BRAND:
        return "a camera's raw file"
    return next((name for start, name in _UNREAD if head.startswith(start)), None)


def looks_like_picture(path: str) -> bool:
    """Say whether a name ends like a picture's, read here or not."""
    return _EXTENSION.search(path) is not None


def looks_like_film(path: str) -> bool:
    """Say whether a name ends like that of a film that is read here."""
    return _FILM_EXTENSION.search(path) is not None


def describe(head: bytes) -> str:
    """Say in a few words what a file is, for a person who took it for a picture."""
    form = sniff(head)
    if form is not None:
        return "sound" if form is Format.SOUND else f"a {form} file"
    for start, words in (*_UNREAD, *_OTHERS):
        if head.startswith(start):
            return words
    if not head.strip(b"\0"):
        return "zero bytes only" if head else "nothing, the file is empty"
    return _text(head) or f"bytes that begin with {head[:8].hex(' ')}"


def _text(head: bytes) -> str | None:
    """Name the kind of text, or None for what is no text."""
    if b"\0" in head:
        return None
    try:
        # Bit by bit, because the head may end inside a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if b"<svg" in start:
        return "an SVG drawing"
    if start.startswith((b"{", b"[")):
        return "JSON text"
    return "text"
