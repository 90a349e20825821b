"""Pages that were saved in one file, and web archives: what they say of their pictures.

Reads the documents that `sources` writes when it opens one, with each page's HTML in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.page_words import Words, of_page
from selfcheck.exports.values import Fields, fields, items, number, text
from selfcheck.model import Context, Member

_OF_PAGE = re.compile(r"\.(?:warc(?:\.gz)?|x?html?)/messages-\d+\.json$")
_OF_ARCHIVE = re.compile(r"\.warc(?:\.gz)?/messages-\d+\.json$")
# "a.mht/1/2 name.jpg": the second picture of the first message.
_PLACE = re.compile(r"/(\d{1,9}) [^/]*$")
_MOST_PLACES = 20  # pages of one archive that show one picture
_ALL = 0  # in the place of a message's number: the page is that of all of them
_FORMS = frozenset({"utf-8", "latin-1"})
_MOST_SAID = 64 << 20  # characters of what all pages of one holder say


@dataclass(frozen=True, slots=True, kw_only=True)
class Html:
    """One page's HTML as it is, and where it is from."""

    number: int
    data: bytes
    address: str
    charset: str | None


class HeldPages:
    """The pages within the holders of a tree, each read when a picture first asks for it."""

    def __init__(self, tree: Documents, documents: Sequence[Member]) -> None:
        self._tree = tree
        self._documents: dict[tuple[int, str], list[Member]] = {}
        for one in documents:
            self._documents.setdefault(_holder(one), []).append(one)
        # Documents of one holder come one after the other, so that no page is read twice.
        self._of: tuple[tuple[int, str], int] | None = None
        self._words: list[Words] = []

    def contexts(
        self, told: Fields, document: Member, picture: Member, platform: str
    ) -> Iterator[Context]:
        """Yield where a picture stands, by what is told of it and by what its pages say."""
        page, subject = text(told.get("page")), text(told.get("subject"))
        listed_in = document.path
        archive = _OF_ARCHIVE.search(fold(document.path)) is not None
        known = self._known(told, document, picture)
        if archive:
            named = ((one, one.said([page or ""])) for one in known)
            for one, said in islice((n for n in named if n[1] is not None), _MOST_PLACES):
                yield of_page(
                    platform=platform,
                    address=one.address,
                    title=one.title,
                    said=said,
                    listed_in=listed_in,
                )
            # It is the picture's own, whose query may let others in.
            own = cleaned(page)
            yield of_page(platform=platform, address=own, title=subject, listed_in=listed_in)
            return
        addresses = _addresses(told, picture)
        said = next((said for one in known if (said := one.said(addresses))), None)
        title = subject or next((one.title for one in known), None)
        yield of_page(platform=platform, address=page, title=title, said=said, listed_in=listed_in)

    def _known(self, told: Fields, document: Member, picture: Member) -> Sequence[Words]:
        if not self._tree.pages.matters(picture):
            return ()
        whole = _OF_PAGE.search(fold(document.path)) is not None
        wanted = _ALL if whole else int(number(told.get("number")) or 0)
        if self._of != (_holder(document), wanted):
            self._of = (_holder(document), wanted)
            self._words = list(self._read(_holder(document), wanted))
        return self._words

    def _read(self, holder: tuple[int, str], wanted: int) -> Iterator[Words]:
        size = 0
        for document in self._documents.get(holder, ()):
            for one in htmls(self._tree, document):
                if wanted not in {_ALL, one.number} or size > _MOST_SAID:
                    continue
                words = Words.of(
                    self._tree.pages, one.data, address=one.address, charset=one.charset
                )
                size += words.size
                yield words


def is_page(told: Fields, document: str) -> bool:
    """Say whether what a document tells is of a saved page, and no mail."""
    named = bool(text(told.get("page"))) or "pictures" in told
    return named or _OF_PAGE.search(fold(document)) is not None


def htmls(tree: Documents, document: Member) -> Iterator[Html]:
    """Yield the HTML that a document holds."""
    for told in map(fields, tree.items(document, "pages")):
        form, pieces = told.get("form"), items(told.get("html"))
        if isinstance(form, str) and form in _FORMS and all(isinstance(p, str) for p in pieces):
            yield Html(
                number=int(number(told.get("number")) or 0),
                data="".join(map(str, pieces)).encode(str(form), errors="replace"),
                address=text(told.get("address")) or "",
                charset=text(told.get("charset")),
            )


def _holder(document: Member) -> tuple[int, str]:
    return document.part, fold(document.path).rpartition("/")[0]


def _addresses(told: Fields, picture: Member) -> list[str]:
    place = _PLACE.search(picture.path)
    pictures = items(told.get("pictures"))
    index = int(place[1]) - 1 if place else -1
    if not 0 <= index < len(pictures):
        return []
    return [one for one in items(pictures[index]) if isinstance(one, str)]
