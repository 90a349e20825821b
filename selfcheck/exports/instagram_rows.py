"""The labelled rows of the tables in Instagram's HTML, and what they tell of a picture.

Owns their three layouts and the labels that are known; labels are in the account's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports.documents import fold
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.meta import Owner
from selfcheck.exports.values import number, place
from selfcheck.model import Author, Place

# English was seen; the others are the languages' own words for the two coordinates. By its shape
# alone a lens's aperture, which may stand beside them, would pass for one.
_NORTH = re.compile(
    "latitud|breitengrad|breedtegraad|breddegrad|szerokość|широта|enlem|lintang"
    "|緯度|纬度|위도|vĩ độ"
)
_EAST = re.compile(
    "longitud|längengrad|lengtegraad|lengdegrad|længdegrad|długość|долгота|boylam|bujur"
    "|経度|經度|经度|경도|kinh độ"
)
# `ana.example (Tagged, 0.25, 0.50)`, the word in the account's language.
_TAG = re.compile(r"([A-Za-z0-9._]{1,30}) \([^(),]+, ?-?\d+[.,]\d+, ?-?\d+[.,]\d+\)")

Facts = list[tuple[str, str]]


def rows(element: Element) -> Iterator[tuple[str, str]]:
    """Yield label and value of each row of the tables in an element, whichever of three layouts.

    `<td>label</td><td>value</td>`, `<td>label<div>value</div></td>` and both in `<div>`s.
    """
    for row in element.walk():
        if row.tag == "tr" and row.first("tr") is None:
            label, *value = [*_leaves(row), ""]
            yield fold(label), " ".join(value).strip()


def _leaves(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, Element):
            yield from _leaves(child)
        elif child.strip():
            yield child.strip()


def place_in(facts: Facts) -> Place | None:
    """Give the position that rows name."""
    north = next((v for label, v in facts if _NORTH.search(label)), None)
    east = next((v for label, v in facts if _EAST.search(label)), None)
    return place(_decimal(north), _decimal(east))


def _decimal(written: str | None) -> float | None:
    return number(written.replace(",", ".")) if written else None


def tagged_in(facts: Facts, owner: Owner) -> int:
    """Count the people other than the owner whom rows name as tagged."""
    names = {name.casefold() for _, value in facts for name in _TAG.findall(value)}
    return sum(1 for name in names if owner.wrote(name) is not Author.OWNER)
