from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.pictures import HEAD, Format, describe, looks_like_picture, save, sniff, unread


def _ftyp(major: bytes, *others: bytes) -> bytes:
    body = major + b"\0\0\0\0" + b"".join(others)
    return (len(body) + 8).to_bytes(4, "big") + b"ftyp" + body + b"\0" * 32


@pytest.mark.parametrize("head", [b"", b"B", b"RIFF", b"BM is no bitmap", b"\0" * 4096, b"\xff"])
def test_what_only_begins_like_a_picture_is_none(head: bytes) -> None:
    assert sniff(head) is None


@pytest.mark.parametrize("form", [form for form in Format if form.is_picture])
def test_every_picture_format_is_told_by_its_first_bytes(
    form: Format, marked: NDArray[np.uint8]
) -> None:
    assert sniff(save(marked, form)[:HEAD]) is form


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (_ftyp(b"heic", b"mif1"), Format.HEIC),
        (_ftyp(b"mif1", b"mif1", b"heic"), Format.HEIC),
        (_ftyp(b"mif1", b"mif1", b"avif"), Format.AVIF),
        (_ftyp(b"avis", b"msf1"), Format.AVIF),
        (_ftyp(b"isom", b"avc1"), Format.MP4),
        (_ftyp(b"qt  "), Format.MP4),
        (_ftyp(b"M4A "), Format.SOUND),
        (b"\0\0\0\x08wide\0\0\x10\0mdat", Format.MP4),
        (b"\x1aE\xdf\xa3" + b"\0" * 20, Format.MATROSKA),
        (b"RIFF\0\0\0\0AVI LIST", Format.AVI),
        (b"RIFF\0\0\0\0WAVEfmt ", Format.SOUND),
        (b"\0\0\x01\xba" + b"\0" * 20, Format.MPEG),
        ((b"G" + b"\0" * 187) * 4, Format.MPEG),
        (b"ID3\x04", Format.SOUND),
        (b"II+\0\x08\0\0\0", Format.TIFF),
    ],
)
def test_boxes_and_chunks_are_told_apart(head: bytes, form: Format) -> None:
    assert sniff(head) is form


def test_a_format_is_a_picture_or_a_film_or_sound() -> None:
    for form in Format:
        assert form.is_picture + form.is_film + (form is Format.SOUND) == 1


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"8BPS\0\x01", "Photoshop"),
        (_ftyp(b"crx "), "a camera's raw file"),
    ],
)
def test_pictures_that_are_not_read_are_named(head: bytes, name: str) -> None:
    assert sniff(head) is None
    assert unread(head) == name


@pytest.mark.parametrize("path", ["a/B.JPG", "x.heic", "IMG~2.jpeg", "a.dng", "b.jxl", "c.TIF"])
def test_names_of_pictures_look_like_pictures(path: str) -> None:
    assert looks_like_picture(path)


@pytest.mark.parametrize("path", ["a.json", "jpg", "a.jpg.json", "folder.jpg/readme", "x.mp4", ""])
def test_other_names_do_not(path: str) -> None:
    assert not looks_like_picture(path)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "nothing, the file is empty"),
        (b"\0\0\0", "zero bytes only"),
        (b"PK\x03\x04....", "a zip archive"),
        (b"\n <!DOCTYPE html><p>log in", "a web page"),
        (b'{"error": 404}', "JSON text"),
        ("Grüße".encode(), "text"),
        ("Gr\xfc\xdfe an alle".encode("latin-1"), "bytes that begin with 47 72 fc df 65 20 61 6e"),
        (b"\x89PNG\r\n\x1a\n", "a PNG file"),
        (b"ID3", "sound"),
        (b"<svg xmlns='x'>", "an SVG drawing"),
    ],
)
def test_what_is_no_picture_is_described(head: bytes, words: str) -> None:
    assert describe(head) == words


def test_text_cut_inside_a_character_is_still_text() -> None:
    assert describe(("é" * 3000).encode()[:4095]) == "text"


def test_sniffing_reads_the_head_and_no_name(draw: Callable[[int, int], NDArray[np.uint8]]) -> None:
    data = save(draw(200, 100), Format.PNG)
    assert sniff(data[:16]) is Format.PNG
