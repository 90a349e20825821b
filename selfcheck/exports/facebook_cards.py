"""What one card of Facebook's HTML tells: heading, time, words, place and pictures.

Which words stand beside which picture is `facebook_survey`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlsplit

from selfcheck.exports import dates
from selfcheck.exports.facebook_survey import CARDS, FEET, HEADINGS, TAGGED, Survey, Text
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.values import place
from selfcheck.model import Moment, Place, Precision

_TITLES = frozenset({"_3b0d", "_a70e"})
_SPOT = re.compile(r"^(.*?) ?\((-?\d{1,2}\.\d+), ?(-?\d{1,3}\.\d+)\)$")
_LABELLED = re.compile(r"^[^\W\d]+ ?: ")
_DEGREES = re.compile(r"^-?\d{1,3}\.\d{3,}$")
_COMMAS = re.compile(r"[,،、]")
_LONGEST_STAMP = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture of a card, with what stands beside it alone."""

    uri: str
    title: str | None
    words: tuple[str, ...]
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card tells."""

    heading: str | None
    time: Moment | None
    dated: bool
    link: str | None
    tagged: int
    words: tuple[str, ...]
    shown: tuple[Shown, ...]


def wanted(tag: str, attributes: Mapping[str, str]) -> bool:
    """Say whether an element is a card or a page's title."""
    classes = set(attributes.get("class", "").split())
    return bool(classes & (CARDS | _TITLES)) or tag in {"title", "h1"}


def is_card(element: Element) -> bool:
    """Say whether an element is a card; one may hold others."""
    return bool(element.classes & CARDS)


def within(element: Element) -> Iterator[Element]:
    """Yield the cards of an element, itself included; one that holds cards is only its rest.

    Of such a one, which often only stands around others, nothing is left without a picture.
    """
    none = True
    for child in element.children:
        if isinstance(child, Element):
            for one in within(child):
                none = False
                yield one
    if is_card(element):
        rest = element if none else _rest(element)
        if none or Survey(rest).uris:
            yield rest


def _rest(element: Element) -> Element:
    """Give an element without the cards in it."""
    kept = (c for c in element.children if isinstance(c, str) or not is_card(c))
    children = [c if isinstance(c, str) else _rest(c) for c in kept]
    return Element(element.tag, element.attributes, children)


def card(element: Element) -> Card:
    """Read a card."""
    survey = Survey(element)
    texts = list(survey.texts())
    foot = _first(element, FEET) or element.first("footer")
    stamp = _line(foot.text) if foot else None
    words = [t for t in texts if not _is_stamp(t.text, stamp)]
    spots = [_spot(t) for t in words]
    kept = [t for i, t in enumerate(words) if not spots[i] and not _address(words, spots, i)]
    spot = next((s for s in spots if s), None)
    beside: dict[str | None, list[Text]] = {}
    for text in kept:
        beside.setdefault(text.of, []).append(text)
    heading = _first(element, HEADINGS) or element.first("h2")
    return Card(
        heading=_line(heading.text) if heading else None,
        time=dates.written(stamp) if stamp else None,
        dated=foot is not None,
        link=_link(element),
        tagged=sum(len(_COMMAS.findall(e.text)) + 1 for e in element.find(class_=TAGGED)),
        words=tuple(t.text for t in beside.pop(None, [])),
        shown=tuple(_shown(survey, uri, beside.get(uri, []), spot) for uri in survey.uris),
    )


def _shown(survey: Survey, uri: str, own: list[Text], spot: Place | None) -> Shown:
    alone = len(survey.uris) == 1
    measured = _measured(survey.card if alone else survey.part(survey.uris[uri]))
    if measured and spot:
        measured = replace(measured, name=spot.name)
    return Shown(
        uri=uri,
        title=next((t.text for t in own if t.title), None),
        words=tuple(t.text for t in own if not t.title),
        place=measured or spot,
    )


def _is_stamp(text: str, stamp: str | None) -> bool:
    """Tell a line such as `Updated May 03, 2025 10:16:09 pm`, in any language.

    People write dates too, but no seconds, and more before them than a word or a label.
    """
    if stamp and text.endswith(stamp) and _is_label(text.removesuffix(stamp).split()):
        return True
    if len(text) > _LONGEST_STAMP:
        return False
    # A word before the date may look like a month's name: `Mis à jour le 3 mai`.
    words = text.split()
    read = (dates.written(" ".join(words[i:])) for i in range(len(words)))
    precise = {Precision.SECOND, Precision.MINUTE}
    when = next((found for found in read if found and found.precision in precise), None)
    if when is None or when.precision is Precision.SECOND:
        return when is not None
    # The date begins with the first word without which it is another one.
    starts = (i for i in range(len(words)) if dates.written(" ".join(words[i + 1 :])) != when)
    return _is_label(words[: next(starts, 0)])


def _is_label(words: list[str]) -> bool:
    return len(words) <= 1 or words[-1].endswith((":", "："))


def _spot(text: Text) -> Place | None:
    """Read a place written as `Place: Rügen (54.4, 13.4)`."""
    found = _SPOT.search(text.text)
    if not found or "\n" in text.text:
        return None
    name = found[1].partition(":")[2].strip() or found[1].strip() or None
    return place(found[2], found[3], name)


def _address(texts: list[Text], spots: list[Place | None], at: int) -> bool:
    """Tell the line with a place's address, which follows the place."""
    after = at > 0 and spots[at - 1] is not None and texts[at].parent is texts[at - 1].parent
    return after and bool(_LABELLED.search(texts[at].text))


def _measured(element: Element) -> Place | None:
    """Read latitude and longitude of the camera: two rows of a table, one after the other."""
    for north, east in pairwise(_value(row) for row in element.find("tr")):
        if _DEGREES.search(north) and _DEGREES.search(east):
            return place(north, east)
    return None


def _value(row: Element) -> str:
    """Give the last text of a row, after its translated label."""
    texts = (c.strip() for e in row.walk() for c in e.children if isinstance(c, str))
    return next((text for text in reversed(list(texts)) if text), "")


def _link(element: Element) -> str | None:
    feet = (e for e in element.find() if e.tag == "footer" or e.classes & FEET)
    links = (a.attributes.get("href", "") for foot in feet for a in foot.find("a"))
    return next((href for href in links if _is_web(href)), None)


def _is_web(href: str) -> bool:
    try:
        return urlsplit(href).scheme in {"http", "https"}
    except ValueError:
        return False


def _first(element: Element, classes: frozenset[str]) -> Element | None:
    return next((e for e in element.find() if e.classes & classes), None)


def _line(text: str) -> str | None:
    return " ".join(text.split()) or None
