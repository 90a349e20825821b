"""Colour profiles: the colours stay, whatever names a device or a person goes."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from selfcheck.pictures import Clean, Format, clean, copy_fault, save
from selfcheck.pictures.colour_profile import called, colour_space, nameless

GREY = np.full((8, 8, 3), 90, np.uint8)


def profile(space: str = "sRGB") -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()  # type: ignore[arg-type]


def with_tag(whole: bytes, name: bytes, value: bytes) -> bytes:
    """Put one tag more into a profile."""
    number = int.from_bytes(whole[128:132], "big")
    table, values = whole[132 : 132 + 12 * number], whole[132 + 12 * number :]
    moved = b"".join(
        table[at : at + 4]
        + struct.pack(">II", int.from_bytes(table[at + 4 : at + 8], "big") + 12, 0)[:4]
        + table[at + 8 : at + 12]
        for at in range(0, len(table), 12)
    )
    moved += name + struct.pack(">II", len(whole) + 12, len(value))
    made = whole[:128] + struct.pack(">I", number + 1) + moved + values + value
    return struct.pack(">I", len(made)) + made[4:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no profile",
        bytes(200),
        profile()[:131],
        profile()[:200],
        profile()[:36] + b"nope" + profile()[40:],
        profile()[:128] + b"\xff\xff\xff\xff" + profile()[132:],
        profile()[:136] + b"\xff\xff\xff\xff" + profile()[140:],
        profile()[:140] + b"\xff\xff\xff\xff" + profile()[144:],
        profile() + bytes(16 << 20),
    ],
)
def test_what_is_no_profile_gives_none(data: bytes) -> None:
    assert nameless(data) == b""


def shared(names: list[bytes], value: bytes) -> bytes:
    """Give a profile whose tags all share one value."""
    place = 132 + 12 * len(names)
    table = b"".join(name + struct.pack(">II", place, len(value)) for name in names)
    return profile()[:128] + struct.pack(">I", len(names)) + table + value


def test_tags_that_share_a_great_value_do_not_multiply() -> None:
    names = [side + digit for side in (b"A2B", b"B2A", b"D2B", b"B2D") for digit in (b"0", b"1")]
    assert nameless(shared(names, b"mft2" + bytes(1 << 20))) != b""
    assert nameless(shared(names, b"mft2" + bytes(2 << 20))) == b""


def test_more_tags_than_any_profile_has_are_not_read() -> None:
    assert nameless(shared([b"wtpt"] * 200, b"XYZ " + bytes(16))) != b""
    assert nameless(shared([b"wtpt"] * 201, b"XYZ " + bytes(16))) == b""


def test_names_serial_numbers_and_times_are_gone() -> None:
    named = bytearray(with_tag(profile(), b"dmnd", b"text\0\0\0\0secret maker\0"))
    named[48:52], named[80:84], named[84:100] = b"SECR", b"SECR", b"SECRsecretsecret"
    made = nameless(bytes(named))
    assert b"secret" not in made.lower()
    assert called(made) == "colours"
    assert made == nameless(profile())


def test_a_name_where_colours_should_stand_is_gone() -> None:
    named = with_tag(profile(), b"bkpt", b"text\0\0\0\0secret\0\0")
    assert b"secret" not in nameless(named)


def test_a_private_tag_is_gone() -> None:
    named = with_tag(profile(), b"mmod", b"mmod\0\0\0\0secret\0\0")
    assert nameless(named) == nameless(profile())


def test_given_its_own_answer_it_gives_it_back() -> None:
    for space in ("sRGB", "LAB"):
        once = nameless(profile(space))
        assert nameless(once) == once
    old = bytearray(profile())
    old[8] = 2
    once = nameless(bytes(old))
    assert b"desc\0\0\0\0" in once
    assert called(once) == "colours"
    assert nameless(once) == once


def test_colours_stay_the_same() -> None:
    """Checked by littleCMS, which Pillow brings along."""
    whole = profile()
    made = nameless(whole)
    assert colour_space(made) == b"RGB "
    ramp = np.random.default_rng(3).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    lab = ImageCms.createProfile("LAB")
    seen = [
        ImageCms.profileToProfile(
            Image.fromarray(ramp), ImageCms.ImageCmsProfile(io.BytesIO(one)), lab, outputMode="LAB"
        )
        for one in (whole, made)
    ]
    assert seen[0] is not None
    assert seen[1] is not None
    assert seen[0].tobytes() == seen[1].tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_keeps_its_colours_and_loses_their_names(form: str) -> None:
    out = io.BytesIO()
    named = with_tag(profile(), b"mmod", b"mmod\0\0\0\0secret\0\0")
    Image.fromarray(GREY).save(out, form, icc_profile=named)
    made = clean(out.getvalue())
    assert isinstance(made, Clean)
    assert copy_fault(out.getvalue(), made.data) == ""
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.info["icc_profile"] == nameless(named)


def test_colours_of_a_print_are_converted_and_their_profile_goes() -> None:
    out = io.BytesIO()
    whole = profile()
    inks = whole[:16] + b"CMYK" + whole[20:]
    Image.fromarray(GREY).convert("CMYK").save(out, "TIFF", icc_profile=inks)
    made = clean(out.getvalue())
    assert isinstance(made, Clean)
    assert copy_fault(out.getvalue(), made.data) == ""
    with Image.open(io.BytesIO(made.data)) as image:
        assert "icc_profile" not in image.info


def test_a_profile_of_several_segments_is_put_together() -> None:
    out = io.BytesIO()
    table = b"mft2" + bytes(200_000)
    Image.fromarray(GREY).save(out, "JPEG", icc_profile=with_tag(profile(), b"A2B0", table))
    made = clean(out.getvalue())
    assert isinstance(made, Clean)
    with Image.open(io.BytesIO(made.data)) as image:
        assert table in image.info["icc_profile"]


def test_a_profile_that_is_none_is_left_out() -> None:
    out = io.BytesIO()
    Image.fromarray(GREY).save(out, "JPEG", icc_profile=b"secret words")
    made = clean(out.getvalue())
    assert isinstance(made, Clean)
    assert made.data == save(GREY, Format.JPEG, quality=75)
