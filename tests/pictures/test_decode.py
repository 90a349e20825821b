from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFile

from selfcheck.model import Reason
from selfcheck.pictures import Format, Limits, Still, Unreadable, decode, save

Rgb = NDArray[np.uint8]
UPRIGHT = "red green blue white"  # what `corners` says of an upright picture
PICTURES = [form for form in Format if form.is_picture]


def _read(data: bytes, long_side: int = 1600) -> Still:
    still = decode(data, long_side=long_side)
    assert isinstance(still, Still), still
    return still


def _refused(data: bytes, limits: Limits | None = None) -> Unreadable:
    answer = decode(data, limits=limits)
    assert isinstance(answer, Unreadable), answer
    return answer


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(width: int, height: int, rows: bytes = b"", depth: int = 8, colour: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _jpeg_that_claims(width: int, height: int, marked: Rgb, *, progressive: bool = False) -> bytes:
    out = io.BytesIO()
    Image.fromarray(marked).save(out, "JPEG", progressive=progressive)
    data = bytearray(out.getvalue())
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


# --- what is no picture ------------------------------------------------------------------


def test_a_text_file_named_like_a_picture_says_so() -> None:
    answer = _refused(b"Dear user, your download has expired.\n")
    assert answer.reason is Reason.NOT_A_PICTURE
    assert answer.detail == "its content is text"


def test_an_empty_file_ends_too_early() -> None:
    assert _refused(b"") == Unreadable(reason=Reason.TRUNCATED, detail="the file is empty")


def test_a_picture_format_that_is_not_read_is_named() -> None:
    answer = _refused(b"\0\0\0\x0cJXL \r\n\x87\n" + b"\0" * 50)
    assert answer == Unreadable(reason=Reason.UNSUPPORTED, detail="JPEG XL")


def test_a_film_is_no_still() -> None:
    answer = _refused(b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + b"\0" * 50)
    assert (answer.reason, answer.detail) == (Reason.NOT_A_PICTURE, "its content is a MP4 file")


def test_a_raw_files_small_preview_does_not_pass_for_the_picture(marked: Rgb) -> None:
    out = io.BytesIO()
    Image.fromarray(marked).save(out, "TIFF", tiffinfo={254: 1})
    answer = _refused(out.getvalue())
    assert answer.reason is Reason.UNSUPPORTED
    assert "raw file" in answer.detail


# --- limits -----------------------------------------------------------------------------


def test_three_hundred_megapixels_are_refused_by_the_header_alone() -> None:
    answer = _refused(_png(20_000, 15_000))
    assert answer.reason is Reason.TOO_LARGE
    assert answer.detail == "PNG: 20,000 x 15,000 pixels, the limit is 100 million"


def test_a_jpeg_may_be_larger_than_others_unless_it_is_progressive(marked: Rgb) -> None:
    limits = Limits(pixels=5_000, scaled_pixels=7_000)  # the picture has 6144
    assert isinstance(decode(save(marked, Format.JPEG), limits=limits), Still)
    for form in PICTURES:
        if form is not Format.JPEG:
            assert _refused(save(marked, form), limits).reason is Reason.TOO_LARGE, form
    progressive = _jpeg_that_claims(96, 64, marked, progressive=True)
    assert _refused(progressive, limits).reason is Reason.TOO_LARGE


def test_a_jpeg_has_a_limit_too(marked: Rgb) -> None:
    answer = _refused(_jpeg_that_claims(20_000, 15_000, marked))
    assert answer.reason is Reason.TOO_LARGE


def test_pillows_own_warning_about_large_pictures_stays_inside() -> None:
    answer = _refused(_png(9_900, 9_900, colour=0))  # under our limit, over the one Pillow warns at
    assert answer.reason is Reason.TRUNCATED


def test_a_webp_is_measured_before_its_decoder_reserves_memory() -> None:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xfe\x3f\0" + b"\xfe\x3f\0"
    answer = _refused(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body)
    assert answer.detail == "WebP: 16,383 x 16,383 pixels, the limit is 17 million"  # 16 bytes each


def test_bytes_over_the_limit_are_not_even_looked_at(marked: Rgb) -> None:
    data = save(marked, Format.PNG)
    limits = Limits(file_bytes=len(data) - 1)
    assert _refused(data, limits).reason is Reason.TOO_LARGE
    read = decode(io.BytesIO(data), limits=limits)
    assert isinstance(read, Unreadable)
    assert read.reason is Reason.TOO_LARGE


def test_a_file_object_is_read_no_further_than_the_limit() -> None:
    class Endless(io.BytesIO):
        asked: int | None = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.asked = size
            return b"\0" * (size or 0)

    endless = Endless()
    decode(endless, limits=Limits(file_bytes=1000))
    assert endless.asked == 1001


def test_what_reading_raises_is_not_swallowed() -> None:
    class Vanished(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise FileNotFoundError(size)

    with pytest.raises(FileNotFoundError):
        decode(Vanished())


def test_running_out_of_memory_is_not_the_pictures_fault(
    marked: Rgb, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", exhausted)
    with pytest.raises(MemoryError):
        decode(save(marked, Format.PNG))


def test_another_librarys_leniency_with_cut_pictures_is_taken_back(
    marked: Rgb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert _refused(save(marked, Format.JPEG)[:-200]).reason is Reason.TRUNCATED
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize(
    ("width", "height", "colour", "waits"), [(9_900, 9_900, 0, True), (4_000, 3_000, 2, False)]
)
def test_even_a_grey_picture_near_the_limit_waits_for_its_turn(
    width: int, height: int, colour: int, *, waits: bool
) -> None:
    entered: list[bool] = []

    @contextmanager
    def turn() -> Iterator[None]:
        entered.append(True)
        yield

    decode(_png(width, height, colour=colour), turn=turn)
    assert bool(entered) is waits


# --- size -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", PICTURES)
def test_every_format_is_read_with_its_colours_and_full_size(
    form: Format, marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    still = _read(save(marked, form))
    assert (still.width, still.height, still.format) == (96, 64, form)
    assert still.rgb.shape == (64, 96, 3)
    assert still.rgb.dtype == np.uint8
    assert corners(still.rgb) == UPRIGHT
    assert not still.animated


@pytest.mark.parametrize("form", PICTURES)
@pytest.mark.parametrize("long_side", [100, 150, 220, 340, 390])
def test_a_large_picture_comes_out_near_the_size_asked_for(
    form: Format,
    long_side: int,
    draw: Callable[[int, int], Rgb],
    corners: Callable[[Rgb], str],
) -> None:
    still = _read(save(draw(400, 300), form), long_side)
    height, width, _ = still.rgb.shape
    assert 0.87 * long_side <= width <= long_side
    assert abs(width / height - 4 / 3) < 0.03
    assert (still.width, still.height) == (400, 300)
    assert corners(still.rgb) == UPRIGHT


def test_a_small_picture_is_not_enlarged(marked: Rgb) -> None:
    assert _read(save(marked, Format.PNG), 5000).rgb.shape == (64, 96, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 30_000), (30_000, 1), (3, 2)])
@pytest.mark.parametrize("form", [Format.JPEG, Format.PNG, Format.BMP, Format.TIFF])
def test_pictures_of_odd_shapes_are_read(form: Format, size: tuple[int, int]) -> None:
    width, height = size
    still = _read(save(np.full((height, width, 3), 90, np.uint8), form))
    assert (still.width, still.height) == size
    assert max(still.rgb.shape) <= 1600
    assert abs(int(still.rgb.mean()) - 90) < 3


def test_format_is_decided_by_content(marked: Rgb) -> None:
    assert _read(save(marked, Format.WEBP)).format is Format.WEBP


def test_the_same_bytes_give_the_same_pixels(draw: Callable[[int, int], Rgb]) -> None:
    data = save(draw(400, 300), Format.JPEG)
    assert np.array_equal(_read(data, 150).rgb, _read(io.BytesIO(data).read(), 150).rgb)


def test_an_orientation_behind_the_pixels_is_read(
    corners: Callable[[Rgb], str], marked: Rgb
) -> None:
    out = io.BytesIO()
    Image.fromarray(np.rot90(marked)).save(out, "PNG")
    exif = Image.Exif()
    exif[0x0112] = 6
    end = _chunk(b"IEND", b"")
    behind = _chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")) + end
    assert corners(_read(out.getvalue().removesuffix(end) + behind).rgb) == UPRIGHT


# --- colours ----------------------------------------------------------------------------


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("CMYK", "JPEG"),  # written as Adobe does, inverted
        ("CMYK", "TIFF"),
        ("RGBA", "PNG"),
        ("RGBA", "WEBP"),
        ("RGBA", "AVIF"),
        ("RGBA", "HEIF"),
        ("P", "PNG"),
        ("P", "BMP"),
        ("P", "TIFF"),
        ("YCbCr", "TIFF"),
    ],
)
@pytest.mark.parametrize("long_side", [1600, 40])
def test_every_way_of_storing_colours_gives_the_same_colours(
    mode: str,
    form: str,
    long_side: int,
    marked: Rgb,
    corners: Callable[[Rgb], str],
) -> None:
    data = _saved(Image.fromarray(marked).convert(mode), form)
    assert corners(_read(data, long_side).rgb) == UPRIGHT


@pytest.mark.parametrize(
    ("mode", "form"), [("L", "JPEG"), ("1", "PNG"), ("LA", "PNG"), ("1", "TIFF")]
)
def test_grey_pictures_come_out_grey(mode: str, form: str) -> None:
    rows = np.zeros((32, 32, 3), np.uint8)
    rows[:16] = 255
    rgb = _read(_saved(Image.fromarray(rows).convert(mode), form)).rgb
    assert rgb.shape == (32, 32, 3)
    assert (rgb[2, 5] > 250).all()
    assert (rgb[-2, 5] < 5).all()


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bit_grey_keeps_its_shades(form: str) -> None:
    ramp = np.linspace(0, 65535, 64).astype(np.uint16)[None].repeat(8, 0)
    rgb = _read(_saved(Image.fromarray(ramp), form)).rgb
    assert np.abs(rgb[0, :, 0].astype(int) - np.linspace(0, 255, 64)).max() <= 1


def test_sixteen_bit_colour_keeps_its_colours() -> None:
    row = struct.pack(">6H", 65535, 0, 0, 0, 32896, 65535)
    assert _read(_png(2, 1, b"\0" + row, depth=16)).rgb.tolist() == [[[255, 0, 0], [0, 128, 255]]]


@pytest.mark.parametrize(
    ("top", "dtype"), [(4095, np.uint16), (255, np.int32), (70000, np.int32), (1, np.float32)]
)
def test_odd_depths_are_stretched_to_white(top: float, dtype: type[np.generic]) -> None:
    ramp = np.linspace(0, top, 16).astype(dtype)[None].repeat(4, 0)
    rgb = _read(_saved(Image.fromarray(ramp), "TIFF")).rgb
    assert rgb[0, 0].tolist() == [0, 0, 0]
    assert rgb[0, -1].tolist() == [255, 255, 255]


def test_values_that_are_no_numbers_are_black() -> None:
    values = np.array([[np.nan, np.inf, -np.inf, 1.0]], np.float32)
    assert _read(_saved(Image.fromarray(values), "TIFF")).rgb[0, :, 0].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize("long_side", [1600, 16])
def test_transparency_lies_over_white(long_side: int) -> None:
    pixels = np.zeros((32, 32, 4), np.uint8)
    pixels[:, 16:] = (255, 0, 0, 255)
    for form in ("PNG", "WEBP", "AVIF"):
        rgb = _read(_saved(Image.fromarray(pixels), form), long_side).rgb
        assert (rgb[5, 1] > 240).all(), form
        assert (abs(rgb[5, -2].astype(int) - (255, 0, 0)) < 25).all(), form


def test_a_palette_with_a_transparent_entry_lies_over_white() -> None:
    image = Image.new("P", (16, 16), 0)
    image.putpalette([0, 0, 0, 200, 0, 0])
    image.paste(1, (8, 0, 16, 16))
    for form in ("PNG", "GIF"):
        rgb = _read(_saved(image, form, transparency=0)).rgb
        assert rgb[3, 3].tolist() == [255, 255, 255], form
        assert rgb[3, 12].tolist() == [200, 0, 0], form


def test_a_colour_named_transparent_lies_over_white() -> None:
    rgb = np.zeros((8, 8, 3), np.uint8)
    rgb[:, 4:] = (0, 0, 250)
    read = _read(_saved(Image.fromarray(rgb), "PNG", transparency=(0, 0, 0))).rgb
    assert read[0, 0].tolist() == [255, 255, 255]
    assert read[0, 7].tolist() == [0, 0, 250]


def test_a_progressive_jpeg_is_scaled_too(
    draw: Callable[[int, int], Rgb], corners: Callable[[Rgb], str]
) -> None:
    data = _saved(Image.fromarray(draw(400, 300)), "JPEG", progressive=True)
    still = _read(data, 200)
    assert still.rgb.shape == (150, 200, 3)
    assert corners(still.rgb) == UPRIGHT


# --- several pictures in one file ---------------------------------------------------------


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_gives_its_first_frame_and_says_so(
    form: str, marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    others = [Image.fromarray(np.roll(marked, 20 * n, 1)) for n in (1, 2)]
    data = _saved(Image.fromarray(marked), form, save_all=True, append_images=others)
    still = _read(data)
    assert still.animated
    assert corners(still.rgb) == UPRIGHT


@pytest.mark.parametrize("form", ["TIFF", "MPO"])
def test_pages_and_second_views_are_no_animation(
    form: str, marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    other = Image.fromarray(np.ascontiguousarray(marked[::-1]))
    data = _saved(Image.fromarray(marked), form, save_all=True, append_images=[other])
    still = _read(data, 48)
    assert not still.animated
    assert corners(still.rgb) == UPRIGHT


def test_an_animation_whose_second_frame_is_cut_off_still_shows_the_first(
    marked: Rgb, corners: Callable[[Rgb], str]
) -> None:
    other = Image.fromarray(np.roll(marked, 20, 1))
    data = _saved(Image.fromarray(marked), "GIF", save_all=True, append_images=[other])
    assert corners(_read(data[:-40]).rgb) == UPRIGHT
