"""What EXIF holds: place, time, device, names, captions.

Owns tags and their types, which writers choose freely. Every value is untrusted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from selfcheck.model import Leak, Moment
from selfcheck.pictures.opening import troubles

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_THUMBNAIL_IFD = -1  # Pillow's number for the second directory
_THUMBNAIL_SIZE, _MAKER_NOTE = 0x0202, 0x927C
_MAKE, _MODEL, _CHANGED = 0x010F, 0x0110, 0x0132
_TIMES = ((0x9003, 0x9011), (0x9004, 0x9012))  # taken, digitised; each with its offset
_SERIALS = (0xA431, 0xA435, 0xC62F)  # body, lens, DNG camera
_SOFTWARE = (0x0131, 0x000B, 0x013C)  # software, processing software, host computer
_PEOPLE = ((0x013B, "artist"), (0xA430, "camera owner"), (0x9C9D, "author"), (0x8298, "copyright"))
_CAPTIONS = (0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9F)  # description, comment, XP title, ...
_XP = range(0x9C9B, 0x9CA0)  # Windows Explorer's, in UTF-16

# What programs write by themselves says nothing about a person.
BOILERPLATE = re.compile(
    r"^(created with gimp|\W*|default|ascii|OLYMPUS DIGITAL CAMERA)$", re.IGNORECASE
)
_STAMP = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d*)?(.*)")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")

Row = tuple[Leak, str, str]  # what is given away, the value, and where a name stands


def exif_rows(image: Image) -> Iterator[Row]:
    """Read IFD0, the EXIF directory and the GPS directory."""
    exif = image.getexif()
    tags: dict[int, object] = {**exif, **_directory(exif, _EXIF_IFD)}
    position = _position(_directory(exif, _GPS_IFD))
    if position is not None:
        yield Leak.GPS, position, ""
    moment = exif_moment(exif) or stamp(_text(tags.get(_CHANGED)))
    if moment is not None:
        yield Leak.TIME, moment.when.isoformat(" "), ""
    make, model = _text(tags.get(_MAKE)), _text(tags.get(_MODEL))
    yield Leak.CAMERA, model if model.startswith(make) else f"{make} {model}", ""
    for leak, wanted in ((Leak.SERIAL, _SERIALS), (Leak.SOFTWARE, _SOFTWARE)):
        for tag in wanted:
            yield leak, _text(tags.get(tag), tag), ""
    for tag, where in _PEOPLE:
        yield Leak.PERSON, _text(tags.get(tag), tag), where
    for tag in _CAPTIONS:
        text = _text(tags.get(tag), tag).strip("\0 ")
        if not BOILERPLATE.match(text):
            yield Leak.CAPTION, text, ""


def exif_blocks(image: Image) -> Iterator[tuple[str, int]]:
    """Give what EXIF holds besides texts and numbers: a name for each, and its bytes."""
    exif = image.getexif()
    yield "thumbnail (EXIF)", _whole(_directory(exif, _THUMBNAIL_IFD).get(_THUMBNAIL_SIZE))
    note = _directory(exif, _EXIF_IFD).get(_MAKER_NOTE)
    yield "the camera maker's own note", len(note) if isinstance(note, bytes) else 0


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _directory(exif: Exif, number: int) -> dict[int, object]:
    """Read a directory; a damaged one is empty."""
    try:
        return dict(exif.get_ifd(number))
    except troubles():
        return {}


def _text(value: object, tag: int = 0) -> str:
    """Give a tag's value as text, whatever type the writer chose."""
    if isinstance(value, tuple) and value and all(isinstance(item, int) for item in value):
        value = bytes(item & 0xFF for item in value)
    if isinstance(value, bytes):
        if tag in _XP:
            return value.decode("utf-16-le", "replace")
        if value[:8] == b"UNICODE\0":
            order = "utf-16-be" if value[8:9] == b"\0" else "utf-16-le"
            return value[8:].decode(order, "replace")
        body = value[8:] if value[:8] in {b"ASCII\0\0\0", b"\0" * 8, b"JIS\0\0\0\0\0"} else value
        return body.rstrip(b"\0").decode("utf-8", "replace")
    return "" if value is None else str(value).strip("\0 ")


def _position(gps: Mapping[int, object]) -> str | None:
    """Give a GPS directory's position in decimal degrees."""
    latitude = _degrees(gps.get(2), _text(gps.get(1)).upper() == "S")
    longitude = _degrees(gps.get(4), _text(gps.get(3)).upper() == "W")
    return place(latitude, longitude)


def place(latitude: float | None, longitude: float | None) -> str | None:
    """Word a position. Exactly 0, 0 is what devices write that do not know where they are."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004 - degrees
        return None
    return f"{latitude:.5f}, {longitude:.5f}"


def _degrees(parts: object, negative: bool) -> float | None:  # noqa: FBT001 - private
    """Add up degrees, minutes and seconds; None for what is no number."""
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:  # noqa: PLR2004 -- degrees, minutes, seconds
        return None
    total = 0.0
    for part, unit in zip(parts, (1, 60, 3600), strict=False):
        total += float(part) / unit
    if not math.isfinite(total):
        return None
    return -total if negative else total


def exif_moment(exif: Exif) -> Moment | None:
    """Read when a picture was taken or digitised, with the offset where it is recorded."""
    tags = _directory(exif, _EXIF_IFD)
    for tag, offset in _TIMES:
        moment = stamp(_text(tags.get(tag)) + _text(tags.get(offset)))
        if moment is not None:
            return moment
    return None


def stamp(text: str) -> Moment | None:
    """Read `2024:05:31 12:30:00+02:00` and XMP's `2024-05-31T12:30:00Z`."""
    match = _STAMP.match(text.strip())
    if match is None:
        return None
    *parts, rest = match.groups()
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        when = datetime(year, month, day, hour, minute, second, tzinfo=_zone(rest.strip()))
    except ValueError:
        return None
    return Moment(when=when)


def _zone(text: str) -> timezone | None:
    """Read an offset; None where none is recorded."""
    if text == "Z":
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    sign = -1 if match[1] == "-" else 1
    return timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3])))
