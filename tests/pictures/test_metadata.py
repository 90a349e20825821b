from __future__ import annotations

import io
import struct
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from selfcheck.model import Finding, Leak, Moment
from selfcheck.pictures import Format, metadata, save, taken

Rgb = NDArray[np.uint8]


def _write(rgb: Rgb, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, form, **options)
    return out.getvalue()


def _exif(tags: dict[int, object], details: dict[int, object] | None = None) -> bytes:
    exif = Image.Exif()
    exif.update(tags)
    exif.get_ifd(0x8769).update(details or {})
    return exif.tobytes()


def _iptc(**records: str) -> bytes:
    numbers = {"caption": 120, "by_line": 80, "city": 90, "country": 101}
    body = b"".join(
        b"\x1c\x02" + bytes([numbers[name]]) + struct.pack(">H", len(text.encode())) + text.encode()
        for name, text in records.items()
    )
    body += b"\0" * (len(body) % 2)
    block = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(body)) + body
    return b"\xff\xed" + struct.pack(">H", len(block) + 2) + block


def _values(data: bytes, leak: Leak) -> list[str]:
    return [finding.value for finding in metadata(data) if finding.leak is leak]


# --- nothing to find ------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"text", b"\xff\xd8\xff\xe0", b"GIF89a"])
def test_bytes_that_are_no_picture_give_nothing(data: bytes) -> None:
    assert metadata(data) == ()
    assert taken(data) is None


@pytest.mark.parametrize("form", [form for form in Format if form.is_picture])
def test_a_clean_picture_gives_nothing_away(form: Format, marked: Rgb) -> None:
    assert metadata(save(marked, form)) == ()


def test_what_editors_write_by_themselves_is_no_caption(marked: Rgb) -> None:
    assert metadata(_write(marked, comment=b"Created with GIMP")) == ()
    assert metadata(_write(marked, exif=_exif({0x010E: "OLYMPUS DIGITAL CAMERA"}))) == ()


def test_a_damaged_block_does_not_hide_the_others(marked: Rgb) -> None:
    data = _write(marked, exif=b"Exif\0\0II*\0\xff\xff\xff\x7f", extra=_iptc(caption="Beach"))
    assert _values(data, Leak.CAPTION) == ["Beach"]


def test_a_clock_that_was_never_set_is_no_time(marked: Rgb) -> None:
    data = _write(marked, exif=_exif({}, {0x9003: "0000:00:00 00:00:00"}))
    assert taken(data) is None
    assert metadata(data) == ()


@pytest.mark.parametrize("position", [(0.0, 0.0), (91.0, 10.0), (10.0, 181.0)])
def test_a_position_that_is_none_is_not_told(marked: Rgb, position: tuple[float, float]) -> None:
    assert metadata(save(marked, Format.JPEG, gps=position)) == ()


def test_a_position_without_denominator_is_not_told(marked: Rgb) -> None:
    data = save(marked, Format.JPEG, gps=(48.0, 2.0))
    one = struct.pack(">II", 48, 1)
    assert one in data
    assert metadata(data.replace(one, struct.pack(">II", 48, 0))) == ()


# --- each leak ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", [Format.JPEG, Format.PNG, Format.WEBP, Format.TIFF, Format.HEIC, Format.AVIF]
)
def test_place_and_time_are_found_in_every_format_that_carries_them(
    form: Format, marked: Rgb
) -> None:
    when = datetime(2024, 5, 31, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    data = save(marked, form, gps=(-33.85678, 151.21531), taken=when)
    assert _values(data, Leak.GPS) == ["-33.85678, 151.21531"]
    assert _values(data, Leak.TIME) == ["2024-05-31 12:30:00+02:00"]
    assert taken(data) == Moment(when=when)


def test_camera_serial_and_software_are_found(marked: Rgb) -> None:
    exif = _exif(
        {0x010F: "NIKON", 0x0110: "D750", 0x0131: "darktable 4.6", 0x013C: "janes-laptop"},
        {0xA431: "6012345", 0xA435: "L-778"},
    )
    assert metadata(_write(marked, exif=exif)) == (
        Finding(leak=Leak.CAMERA, value="NIKON D750"),
        Finding(leak=Leak.SERIAL, value="6012345"),
        Finding(leak=Leak.SERIAL, value="L-778"),
        Finding(leak=Leak.SOFTWARE, value="darktable 4.6"),
        Finding(leak=Leak.SOFTWARE, value="janes-laptop"),
    )


def test_a_maker_who_is_named_in_the_model_is_named_once(marked: Rgb) -> None:
    exif = _exif({0x010F: "Canon", 0x0110: "Canon EOS 80D"})
    assert _values(_write(marked, exif=exif), Leak.CAMERA) == ["Canon EOS 80D"]


def test_names_are_counted_and_not_quoted(marked: Rgb) -> None:
    exif = _exif({0x013B: "Jane Roe", 0x9C9D: "Jane Roe".encode("utf-16-le")}, {0xA430: "J. Doe"})
    data = _write(marked, exif=exif, extra=_iptc(by_line="JANE ROE"))
    assert _values(data, Leak.PERSON) == ["2 names (artist, camera owner, author, by-line)"]
    assert "Roe" not in repr(metadata(data))


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (0x010E, "At the sea"),
        (0x9C9B, "At the sea".encode("utf-16-le")),
        (0x9286, b"ASCII\0\0\0At the sea"),
        (0x9286, b"UNICODE\0" + "At the sea".encode("utf-16-be")),
        (0x9286, b"UNICODE\0" + "At the sea".encode("utf-16-le")),
    ],
)
def test_captions_are_read_however_they_are_written(tag: int, value: object, marked: Rgb) -> None:
    details = {tag: value} if tag == 0x9286 else {}
    tags = {} if tag == 0x9286 else {tag: value}
    data = _write(marked, exif=_exif(tags, details))
    assert _values(data, Leak.CAPTION) == ["At the sea"]


def test_a_caption_written_twice_is_told_once(marked: Rgb) -> None:
    data = _write(marked, exif=_exif({0x010E: "Beach"}), extra=_iptc(caption="Beach"))
    assert _values(data, Leak.CAPTION) == ["Beach"]


def test_a_long_caption_is_cut(marked: Rgb) -> None:
    (text,) = _values(_write(marked, exif=_exif({0x010E: "word " * 500})), Leak.CAPTION)
    assert len(text) == 300
    assert text.endswith("…")


def test_a_named_place_is_told_with_the_captions(marked: Rgb) -> None:
    data = _write(marked, extra=_iptc(city="Århus", country="Danmark"))
    assert _values(data, Leak.CAPTION) == ["place: Århus, Danmark"]


def test_text_chunks_of_a_png_are_read(marked: Rgb) -> None:
    info = PngInfo()
    info.add_text("Software", "Paint")
    info.add_text("Description", "my flat")
    info.add_text("Author", "Jane")
    assert metadata(_write(marked, "PNG", pnginfo=info)) == (
        Finding(leak=Leak.SOFTWARE, value="Paint"),
        Finding(leak=Leak.PERSON, value="1 name (author)"),
        Finding(leak=Leak.CAPTION, value="my flat"),
    )


@pytest.mark.parametrize("form", ["JPEG", "GIF"])
def test_a_comment_is_a_caption(form: str, marked: Rgb) -> None:
    assert _values(_write(marked, form, comment=b"our house"), Leak.CAPTION) == ["our house"]


# --- the time ---------------------------------------------------------------------------


def test_a_time_without_offset_stays_local(marked: Rgb) -> None:
    data = save(marked, Format.JPEG, taken=datetime(2019, 1, 2, 3, 4, 5))  # noqa: DTZ001 -- cameras know no zone
    moment = taken(data)
    assert moment is not None
    assert moment.when.tzinfo is None
    assert moment.when.isoformat() == "2019-01-02T03:04:05"


def test_a_time_of_change_is_told_but_is_not_when_it_was_taken(marked: Rgb) -> None:
    data = _write(marked, exif=_exif({0x0132: "2020:02:03 04:05:06"}))
    assert _values(data, Leak.TIME) == ["2020-02-03 04:05:06"]
    assert taken(data) is None


def test_a_time_in_xmp_is_taken_where_exif_has_none(marked: Rgb) -> None:
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        b'photoshop:DateCreated="2018-07-06T05:04:03Z"/></rdf:RDF></x:xmpmeta>'
    )
    when = datetime(2018, 7, 6, 5, 4, 3, tzinfo=UTC)
    assert taken(_write(marked, xmp=xmp)) == Moment(when=when)
