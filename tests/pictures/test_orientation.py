from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from selfcheck.pictures import Format, Still, decode, save
from selfcheck.pictures.orientation import turn_back, turn_upright

Rgb = NDArray[np.uint8]
UPRIGHT = "red green blue white"  # what `corners` says of an upright picture
_TAG = 0x0112
_ENTRY = b"\x01\x12\0\3\0\0\0\1"  # the tag as it begins in a big-endian directory
# EXIF 2.32, tag 0x0112: which visual side the stored row 0 and column 0 are.
_SIDES = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}


def _stored(upright: Rgb, orientation: int) -> Rgb:
    """Lay an upright picture down as the standard's table says."""
    row, column = _SIDES[orientation]
    rows = upright if row in {"top", "bottom"} else upright.transpose(1, 0, 2)
    rows = rows[::-1] if row in {"bottom", "right"} else rows
    return np.ascontiguousarray(rows[:, ::-1] if column in {"bottom", "right"} else rows)


def _file(stored: Rgb, form: str, orientation: object) -> bytes:
    exif = Image.Exif()
    exif[_TAG] = orientation
    out = io.BytesIO()
    Image.fromarray(stored).save(out, form, exif=exif.tobytes())
    return out.getvalue()


def _read(data: bytes, long_side: int = 1600) -> Still:
    still = decode(data, long_side=long_side)
    assert isinstance(still, Still), still
    return still


@pytest.mark.parametrize("value", [0, 9, 77])
def test_an_orientation_that_does_not_exist_means_upright(
    value: int, marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    assert corners(_read(_file(marked, "JPEG", value)).rgb) == UPRIGHT


@pytest.mark.parametrize("exif", [b"Exif\0\0II*\0\xff\xff\xff\x7fgarbage", b"Exif\0\0NOTTIFF"])
def test_damaged_metadata_costs_only_itself(
    exif: bytes, marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    out = io.BytesIO()
    Image.fromarray(marked).save(out, "JPEG", exif=exif)
    assert corners(_read(out.getvalue()).rgb) == UPRIGHT


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_read_upright(
    form: str, orientation: int, marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    still = _read(_file(_stored(marked, orientation), form, orientation))
    assert corners(still.rgb) == UPRIGHT
    assert still.rgb.shape == (64, 96, 3)
    assert (still.width, still.height) == (96, 64)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_scaled_picture_is_upright_too(
    orientation: int,
    draw: Callable[[int, int], Rgb],
    corners: Callable[[Rgb], str],
) -> None:
    still = _read(_file(_stored(draw(400, 300), orientation), "JPEG", orientation), 200)
    assert corners(still.rgb) == UPRIGHT
    assert still.rgb.shape == (150, 200, 3)
    assert (still.width, still.height) == (400, 300)


def test_a_heic_is_turned_once_though_it_says_so_twice(
    marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    data = save(marked, Format.HEIC, orientation=6)
    # As a phone writes it: rotation in the container, and the same again in EXIF.
    assert b"irot" in data
    assert _ENTRY + b"\0\6" in data
    assert corners(_read(data).rgb) == UPRIGHT


def test_a_heics_exif_alone_turns_nothing(marked: Rgb, corners: Callable[[Rgb], str]) -> None:
    data = save(marked, Format.HEIC, gps=(1.0, 2.0))
    said = data.replace(_ENTRY + b"\0\1", _ENTRY + b"\0\6")
    assert said != data
    assert corners(_read(said).rgb) == UPRIGHT


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_is_what_the_standard_says_and_back(orientation: int, marked: Rgb) -> None:
    stored = _stored(marked, orientation)
    assert np.array_equal(turn_upright(stored, orientation), marked)
    assert np.array_equal(turn_back(marked, orientation), stored)
