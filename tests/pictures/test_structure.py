from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.pictures import Format, save
from selfcheck.pictures.structure import ends_early, webp_size

Rgb = NDArray[np.uint8]
PICTURES = [form for form in Format if form.is_picture]


@pytest.mark.parametrize("form", [form for form in PICTURES if form is not Format.BMP])
def test_a_file_without_its_last_bytes_shows_it(form: Format, marked: Rgb) -> None:
    data = save(marked, form)
    assert ends_early(io.BytesIO(data[:-1]), form)
    assert ends_early(io.BytesIO(data[: len(data) // 2]), form)


@pytest.mark.parametrize("form", PICTURES)
def test_a_whole_file_shows_nothing(form: Format, marked: Rgb) -> None:
    assert ends_early(io.BytesIO(save(marked, form)), form) == ""


@pytest.mark.parametrize("form", [Format.JPEG, Format.HEIC, Format.AVIF, Format.PNG, Format.WEBP])
def test_what_is_appended_to_a_file_does_not_cut_it(form: Format, marked: Rgb) -> None:
    appended = save(marked, form) + b"SEFT" * 20
    assert ends_early(io.BytesIO(appended), form) == ""


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("junk", [b"", b"\0", b"\xff" * 100, b"\0" * 100])
def test_junk_is_walked_to_an_end(form: Format, junk: bytes) -> None:
    assert isinstance(ends_early(io.BytesIO(junk), form), str)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (300, 200), (16_383, 2)])
@pytest.mark.parametrize("lossless", [1, 0])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webps_size_stands_in_its_header(
    width: int,
    height: int,
    lossless: int,
    mode: str,
) -> None:
    from PIL import Image

    out = io.BytesIO()
    image = Image.new(mode, (width, height), "#c80a0a63"[: 1 + 2 * len(mode)])
    image.save(out, "WEBP", lossless=lossless)
    assert webp_size(out.getvalue()) == (width, height)


def test_a_webp_too_short_for_a_size_has_none() -> None:
    assert webp_size(b"RIFF\0\0\0\0WEBPVP8X") is None
    assert webp_size(b"RIFF\0\0\0\0WEBPJUNK" + b"\0" * 40) is None
