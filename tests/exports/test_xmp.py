"""XMP sidecars: read safely, whatever stands in them, and for the right picture."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents, xmp, xmpfiles
from selfcheck.model import Context

Build = Callable[..., Documents]

_HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/">'
)
_TAIL = "</rdf:RDF></x:xmpmeta>"


def document(body: str) -> bytes:
    return f"{_HEAD}<rdf:Description {body}/>{_TAIL}".encode()


def contexts(build: Build, files: dict[str, bytes | Exception | None]) -> dict[str, Context]:
    found = xmp.read(build(files), platform="Folder", known=set())
    return {picture.member.path: picture.context for picture in found}


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"<x",
        b"\x00\xff",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?><!doctype a SYSTEM "http://a.example/"><a/>',
        b"<a>&undefined;</a>",
        document('dc:title="x"') + b" " * (1 << 20),
        OSError("gone"),
    ],
)
def test_what_is_damaged_hostile_or_too_large_tells_nothing(
    build: Build, written: bytes | Exception
) -> None:
    assert contexts(build, {"a.jpg": None, "a.jpg.xmp": written}) == {}


def test_whole_name_goes_before_the_stem(build: Build) -> None:
    found = contexts(
        build,
        {
            "a/IMG_1.jpg": None,
            "a/IMG_1.png": None,
            "b/IMG_1.jpg": None,
            "a/IMG_1.txt": None,
            "a/IMG_1.XMP": document('dc:title="stem"'),
            "a/IMG_1.jpg.xmp": document('dc:title="whole"'),
        },
    )
    captions = {path: context.caption for path, context in found.items()}
    assert captions == {"a/IMG_1.jpg": "whole", "a/IMG_1.png": "stem"}


@pytest.mark.parametrize("latitude", ["47", "47,30", "47,30.0X", "9" * 400 + ",1.0N", "95,0.0N"])
def test_position_that_is_none_is_left_out(build: Build, latitude: str) -> None:
    body = f'dc:title="x" exif:GPSLatitude="{latitude}" exif:GPSLongitude="8,15.0E"'
    assert contexts(build, {"a.jpg": None, "a.xmp": document(body)})["a.jpg"].place is None


def test_a_property_written_without_end_is_bounded(build: Build) -> None:
    many = "".join(f"<dc:title>{n}</dc:title>" for n in range(1000))
    docs = build({"a.xmp": f"{_HEAD}{many}{_TAIL}".encode()})
    told = xmpfiles.read(docs, docs.members[0])
    assert [len(texts) for texts in told.properties.values()] == [200]
