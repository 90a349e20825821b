"""XMP sidecars beside pictures: `IMG_1.jpg.xmp` (darktable) and `IMG_1.xmp` (Lightroom).

Owns which file belongs to which picture and what its properties tell.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from selfcheck.exports import xmpfiles
from selfcheck.exports.addresses import is_picture
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.values import iso, place
from selfcheck.exports.xmpfiles import Xmp
from selfcheck.model import Context, Member, Moment, Picture, PictureKind, Place

_SIDECAR = ".xmp"

_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_TIFF = "{http://ns.adobe.com/tiff/1.0/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_IPTC_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_REGIONS = "{http://www.metadataworkinggroup.com/schemas/regions/}"
_MICROSOFT = "{http://ns.microsoft.com/photo/1.2/t/Region#}"

_CAPTIONS = (_DC + "description", _TIFF + "ImageDescription", _DC + "title", _EXIF + "UserComment")
_TIMES = (_EXIF + "DateTimeOriginal", _PHOTOSHOP + "DateCreated", _XMP + "CreateDate")
_PLACES = (
    _IPTC_CORE + "Location",
    _PHOTOSHOP + "City",
    _PHOTOSHOP + "State",
    _PHOTOSHOP + "Country",
)
_PEOPLE = (_IPTC + "PersonInImage", _MICROSOFT + "PersonDisplayName")
_MINUTES = r"\d{1,2}(?:\.\d{1,20})?"
_COORDINATE = re.compile(rf"(\d{{1,3}}),({_MINUTES})(?:,({_MINUTES}))?([NSEW])", re.IGNORECASE)


def read(tree: Documents, *, platform: str, known: Container[Member]) -> Iterator[Picture]:
    """Yield every picture that has an XMP sidecar and is not known from elsewhere."""
    sidecars = _sidecars(tree)
    for position, path in enumerate(tree.members.paths() if sidecars else ()):
        found = _of(path, sidecars) if is_picture(path) else None
        if found is not None and (member := tree.members[position]) not in known:
            sidecar = tree.members[found]
            told = xmpfiles.read(tree, sidecar)
            if told.properties:
                context = _context(told, platform, sidecar)
                yield Picture(member=member, context=context)


def has(tree: Documents) -> bool:
    """Say whether the tree holds any sidecar."""
    return any(path.endswith(_SIDECAR) for path in tree.folded())


def _sidecars(tree: Documents) -> dict[str, int]:
    """Map what each sidecar's path is about to where the sidecar stands."""
    found: dict[str, int] = {}
    for position, path in enumerate(tree.folded()):
        if path.endswith(_SIDECAR):
            found.setdefault(path.removesuffix(_SIDECAR), position)
    return found


def _of(path: str, sidecars: dict[str, int]) -> int | None:
    whole = sidecars.get(fold(path))
    return whole if whole is not None else sidecars.get(fold(path).rpartition(".")[0])


def _context(told: Xmp, platform: str, sidecar: Member) -> Context:
    return Context(
        platform=platform,
        kind=PictureKind.FILE,
        caption=told.first(*_CAPTIONS),
        time=_time(told),
        place=_place(told),
        tagged=_people(told),
        listed_in=sidecar.path,
    )


def _time(told: Xmp) -> Moment | None:
    return next((when for name in _TIMES if (when := iso(told.first(name)))), None)


def _place(told: Xmp) -> Place | None:
    names = [written for name in _PLACES if (written := told.first(name))]
    return place(
        _degrees(told.first(_EXIF + "GPSLatitude")),
        _degrees(told.first(_EXIF + "GPSLongitude")),
        ", ".join(names) or None,
    )


def _people(told: Xmp) -> int:
    """Count the people named, the owner perhaps among them; a region may also be a pet."""
    named = {written for name in _PEOPLE for written in told.properties.get(name, ())}
    regions = told.structures(_REGIONS + "Name", _REGIONS + "Type")
    named |= {name for name, kind in regions if kind.casefold() in {"", "face"}}
    return len({name.casefold() for name in named})


def _degrees(written: str | None) -> float | None:
    """Read `48,51.5031N` and `48,51,30N`."""
    match = _COORDINATE.fullmatch(written or "")
    if match is None:
        return None
    total = int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
    return -total if match[4].upper() in "SW" else total
