"""What a picture's own metadata gives away, read by Pillow without decoding a pixel.

Owns EXIF, IPTC and text chunks; XMP is read in xmp.py. Names of people are counted and
not quoted: other people's names are nobody's to keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from selfcheck.model import Finding, Leak, Moment
from selfcheck.pictures.exif import BOILERPLATE, Row, exif_moment, exif_rows, place, stamp
from selfcheck.pictures.formats import HEAD, sniff
from selfcheck.pictures.opening import open_still, silence, troubles
from selfcheck.pictures.xmp import read_xmp

if TYPE_CHECKING:
    from PIL.Image import Image

_LONGEST = 300  # characters of one value
_MOST = 4  # values told of one kind
_MOST_NAMES = 20
_ONE_ONLY = frozenset({Leak.GPS, Leak.TIME, Leak.CAMERA})  # EXIF and XMP repeat each other

_IPTC_PEOPLE = (((2, 80), "by-line"), ((2, 116), "copyright"), ((2, 122), "caption writer"))
_IPTC_CAPTIONS = ((2, 120), (2, 105), (2, 5))
_IPTC_PLACES = ((2, 92), (2, 90), (2, 95), (2, 101))
_CHUNKS = {
    "software": Leak.SOFTWARE,
    "description": Leak.CAPTION,
    "title": Leak.CAPTION,
    "comment": Leak.CAPTION,
}
_Found = tuple[Leak, str]
_Name = tuple[str, str]  # a name, and where it stands


def metadata(data: bytes, *, quoted: bool = False) -> tuple[Finding, ...]:
    """Tell what a picture's metadata gives away, in the order of `Leak`.

    Values are untrusted text of up to 300 characters. A file without readable metadata
    gives nothing; that it holds none is only said of what is read here (no maker notes).
    quoted: names of people as they stand, for their owner's eyes and nothing that is kept.
    """
    found, names = _read(data)
    values: dict[Leak, list[str]] = {leak: [] for leak in Leak}
    for leak, text in found:
        kept = values[leak]
        if text not in kept and len(kept) < (1 if leak in _ONE_ONLY else _MOST):
            kept.append(text)
    if names and quoted:
        said = dict.fromkeys(f"{name} ({where})" for name, where in names)
        values[Leak.PERSON] += list(said)[:_MOST_NAMES]
    elif names:
        values[Leak.PERSON].append(_count(names))
    return tuple(Finding(leak=leak, value=text) for leak in Leak for text in values[leak])


def taken(data: bytes) -> Moment | None:
    """Tell when a picture was taken: aware where the offset is recorded, else local time."""
    with silence():
        try:
            image = _open(data)
            return _moment(image) if image is not None else None
        except troubles():
            return None


def _open(data: bytes) -> Image | None:
    """Open a picture's header."""
    form = sniff(data[:HEAD])
    return open_still(data, form) if form is not None and form.is_picture else None


def _read(data: bytes) -> tuple[list[_Found], list[_Name]]:
    """Collect findings and names from every block; a damaged block costs only itself."""
    found: list[_Found] = []
    names: list[_Name] = []
    with silence():
        try:
            image = _open(data)
        except troubles():
            image = None
        if image is None:
            return found, names
        for block in (exif_rows, _xmp, _iptc, _text_chunks):
            try:
                for leak, text, where in block(image):
                    clean = _clean(text)
                    if clean and leak is Leak.PERSON:
                        names.append((clean, where))
                    elif clean:
                        found.append((leak, clean))
            except troubles():
                continue
    return found, names


def _count(names: Iterable[_Name]) -> str:
    """Say how many names there are and where, without saying them."""
    pairs = tuple(names)
    number = len({name.casefold() for name, _ in pairs})
    places = ", ".join(dict.fromkeys(where for _, where in pairs))
    return f"{number} {'name' if number == 1 else 'names'} ({places})"


def _clean(text: str) -> str:
    """Collapse white space and clamp. Making text safe to show is left to the output."""
    joined = " ".join(text.replace("\0", " ").split())
    return joined if len(joined) <= _LONGEST else joined[: _LONGEST - 1] + "…"


def _moment(image: Image) -> Moment | None:
    """Take EXIF's time, else XMP's."""
    moment = exif_moment(image.getexif())
    if moment is not None:
        return moment
    return next((found for text in read_xmp(image).times if (found := stamp(text))), None)


def _xmp(image: Image) -> Iterator[Row]:
    """Turn what XMP holds into rows."""
    packet = read_xmp(image)
    position = place(*packet.position)
    if position is not None:
        yield Leak.GPS, position, ""
    for text in packet.times:
        moment = stamp(text)
        if moment is not None:
            yield Leak.TIME, moment.when.isoformat(" "), ""
    yield Leak.CAMERA, packet.camera, ""
    yield from ((Leak.SERIAL, text, "") for text in packet.serials)
    yield from ((Leak.SOFTWARE, text, "") for text in packet.software)
    yield from ((Leak.PERSON, name, where) for name, where in packet.people)
    yield from ((Leak.CAPTION, text, "") for text in packet.captions)
    if packet.places:
        yield Leak.CAPTION, f"place: {', '.join(packet.places)}", ""


def _iptc(image: Image) -> Iterator[Row]:
    """Read the records news agencies use, which Facebook and others still write."""
    from PIL import IptcImagePlugin
    from PIL.ImageFile import ImageFile

    records = (IptcImagePlugin.getiptcinfo(image) if isinstance(image, ImageFile) else None) or {}
    for key, where in _IPTC_PEOPLE:
        yield from ((Leak.PERSON, text, where) for text in _record(records.get(key)))
    for key in _IPTC_CAPTIONS:
        yield from ((Leak.CAPTION, text, "") for text in _record(records.get(key)))
    places = [text for key in _IPTC_PLACES for text in _record(records.get(key))]
    if places:
        yield Leak.CAPTION, f"place: {', '.join(places)}", ""
    yield from ((Leak.SOFTWARE, text, "") for text in _record(records.get((2, 65))))


def _record(value: object) -> list[str]:
    """Decode one IPTC record, which may be repeated."""
    items = value if isinstance(value, list) else [value]
    return [_utf8_or_latin(item) for item in items if isinstance(item, bytes)]


def _utf8_or_latin(raw: bytes) -> str:
    """Decode as UTF-8, else as Latin-1, which never fails."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _text_chunks(image: Image) -> Iterator[Row]:
    """Read PNG's text chunks and the comments of JPEG and GIF."""
    for key, value in image.info.items():
        if not isinstance(key, str) or not isinstance(value, str | bytes):
            continue
        text = _utf8_or_latin(value) if isinstance(value, bytes) else value
        leak = _CHUNKS.get(key.lower())
        if leak is not None and not BOILERPLATE.match(text):
            yield leak, text, ""
        elif key.lower() in {"author", "copyright", "artist"}:
            yield Leak.PERSON, text, key.lower()
        elif key.lower() == "creation time":
            yield Leak.TIME, text, ""
