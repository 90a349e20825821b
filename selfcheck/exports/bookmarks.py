"""A browser's bookmarks as HTML: web addresses that a person kept, in folders.

Owns the NETSCAPE bookmark file, which every browser writes. Only addresses of pictures go on; a
page that was bookmarked is no picture, and nothing is fetched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selfcheck.exports.addresses import is_picture, of_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.names import time_in
from selfcheck.exports.values import moment, text
from selfcheck.model import Address, Context, Member, Moment, PictureKind, Rule, Unreadable

_HTML = re.compile(r"\.html?$")
_MARK = b"netscape-bookmark-file"
_BEGINNING = 1024  # bytes in which the mark stands
_FIRST_FILES = 20
_DEEPEST = 100
_ATTRIBUTE = re.compile(r"\b(href|add_date)\s*=\s*\"([^\"]*)\"", re.IGNORECASE)
_TAG = re.compile(r"/?[a-z][a-z0-9]*", re.IGNORECASE)
# Times are told apart by their length: seconds, milliseconds, and WebKit's microseconds.
_WEBKIT = re.compile(r"\d{16,17}")
_BEFORE_1970 = 11_644_473_600  # seconds from 1601, where WebKit begins to count
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """One bookmark, with the folders it lies in, outermost first."""

    address: str
    title: str | None
    folders: tuple[str, ...]
    added: Moment | None


class Bookmarks:
    """A browser's exported bookmarks."""

    name = "bookmarks"
    title = "Bookmarks"
    how = (
        "In the browser's manager of bookmarks choose to export them as an HTML file, and put "
        "it into a folder of its own."
    )
    reads = "The addresses of pictures and films among the bookmarks."

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a file of bookmarks and no picture."""
        pages = tree.such(_HTML)
        if not any(_is_bookmarks(tree, page) for page in islice(pages, _FIRST_FILES)):
            return False
        return not any(map(is_picture, tree.members.paths()))

    def read(self, tree: Documents) -> Iterator[Address]:
        """Yield the address of every bookmarked picture."""
        for member in tree.matching(_HTML):
            for bookmark in listed(tree, member) if _is_bookmarks(tree, member) else ():
                address = of_picture(bookmark.address)
                if address:
                    yield Address(address=address, context=_context(bookmark, member))

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name."""
        return Context(platform=self.title, kind=PictureKind.FILE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _context(bookmark: Bookmark, member: Member) -> Context:
    """Tell how a picture was kept: whose it is, and who sees it, a bookmark does not say."""
    return Context(
        platform=Bookmarks.title,
        kind=PictureKind.FILE,
        caption=bookmark.title,
        time=bookmark.added,
        album=bookmark.folders[-1] if bookmark.folders else None,
        listed_in=member.path,
    )


def listed(tree: Documents, member: Member) -> Iterator[Bookmark]:
    """Yield a file's bookmarks in its order, as a stream.

    Its `<DT>` and `<p>` are never closed, so only `<DL>` tells where a folder ends.
    """
    folders: list[str] = []
    heading = ""
    for tag, attributes, written in _tags(tree, member):
        match tag:
            case "h3":
                heading = written
            case "dl" if len(folders) < _DEEPEST:
                folders.append(heading)
                heading = ""
            case "/dl" if folders:
                folders.pop()
            case "a":
                yield _bookmark(attributes, written, tuple(f for f in folders if f))


def _tags(tree: Documents, member: Member) -> Iterator[tuple[str, str, str]]:
    """Yield each tag's name, its attributes, and the text up to the next tag."""
    for line in tree.lines(member):
        for piece in line.split("<")[1:]:
            name = _TAG.match(piece)
            if name:
                attributes, _, written = piece[name.end() :].partition(">")
                yield name[0].casefold(), attributes, html.unescape(written).strip()


def _bookmark(attributes: str, title: str, folders: tuple[str, ...]) -> Bookmark:
    values = {name.casefold(): value for name, value in _ATTRIBUTE.findall(attributes)}
    return Bookmark(
        address=html.unescape(values.get("href", "")),
        title=text(title),
        folders=folders,
        added=_added(values.get("add_date", "")),
    )


def _added(written: str) -> Moment | None:
    if _WEBKIT.fullmatch(written):
        return moment(int(written) // _MILLION - _BEFORE_1970)
    return moment(written)


def _is_bookmarks(tree: Documents, member: Member) -> bool:
    try:
        with tree.open(member) as stream:
            return _MARK in stream.read(_BEGINNING).lower()
    except (Unreadable, OSError, EOFError):
        return False
