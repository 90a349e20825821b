"""Medium's archive of posts; their pictures stay on Medium's servers, so addresses are named.

Owns how a post's own pictures are told from stock photos.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.names import time_in
from selfcheck.exports.values import iso, text
from selfcheck.model import (
    Address,
    Audience,
    Author,
    Context,
    Member,
    PictureKind,
    Rule,
    Unreadable,
)

_POST = re.compile(r"(^|/)posts/[^/]+\.html$")
# A post's file is called `2019-05-06_Title-0123456789ab.html`, a draft's `draft_Title-….html`.
_DAY, _ID = re.compile(r"(\d{4}-\d\d-\d\d)_"), re.compile(r"-([0-9a-f]{10,12})\.html$")
_DRAFT = "draft_"
_FACTS = ("p-name", "p-canonical", "dt-published")  # title, page, time
_PARAGRAPH = re.compile(rb"class=\"graf[ \"-]")
_FIRST_POSTS = 10
_BEGINNING = 256 << 10  # bytes of a post in which its first paragraph stands


class Medium:
    """Medium's own download."""

    name = "medium"
    title = "Medium"
    how = (
        "On medium.com open Settings, ask to download your information, and use the "
        "link that Medium sends by mail."
    )
    reads = (
        "The addresses of pictures in posts, stock photos left out; Medium's archive holds no "
        "picture files."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees whose posts are made of Medium's paragraphs."""
        posts = tree.such(_POST)
        return any(_is_post(tree, member) for member in islice(posts, _FIRST_POSTS))

    def read(self, tree: Documents) -> Iterator[Address]:
        """Yield the address of every picture of every post, drafts and answers included."""
        for member in tree.matching(_POST):
            post = _post(tree, member)
            for figure in tree.blocks(member, _is_figure):
                below = figure.first("figcaption")
                words = text(below.text) if below else None
                context = replace(post, caption=words or post.caption)
                for address in _addresses(figure):
                    yield Address(address=address, context=context)

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name."""
        return Context(platform=self.title, kind=PictureKind.FILE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _is_post(tree: Documents, member: Member) -> bool:
    try:
        with tree.open(member) as stream:
            return bool(_PARAGRAPH.search(stream.read(_BEGINNING)))
    except (Unreadable, OSError, EOFError):
        return False


def _post(tree: Documents, member: Member) -> Context:
    """Give what holds for every picture of a post, from its page and its file's name.

    Of a published post nothing tells whether it is listed, or for paying members only.
    """
    told: dict[str, Element] = {}
    for element in tree.blocks(member, lambda _, attributes: bool(_facts(attributes))):
        for name in _facts(element.attributes):
            told.setdefault(name, element)
    name = fold(member.path).rpartition("/")[2]
    draft = name.startswith(_DRAFT)
    day, number = _DAY.match(name), _ID.search(name)
    title, link, published = (told.get(fact) for fact in _FACTS)
    page = cleaned(link.attributes.get("href")) if link else None
    derived = f"https://medium.com/p/{number[1]}" if number and not page and not draft else None
    return Context(
        platform=Medium.title,
        kind=PictureKind.POST,
        permalink=page or derived,
        permalink_derived=derived is not None,
        caption=text(title.text) if title else None,
        time=iso(published and published.attributes.get("datetime")) or iso(day and day[1]),
        author=Author.OWNER,
        audience=Audience.PRIVATE if draft else Audience.UNKNOWN,
        listed_in=member.path,
    )


def _facts(attributes: Mapping[str, str]) -> list[str]:
    return [name for name in attributes.get("class", "").split() if name in _FACTS]


def _is_figure(tag: str, attributes: Mapping[str, str]) -> bool:
    return tag == "figure" and "graf" in attributes.get("class", "").split()


def _addresses(figure: Element) -> Iterator[str]:
    for image in figure.find("img"):
        address = cleaned(image.attributes.get("src"))
        if address and "data-unsplash-photo-id" not in image.attributes:
            yield address
