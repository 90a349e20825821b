"""Thumbnails in EXIF: what is none, what shows the same, and what shows more."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from selfcheck.demo.people import PEOPLE, View, scene
from selfcheck.model import Leak
from selfcheck.pictures import metadata, thumbnail_shows

Rgb = NDArray[np.uint8]
CUT_AWAY, ANOTHER = "shows what was cut away from the picture", "shows another picture"


@pytest.fixture(scope="module")
def original() -> Image.Image:
    """Two people side by side: what somebody cuts who keeps only one."""
    people = [(PEOPLE[0], View(), (0.3, 0.5, 0.5)), (PEOPLE[1], View(), (0.72, 0.5, 0.45))]
    return Image.fromarray(scene(people, width=640, height=480, seed=3))


def jpeg(image: Image.Image, side: int = 160) -> bytes:
    out = io.BytesIO()
    ImageOps.contain(image, (side, side)).save(out, "JPEG", quality=70)
    return out.getvalue()


def exif(inner: bytes, *, at: int = 56, length: int | None = None) -> bytes:
    """Write an EXIF block that holds nothing but a thumbnail, which really begins at byte 56."""
    size = len(inner) if length is None else length
    rows = ((0x0103, 3, 6 << 16), (0x0201, 4, at), (0x0202, 4, size))
    body = b"".join(
        tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + (1).to_bytes(4, "big")
        + value.to_bytes(4, "big")
        for tag, kind, value in rows
    )  # fmt: skip
    first = b"MM\0*\0\0\0\x08" + b"\0\0" + (14).to_bytes(4, "big")
    return b"Exif\0\0" + first + len(rows).to_bytes(2, "big") + body + b"\0\0\0\0" + inner


def said(picture: Image.Image, block: bytes, form: str = "JPEG") -> list[str]:
    out = io.BytesIO()
    picture.save(out, form, exif=block)
    found = thumbnail_shows(out.getvalue(), np.asarray(picture.convert("RGB")))
    assert all(finding.leak is Leak.THUMBNAIL for finding in found)
    return [finding.value for finding in found]


# --- what is no thumbnail ------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"text", b"\xff\xd8\xff\xe0", b"GIF89a"])
def test_bytes_that_are_no_picture_say_nothing(data: bytes) -> None:
    assert thumbnail_shows(data, np.zeros((40, 60, 3), np.uint8)) == ()


def test_a_picture_without_a_thumbnail_says_nothing(original: Image.Image) -> None:
    assert thumbnail_shows(jpeg(original, 640), np.asarray(original)) == ()


@pytest.mark.parametrize(
    "block",
    [
        exif(b"\xff\xd8\xff\xe0" + bytes(50)),
        exif(b"", length=0),
        exif(jpeg(Image.new("RGB", (160, 120))), at=2**31),
        exif(jpeg(Image.new("RGB", (160, 120))), length=2**31),
        exif(jpeg(Image.new("RGB", (8, 8)))),
        exif(jpeg(Image.new("RGB", (2000, 1500)), 2000)),
        exif(b"\x89PNG\r\n\x1a\n" + bytes(50)),
        exif(b"<svg onload=x>"),
    ],
    ids=["damaged", "empty", "far away", "too long", "tiny", "huge", "PNG", "text"],
)
def test_what_cannot_be_read_as_a_thumbnail_says_nothing_or_no_more(
    original: Image.Image, block: bytes
) -> None:
    assert CUT_AWAY not in " ".join(said(original, block))


def test_a_blank_thumbnail_says_nothing(original: Image.Image) -> None:
    assert said(original, exif(jpeg(Image.new("RGB", (160, 120), "grey")))) == []


def test_a_cut_thumbnail_costs_nothing(original: Image.Image) -> None:
    whole = jpeg(original)
    assert said(original, exif(whole[: len(whole) // 2])) == []


# --- what shows no more --------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_same_says_nothing(original: Image.Image, form: str) -> None:
    assert said(original, exif(jpeg(original)), form) == []


def test_a_change_that_hides_nothing_says_nothing(original: Image.Image) -> None:
    block = exif(jpeg(original))
    for changed in (
        ImageEnhance.Brightness(original).enhance(1.4),
        ImageOps.grayscale(original).convert("RGB"),
        original.resize((320, 240)),
        original.transpose(Image.Transpose.ROTATE_90),
        original.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    ):
        assert said(changed, block) == []


def test_bars_and_a_smaller_view_say_nothing(original: Image.Image) -> None:
    wide = original.crop((0, 60, 640, 420))
    assert said(wide, exif(jpeg(ImageOps.pad(wide, (160, 120), color="black")))) == []
    assert said(wide, exif(jpeg(wide.crop((80, 0, 560, 360))))) == []


# --- what shows more -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "box", [(0, 0, 360, 480), (40, 60, 340, 380), (330, 0, 640, 480)], ids=["half", "head", "other"]
)
def test_what_was_cut_away_is_told_of(
    original: Image.Image, box: tuple[int, int, int, int]
) -> None:
    block = exif(jpeg(original))
    assert said(original.crop(box), block) == [f"{CUT_AWAY} (160 × 120 pixels)"]
    turned = original.crop(box).transpose(Image.Transpose.ROTATE_90)
    assert said(turned, block) == [f"{CUT_AWAY} (160 × 120 pixels)"]


def test_another_picture_is_told_of(original: Image.Image) -> None:
    stripes = np.indices((120, 160)).sum(axis=0) // 9 % 2 * 255
    other = Image.fromarray(stripes.astype(np.uint8)).convert("RGB")
    assert said(original, exif(jpeg(other))) == [f"{ANOTHER} (160 × 120 pixels)"]


def test_a_thumbnail_is_no_finding_of_the_metadata_itself(original: Image.Image) -> None:
    out = io.BytesIO()
    original.crop((0, 0, 360, 480)).save(out, "JPEG", exif=exif(jpeg(original)))
    assert metadata(out.getvalue()) == ()
