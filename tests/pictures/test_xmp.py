from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from selfcheck.model import Finding, Leak
from selfcheck.pictures import metadata

Rgb = NDArray[np.uint8]

_SPACES = """
 xmlns:x="adobe:ns:meta/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
 xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:mwg="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:mp="http://ns.microsoft.com/photo/1.2/t/Region#"
"""


def _packet(attributes: str = "", inside: str = "", before: str = "") -> bytes:
    return (
        f"{before}<x:xmpmeta{_SPACES}><rdf:RDF><rdf:Description {attributes}>{inside}"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def _jpeg(rgb: Rgb, xmp: bytes, form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    where = {"tiffinfo": {700: xmp}} if form == "TIFF" else {"xmp": xmp}
    Image.fromarray(rgb).save(out, form, **where)
    return out.getvalue()


def _list(name: str, *items: str) -> str:
    inner = "".join(f"<rdf:li>{item}</rdf:li>" for item in items)
    return f"<{name}><rdf:Bag>{inner}</rdf:Bag></{name}>"


@pytest.mark.parametrize("xmp", [b"<broken", b"\xff\xfe\0", b"<a/>", b"   ", b"<a b='&c;'/>"])
def test_a_damaged_packet_gives_nothing(xmp: bytes, marked: Rgb) -> None:
    assert metadata(_jpeg(marked, xmp)) == ()


def test_a_packet_with_entities_is_not_read(marked: Rgb) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    told = _packet('xmp:CreatorTool="x"')
    assert metadata(_jpeg(marked, told)) != ()
    assert metadata(_jpeg(marked, _packet('xmp:CreatorTool="x"', before=bomb))) == ()


def test_a_packet_nested_without_end_is_read_in_no_time(marked: Rgb) -> None:
    deep = "<dc:creator>" * 2500 + "x" + "</dc:creator>" * 2500
    assert metadata(_jpeg(marked, _packet(inside=deep))) == (
        Finding(leak=Leak.PERSON, value="1 name (artist)"),
    )


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_every_leak_is_found_in_attributes(form: str, marked: Rgb) -> None:
    xmp = _packet(
        'exif:GPSLatitude="48,51.5000N" exif:GPSLongitude="2,17,30W" tiff:Make="Acme" '
        'tiff:Model="One" xmp:CreateDate="2024-05-01T10:00:00+02:00" aux:SerialNumber="S1" '
        'xmp:CreatorTool="Tool" tiff:Artist="Jane" photoshop:City="Oslo"'
    )
    assert metadata(_jpeg(marked, xmp, form)) == (
        Finding(leak=Leak.GPS, value="48.85833, -2.29167"),
        Finding(leak=Leak.TIME, value="2024-05-01 10:00:00+02:00"),
        Finding(leak=Leak.CAMERA, value="Acme One"),
        Finding(leak=Leak.SERIAL, value="S1"),
        Finding(leak=Leak.SOFTWARE, value="Tool"),
        Finding(leak=Leak.PERSON, value="1 name (artist)"),
        Finding(leak=Leak.CAPTION, value="place: Oslo"),
    )


@pytest.mark.parametrize(
    "latitude", ["9" * 400 + ",51.5N", "48," + "9" * 400 + "N", "48,51.5," + "9" * 400 + "N"]
)
def test_a_coordinate_that_no_number_can_hold_is_none(latitude: str, marked: Rgb) -> None:
    xmp = _packet(f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="2,17,30W" xmp:CreatorTool="T"')
    assert metadata(_jpeg(marked, xmp)) == (Finding(leak=Leak.SOFTWARE, value="T"),)


def test_marked_faces_are_counted_wherever_they_are_written(marked: Rgb) -> None:
    regions = (
        '<mwg:Regions rdf:parseType="Resource"><mwg:RegionList><rdf:Bag>'
        '<rdf:li><rdf:Description mwg:Name="Ann" mwg:Type="Face"/></rdf:li>'
        "<rdf:li><rdf:Description><mwg:Name>Bob</mwg:Name></rdf:Description></rdf:li>"
        "</rdf:Bag></mwg:RegionList></mwg:Regions>"
    )
    inside = (
        regions
        + _list("ext:PersonInImage", "Ann", "Cleo")
        + _list("lr:hierarchicalSubject", "People|Family|Dan", "Places|Oslo")
    )
    data = _jpeg(marked, _packet(inside=inside))
    assert metadata(data) == (
        Finding(leak=Leak.PERSON, value="4 names (face regions, people shown, keywords)"),
    )


def test_a_caption_in_several_languages_is_told_in_each(marked: Rgb) -> None:
    inside = (
        '<dc:description><rdf:Alt><rdf:li xml:lang="en">Sea</rdf:li>'
        '<rdf:li xml:lang="de">Meer</rdf:li></rdf:Alt></dc:description>'
    )
    assert [finding.value for finding in metadata(_jpeg(marked, _packet(inside=inside)))] == [
        "Sea",
        "Meer",
    ]
