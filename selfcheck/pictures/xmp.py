"""What an XMP packet inside a picture holds: who, when, where, with which device.

Owns reading the packet and the names of its properties; it decides nothing about them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from PIL.Image import Image

_LARGEST = 1 << 20  # bytes; edit histories beyond that are not read
_MOST_VALUES = 200  # of one property

_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_EXIF_EX = "{http://cipa.jp/exif/1.0/}"
_TIFF = "{http://ns.adobe.com/tiff/1.0/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_AUX = "{http://ns.adobe.com/exif/1.0/aux/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_IPTC_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_REGIONS = "{http://www.metadataworkinggroup.com/schemas/regions/}"
_MICROSOFT = "{http://ns.microsoft.com/photo/1.2/t/Region#}"
_LIGHTROOM = "{http://ns.adobe.com/lightroom/1.0/}"
_DIGIKAM = "{http://www.digikam.org/ns/1.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

_TIMES = (_EXIF + "DateTimeOriginal", _PHOTOSHOP + "DateCreated", _XMP + "CreateDate")
_SERIALS = (
    _AUX + "SerialNumber",
    _EXIF_EX + "BodySerialNumber",
    _AUX + "LensSerialNumber",
    _EXIF_EX + "LensSerialNumber",
)
_SOFTWARE = (_XMP + "CreatorTool", _TIFF + "Software")
_PEOPLE = (
    (_REGIONS + "Name", "face regions"),
    (_MICROSOFT + "PersonDisplayName", "face regions"),
    (_IPTC + "PersonInImage", "people shown"),
    (_DC + "creator", "artist"),
    (_TIFF + "Artist", "artist"),
    (_AUX + "OwnerName", "camera owner"),
    (_EXIF_EX + "CameraOwnerName", "camera owner"),
    (_DC + "rights", "copyright"),
)
_TAGS = (_LIGHTROOM + "hierarchicalSubject", _DIGIKAM + "TagsList")
_PERSON_TAG = re.compile(r"(?:People|Personen|Personnes|Personas)[|/](?:.*[|/])?([^|/]+)")
_CAPTIONS = (_DC + "description", _DC + "title", _TIFF + "ImageDescription", _EXIF + "UserComment")
_PLACES = (
    _IPTC_CORE + "Location",
    _PHOTOSHOP + "City",
    _PHOTOSHOP + "State",
    _PHOTOSHOP + "Country",
)
# A number of hundreds of digits is no coordinate, and more than a float can hold.
_MINUTES = r"\d{1,3}(?:\.\d{1,20})?"
_COORDINATE = re.compile(rf"(\d{{1,3}}),({_MINUTES})(?:,({_MINUTES}))?([NSEW])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """An XMP packet's properties that tell something. Texts are as recorded, untrusted."""

    position: tuple[float | None, float | None] = (None, None)
    times: tuple[str, ...] = ()
    camera: str = ""
    serials: tuple[str, ...] = ()
    software: tuple[str, ...] = ()
    people: tuple[tuple[str, str], ...] = ()  # name, where it stands
    captions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def read_xmp(image: Image) -> Packet:
    """Read the packet of an opened picture; none, a damaged or a hostile one is empty."""
    raw = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if isinstance(raw, str):
        raw = raw.encode("utf-8", "replace")
    if not isinstance(raw, bytes) or not raw or len(raw) > _LARGEST:
        return Packet()
    # XMP has no use for a document type, and its entities are the way to a bomb.
    if b"<!DOCTYPE" in raw.replace(b"\0", b"").upper():
        return Packet()
    try:
        root = ET.fromstring(raw.strip(b"\0 \r\n\t"))  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError):
        return Packet()
    return _packet(_properties(root))


def _properties(root: ET.Element) -> Mapping[str, list[str]]:
    """Gather each property's texts in document order, written as attribute, text or list."""
    values: dict[str, list[str]] = defaultdict(list)
    waiting = [(root, "")]
    while waiting:
        element, owner = waiting.pop()
        # A list's items belong to the property around the list.
        name = owner if element.tag.startswith(_RDF) else element.tag
        texts = [*element.attrib.items(), (name, element.text or "")]
        for key, text in texts:
            if text.strip() and len(values[key]) < _MOST_VALUES:
                values[key].append(text.strip())
        waiting.extend((child, name) for child in reversed(element))
    return values


def _packet(values: Mapping[str, list[str]]) -> Packet:
    """Pick what tells something."""
    make, model = _first(values, _TIFF + "Make"), _first(values, _TIFF + "Model")
    return Packet(
        position=(
            _degrees(_first(values, _EXIF + "GPSLatitude")),
            _degrees(_first(values, _EXIF + "GPSLongitude")),
        ),
        times=_all(values, _TIMES),
        camera=(model if model.startswith(make) else f"{make} {model}").strip(),
        serials=_all(values, _SERIALS),
        software=_all(values, _SOFTWARE),
        people=(
            *((text, where) for key, where in _PEOPLE for text in values.get(key, ())),
            *(
                (match[1], "keywords")
                for text in _all(values, _TAGS)
                if (match := _PERSON_TAG.fullmatch(text))
            ),
        ),
        captions=_all(values, _CAPTIONS),
        places=_all(values, _PLACES),
    )


def _all(values: Mapping[str, list[str]], keys: Iterable[str]) -> tuple[str, ...]:
    """Join the texts of several properties."""
    return tuple(text for key in keys for text in values.get(key, ()))


def _first(values: Mapping[str, list[str]], key: str) -> str:
    """Give a property's first text."""
    return next(iter(values.get(key, ())), "")


def _degrees(text: str) -> float | None:
    """Read `48,51.5031N` and `48,51,30N`."""
    match = _COORDINATE.fullmatch(text)
    if match is None:
        return None
    total = int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
    return -total if match[4].upper() in "SW" else total
