"""What a page may hold to make its reader fail, stall or eat the memory."""

from __future__ import annotations

import base64
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from selfcheck import pages
from selfcheck.pages.values import Cut, LeftOut

PICTURE = '<img src="https://a.example/found.jpg">'
FOUND = "https://a.example/found.jpg"

# Each is quadratic, or worse, for a builder of trees or for a careless reader.
BOMBS: dict[str, Callable[[int], str]] = {
    "nested elements": lambda n: "<div>" * n + PICTURE,
    "nested elements with end tags that end nothing": lambda n: "<div><table></div></table>" * n,
    "nested elements, ended in attributes": lambda n: '<div title="</div>">' * n,
    "nested elements, ended in comments": lambda n: "<div><!--</div>-->" * n,
    "nested elements, ended in scripts": lambda n: "<div><script>'</div>'</script>" * n,
    "nested elements, ended in escaped scripts": lambda n: (
        "<div><script><!--<script></script></div></script>--></script>" * n
    ),
    "nested elements, ended in sections": lambda n: "<div><svg><![CDATA[</svg></div>]]></svg>" * n,
    "nested elements in a style sheet in a drawing": lambda n: "<svg><style>" + "<g>" * n,
    "nested elements in a style sheet in a choice": lambda n: (
        '<div><select><style><b title="</style></select></div>"></select>' * n
    ),
    "inline elements that blocks keep open": lambda n: "<span><p></span></p>" * n,
    "formatting to be opened again": lambda n: "".join(f"<p><font a={i}>x" for i in range(n)),
    "attributes of one element": lambda n: "<img " + " ".join(f"a{i}=1" for i in range(n)) + ">",
    "attributes of an end tag": lambda n: "</p " + " ".join(f"a{i}=1" for i in range(4 * n)) + ">",
    "attributes of a tag that does not end": lambda n: (
        "<p " + " ".join(f"a{i}=1" for i in range(4 * n))
    ),
    "attributes of the body": lambda n: "".join(f"<body a{i}=1>" for i in range(n)),
    "figures": lambda n: f"<figure>{PICTURE}" * n,
    "links": lambda n: '<a href="a.jpg">' * n,
    "pictures": lambda n: '<picture><source srcset="a.jpg 1w">' * n,
    "options that are copied": lambda n: (
        "<select><button><selectedcontent></selectedcontent></button>" + "<option selected>x" * n
    ),
    "templates": lambda n: "<template>" * n,
    "tags that do not end": lambda n: "<a " * n,
    "attributes that do not end": lambda n: "<a b=\"'" * n,
    "comments that do not end": lambda n: "<!--" * n,
    "sections that Python's parser does not know": lambda n: "<![x" * n,
    "end tags of nothing": lambda n: "</div>" * n,
    "references": lambda n: f'<p title="{"&amp;" * n}">{"&lt;" * n}&#{"9" * n};',
    "a srcset of commas": lambda n: f'<img srcset="{"," * n}{"a.jpg 1w," * n}">',
    "a srcset of parentheses": lambda n: f'<img srcset="a.jpg {"(" * n}{"x()" * n}">',
    "addresses in a style sheet that do not end": lambda n: f"<style>{'url(' * n}</style>",
    "sets in a style sheet that do not end": lambda n: f"<style>{'image-set(' * n}</style>",
    "declarations in a style sheet": lambda n: f"<style>{'src:url(a.jpg)' * n}</style>",
    "linked data nested deep": lambda n: (
        f'<script type="application/ld+json">{"[" * n}"a.jpg"{"]" * n}</script>'
    ),
    "linked data of one number": lambda n: (
        f'<script type="application/ld+json">{{"image":{"9" * n}}}</script>'
    ),
    "slashes": lambda n: "//" * n + "https://" * n,
    "an address of any length": lambda n: f'<img src="https://a.example/{"a/" * n}b.jpg">',
    "data of any length": lambda n: f'<img src="data:image/png;base64,{"A" * n}!">',
    "a base of any length": lambda n: (
        f'<base href="https://a.example/{"a/" * n}">' + "<img src=b.jpg>"
    ),
    "extensions": lambda n: f'<a href="{".jpg" * n}">' + f"https://{'.jpg' * n}",
    "zeros": lambda n: "\0" * n + "<im\0g src=\0>",
    "metas": lambda n: '<meta property="og:image" content="/a.jpg"><meta charset="' * n,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_of_some_hundred_kilobytes_takes_seconds_at_most(name: str) -> None:
    page = f"<title>t</title>{PICTURE}{BOMBS[name](20_000)}".encode()
    began = time.process_time()
    read = pages.read(page, address="https://a.example/")
    assert time.process_time() - began < 5
    assert FOUND in {address for image in read.images for address in image.addresses}


def test_200_000_nested_elements_end_in_a_second_or_two_and_the_image_in_them_is_found() -> None:
    began = time.process_time()
    read = pages.read(("<div>" * 200_000 + PICTURE).encode(), address="https://b.example/")
    assert time.process_time() - began < 4
    assert read.by_tags
    assert [image.addresses for image in read.images] == [(FOUND,)]


def test_of_a_hundred_thousand_images_two_hundred_are_given_and_the_rest_is_counted() -> None:
    page = "".join(f"<img src=/{number}.jpg>" for number in range(100_000)).encode()
    read = pages.read(page, address="https://a.example/")
    assert len(read.images) == 200
    assert read.images[199].addresses == ("https://a.example/199.jpg",)
    assert read.more == 99_800
    assert read.cut == (Cut.IMAGES,)


def test_the_same_image_a_hundred_thousand_times_is_one() -> None:
    read = pages.read(b"<img src=/a.jpg>" * 100_000, address="https://a.example/")
    assert [image.addresses for image in read.images] == [("https://a.example/a.jpg",)]
    assert read.more == 0


def test_what_stands_behind_ten_megabytes_is_not_read_and_that_is_said() -> None:
    page = PICTURE.encode() + b" " * (10 << 20) + b"<img src=behind.jpg>"
    read = pages.read(page, address="https://a.example/")
    assert [image.addresses for image in read.images] == [(FOUND,)]
    assert read.cut == (Cut.PAGE,)


def test_more_than_a_hundred_frames_are_cut_off() -> None:
    page = "".join(f"<iframe src=/{number}></iframe>" for number in range(150)).encode()
    read = pages.read(page, address="https://a.example/")
    assert len(read.frames) == 100
    assert read.cut == (Cut.FRAMES,)


def test_a_page_that_breaks_off_anywhere_is_read_so_far() -> None:
    figure = f"<figure>{PICTURE}<figcaption>words</figcaption></figure>"
    page = f"{figure}<picture><source srcset='".encode()
    for end in range(len(page)):
        assert len(pages.read(page[:end], address="https://a.example/").images) <= 1


@pytest.mark.parametrize("seed", range(20))
def test_pieces_of_markup_in_any_order_raise_nothing(seed: int) -> None:
    pieces = (
        *(
            "<",
            ">",
            "</",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            '"',
            "'",
            "=",
            "&#x110000;",
            "&#xd800;",
        ),
        *(
            "<svg>",
            "<style>",
            "</style>",
            "<script>",
            "</script>",
            "<template>",
            "<table>",
            "<a href=",
        ),
        *(
            "url(",
            ")",
            "image-set(",
            "srcset=",
            "data:image/png;base64,",
            "http://[",
            "//",
            "\\u002f",
        ),
        *(
            "<figure>",
            "</figure>",
            "<picture>",
            "<base href=",
            "http://a:b@c:99999/",
            "\x00",
            "\ufeff",
        ),
        *(
            PICTURE,
            "<meta property=og:image content=",
            "{",
            "}",
            '{"image":',
            "<select>",
            "<noscript>",
        ),
    )
    draw = random.Random(seed)
    text = "".join(draw.choice(pieces) for _ in range(3000))
    for charset in (None, "utf-16", "nonsense", "iso-2022-jp"):
        pages.read(text.encode(), address="https://a.example/", charset=charset)
    pages.read(bytes(draw.randrange(256) for _ in range(5000)), address="nonsense")


def test_an_address_that_is_none_of_the_web_leads_to_no_image_of_its_own_place() -> None:
    read = pages.read(b"<img src=a.jpg>", address="file:///etc/passwd")
    assert read.images == ()
    assert read.left_out == ((LeftOut.NO_WEB_ADDRESS, 1),)


def test_half_a_character_in_linked_data_becomes_no_half_a_character() -> None:
    page = (
        rb'<script type="application/ld+json">'
        rb'{"@type":"ImageObject","url":"/a.jpg","caption":"\ud800"}'
    )
    (image,) = pages.read(page, address="https://a.example/").images
    image.caption.encode()


def test_data_that_is_damaged_or_too_large_is_counted_and_nothing_else() -> None:
    big = base64.b64encode(bytes((10 << 20) - (3 << 20))).decode()
    page = f"<img src='data:image/png;base64,{'A' * 4001}'><img src='data:image/png;base64,{big}A'>"
    read = pages.read(page.encode(), address="https://a.example/")
    assert read.images == ()
    assert dict(read.left_out) == {LeftOut.BROKEN_DATA: 2}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_ten_megabytes_of_images_are_read_in_little_memory() -> None:
    program = (
        "from selfcheck import pages;"
        "page = pages.read(b'<img src=a>' * 950_000, address='http://site.example/');"
        "print(len(page.images), *(l for l in open('/proc/self/status') if 'VmHWM' in l))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    images, _, kilobytes, _ = done.stdout.split()
    assert images == "1"
    assert int(kilobytes) < 200_000  # a tree of it takes 460 MB
