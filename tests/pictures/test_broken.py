"""Bytes that are cut, flipped or made up: the answer is always a value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from selfcheck.model import Reason
from selfcheck.pictures import (
    Format,
    Limits,
    Still,
    Unreadable,
    decode,
    film,
    metadata,
    save,
    taken,
    write_film,
)

PICTURES = [form for form in Format if form.is_picture]
# So that a flipped bit in a header does not make a test reserve gigabytes.
SMALL = Limits(pixels=1_000_000, scaled_pixels=1_000_000)

_MAGIC = {
    Format.JPEG: b"\xff\xd8\xff\xe0",
    Format.PNG: b"\x89PNG\r\n\x1a\n",
    Format.WEBP: b"RIFF\xff\0\0\0WEBP",
    Format.GIF: b"GIF89a",
    Format.TIFF: b"II*\0",
    Format.BMP: b"BM" + b"\0" * 12 + b"\x28\0\0\0",
    Format.HEIC: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    Format.AVIF: b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
}


def _noise(width: int = 40, height: int = 30) -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 255, (height, width, 3), np.uint8)


def _sample(form: Format) -> bytes:
    extra = {} if form in {Format.GIF, Format.BMP} else {"gps": (48.5, 2.25), "orientation": 6}
    return save(_noise(), form, **extra)  # type: ignore[arg-type]  # one of two keywords each


SAMPLES = {form: _sample(form) for form in PICTURES}


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8, 0.95])
@pytest.mark.parametrize("form", PICTURES)
def test_a_picture_that_is_cut_says_so(form: Format, share: float) -> None:
    data = SAMPLES[form]
    answer = decode(data[: int(len(data) * share)])
    assert isinstance(answer, Unreadable)
    assert answer.reason is Reason.TRUNCATED
    assert answer.detail.startswith(f"{form}")


@pytest.mark.parametrize("form", [f for f in PICTURES if f not in {Format.TIFF, Format.BMP}])
def test_a_picture_whose_end_was_never_written_says_so(form: Format) -> None:
    data = save(_noise(200, 150), form)
    half = len(data) // 2
    answer = decode(data[:half] + b"\0" * (len(data) - half))
    assert isinstance(answer, Unreadable)
    assert answer.reason is Reason.TRUNCATED
    assert answer.detail.endswith("bytes are zeros")


def test_a_whole_file_that_itself_ends_in_zero_may_be_padded() -> None:
    for seed in range(40):
        noise = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), np.uint8)
        data = save(noise, Format.WEBP)
        if data.endswith(b"\0"):
            assert isinstance(decode(data + b"\0" * 5000), Still)
            return
    pytest.fail("no sample ends in zero")


@pytest.mark.parametrize("form", PICTURES)
def test_zeros_behind_the_end_are_padding(form: Format) -> None:
    assert isinstance(decode(SAMPLES[form] + b"\0" * 5000), Still)


@pytest.mark.parametrize("form", PICTURES)
def test_a_picture_cut_anywhere_is_a_value(form: Format) -> None:
    data = SAMPLES[form]
    for end in {*range(0, min(len(data), 80), 3), *range(0, len(data), len(data) // 40)}:
        assert isinstance(decode(data[:end]), Still | Unreadable)


@pytest.mark.parametrize("rest", [b"", b"\0" * 300, b"\xff" * 300, bytes(range(256)) * 4])
@pytest.mark.parametrize("form", PICTURES)
def test_garbage_behind_the_right_magic_is_unreadable(form: Format, rest: bytes) -> None:
    answer = decode(_MAGIC[form] + rest, limits=SMALL)
    assert isinstance(answer, Unreadable)
    assert answer.detail
    assert "0x" not in answer.detail, "an address in memory helps nobody"


@pytest.mark.parametrize("form", PICTURES)
def test_flipped_bits_never_raise(form: Format) -> None:
    sample = SAMPLES[form]
    places = st.lists(
        st.tuples(st.integers(0, len(sample) - 1), st.integers(1, 255)), min_size=1, max_size=12
    )

    @settings(max_examples=50, derandomize=True, deadline=None, database=None)
    @given(places)
    def check(flips: list[tuple[int, int]]) -> None:
        data = bytearray(sample)
        for place, bits in flips:
            data[place] ^= bits
        raw = bytes(data)
        assert isinstance(decode(raw, long_side=32, limits=SMALL), Still | Unreadable)
        metadata(raw)
        taken(raw)

    check()


@pytest.mark.parametrize("form", PICTURES)
def test_flipped_bits_of_the_header_never_raise(form: Format) -> None:
    sample = SAMPLES[form]
    for place in range(min(len(sample), 120)):
        raw = sample[:place] + bytes([sample[place] ^ 0x55]) + sample[place + 1 :]
        assert isinstance(decode(raw, long_side=32, limits=SMALL), Still | Unreadable)
        metadata(raw)


def test_flipped_bits_of_a_film_never_raise(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, (_noise(64, 48) for _ in range(5)), 10)
    sample = path.read_bytes()
    random = np.random.default_rng(11)
    for _ in range(60):
        data = np.frombuffer(sample, np.uint8).copy()
        data[random.integers(0, len(data), 6)] ^= random.integers(1, 255, 6, np.uint8)
        path.write_bytes(data.tobytes())
        answer = film(path)
        if not isinstance(answer, Unreadable):
            assert len(list(answer.frames)) <= 5
