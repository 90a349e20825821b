"""Blogger in a Takeout: the pictures that posts and pages of the owner's blogs show.

Owns `feed.atom`. A picture that lies in `Albums` is found by its name; the others stand in the
web alone. Comments are not read, nor pictures that a post holds as text (`data:`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote, unquote_plus

from selfcheck.exports import htmlfiles
from selfcheck.exports.addresses import found_or_named
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.google_account import Account
from selfcheck.exports.google_products import Folders, name_of, web_address
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.reading import Reading
from selfcheck.exports.values import iso, text
from selfcheck.model import Author, Context, Listed, Member, PictureKind

ALBUMS = re.compile(r"(^|/)blogger/albums/([^/]+)/")
_FEED = "feed.atom"
_PARTS = frozenset({"title", "link", "entry"})
_POST = re.compile(r"\.(post|page)-\d+$")
_NO_POST = re.compile(r"#(comment|settings|template)$")
_SIZE = re.compile(r"=[swh]\d+[^./]*$")  # `picture.jpg=w640-h480`


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blog:
    """What holds for every post of a blog."""

    listing: Member
    title: str | None = None
    address: str | None = None


def read(tree: Documents, platform: str, account: Account) -> Iterator[Listed]:
    """Yield the pictures of every post, as files where they are there, else as addresses."""
    feeds = tree.find(_FEED)
    albums = Folders.of(tree, feeds)
    for listing in feeds:
        blog = _Blog(listing=listing)
        for block in tree.blocks(listing, lambda tag, _: tag in _PARTS):
            match block.tag:
                case "title":
                    blog = replace(blog, title=blog.title or text(block.text))
                case "link":
                    blog = replace(blog, address=blog.address or _alternate([block]))
                case _ if _is_post(block):
                    yield from _pictures(
                        albums, blog, block, _context(blog, block, platform, account)
                    )


def _pictures(albums: Folders, blog: _Blog, entry: Element, context: Context) -> Iterator[Listed]:
    content = entry.first("content")
    for source in _sources(content.text if content else ""):
        yield from found_or_named(_local(albums, blog, source), source, context)


def _context(blog: _Blog, entry: Element, platform: str, account: Account) -> Context:
    # Feeds of the older layout link to the post; those of the newer one tell its path in the blog.
    link, path = _alternate(entry.find("link")), _told(entry, "blogger:filename") or ""
    derived = bool(blog.address and path.startswith("/") and not link)
    author = entry.first("author")
    name, address = _told(author, "name"), _told(author, "email")
    mine = account.is_called(name) or account.sent(address) is Author.OWNER
    return Context(
        platform=platform,
        kind=PictureKind.POST,
        permalink=f"{(blog.address or '').rstrip('/')}{path}" if derived else link,
        permalink_derived=derived,
        caption=_told(entry, "title"),
        time=iso(_told(entry, "published")),
        # Several people may write one blog, under pen names.
        author=Author.OWNER if mine else Author.UNKNOWN,
        album=blog.title,
        listed_in=blog.listing.path,
    )


def _is_post(entry: Element) -> bool:
    """Tell posts and pages from comments and settings, which stand in the same feed."""
    kinds = [category.attributes.get("term", "") for category in entry.find("category")]
    answers = entry.first("thr:in-reply-to") or any(map(_NO_POST.search, kinds))
    comment = (_told(entry, "blogger:type") or "").casefold() not in {"", "post", "page"}
    return bool(_POST.search(_told(entry, "id") or "")) and not answers and not comment


def _sources(markup: str) -> Iterator[str]:
    """Yield the web addresses of the images in a post."""
    data = markup.encode()
    reading = Reading(
        open=lambda: io.BytesIO(data), whole=lambda: data, trouble=lambda _reason, _detail: None
    )
    for image in htmlfiles.blocks(reading, lambda tag, _: tag == "img"):
        source = image.attributes.get("src", "").strip()
        address = web_address(f"https:{source}" if source.startswith("//") else source)
        if address:
            yield address.geturl()


def _local(albums: Folders, blog: _Blog, source: str) -> tuple[Member, ...]:
    """Find the file that an address names in the blog's own album, whose folder is called alike."""
    name = _SIZE.sub("", name_of(source))
    # Some names are encoded twice, and a blank is written as `%20` or `+`.
    names = (unquote(name), unquote_plus(name), unquote_plus(unquote_plus(name)))
    found = albums.beside(blog.listing, *names)
    return tuple(member for member in found if ALBUMS.search(fold(member.path)))


def _alternate(links: Iterator[Element] | list[Element]) -> str | None:
    for link in links:
        attributes: Mapping[str, str] = link.attributes
        address = attributes.get("href", "")
        if attributes.get("rel") == "alternate" and address.startswith(("http://", "https://")):
            return address
    return None


def _told(element: Element | None, tag: str) -> str | None:
    found = element.first(tag) if element else None
    return text(found.text) if found else None
