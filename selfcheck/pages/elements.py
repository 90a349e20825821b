"""What a single element names: its attributes, and the addresses of images in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from selfcheck.pages import css, inline_data, srcset
from selfcheck.pages.addresses import LONGEST, names_an_image
from selfcheck.pages.gathering import Named
from selfcheck.pages.values import Where

Attributes: TypeAlias = Mapping[str, str]

# What scripts that load images late are told by, and which of it is said to be the full size.
_FULL = frozenset(
    (*("data-original", "data-original-src", "data-hi-res-src", "data-full", "data-full-src"),
     *("data-large", "data-large_image", "data-large-file", "data-orig-file", "data-zoom-image"))
)  # fmt: skip
_LAZY = _FULL | frozenset(
    (*("data-src", "data-lazy", "data-lazy-src", "data-actualsrc", "data-echo", "data-cfsrc"),
     *("data-pin-media", "lazyload", "loading-src"))
)  # fmt: skip
_LAZY_SETS = frozenset(("data-srcset", "data-lazy-srcset"))
_BACKGROUNDS = frozenset(("data-bg", "data-background", "data-background-image"))
# Attributes that hold words or other kinds of addresses, whatever they look like.
_WORDS = re.compile(
    r"(?:alt|title|name|id|class|value|placeholder|download|content|style|srcdoc|summary|type|rel|is)\Z"
    r"|aria-|on|xmlns|.*(?:title|alt|caption|description|label|name|text|class)\Z"
)
_ADDRESS_LIKE = re.compile(r"[^\s{}<>\"']{1,4096}+\Z")
_NUMBER = re.compile(r"\s*\+?(\d{1,5})(?:\.\d{0,6})?\s*(?:px)?\s*\Z")
_SHORTEST = 4  # characters; `a.gif` is an address
_IN_STYLE = {
    side: re.compile(rf"(?:\A|[;\s]){side}\s*:\s*(\d{{1,5}})(?:\.\d+)?px")
    for side in ("width", "height")
}


def of_image(attributes: Attributes, where: Where | None = None) -> list[Named]:
    """Give what an `img` names; `where` replaces how it is placed, as within a `picture`."""
    named: list[Named] = []
    late = list(_late(attributes, anything=True))
    sets = [*of_set(attributes.get("srcset", ""), Where.SRCSET)]
    named += [*sets, *late]
    if source := attributes.get("src", "").strip():
        # By the standard `src` is one more candidate, of density 1, of a set with densities.
        dense = bool(sets) and not any(one.width for one in sets)
        named.append(Named(source, Where.IMG, density=1.0 if dense else None, fallback=bool(named)))
    for one in named:
        one.where = where or one.where
    return named


def of_set(text: str, where: Where) -> Iterator[Named]:
    """Give the candidates of a srcset."""
    for one in srcset.parse(text):
        yield Named(one.address, where, one.width, one.density or (None if one.width else 1.0))


def of_any(tag: str, attributes: Attributes) -> Iterator[list[Named]]:
    """Give what an element of any kind names beside its own way, image by image."""
    if style := attributes.get("style"):
        yield from of_css(style)
    if background := attributes.get("background"):
        yield [Named(background, Where.BACKGROUND)]
    if tag not in {"img", "amp-img", "source"}:
        for one in _late(attributes, anything=False):
            yield [one]


def of_css(text: str) -> Iterator[list[Named]]:
    """Give the images of a style sheet."""
    for image in css.images(text):
        yield [Named(one.address, Where.CSS, density=one.density) for one in image]


def size(attributes: Attributes) -> tuple[int | None, int | None]:
    """Give the declared width and height in CSS pixels, from attributes or from `style`."""
    style = attributes.get("style", "")[:2000].lower()
    sides: list[int | None] = []
    for side, pattern in _IN_STYLE.items():
        found = _NUMBER.match(attributes.get(side, "")) or (
            pattern.search(style) if style else None
        )
        sides.append(int(found[1]) if found else None)
    return sides[0], sides[1]


def _late(attributes: Attributes, *, anything: bool) -> Iterator[Named]:
    """Give what attributes hold for a script to show later; `anything`: also without a name."""
    for name, value in attributes.items():
        if name in _OWN or not value or len(value) < _SHORTEST:
            continue
        full = name in _FULL
        if name in _BACKGROUNDS and "url(" in value[:LONGEST]:
            for image in css.images(value):
                yield from (Named(one.address, Where.LAZY) for one in image)
        elif name in _LAZY_SETS or (not _WORDS.match(name) and srcset.looks_like_one(value)):
            for one in of_set(value, Where.LAZY):
                one.full = full
                yield one
        elif (
            (name in _LAZY and anything and _is_address(value))
            or (name in _BACKGROUNDS and _is_address(value))
            or (not _WORDS.match(name) and names_an_image(value) and _is_address(value))
            or inline_data.is_image(value)
        ):
            yield Named(value, Where.LAZY, full=full)


# What the elements' own ways read.
_OWN = frozenset(
    (*("src", "srcset", "href", "xlink:href", "poster", "data", "content", "style", "background"),
     *("imagesrcset", "longdesc", "cite", "action", "alt", "title", "class", "id", "srcdoc"))
)  # fmt: skip


def _is_address(value: str) -> bool:
    value = value.strip()
    return ("/" in value or "." in value) and _ADDRESS_LIKE.match(value) is not None
