"""Tumblr: a blog's own export, and the backup that the program `tumblr-backup` makes.

Owns the folders of both and which post a file belongs to; what a page says is `tumblr_pages`'s.
Tumblr's own export names files after their posts and links some pages to the wrong ones
(tumblr/docs, issue 37), so the name decides before the page. Its pages tell neither who could see
a post nor surely whose it is: a blog is full of what others wrote first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote

from selfcheck.exports import tumblr_pages
from selfcheck.exports.addresses import of_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.tumblr_pages import Page
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import Fields, fields
from selfcheck.model import (
    Address,
    Audience,
    Context,
    Listed,
    Member,
    Missing,
    Picture,
    PictureKind,
    Rule,
)

# `posts/123.html`, `posts/html/123.html`, `posts/123/index.html`, also in a zip of posts.
_POST = re.compile(
    r"^(?P<root>.*/)?(?:posts(?:\.zip)?/(?:html/)?|html/)(?P<id>\d{5,20})(?:/index)?\.html$"
)
_NAMED = re.compile(r"^(?P<root>.*/)?media(?:\.zip)?/(?P<id>\d{5,20})(?:_\w{1,8})?\.[^/.]+$")
_AVATAR = re.compile(r"(^|/)theme/avatar\.[^/.]+$")
_ARTICLE = re.compile(rb"<article\b[^>]{0,200}\bid=[\"']?p-(\d{5,20})\b")
_START = 16 << 10  # bytes
_TRIED = 10  # posts
_LEARNED = 20  # posts of a blog in which its name is looked for


class Tumblr:
    """A blog's posts as pages, and its pictures."""

    name = "tumblr"
    title = "Tumblr"
    how = (
        "On tumblr.com open the settings of the blog and export it, once for each blog; download "
        "the zip when it is made. What the program tumblr-backup saved is read as well."
    )
    reads = (
        "The pictures of every post with text, time and page; which posts are reblogs, and who "
        "could see them, as far as tumblr-backup notes it, because Tumblr's own export does not."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees whose posts are tumblr-backup's, or have files that are named after them."""
        if not tree.has(_POST):
            return False
        first = islice(_posts(tree), _TRIED)
        return any(_is_backup(tree, member, post) for member, post in first) or _is_export(tree)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the pictures of every post: those named after it, then those its page shows."""
        blog = _Blog.of(tree)
        for member in tree.matching(_POST):
            yield from blog.post(member)

    def unlisted(self, path: str) -> Context:
        """Tell the blog's avatar, and what is named after a post."""
        folded = fold(path)
        kind = PictureKind.POST if _NAMED.search(folded) else PictureKind.FILE
        kind = PictureKind.PROFILE if _AVATAR.search(folded) else kind
        return Context(platform=self.title, kind=kind, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _posts(tree: Documents) -> Iterator[tuple[Member, re.Match[str]]]:
    for position, path in enumerate(tree.folded()):
        if post := _POST.search(path):
            yield tree.members[position], post


def _is_backup(tree: Documents, member: Member, post: re.Match[str]) -> bool:
    article = _ARTICLE.search(tree.start(member, _START))
    return article is not None and article[1].decode() == post["id"]


def _is_export(tree: Documents) -> bool:
    if not tree.has(_NAMED):
        return False
    numbers = {post["id"] for _, post in _posts(tree)}
    named = map(_NAMED.search, tree.folded())
    return any(name["id"] in numbers for name in named if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blog:
    """All posts of a tree: which files are named after them, and how their blogs are called."""

    tree: Documents
    uris: Uris
    named: Mapping[str, Sequence[int]]  # also the numbers of posts without such a file
    names: dict[str, str] = field(default_factory=dict)  # folder -> blog

    @classmethod
    def of(cls, tree: Documents) -> _Blog:
        named: dict[str, list[int]] = {post["id"]: [] for _, post in _posts(tree)}
        for position, path in enumerate(tree.folded() if named else ()):
            name = _NAMED.search(path)
            if name and name["id"] in named:
                named[name["id"]].append(position)
        blog = cls(tree=tree, uris=Uris(tree), named=named)
        blog._learn()
        return blog

    def post(self, member: Member) -> Iterator[Listed]:
        """Yield the pictures of one post, each once."""
        number, root = _where(member)
        page = self._page(member)
        context = self._context(page, member)
        met: set[tuple[int, str]] = set()
        shown = (one for source in page.sources for one in self._shown(source, context, member))
        for found in (*self._nearest(self.named.get(number, ()), root), *shown):
            if not isinstance(found, Member):
                yield found
            elif self._is_of(found, number) and (found.part, found.locator) not in met:
                met.add((found.part, found.locator))
                yield Picture(member=found, context=context)

    def _learn(self) -> None:
        """Find how blogs are called in their first posts: not every page tells."""
        tried: dict[str, int] = {}
        for member in self.tree.matching(_POST):
            _, root = _where(member)
            tried[root] = tried.get(root, 0) + 1
            if root not in self.names and tried[root] <= _LEARNED:
                page = self._page(member)
                if page.blog and not page.liked:
                    self.names[root] = page.blog

    def _page(self, member: Member) -> Page:
        number, root = _where(member)
        beside = self._nearest(
            [
                position
                for position in self.tree.positions(f"{number}.json")
                if f"/{fold(self.tree.members[position].path)}".endswith(f"/json/{number}.json")
            ],
            root,
        )
        told: Fields = fields(self.tree.value(beside[0])) if beside else {}
        return tumblr_pages.read(self.tree, member, number, told)

    def _nearest(self, positions: Sequence[int], root: str) -> list[Member]:
        """Prefer files under a post's own root: two exports of a blog in one folder."""
        found = [self.tree.members[position] for position in positions]
        return [one for one in found if fold(one.path).startswith(root)] or found

    def _shown(self, source: str, context: Context, listing: Member) -> Iterator[Listed | Member]:
        """Find what a page shows, be it here, absent, or in the web alone."""
        if "://" in source or source.startswith("//"):
            address = of_picture(f"https:{source}" if source.startswith("//") else source)
            found = self.uris.members(address, listing) if address else ()
            if address and not found:
                yield Address(address=address, context=context)
        else:
            steps = unquote(source.partition("?")[0]).split("/")
            path = "/".join(step for step in steps if step not in {"", ".", ".."})
            found = self.uris.members(path, listing) if path else ()
            if path and not found and not source.startswith("data:"):
                yield Missing(path=path, listed_in=listing.path)
        yield from found

    def _is_of(self, found: Member, number: str) -> bool:
        name = _NAMED.search(fold(found.path))
        return name is None or name["id"] == number or name["id"] not in self.named

    def _context(self, page: Page, member: Member) -> Context:
        number, root = _where(member)
        blog = page.blog or (None if page.liked else self.names.get(root))
        shown = blog and not page.link and page.audience is not Audience.PRIVATE
        derived = f"https://{blog}.tumblr.com/post/{number}" if shown else None
        return Context(
            platform=Tumblr.title,
            kind=PictureKind.POST,
            permalink=page.link or derived or page.short,
            permalink_derived=derived is not None,
            caption=page.caption,
            time=page.time,
            author=page.author,
            author_name=page.author_name,
            album=blog,
            audience=page.audience,
            listed_in=member.path,
        )


def _where(member: Member) -> tuple[str, str]:
    """Give a post's number and the folder above its own."""
    post = _POST.search(fold(member.path))
    return (post["id"], post["root"] or "") if post else ("", "")
