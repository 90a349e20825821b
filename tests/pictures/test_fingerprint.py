"""A picture's fingerprint hardly changes when it is resized or saved again, and others' differ."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.demo.people import View, portrait
from selfcheck.exposure.copies import NEAR
from selfcheck.pictures import fingerprint

Rgb = NDArray[np.uint8]


def bits(rgb: Rgb) -> int:
    return int.from_bytes(fingerprint(rgb), "big")


def apart(one: Rgb, other: Rgb) -> int:
    return (bits(one) ^ bits(other)).bit_count()


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return Image.fromarray(portrait(OWNER, View(yaw=8), width=480, height=640, seed=3))


def saved(image: Image.Image, kind: str, quality: int) -> Rgb:
    out = io.BytesIO()
    image.save(out, kind, quality=quality)
    return np.asarray(Image.open(out).convert("RGB"))


def sized(image: Image.Image, share: float) -> Rgb:
    size = (round(image.width * share), round(image.height * share))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC))


@pytest.mark.parametrize("width", [1, 2, 63, 3000])
def test_a_picture_of_any_size_and_of_nothing_has_32_bytes(width: int) -> None:
    assert len(fingerprint(np.full((5, width, 3), 128, np.uint8))) == 32


def test_other_views_and_other_people_are_far_apart(picture: Image.Image) -> None:
    others = [
        portrait(person, view, width=480, height=640, seed=seed)
        for seed, (person, view) in enumerate(
            [(OWNER, View(yaw=-12)), (OWNER, View(pitch=8, scale=1.2)), (OTHERS[0], View(yaw=8))]
        )
    ]
    assert min(apart(np.asarray(picture), other) for other in others) > 2 * NEAR


@pytest.mark.parametrize(
    "change",
    [
        lambda image: saved(image, "JPEG", 40),
        lambda image: saved(image, "WEBP", 50),
        lambda image: sized(image, 0.5),
        lambda image: sized(image, 0.25),
        lambda image: sized(image, 2),
        lambda image: np.asarray(ImageEnhance.Brightness(image).enhance(1.1)),
        lambda image: np.asarray(image.convert("L").convert("RGB")),
    ],
    ids=["JPEG 40", "WebP 50", "half", "quarter", "double", "brighter", "grey"],
)
def test_resized_and_saved_again_it_stays_near(
    picture: Image.Image, change: Callable[[Image.Image], Rgb]
) -> None:
    assert apart(np.asarray(picture), change(picture)) <= NEAR


def test_the_bits_are_whole_numbers_work_and_the_same_everywhere() -> None:
    rows, columns = np.indices((200, 300))
    rgb = np.stack([(rows * columns) % 251, (rows + 2 * columns) % 256, rows], axis=-1)
    assert (
        fingerprint(rgb.astype(np.uint8)).hex()
        == "a55d0f2a58790ad35106aaec51572acc19062afd39420ddd2b6a0ddd29762fff"
    )
