"""Medium's archive of posts; their pictures stay on Medium's servers, so addresses are named.

Owns how a post's own pictures are told from stock photos.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.names import time_in
from selfcheck.model import Address, Context, Member, PictureKind, Rule, Unreadable

_POST = re.compile(r"(^|/)posts/[^/]+\.html$")
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
        posts = (m for m in tree.members if _POST.search(fold(m.path)))
        return any(_is_post(tree, member) for member in islice(posts, _FIRST_POSTS))

    def read(self, tree: Documents) -> Iterator[Address]:
        """Yield the address of every picture of every post, drafts and answers included."""
        for member in tree.matching(_POST):
            for figure in tree.blocks(member, _is_figure):
                for address in _addresses(figure):
                    yield Address(address=address, listed_in=member.path)

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


def _is_figure(tag: str, attributes: Mapping[str, str]) -> bool:
    return tag == "figure" and "graf" in attributes.get("class", "").split()


def _addresses(figure: Element) -> Iterator[str]:
    for image in figure.find("img"):
        address = cleaned(image.attributes.get("src"))
        if address and "data-unsplash-photo-id" not in image.attributes:
            yield address
