"""One page that places images in every way; each is found, once, at its largest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from selfcheck import pages
from selfcheck.pages import effort
from selfcheck.pages.values import LeftOut, Page, PageImage, Where

PAGE = Path(__file__).parents[1] / "fixtures" / "site" / "index.html"
ADDRESS = "https://site.example/pages/index.html"

# The way, and the address to try first.
PLACED = {
    "m/og-1200x630.jpg": [Where.OG],
    "m/twitter.jpg": [Where.TWITTER],
    "m/itemprop.jpg": [Where.META],
    "m/thumbnail.jpg": [Where.META],
    "m/image-src.jpg": [Where.LINK],
    "m/preload-1600.jpg": [Where.LINK],
    "m/css-sheet.jpg": [Where.CSS],
    "m/css-set-2x.jpg": [Where.CSS],
    "m/ld-list.jpg": [Where.JSON_LD],
    "m/ld-object?id=1": [Where.JSON_LD],
    "m/ld-thumbnail.jpg": [Where.JSON_LD],
    "m/ld-logo.png": [Where.JSON_LD],
    "m/plain.jpg": [Where.IMG],
    "m/no-extension?id=7": [Where.IMG],
    "pages/relative.jpg": [Where.IMG],
    "m/set,1600.jpg": [Where.SRCSET, Where.IMG],
    "m/dense@3x.jpg": [Where.SRCSET, Where.IMG],
    "m/lazy-src": [Where.LAZY],
    "m/lazy-set-900.jpg": [Where.LAZY, Where.IMG],
    "m/lazy-original.jpg": [Where.LAZY, Where.IMG],
    "m/lazy-named-by-nobody.jpg": [Where.LAZY, Where.IMG],
    "m/lazy-background.jpg": [Where.LAZY],
    "m/picture-1200.avif": [Where.PICTURE],
    "m/amp.jpg": [Where.IMG],
    "m/poster.jpg": [Where.POSTER],
    "m/input.png": [Where.INPUT],
    "m/object.jpg": [Where.OBJECT],
    "m/embed.png": [Where.EMBED],
    "m/svg.jpg": [Where.SVG],
    "m/background.jpg": [Where.BACKGROUND],
    "m/css-style.jpg": [Where.CSS],
    "m/linked-full.jpg": [Where.IMG, Where.FULL_SIZE],
    "m/linked-alone.jpeg": [Where.FULL_SIZE],
    "m/beside-words.jpg": [Where.IMG],
    "": [Where.INLINE],
    "m/noscript.jpg": [Where.NOSCRIPT],
    "m/template.jpg": [Where.TEMPLATE],
    "m/grouped.jpg": [Where.IMG, Where.FULL_SIZE],
    "https://cdn.example/m/state-no-extension?id=3": [Where.STATE],
    "m/state.jpg": [Where.STATE],
    "https://cdn.example/m/initial.webp?x=1&y=2": [Where.STATE],
    "m/tile.png": [Where.META],
    "m/touch.png": [Where.LINK],
    "https://cdn.example/m/swept-attribute.jpg": [Where.SWEPT],
    "https://cdn.example/m/swept-comment.png": [Where.SWEPT],
}


@pytest.fixture(scope="module")
def site() -> Page:
    return pages.read(PAGE.read_bytes(), address=ADDRESS)


def image(site: Page, name: str) -> PageImage:
    (found,) = (one for one in site.images if f"https://site.example/m/{name}" in one.addresses)
    return found


def test_every_image_is_found_once_in_the_documents_order_and_its_largest_is_tried_first(
    site: Page,
) -> None:
    found = [(one.addresses[0] if one.addresses else "", list(one.where)) for one in site.images]
    wanted = [
        (name if not name or "://" in name else f"https://site.example/{name}", where)
        for name, where in PLACED.items()
    ]
    assert found == wanted


def test_no_address_stands_in_two_images(site: Page) -> None:
    addresses = [address for one in site.images for address in one.addresses]
    shared = {one for one in addresses if addresses.count(one) > 1}
    assert shared == {"https://site.example/m/placeholder.gif"}  # of late images, tried last


def test_every_way_of_placing_an_image_is_tried(site: Page) -> None:
    assert {where for one in site.images for where in one.where} == set(Where)


def test_what_shows_nobody_is_left_out_by_a_rule_and_counted(site: Page) -> None:
    assert dict(site.left_out) == {
        LeftOut.TINY: 1,
        LeftOut.TRACKER: 1,
        LeftOut.ICON: 2,
        LeftOut.DRAWING: 1,
        LeftOut.NO_WEB_ADDRESS: 1,
    }


def test_the_smaller_variants_follow_by_size_and_the_fallback_comes_last(site: Page) -> None:
    names = [address.rpartition("/")[2] for address in image(site, "set-320.jpg").addresses]
    assert names == ["set,1600.jpg", "set,800.jpg", "set,320.jpg", "set-320.jpg"]
    names = [
        address.rpartition("/")[2] for address in image(site, "picture-fallback.jpg").addresses
    ]
    assert names == [
        "picture-1200.avif",
        "picture-1000.webp",
        "picture-600.avif",
        "picture-fallback.jpg",
    ]


def test_variants_in_several_elements_are_one_image(site: Page) -> None:
    assert image(site, "grouped.jpg").addresses == (
        "https://site.example/m/grouped.jpg",
        "https://site.example/m/grouped-1024x768.jpg?w=300&ssl=1",
        "https://site.example/m/grouped-150x150.jpg",
    )


def test_an_image_has_the_words_that_stand_around_it(site: Page) -> None:
    assert image(site, "plain.jpg").alt == "A plain one"
    assert (image(site, "plain.jpg").width, image(site, "plain.jpg").height) == (640, 480)
    assert image(site, "linked-full.jpg").caption == "What the figure says"
    assert image(site, "linked-alone.jpeg").caption == "only a link"
    assert image(site, "beside-words.jpg").caption == "Words nearby"
    assert image(site, "ld-object?id=1").caption == "In linked data"
    assert image(site, "og-1200x630.jpg").width == 1200


def test_the_bytes_that_the_page_holds_are_decoded(site: Page) -> None:
    (inline,) = (one for one in site.images if one.data)
    assert (inline.kind, len(inline.data), inline.data[:2]) == ("jpeg", 2504, b"\xff\xd8")
    assert (inline.addresses, inline.alt) == ((), "In the page itself")


def test_the_page_says_what_it_is_and_where_it_leads(site: Page) -> None:
    assert site.title == "Every way of placing an image"
    assert site.base == "https://site.example/pages/"
    assert site.frames == ("https://frames.example/inner.html",)
    assert site.amp == "https://site.example/amp/index.html"
    assert (site.more, site.cut, site.by_tags) == (0, (), False)


def test_read_tag_by_tag_it_tells_the_same(site: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "is_modest", lambda _: False)
    read = pages.read(PAGE.read_bytes(), address=ADDRESS)
    assert read == replace(site, by_tags=True)


def test_reading_twice_tells_the_same(site: Page) -> None:
    assert pages.read(PAGE.read_bytes(), address=ADDRESS) == site
