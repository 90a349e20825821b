from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from selfcheck.model import Box
from selfcheck.pictures import owner_crop

Rgb = NDArray[np.uint8]


def _noise(width: int, height: int) -> Rgb:
    """Draw detail everywhere, so that what is blurred can be measured."""
    coarse = np.random.default_rng(3).integers(0, 255, (height // 4, width // 4, 3), np.uint8)
    return coarse.repeat(4, 0).repeat(4, 1)


def _read(data: bytes) -> NDArray[np.int16]:
    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    return np.asarray(image.convert("RGB")).astype(np.int16)


def _detail(part: NDArray[np.int16]) -> float:
    """Measure detail: the mean step from one pixel to the next but three."""
    return float(np.abs(part[:, 4:] - part[:, :-4]).mean())


def _box(left: int, top: int, size: int) -> Box:
    return Box(left=left, top=top, right=left + size, bottom=top + size)


@pytest.mark.parametrize("box", [_box(-500, 10, 100), _box(2000, 10, 100), _box(10, 10, 0)])
def test_a_box_outside_the_picture_is_refused(box: Box) -> None:
    with pytest.raises(ValueError, match="outside the picture"):
        owner_crop(_noise(400, 400), box)


def test_all_but_the_head_is_blurred() -> None:
    crop = _read(owner_crop(_noise(800, 800), _box(350, 350, 100)))
    side = crop.shape[0]
    middle = crop[int(side * 0.42) : int(side * 0.54), int(side * 0.42) : int(side * 0.58)]
    sharp = _detail(middle)
    for edge in (
        crop[: side // 5],
        crop[-side // 5 :],
        crop[:, : side // 5],
        crop[:, -side // 5 :],
    ):
        assert _detail(edge) < sharp / 8


def test_another_face_is_blurred_even_where_it_overlaps_the_head() -> None:
    picture = _noise(800, 800)
    owner, other = _box(300, 350, 100), _box(370, 350, 100)
    alone = _read(owner_crop(picture, owner))
    beside = _read(owner_crop(picture, owner, others=(other,)))
    height, width, _ = alone.shape
    overlap = np.s_[int(height * 0.45) : int(height * 0.6), int(width * 0.6) : int(width * 0.66)]
    own = np.s_[int(height * 0.45) : int(height * 0.6), int(width * 0.42) : int(width * 0.5)]
    assert _detail(beside[overlap]) < _detail(alone[overlap]) / 4
    assert _detail(beside[own]) > 0.9 * _detail(alone[own])


@pytest.mark.parametrize("size", [20, 100, 700])
def test_it_is_never_larger_than_asked_nor_enlarged(size: int) -> None:
    crop = _read(owner_crop(_noise(1200, 900), _box(200, 100, size)))
    assert max(crop.shape[:2]) <= 480
    assert max(crop.shape[:2]) <= 4 * size
    assert max(_read(owner_crop(_noise(1200, 900), _box(200, 100, 500), side=200)).shape) <= 200


@pytest.mark.parametrize("box", [_box(0, 0, 80), _box(320, 220, 80), _box(-20, -20, 80)])
def test_a_head_at_the_edge_gives_a_smaller_crop(box: Box) -> None:
    crop = _read(owner_crop(_noise(400, 300), box))
    assert min(crop.shape[:2]) >= 60


def test_it_carries_no_metadata() -> None:
    data = owner_crop(_noise(400, 400), _box(150, 150, 100))
    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Exif" not in data


def test_the_owners_head_is_the_pictures_own_pixels() -> None:
    picture = np.full((400, 400, 3), 40, np.uint8)
    picture[150:250, 150:250] = (200, 120, 80)
    crop = _read(owner_crop(picture, _box(150, 150, 100)))
    height, width, _ = crop.shape
    assert np.abs(crop[int(height * 0.55), width // 2] - (200, 120, 80)).max() < 12


def test_a_small_picture_is_cropped_without_trouble() -> None:
    assert _read(owner_crop(_noise(16, 16), _box(2, 2, 8))).shape == (16, 16, 3)


def test_a_chin_right_above_the_owners_hair_is_blurred() -> None:
    picture = _noise(800, 800)
    owner, above = _box(350, 400, 100), _box(350, 300, 100)
    alone = _read(owner_crop(picture, owner))
    under = _read(owner_crop(picture, owner, others=(above,)))
    # The window reaches 190 pixels around the head's centre, which lies at (400, 438).
    left, top = 400 - 190, 438 - 190
    chin = (slice(390 - top, 400 - top), slice(375 - left, 425 - left))
    assert _detail(under[chin]) < _detail(alone[chin]) / 3
