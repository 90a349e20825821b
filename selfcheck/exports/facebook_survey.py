"""Where the pictures of one card of Facebook's HTML stand, and which words stand beside which.

Owns the classes of the three layouts; nothing here depends on the language of the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from selfcheck.exports.documents import fold
from selfcheck.exports.facebook_listings import STICKERS, without_tokens
from selfcheck.exports.htmlfiles import Element

NEW = "_a6-g"
# 2018 to 2020, and since 2021; since 2025 a card is a `section`, then with an `h2`.
CARDS = frozenset({"_2lej", NEW})
HEADINGS = frozenset({"_2lel", "_a6-h"})
FEET = frozenset({"_2lem", "_a6-o", "_a72d"})
TAGGED = "_a701"
_BODIES = frozenset({"_2let", "_a6-p"})
_BLOCK = "_2pin"  # the text of a post, and beside it its pictures

_BLOCKS = frozenset(
    ("div", "section", "p", "td", "th", "tr", "table", "ul", "li", "h1", "h2", "h3", "footer")
)
_NO_WORDS = frozenset({"table", "ul", "video", "audio", "script", "style", "footer", "h2"})
_MEDIA_NAME = re.compile(r"\.(jpe?g|png|gif|webp|heic|heif|bmp|mp4|mov|m4v|webm|avi|3gp)$")
_SOUND = re.compile(r"(^|/)audio/[^/]*$")
# Facebook's own servers of pictures; `static.` and `external` hold icons and previews of links.
_SERVED = re.compile(r"^https?://(?!static\.|external)[^/?#]*\.fbcdn\.[a-z.]+/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A block's own text: beside which picture it stands, and whether as its title."""

    text: str
    of: str | None
    title: bool
    parent: Element | None


@dataclass(slots=True)
class Survey:
    """Where the pictures of a card stand, and which part of it belongs to each."""

    card: Element
    uris: dict[str, Element] = field(default_factory=dict)  # in order, with the first that names it
    _above: dict[int, Element] = field(default_factory=dict)
    _first: dict[int, str] = field(default_factory=dict)  # of what an element is or holds
    _several: set[int] = field(default_factory=set)  # what holds more than one
    _own: dict[int, str] = field(default_factory=dict)
    _blocks: set[int] = field(default_factory=set)  # what is a block, or holds one

    def __post_init__(self) -> None:
        for element in self.card.walk():
            for child in element.children:
                if isinstance(child, Element):
                    self._above[id(child)] = element
            if element.tag in _BLOCKS:
                self._mark(element)
            uri = _uri(element)
            if uri:
                self.uris.setdefault(uri, element)
                self._count(element, uri)
        for uri, element in self.uris.items():
            self._own[id(self.part(element))] = uri

    def texts(self) -> Iterator[Text]:
        """Yield the card's words, block by block."""
        yield from self._texts(self.card, None)

    def _texts(self, element: Element, of: str | None) -> Iterator[Text]:
        of = self._own.get(id(element), of)
        inline: list[str] = []
        for child in element.children:
            if isinstance(child, str):
                inline.append(child)
            elif child.tag == "br":
                inline.append("\n")
            elif self._silent(child):
                continue
            elif id(child) in self._blocks:
                yield from self._text(inline, element, of)
                inline.clear()
                yield from self._texts(child, of)
            else:
                inline.append(child.text)
        yield from self._text(inline, element, of)

    def _text(self, inline: list[str], block: Element, of: str | None) -> Iterator[Text]:
        text = without_tokens(_lines("".join(inline)))
        if text:
            parent = self._above.get(id(block))
            named = self.uris.get(of or "")
            beside = named is not None and self._above.get(id(named)) is parent
            title = beside and block.tag == "div" and not block.classes
            title = title and (NEW in self.card.classes or _names_folder(text, of or ""))
            yield Text(text=text, of=of, title=title, parent=parent)

    def _silent(self, element: Element) -> bool:
        classes = element.classes
        return (
            element.tag in _NO_WORDS
            or bool(classes & (HEADINGS | FEET))
            or TAGGED in classes
            or (element.tag == "a" and id(element) in self._first)
        )

    def _mark(self, element: Element) -> None:
        found: Element | None = element
        while found is not None and id(found) not in self._blocks:
            self._blocks.add(id(found))
            found = self._above.get(id(found))

    def _count(self, element: Element, uri: str) -> None:
        found: Element | None = element
        # What an element holds, all above it hold too: what it knows, they know.
        while found is not None and id(found) not in self._several:
            first = self._first.setdefault(id(found), uri)
            if first != uri:
                self._several.add(id(found))
            found = self._above.get(id(found))

    def part(self, element: Element) -> Element:
        """Climb from a picture to the largest part of the card that holds no other one."""
        while _BLOCK not in element.classes:
            parent = self._above.get(id(element))
            if parent is None or parent is self.card or parent.classes & _BODIES:
                break
            if id(parent) in self._several:
                break
            element = parent
        return element


def _names_folder(text: str, uri: str) -> bool:
    """Tell an album's name, which its folder has too: `Mobile Uploads`, `MobileUploads_AbC`."""
    folder = fold(uri).rpartition("/")[0].rpartition("/")[2]
    return fold(text).replace(" ", "") == folder.rpartition("_")[0]


def _uri(element: Element) -> str | None:
    """Give the picture or film that an element names, as a path below the export's root."""
    match element.tag:
        case "img" | "video" | "source":
            named = element.attributes.get("src", "")
        case "a":
            named = element.attributes.get("href", "")
        case _:
            return None
    if "://" in named or named.startswith(("data:", "mailto:", "#", "//")):
        served = element.tag != "a" and _SERVED.search(named)
        return named if served else None
    path = unquote(named.partition("?")[0].partition("#")[0])
    while path.startswith("../"):
        path = path[3:]
    folded = fold(path)
    if element.tag == "a" and not _MEDIA_NAME.search(folded):
        return None
    return None if not path or STICKERS.search(folded) or _SOUND.search(folded) else path


def _lines(text: str) -> str:
    kept = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in kept if line)
