"""Pixelfed's export of posts, which names pictures by their web addresses only.

A picture saved under the name in its address gets the post's context.
"""

from __future__ import annotations

from collections.abc import Iterator

from selfcheck.exports.addresses import cleaned, found_or_named
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.htmlfiles import plain
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import Fields, at, fields, iso, items, joined, place, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    PictureKind,
    Rule,
)

# The names in two versions of its ExportSettings.php.
_NAMES = ("api-statuses.json", "pixelfed-statuses.json")
_START = 64 << 10  # bytes; the pictures stand in the first post
_WEB = ("https://", "http://")
_AUDIENCES = {
    "public": Audience.PUBLIC,
    "unlisted": Audience.UNLISTED,
    "private": Audience.FOLLOWERS,
    "direct": Audience.DIRECT,
}


class Pixelfed:
    """Pixelfed's own export of posts."""

    name = "pixelfed"
    title = "Pixelfed"
    how = (
        "On your server's web site: Settings, Data export, Statuses. The file holds no pictures: "
        "put it into a folder with those that you saved, and name the folder in a scan."
    )
    reads = (
        "The addresses of all posted pictures; texts, times, audience and tags for those that "
        "lie beside the file under the names in their addresses."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a file of posts named and made like Pixelfed's."""
        return any(b'"media_attachments"' in tree.start(m, _START) for m in _lists(tree))

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield each picture's files, or its address where there are none."""
        uris = Uris(tree)
        for member in _lists(tree):
            for status in map(fields, tree.items(member)):
                for medium in map(fields, items(status.get("media_attachments"))):
                    address = cleaned(text(medium.get("url")))
                    if address:
                        found = uris.members(address, member)
                        yield from found_or_named(found, address, _context(status, medium, member))

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 - a path tells nothing
        """Give nothing: the pictures beside the file were put there by the person."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _lists(tree: Documents) -> list[Member]:
    return [member for name in _NAMES for member in tree.find(name)]


def _context(status: Fields, medium: Fields, member: Member) -> Context:
    words = text(status.get("content_text")) or plain(text(status.get("content")) or "")
    lines = (text(status.get("spoiler_text")), words, text(medium.get("description")))
    page = text(status.get("url")) or ""
    return Context(
        platform=Pixelfed.title,
        kind=PictureKind.POST,
        permalink=page if page.startswith(_WEB) else None,
        caption=joined(*lines),
        time=iso(status.get("created_at")),
        author=Author.OWNER,
        audience=_AUDIENCES.get(text(status.get("visibility")) or "", Audience.UNKNOWN),
        place=place(None, None, text(at(status, "place", "name"))),
        tagged=len(items(status.get("taggedPeople"))),
        listed_in=member.path,
    )
