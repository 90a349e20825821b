from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from selfcheck.identity import CodeSeries
from selfcheck.pictures import code_modules, read_codes

Grey = NDArray[np.uint8]
TEXT = "SC-ABCDEFGHIJKLMNOP"


def shown(text: str, *, module: int = 6, quiet: int = 4) -> Grey:
    whole = np.pad(code_modules(text), quiet)
    return np.where(whole, 20, 235).astype(np.uint8).repeat(module, 0).repeat(module, 1)


def made(content: str | bytes, *, module: int = 4) -> Grey:
    """Give a QR code of anything, as others may show it."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode)
    return np.array(code.to_image(scale=module))


# --- what is no code of ours -----------------------------------------------------------------


@pytest.mark.parametrize("shape", [(0, 0), (0, 7), (1, 1), (2, 3), (5, 5, 3)])
def test_a_picture_of_next_to_nothing_shows_no_code(shape: tuple[int, ...]) -> None:
    assert read_codes(np.zeros(shape, np.uint8)) == ()


def test_noise_shows_no_code() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (480, 640)).astype(np.uint8)
    assert read_codes(noise) == ()


def test_a_long_text_is_left_out() -> None:
    assert read_codes(made("X" * 65)) == ()
    assert read_codes(made("X" * 64)) == ("X" * 64,)


def test_bytes_that_are_no_text_break_nothing() -> None:
    (text,) = read_codes(made(b"\xff\xfe\x00\xc3\x28\x1b[31m"))
    assert len(text) == 10


def test_control_characters_are_given_as_they_are_and_not_taken_for_words() -> None:
    assert read_codes(made("\x1b[31mred\n")) == ("\x1b[31mred\n",)


def test_of_very_many_codes_eight_are_given() -> None:
    assert read_codes(np.tile(made("A", module=2), (6, 6))) == ("A",) * 8


def test_other_kinds_of_code_are_not_read() -> None:
    other = zxingcpp.create_barcode(TEXT, zxingcpp.BarcodeFormat.DataMatrix)
    assert read_codes(np.array(other.to_image(scale=6))) == ()


@pytest.mark.parametrize("text", ["", "X" * 9000])
def test_a_text_that_makes_no_code_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        code_modules(text)


# --- a code ------------------------------------------------------------------------------------


def test_a_code_of_a_series_takes_the_smallest_square_there_is() -> None:
    modules = code_modules(CodeSeries().show())
    assert modules.shape == (21, 21)
    assert modules.dtype == np.bool_


def test_a_code_that_is_shown_is_read() -> None:
    for _ in range(20):
        text = CodeSeries().show()
        assert read_codes(shown(text)) == (text,)


@pytest.mark.parametrize("turns", range(4))
def test_a_camera_may_be_held_in_any_way(turns: int) -> None:
    assert read_codes(np.rot90(shown(TEXT), turns)) == (TEXT,)


def test_a_mirrored_film_and_a_dark_terminal_without_colours_are_read_too() -> None:
    assert read_codes(shown(TEXT)[:, ::-1]) == (TEXT,)
    assert read_codes(255 - shown(TEXT)) == (TEXT,)


@pytest.mark.parametrize("module", [2, 3, 5, 12])
def test_two_pixels_a_module_are_enough(module: int) -> None:
    noise = np.random.default_rng(module).normal(0, 8, (480, 640))
    picture = np.full((480, 640), 90.0)
    code = shown(TEXT, module=module)
    picture[40 : 40 + len(code), 60 : 60 + len(code)] = code
    assert read_codes(np.clip(picture + noise, 0, 255).astype(np.uint8)) == (TEXT,)


def test_colours_are_read_like_grey() -> None:
    assert read_codes(np.stack([shown(TEXT)] * 3, axis=-1)) == (TEXT,)
