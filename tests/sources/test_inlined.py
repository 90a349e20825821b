"""Pictures written into a text as `data:` addresses: found in any of it, within bounds."""

from __future__ import annotations

import base64
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from itertools import repeat
from urllib.parse import quote_from_bytes

import pytest

from selfcheck.model import Reason, Unreadable
from selfcheck.sources import Limits
from selfcheck.sources.inlined import Inlined, Rest, pictures

PICTURE = bytes(range(256)) * 3 + b"stands for a picture"
OTHER = b"\x89PNG stands for another "
ENCODED = base64.b64encode(PICTURE)
ADDRESS = b"data:image/jpeg;base64," + ENCODED


def found(text: bytes, limits: Limits | None = None, block: int = 1 << 20) -> list[Inlined]:
    chunks = [text[at : at + block] for at in range(0, len(text), block)]
    each = list(pictures(chunks, limits or Limits()))
    assert not any(isinstance(one, Unreadable) for one in each)
    return [one for one in each if isinstance(one, Inlined)]


def held(text: bytes, block: int = 1 << 20) -> list[bytes]:
    return [one.data for one in found(text, block=block)]


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"data:image/",
        b"data:image/png;base64,",
        b"data:image/png;base64",
        b"data:image/png;base64,!!!!",
        b"data:image/png;base64,A",
        b"data:image/png;base64,====",
        b'"data:image/png;base64," + x',
        b"data:image/;base64,AAAA",
        b"data:image/" + b"x" * 100_000,
        b"data:image/png" + b";a=b" * 100 + b";base64,AAAA",
        b"data:text/html;base64,AAAA data:,AAAA data:font/woff2;base64,AAAA",
        b"data:image/png;base64,%",
        b"data:image/png;base64,%zz",
        b"data:" * 100_000,
        b"\xff\xfe\x00" * 100,
    ],
)
@pytest.mark.parametrize("block", [1 << 20, 7])
def test_what_is_no_picture_is_passed_over(text: bytes, block: int) -> None:
    assert held(text, block) == []


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 400])
def test_one_that_breaks_off_gives_what_there_is(cut: int) -> None:
    whole = b"data:image/jpeg;base64," + base64.b64encode(PICTURE[:768])
    (data,) = held(whole[:-cut])
    assert 0 < len(data) < 768
    assert PICTURE.startswith(data)


def test_a_wrong_sign_ends_it_and_costs_no_others() -> None:
    text = b"data:image/png;base64,AAAAAAAA!AAAA " + ADDRESS
    assert held(text) == [bytes(6), PICTURE]


@pytest.mark.parametrize("block", [1 << 20, 1, 4])
def test_what_follows_the_padding_is_no_part_of_it(block: int) -> None:
    assert held(
        b"data:image/png;base64," + base64.b64encode(PICTURE[:767]) + b"QUJD" * 9, block
    ) == [PICTURE[:767]]


def test_one_that_is_too_large_is_told_and_passed_by() -> None:
    large = b'<img src="data:image/png;base64,' + b"A" * 100_000 + b'">'
    chunks = [large[at : at + 999] for at in range(0, len(large), 999)]
    first, second = pictures([*chunks, ADDRESS], Limits(message=50_000))
    assert isinstance(first, Unreadable)
    assert first.reason is Reason.TOO_LARGE
    assert isinstance(second, Inlined)
    assert second.data == PICTURE


def many(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield b'<img src="data:image/png;base64,' + base64.b64encode(b"%09d" % number) + b'">'


def test_too_many_are_given_up() -> None:
    read = pictures(many(100), Limits(inlined=9))
    assert len([next(read) for _ in range(9)]) == 9
    with pytest.raises(Unreadable) as trouble:
        next(read)
    assert trouble.value.reason is Reason.HOSTILE


def test_one_that_is_repeated_without_end_is_given_up() -> None:
    with pytest.raises(Unreadable) as trouble:
        list(pictures(repeat(ADDRESS), Limits(inlined=5, inlined_again=4)))
    assert trouble.value.reason is Reason.HOSTILE


def drawing(inner: bytes) -> bytes:
    return b"data:image/svg+xml;base64," + base64.b64encode(b"<svg><image href='%s'/>" % inner)


def test_a_drawing_in_a_drawing_in_a_drawing_stays_shut() -> None:
    assert held(drawing(ADDRESS)) == [PICTURE]
    assert held(drawing(drawing(ADDRESS)) + b" " + drawing(ADDRESS)) == [PICTURE]
    assert held(drawing(drawing(ADDRESS))) == []


@pytest.mark.parametrize(
    "filling",
    [b"A" * 65_536, b"\n" * 65_536, b"x" * 65_536, b"%41" * 20_000, b"data:image/" * 6000],
)
def test_memory_does_not_grow_with_the_text(filling: bytes) -> None:
    limits = Limits(message=1 << 18, inlined=10)
    text = (b"data:image/png;base64,AAAA" if n == 0 else filling for n in range(100))
    tracemalloc.start()
    with suppress(Unreadable):
        list(pictures(text, limits))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 << 20


# --- good ones ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b'<img src="%s">',
        b"<img src=%s>",
        b"<img srcset='%s 1x, %s 2x'>",
        b'<video poster="%s">',
        b"<style>:root{--sf-img-12: url(%s)}</style>",
        b'<p style="background:url(&quot;%s&quot;)">',
        b'a{background:url("%s") 1px}',
        b'{"u":"%s\\n"}',
        b"%s",
    ],
)
@pytest.mark.parametrize("block", [1 << 20, 1, 5, 64])
def test_it_is_found_wherever_it_stands(text: bytes, block: int) -> None:
    assert held(text.replace(b"%s", ADDRESS), block) == [PICTURE]


@pytest.mark.parametrize(
    "written",
    [
        b"DATA:Image/JPEG;Base64," + ENCODED,
        b"data:image/jpeg;charset=utf-8; base64," + ENCODED,
        b"data:image/jpeg;base64," + ENCODED.rstrip(b"="),
        b"data:image/jpeg;base64,\r\n  " + base64.encodebytes(PICTURE).replace(b"\n", b"\r\n \t"),
        b"data:image/jpeg;base64," + quote_from_bytes(ENCODED, safe="").encode(),
        b"data:image/jpeg," + quote_from_bytes(PICTURE, safe="").encode(),
    ],
)
@pytest.mark.parametrize("block", [1 << 20, 1, 2, 50])
def test_it_is_read_however_it_is_written(written: bytes, block: int) -> None:
    assert held(b'<img src="' + written + b'">', block) == [PICTURE]


def test_each_is_given_once_and_drawings_and_sounds_are_not() -> None:
    other = b"data:image/png;base64," + base64.b64encode(OTHER)
    placeholder = b"data:image/svg+xml,<svg xmlns='x'><image href='" + other + b"'/></svg>"
    text = b" ".join([ADDRESS, placeholder, ADDRESS, other])
    assert [(one.name, one.data) for one in found(text)] == [
        ("picture.jpeg", PICTURE),
        ("picture.png", OTHER),
    ]


def test_those_met_in_another_part_are_not_given_again() -> None:
    seen: set[bytes] = set()
    assert len(list(pictures([ADDRESS], Limits(), seen))) == 1
    assert list(pictures([ADDRESS], Limits(), seen)) == []


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"no picture at all",
        b'<p>before</p><img src="%s" alt="Anna &amp; Ben"><p>behind</p>',
        b"<img src=%s><img src='%s' srcset='%s 2x, b.jpg'>",
        b"%s",
        b"%s,%s",
        b"a{b:url(%s)}" + b"x" * 9000 + b"%s",
    ],
)
@pytest.mark.parametrize("block", [1 << 20, 3, 100])
def test_the_rest_of_a_text_has_an_address_in_each_pictures_place(text: bytes, block: int) -> None:
    rest, whole = Rest(), text.replace(b"%s", ADDRESS)
    chunks = (whole[at : at + block] for at in range(0, len(whole), block))
    found = [one for one in pictures(chunks, Limits(), rest=rest) if isinstance(one, Inlined)]
    assert len(found) == (b"%s" in text)  # each once, however often it stands there
    address = found[0].address.encode() if found else b""
    assert bytes(rest) == text.replace(b"%s", address)


def test_of_a_text_that_is_too_long_its_beginning_is_the_rest() -> None:
    rest = Rest()
    assert list(pictures([b"a" * (11 << 20)], Limits(), rest=rest)) == []
    assert len(bytes(rest)) == 10 << 20
