"""JPEG straight into an array: Pillow's pixels, and Pillow's words for what is wrong."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from selfcheck.model import Reason
from selfcheck.pictures import Limits, Still, Unreadable, decode, jpeg


def picture(width: int = 331, height: int = 217, mode: str = "RGB") -> Image.Image:
    down, across = np.mgrid[0:height, 0:width]
    waves = [128 + 90 * np.sin(across / (7 + band) + down / (11 - band)) for band in range(3)]
    noise = np.random.default_rng(1).normal(0, 12, (height, width, 3))
    pixels = np.clip(np.stack(waves, axis=2) + noise, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).convert(mode)


def saved(image: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def by_pillow(data: bytes, step: int) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as image:
        image.draft(None, (image.width // step, image.height // step))
        return np.asarray(image)


@pytest.mark.parametrize("quality", [35, 95])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("more", [{}, {"progressive": True}, {"keep_rgb": True}])
@pytest.mark.parametrize("step", [1, 2, 4, 8])
def test_the_pixels_are_pillows(
    quality: int, subsampling: int, more: dict[str, bool], step: int
) -> None:
    if "keep_rgb" in more:
        subsampling = 0
    data = saved(picture(), quality=quality, subsampling=subsampling, **more)
    with Image.open(io.BytesIO(data)) as image:
        image.draft(None, (image.width // step, image.height // step))
        pixels = jpeg.pixels(data, image)
    assert pixels is not None
    assert np.array_equal(pixels, by_pillow(data, step))


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colours_are_left_to_pillow(mode: str) -> None:
    data = saved(picture(mode=mode))
    with Image.open(io.BytesIO(data)) as image:
        assert jpeg.pixels(data, image) is None
    still = decode(data)
    assert isinstance(still, Still)
    assert still.rgb.shape == (217, 331, 3)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_cut_file_is_left_to_pillow_which_says_so(share: float) -> None:
    data = saved(picture())
    data = data[: int(len(data) * share)]
    with Image.open(io.BytesIO(data)) as image:
        assert jpeg.pixels(data, image) is None
    refused = decode(data)
    assert isinstance(refused, Unreadable)
    assert refused.reason is Reason.TRUNCATED


def test_a_file_of_two_sizes_is_left_to_pillow() -> None:
    small, large = saved(picture(64, 48)), saved(picture(640, 480))
    with Image.open(io.BytesIO(small)) as image:
        assert jpeg.pixels(large, image) is None


def in_scans(side: int = 320) -> bytes:
    """Give a JPEG whose three colours follow each other, as they may in a baseline file too."""
    planes = [saved(one) for one in picture(side, side).convert("YCbCr").split()]
    frame, scan = planes[0].index(b"\xff\xc0"), planes[0].index(b"\xff\xda")
    size, tables = planes[0][frame + 5 : frame + 9], planes[0][frame + 13 : scan]
    colours = b"".join(bytes((number, 0x11, 0)) for number in (1, 2, 3))
    whole = planes[0][:frame] + b"\xff\xc0\x00\x11\x08" + size + b"\x03" + colours + tables
    for number, plane in enumerate(planes, 1):
        coded = plane[plane.index(b"\xff\xda") + 10 : -2]
        whole += b"\xff\xda\x00\x08\x01" + bytes((number, 0)) + b"\x00\x3f\x00" + coded
    return whole + b"\xff\xd9"


def test_colours_one_after_the_other_count_as_held_whole() -> None:
    data = in_scans()
    still = decode(data, long_side=160)
    assert isinstance(still, Still)
    assert np.array_equal(still.rgb, by_pillow(data, 2))
    few = Limits(held_bytes=320 * 320)
    refused = decode(data, long_side=160, limits=few)
    assert isinstance(refused, Unreadable)
    assert refused.reason is Reason.TOO_LARGE
    assert isinstance(decode(saved(picture(320, 320)), long_side=160, limits=few), Still)
