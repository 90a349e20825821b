"""The archive of an account that Mastodon and servers built on it make: 2018 to 2026.

Owns its files and fields; a post's audience is read off whom it is addressed to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.htmlfiles import plain
from selfcheck.exports.uris import Uris, urlsplit_path
from selfcheck.exports.values import Fields, at, fields, iso, items, joined, text
from selfcheck.model import Audience, Author, Context, Member, Missing, Picture, PictureKind, Rule

_OUTBOX = "outbox.json"
_ACTOR = "actor.json"
_START = 16 << 10  # bytes: the type stands before the posts, after the names of the vocabulary
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
# Servers write `/media_attachments/`, `/<bucket>/media_attachments/` and whole addresses.
_ATTACHMENT = re.compile(r"(?:^|/)(media_attachments/.+)$")
_NO_PICTURE = ("audio/", "text/")
_OWN = (("icon", PictureKind.PROFILE), ("image", PictureKind.COVER))
_FOLDERS: tuple[tuple[re.Pattern[str], PictureKind], ...] = (
    (re.compile(r"(^|/)media_attachments/"), PictureKind.POST),
    (re.compile(r"(^|/)avatar\.[a-z]{3,4}$"), PictureKind.PROFILE),
    (re.compile(r"(^|/)header\.[a-z]{3,4}$"), PictureKind.COVER),
)


class Mastodon:
    """Mastodon's own archive."""

    name = "mastodon"
    title = "Mastodon"
    how = (
        "On your server's web site: Preferences, Import and export, Data export, Request your "
        "archive; it is made once in seven days. Name the zip or tar.gz file in a scan."
    )
    reads = (
        "Posts with their pictures, texts, descriptions, times, addresses and audience, and the "
        "profile's pictures; what was boosted is not part of the archive."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with an outbox and the account's own description."""
        return bool(tree.find(_ACTOR)) and any(
            b"OrderedCollection" in tree.start(member, _START) for member in tree.find(_OUTBOX)
        )

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield the pictures of all posts, then those of the profile."""
        archive = _Archive(tree=tree, uris=Uris(tree))
        for member in tree.find(_OUTBOX):
            for activity in tree.items(member, "orderedItems"):
                yield from archive.post(fields(activity), member)
        for member in tree.find(_ACTOR):
            yield from archive.profile(fields(tree.value(member)), member)

    def unlisted(self, path: str) -> Context:
        """Give what the folder tells; the archive holds only the owner's files."""
        folded = fold(path)
        kind = next((kind for p, kind in _FOLDERS if p.search(folded)), PictureKind.FILE)
        author = Author.UNKNOWN if kind is PictureKind.FILE else Author.OWNER
        return Context(platform=self.title, kind=kind, author=author)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    """One person's archive while it is read."""

    tree: Documents
    uris: Uris

    def post(self, activity: Fields, member: Member) -> Iterator[Picture | Missing]:
        """Yield the pictures of a post; a boost names somebody else's post only."""
        post = fields(activity.get("object"))
        if activity.get("type") == "Announce":
            return
        for attachment in map(fields, items(post.get("attachment"))):
            address = text(attachment.get("url"))
            if not address or (text(attachment.get("mediaType")) or "").startswith(_NO_PICTURE):
                continue
            path = _path(address)
            context = _context(activity, post, attachment, member)
            yield from self._located(path, context, self.uris.members(path, member))

    def profile(self, actor: Fields, member: Member) -> Iterator[Picture | Missing]:
        """Yield the profile's picture and header, which lie beside its description."""
        for key, kind in _OWN:
            for picture in items(actor.get(key)):
                name = text(at(picture, "url"))
                if name and "/" not in name:
                    found = self.uris.members(name, member)
                    depth = min((m.path.count("/") for m in found), default=0)
                    beside = tuple(m for m in found if m.path.count("/") == depth)
                    context = Context(
                        platform=Mastodon.title,
                        kind=kind,
                        permalink=_page(actor.get("url")),
                        author=Author.OWNER,
                        listed_in=member.path,
                    )
                    yield from self._located(name, context, beside)

    def _located(
        self, path: str, context: Context, found: tuple[Member, ...]
    ) -> Iterator[Picture | Missing]:
        # Servers that keep files elsewhere wrote empty ones (mastodon#26469).
        whole = [member for member in found if member.size]
        yield from (Picture(member=member, context=context) for member in whole)
        if not whole:
            yield Missing(path=path, listed_in=context.listed_in or "")


def _context(activity: Fields, post: Fields, attachment: Fields, member: Member) -> Context:
    words = (text(post.get("summary")), _words(post), text(attachment.get("name")))
    return Context(
        platform=Mastodon.title,
        kind=PictureKind.POST,
        permalink=_page(post.get("url")) or _page(post.get("id")),
        caption=joined(*words),
        time=iso(post.get("published")) or iso(activity.get("published")),
        author=Author.OWNER,
        audience=_audience(post) or _audience(activity) or Audience.UNKNOWN,
        listed_in=member.path,
    )


def _words(post: Fields) -> str | None:
    return plain(text(post.get("content")) or "")


def _audience(told: Fields) -> Audience | None:
    """Tell who is addressed; None where nobody is named."""
    to, cc = _named(told.get("to")), _named(told.get("cc"))
    if to & _PUBLIC:
        return Audience.PUBLIC
    if cc & _PUBLIC:
        return Audience.UNLISTED
    if any(one.endswith("/followers") for one in to):
        return Audience.FOLLOWERS
    return Audience.DIRECT if to or cc else None


def _named(value: object) -> frozenset[str]:
    listed = value if isinstance(value, list) else [value]
    return frozenset(one for one in map(text, listed) if one)


def _path(address: str) -> str:
    path = urlsplit_path(address) or address
    found = _ATTACHMENT.search(path)
    return found[1] if found else path


def _page(value: object) -> str | None:
    address = text(value) or ""
    return address if address.startswith(("https://", "http://")) else None
