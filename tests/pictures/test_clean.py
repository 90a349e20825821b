"""Copies without metadata: what breaks, what must go, and what must stay to show the same."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from oddities import chunk, claiming, moving, png, saved, segment
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from selfcheck.model import Reason
from selfcheck.pictures import (
    Clean,
    Format,
    Limits,
    Still,
    Unreadable,
    clean,
    copy_fault,
    decode,
    film_bytes,
    metadata,
    save,
)
from selfcheck.pictures.rewrite_jpeg import rewrite_jpeg
from selfcheck.pictures.rewrite_png import rewrite_png
from selfcheck.pictures.rewrite_webp import rewrite_webp
from selfcheck.pictures.rewriting import Rewritten, inflated

Rgb = NDArray[np.uint8]

COPIED = [Format.JPEG, Format.PNG, Format.WEBP, Format.GIF]
WITH_EXIF = [Format.JPEG, Format.PNG, Format.WEBP]
ANEW = [Format.TIFF, Format.BMP, Format.HEIC, Format.AVIF]
WHEN = datetime(2024, 5, 31, 12, 30, tzinfo=UTC)
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"><Iptc4xmpExt:PersonInImage>'
    b"<rdf:Bag><rdf:li>Anna Beispiel</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>"
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def refused(data: bytes) -> Reason:
    made = clean(data)
    assert isinstance(made, Unreadable)
    assert made.detail
    return made.reason


def cleaned(data: bytes) -> Clean:
    """Clean a picture and prove the copy."""
    made = clean(data)
    assert isinstance(made, Clean), made
    assert copy_fault(data, made.data) == ""
    assert metadata(made.data) == ()
    return made


def told(made: Clean) -> dict[str, str]:
    return {one.what: one.value for one in made.removed}


def block(mark: int, body: bytes) -> bytes:
    return bytes((0xFF, mark)) + struct.pack(">H", len(body) + 2) + body


def webp_chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def film_of(form: str, *, comment: bytes = b"") -> bytes:
    """Give three frames, the second of another length."""
    frames = [Image.new("RGBA", (40, 30), (40 * n, 90, 10, 255 - n)) for n in range(3)]
    out = io.BytesIO()
    frames[0].save(
        out,
        form,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 250, 100],
        loop=2,
        lossless=True,
        comment=comment,
        exif=b"" if form == "GIF" else _camera(),
    )
    return out.getvalue()


def _camera() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "Camera of Anna"
    return exif.tobytes()


# --- what cannot be cleaned -----------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.TRUNCATED),
        (b"only text", Reason.NOT_A_PICTURE),
        (b"PK\x03\x04 a zip", Reason.NOT_A_PICTURE),
        (b"8BPS", Reason.UNSUPPORTED),
        (b"\xff\xd8\xff", Reason.TRUNCATED),
        (b"\xff\xd8\xff\xd9", Reason.DAMAGED),
        (b"\x89PNG\r\n\x1a\n", Reason.TRUNCATED),
        (b"GIF89a", Reason.TRUNCATED),
        (b"RIFF\x04\0\0\0WEBP", Reason.DAMAGED),
    ],
)
def test_bytes_that_are_no_picture_are_a_reason(data: bytes, reason: Reason) -> None:
    assert refused(data) is reason


@pytest.mark.parametrize("form", [*COPIED, *ANEW])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_that_was_cut_off_is_a_reason(form: Format, share: float, marked: Rgb) -> None:
    data = save(marked, form)
    assert refused(data[: int(share * len(data))]) in {Reason.TRUNCATED, Reason.DAMAGED}


def test_a_film_is_not_cleaned_yet(marked: Rgb) -> None:
    made = clean(film_bytes([marked] * 3, 10))
    assert made == Unreadable(reason=Reason.UNSUPPORTED, detail="films are not cleaned yet")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xd8" + block(0xFE, b"") * 20_001, "20,000 segments"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"eMPt") * 200_001, "chunks"),
        (riff(webp_chunk(b"NULL", b"") * 100_001), "chunks"),
        (b"GIF89a" + bytes(7) + b"!\xfe" + b"\1x" * 2_000_001, "blocks"),
        (b"GIF89a" + bytes(7) + bytes(2_000_001), "blocks"),
    ],
    ids=["JPEG", "PNG", "WebP", "GIF of blocks", "GIF of zeros"],
)
def test_endless_blocks_are_hostile(data: bytes, words: str) -> None:
    made = clean(data)
    assert isinstance(made, Unreadable)
    assert made.reason is Reason.HOSTILE
    assert words in made.detail


PNG_START = png(4, 4)[:33]


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b"\xff\xd8\xff\xe1\xff\xffshort", Reason.TRUNCATED, "promises 65,535 bytes"),
        (b"\xff\xd8\xff\xe1\0\1", Reason.DAMAGED, "a segment of 1 bytes"),
        (PNG_START + b"\xff\xff\xff\xfftEXt", Reason.TRUNCATED, "before its last chunk"),
        (PNG_START + b"\0\0\xff\xffIEND", Reason.TRUNCATED, "before its last chunk"),
        (PNG_START + b"\0\0", Reason.TRUNCATED, "before its last chunk"),
        (PNG_START[:8] + chunk(b"IDAT"), Reason.DAMAGED, "does not begin with its header"),
        (riff(b"VP8L\xff\xff\xff\xff"), Reason.DAMAGED, "a chunk is longer"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8L", Reason.TRUNCATED, "promises 4,294,967,303 bytes"),
        (b"GIF89a" + bytes(7) + b"!\xfe\xffshort", Reason.TRUNCATED, "without its closing mark"),
        (b"GIF89a" + bytes(7) + b"Q;", Reason.DAMAGED, "an unknown kind (51)"),
    ],
)
def test_a_length_that_lies_is_seen_before_a_decoder_sees_it(
    data: bytes, reason: Reason, words: str
) -> None:
    made = clean(data)
    assert isinstance(made, Unreadable)
    assert made.reason is reason
    assert words in made.detail


@pytest.mark.parametrize(
    "data",
    [
        claiming(60_000, 60_000),
        png(60_000, 60_000, rows=bytes(9)),
        png(2**31 - 1, 2**31 - 1, rows=b""),
    ],
)
def test_more_pixels_than_anybody_can_hold_are_refused(data: bytes) -> None:
    assert refused(data) is Reason.TOO_LARGE


def test_a_file_over_the_limit_is_refused(marked: Rgb) -> None:
    data = save(marked, Format.PNG)
    made = clean(data, Limits(file_bytes=len(data) - 1))
    assert isinstance(made, Unreadable)
    assert made.reason is Reason.TOO_LARGE
    assert isinstance(clean(data, Limits(file_bytes=len(data))), Clean)


def test_a_packed_text_is_never_unpacked_whole(marked: Rgb) -> None:
    packed = zlib.compress(bytes(50 << 20))
    assert len(inflated(packed)) == 4096
    # Pillow, which has a limit of its own, refuses it; were it not so, it would be left out.
    data = save(marked, Format.PNG)
    assert refused(data[:33] + chunk(b"zTXt", b"Bomb\0\0" + packed) + data[33:]) is Reason.DAMAGED


@pytest.mark.parametrize("form", [*COPIED, *ANEW])
def test_any_changed_byte_is_a_copy_that_holds_nothing_or_a_reason(
    form: Format, marked: Rgb
) -> None:
    whole = save(marked, form) if form not in WITH_EXIF else save(marked, form, gps=(48.1, 11.5))
    for seed in range(60):
        numbers = np.random.default_rng(seed)
        data = bytearray(whole)
        for at in numbers.integers(4, len(data), 3):
            data[at] = numbers.integers(256)
        made = clean(bytes(data))
        if isinstance(made, Clean):
            assert metadata(made.data) == ()


# --- what must go ---------------------------------------------------------------------


@pytest.mark.parametrize("form", [*WITH_EXIF, Format.TIFF, Format.HEIC, Format.AVIF])
def test_place_and_time_are_gone_and_told(form: Format, marked: Rgb) -> None:
    made = cleaned(save(marked, form, gps=(48.13714, 11.57540), taken=WHEN))
    assert told(made)["GPS position"] == "48.13714, 11.57540"
    assert told(made)["time taken"] == "2024-05-31 12:30:00+00:00"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_names_of_people_are_told_as_they_stand_and_gone(form: str, marked: Rgb) -> None:
    if form == "PNG":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        data = saved(Image.fromarray(marked), form, pnginfo=info)  # type: ignore[arg-type]
    else:
        data = saved(Image.fromarray(marked), form, xmp=XMP)
    made = cleaned(data)
    assert told(made)["names of people"] == "Anna Beispiel (people shown)"
    assert b"Beispiel" not in made.data


def test_a_picture_that_holds_nothing_loses_nothing(marked: Rgb) -> None:
    for form in COPIED:
        data = save(marked, form)
        made = cleaned(data)
        assert made.removed == ()
        assert made.data == data


def test_every_block_of_a_jpeg_that_shows_nothing_is_gone_and_told(marked: Rgb) -> None:
    blocks = {
        "comment": block(0xFE, b"secret comment"),
        "list of further pictures (MPF)": block(0xE2, b"MPF\0secret"),
        "gain map's settings": block(0xE2, b"urn:iso:std:iso:ts:21496:-1\0secret"),
        "Photoshop's and IPTC's block": block(0xED, b"Photoshop 3.0\0secret"),
        "content credentials (JUMBF)": block(0xEB, b"JPsecret"),
        "thumbnail (JFXX)": block(0xE0, b"JFXX\0secret"),
        "a program's own block (APP7)": block(0xE7, b"secret"),
        "loose bytes between segments": b"secret",
    }
    data = segment(save(marked, Format.JPEG), b"".join(blocks.values()))
    made = cleaned(data + b"secret at the end")
    assert set(blocks) | {"data after the picture's end", "caption"} == set(told(made))
    assert told(made)["comment"] == "secret comment"
    assert told(made)["data after the picture's end"] == "17 bytes (text)"
    assert b"secret" not in made.data
    assert made.data == save(marked, Format.JPEG)


def test_a_film_behind_a_picture_is_gone_and_told(marked: Rgb) -> None:
    picture, film = save(marked, Format.JPEG), film_bytes([marked] * 2, 10)
    made = cleaned(picture + film)
    assert told(made) == {"data after the picture's end": f"{len(film):,} bytes (a MP4 file)"}
    assert made.data == picture


def test_thumbnails_are_gone_and_told(marked: Rgb) -> None:
    small = save(marked[:16, :16], Format.JPEG)
    entries = struct.pack("<HHIIHHII", 0x0201, 4, 1, 44, 0x0202, 4, 1, len(small))
    exif = b"II*\0\x08\0\0\0\0\0\x0e\0\0\0" + struct.pack("<H", 2) + entries + bytes(4)
    data = save(marked, Format.JPEG)
    jfif = block(0xE0, b"JFIF\0\1\1\0\0\1\0\1\2\2" + b"thumb" * 2 + b"xx")
    data = b"\xff\xd8" + jfif + block(0xE1, b"Exif\0\0" + exif + small) + data[20:]
    made = cleaned(data)
    assert told(made)["thumbnail (EXIF)"] == f"{len(small):,} bytes"
    assert told(made)["thumbnail (JFIF)"] == "12 bytes"
    assert b"thumb" not in made.data
    assert small not in made.data


def test_every_chunk_of_a_png_that_shows_nothing_is_gone_and_told(marked: Rgb) -> None:
    whole = save(marked, Format.PNG)
    chunks = {
        "text 'parameters'": chunk(b"tEXt", b"parameters\0secret words"),
        "text 'Comment'": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"secret packed")),
        "text 'Title'": chunk(b"iTXt", b"Title\0\0\0en\0Title\0secret \xc3\xa9"),
        "time of the last change": chunk(b"tIME", struct.pack(">H5B", 2024, 5, 31, 12, 0, 9)),
        "a chunk 'caBX'": chunk(b"caBX", b"secret"),
        "a chunk 'sPLT'": chunk(b"sPLT", b"secret\0\x08"),
    }
    made = cleaned(whole[:33] + b"".join(chunks.values()) + whole[33:] + b"secret")
    values = told(made)
    assert set(chunks) | {"data after the picture's end", "caption"} >= set(values)
    assert values["text 'parameters'"] == "secret words"
    assert values["text 'Comment'"] == "secret packed"
    assert values["text 'Title'"] == "secret é"
    assert values["time of the last change"] == "2024-05-31 12:00:09"
    assert made.data == whole


def test_chunks_of_a_webp_that_show_nothing_are_gone_and_told(marked: Rgb) -> None:
    whole = save(marked, Format.WEBP, gps=(48.1, 11.5))
    pieces = [whole[12:], webp_chunk(b"XMP ", XMP), webp_chunk(b"hide", b"secret!")]
    made = cleaned(riff(*pieces) + b"secret")
    names = {"XMP", "a chunk 'hide'", "data after the picture's end"}
    assert names <= set(told(made))
    assert b"secret" not in made.data
    assert made.data[20] == 0  # no flag announces what is not there


def test_what_hides_within_a_frame_of_a_webp_is_gone() -> None:
    whole = film_of("WEBP")
    at = whole.index(b"ANMF")
    size = int.from_bytes(whole[at + 4 : at + 8], "little")
    hidden = webp_chunk(b"hide", b"secret")
    frame = webp_chunk(b"ANMF", whole[at + 8 : at + 8 + size] + hidden)
    made = cleaned(riff(whole[12:at], frame, whole[at + 8 + size :]))
    assert told(made)["a chunk 'hide'"] == "14 bytes"
    assert b"secret" not in made.data


def test_comments_and_programs_blocks_of_a_gif_are_gone_and_told() -> None:
    whole = film_of("GIF", comment=b"secret comment")
    at = whole.index(b"!\xff\x0bNETSCAPE2.0")
    own = b"!\xff\x0bsecret1.000\6secret\0"
    longer = whole[: at + 18] + b"\6secret" + whole[at + 18 :]  # behind the loop's own bytes
    text = b"!\xf9\4\0\0\0\0\0!\1\x0c" + bytes(12) + b"\6secret\0"
    made = cleaned(longer[:-1] + own + text + b";secret")
    values = told(made)
    assert values["comment"] == "secret comment"
    assert values["a program's own block"] == f"2 blocks, {len(own) + 7} bytes"
    assert values["text to be laid over the picture"] == "23 bytes"
    assert b"secret" not in made.data
    assert made.data == film_of("GIF")


def test_what_times_a_text_of_a_gif_does_not_time_the_frame_behind_it() -> None:
    whole = save(np.full((8, 8, 3), 90, np.uint8), Format.GIF)
    at = whole.index(b",\0\0\0\0")
    assert b"!\xf9" not in whole
    text = b"!\xf9\4\0\x63\0\0\0!\1\x0c" + bytes(12) + b"\6secret\0"
    made = clean(whole[:at] + text + whole[at:])
    assert isinstance(made, Clean)
    assert made.data == whole


def test_what_hides_behind_adobes_mark_is_gone(marked: Rgb) -> None:
    data = saved(Image.fromarray(marked).convert("CMYK"), "JPEG")
    at = data.index(b"\xff\xee\0\x0eAdobe")
    longer = data[: at + 2] + b"\0\x14" + data[at + 4 : at + 16] + b"secret" + data[at + 16 :]
    made = cleaned(longer)
    assert told(made) == {"Adobe's own block": "6 bytes"}
    assert made.data == data


def test_no_end_of_a_kind_is_told_without_bound(marked: Rgb) -> None:
    comments = b"".join(block(0xFE, b"comment %d" % n) for n in range(1000))
    made = cleaned(segment(save(marked, Format.JPEG), comments))
    said = [one.value for one in made.removed if one.what == "comment"]
    assert said[-1] == "and 992 more"
    assert len(said) == 9


def test_a_note_of_a_cameras_maker_is_told(marked: Rgb) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x927C] = b"maker" * 20
    made = cleaned(saved(Image.fromarray(marked), "JPEG", exif=exif.tobytes()))
    assert told(made)["the camera maker's own note"] == "100 bytes"
    assert b"maker" not in made.data


# --- what must stay -------------------------------------------------------------------


@pytest.mark.parametrize("form", WITH_EXIF)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_which_way_is_up_stays(form: Format, orientation: int, marked: Rgb) -> None:
    data = save(marked, form, orientation=orientation, gps=(48.1, 11.5))
    made = cleaned(data)
    before, after = decode(data), decode(made.data)
    assert isinstance(before, Still)
    assert isinstance(after, Still)
    assert (before.rgb == after.rgb).all()
    assert after.rgb.shape == marked.shape


@pytest.mark.parametrize("form", ANEW)
def test_what_is_saved_anew_is_upright_and_said(form: Format, marked: Rgb) -> None:
    turned = {} if form is Format.BMP else {"orientation": 6}
    made = cleaned(save(marked, form, **turned))  # type: ignore[arg-type]
    assert made.format is Format.JPEG
    assert made.note == f"{form} cannot be cleaned as it is: saved anew as JPEG"
    after = decode(made.data)
    assert isinstance(after, Still)
    assert after.rgb.shape == marked.shape
    assert np.abs(after.rgb.astype(int) - marked).mean() < 6


def test_what_can_be_seen_through_is_saved_anew_as_png(marked: Rgb) -> None:
    clear = Image.fromarray(marked).convert("RGBA")
    clear.putpixel((5, 5), (1, 2, 3, 4))
    made = cleaned(saved(clear, "TIFF"))
    assert made.format is Format.PNG
    assert Image.open(io.BytesIO(made.data)).getpixel((5, 5)) == (1, 2, 3, 4)
    assert cleaned(saved(Image.fromarray(marked).convert("RGBA"), "TIFF")).format is Format.JPEG


def test_of_several_pages_the_first_is_kept_and_that_is_said(marked: Rgb) -> None:
    out = io.BytesIO()
    page = Image.fromarray(marked)
    page.save(out, "TIFF", save_all=True, append_images=[page, page])
    made = cleaned(out.getvalue())
    assert made.note.endswith("saved anew as JPEG, of its 3 pictures the first")
    assert told(made)["further pictures"] == "2"


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_film_keeps_its_frames_their_times_and_its_loop(form: str) -> None:
    made = cleaned(film_of(form, comment=b"secret"))
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.n_frames == 3  # type: ignore[attr-defined]
        assert image.info["loop"] == 2
        image.seek(1)
        image.load()
        assert image.info["duration"] == 250
    assert b"Anna" not in made.data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_png_of_every_kind_stays_the_same(mode: str, marked: Rgb) -> None:
    image = Image.fromarray(marked).convert("L" if mode == "I;16" else mode).convert(mode)
    cleaned(saved(image, "PNG"))


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_of_every_kind_stays_the_same(mode: str, progressive: bool, marked: Rgb) -> None:  # noqa: FBT001
    image = Image.fromarray(marked).convert(mode)
    data = saved(image, "JPEG", progressive=progressive)
    assert cleaned(data).data == data


def test_a_jpeg_that_lost_its_closing_mark_gets_one(marked: Rgb) -> None:
    data = save(marked, Format.JPEG)
    made = clean(data[:-2])
    if isinstance(made, Clean):
        assert made.data == data
    else:
        assert made.reason is Reason.TRUNCATED


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1)])
@pytest.mark.parametrize("form", [*COPIED, Format.TIFF, Format.BMP])
def test_the_smallest_pictures_are_cleaned(form: Format, size: tuple[int, int]) -> None:
    height, width = size
    made = cleaned(save(np.full((height, width, 3), 90, np.uint8), form))
    after = decode(made.data)
    assert isinstance(after, Still)
    assert (after.height, after.width) == size


# --- the proof fires ------------------------------------------------------------------


def test_a_copy_with_other_pixels_is_refused(marked: Rgb) -> None:
    other = marked.copy()
    other[0, 0] ^= 255
    for form in (Format.PNG, Format.JPEG, Format.GIF):
        said = copy_fault(save(marked, form), save(other, form))
        assert said == "it does not show the same"


@pytest.mark.parametrize(
    ("form", "rewrite"),
    [(Format.JPEG, rewrite_jpeg), (Format.PNG, rewrite_png), (Format.WEBP, rewrite_webp)],
)
def test_a_copy_that_is_turned_is_refused(
    form: Format, rewrite: Callable[[bytes, int], Rewritten], marked: Rgb
) -> None:
    data = save(marked, form, orientation=3)
    assert copy_fault(data, rewrite(data, 3).data) == ""
    assert copy_fault(data, rewrite(data, 1).data) == "it does not show the same"
    assert copy_fault(data, rewrite(data, 6).data) == "it does not show the same"


def test_a_copy_that_was_saved_anew_the_wrong_way_up_is_refused(marked: Rgb) -> None:
    data, other = save(marked, Format.HEIC), save(marked[::-1], Format.JPEG)
    assert copy_fault(data, other) == "it does not show the same"


def test_a_copy_of_another_size_is_refused(draw: Callable[[int, int], Rgb]) -> None:
    whole = save(draw(1200, 800), Format.BMP)
    assert copy_fault(whole, save(draw(1200, 800), Format.JPEG)) == ""
    assert copy_fault(whole, save(draw(600, 400), Format.JPEG)) == "it does not show the same"
    assert copy_fault(whole, save(draw(1200, 700), Format.JPEG)) == "it does not show the same"


def test_a_copy_that_holds_something_is_refused(marked: Rgb) -> None:
    data = save(marked, Format.JPEG)
    assert "GPS position" in copy_fault(data, save(marked, Format.JPEG, gps=(48.1, 11.5)))
    assert "comment" in copy_fault(data, segment(data, block(0xFE, b"x")))
    assert "data after" in copy_fault(data, data + b"\0")
    assert copy_fault(data, segment(data, b"\xff\xd0")) == "it still holds more than the picture"


def test_a_copy_that_cannot_be_read_is_refused(marked: Rgb) -> None:
    data = save(marked, Format.JPEG)
    assert copy_fault(data, data[:300]).startswith("it cannot be read")
    assert copy_fault(data, b"") == "it cannot be read: the file is empty"


def test_a_film_of_other_times_or_fewer_frames_is_refused() -> None:
    whole = film_of("GIF")
    at = whole.index(b"!\xf9\4", whole.index(b"!\xf9\4") + 1)
    slower = whole[: at + 4] + b"\x99" + whole[at + 5 :]
    assert copy_fault(whole, slower) == "it does not show the same"
    ends = [n for n in range(len(whole)) if whole[n : n + 3] == b"!\xf9\4"]
    assert all(one < other for one, other in pairwise(ends))
    assert copy_fault(whole, whole[: ends[-1]] + b";") == "it does not show the same"


def test_a_still_that_says_it_moves_is_a_value() -> None:
    assert isinstance(clean(moving(1)), Clean | Unreadable)
