"""What the page of one Tumblr post says, and the JSON that `tumblr-backup` may put beside it.

The markup of `tumblr-backup` is known (seen 2011 to 2025). That of Tumblr's own export is not, so
it is read by what any page has: images, words, and a date in something that is called so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selfcheck.exports.addresses import cleaned, is_picture
from selfcheck.exports.dates import written
from selfcheck.exports.documents import Documents
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.uris import urlsplit_path
from selfcheck.exports.values import Fields, iso, joined, moment, text
from selfcheck.model import Audience, Author, Member, Moment

_WHOLE = frozenset({"html", "body", "article"})
_NO_WORDS = frozenset({"head", "header", "footer", "time", "script", "style"})
_DATES = frozenset({"timestamp", "date"})
_ABOUT = _DATES | {"footer", "tag", "tags", "meta"}
_FILMS = frozenset({"video", "source"})
_BLOCKS = frozenset(
    ("p", "div", "li", "h1", "h2", "h3", "blockquote", "figure", "figcaption", "ul", "ol", "pre")
)
# `https://blog.tumblr.com/post/123/slug`, `https://www.tumblr.com/blog/123`, or a domain of one's
# own; `https://tmblr.co/Zx` leads to the same post and does not tell its number.
_PATH = re.compile(r"^/(?:post|(?P<blog>[\w-]+))/(?P<id>\d+)(?:/|$)")
_BLOG = re.compile(r"^(?!www\.)(?P<blog>[\w-]+)\.tumblr\.com$")
_ONE_HOST = frozenset({"tumblr.com", "www.tumblr.com"})
_NAME = re.compile(r"^[\w-]{1,100}$")
_SHORT = re.compile(r"^https?://tmblr\.co/[\w-]+$")
_FROM = ("⬈", "⬀")  # how the program marks the first post of a chain, and the one before
_LIKED = "liked-"  # its likes are other people's posts
# Where a post is nothing but its pictures, who wrote it first sent them; to the text of another
# kind of post, whoever passes it on may have added some.
_OF_PICTURES = frozenset({"photo", "photoset", "video"})
# Whether the whole blog has a password is not told.
_AUDIENCES = {
    "published": Audience.PUBLIC,
    "private": Audience.PRIVATE,
    "draft": Audience.PRIVATE,
    "queued": Audience.PRIVATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One post as its page and its JSON tell it."""

    sources: tuple[str, ...] = ()  # of its images and films, as they are written
    caption: str | None = None
    time: Moment | None = None
    link: str | None = None  # with the post's own number in it
    short: str | None = None
    blog: str | None = None
    liked: bool = False  # it stands in somebody else's blog
    author: Author = Author.UNKNOWN
    author_name: str | None = None
    audience: Audience = Audience.UNKNOWN


def read(tree: Documents, page: Member, number: str, told: Fields) -> Page:
    """Read the page of the post of a number, and its JSON, which may be empty."""
    whole = next(tree.blocks(page, lambda tag, _: tag in _WHOLE), Element("html", {}))
    post = whole if whole.tag == "article" else whole.first("article") or whole
    links = [text(told.get("post_url")) or "", *_links(whole)]
    own = next((found for link in links if (found := _own(link, number))), None)
    liked = any(name.startswith(_LIKED) for name in post.classes)
    blog = _creator(post) if liked else _name(told.get("blog_name")) or (own[1] if own else None)
    first = blog if liked else _first(post, told, blog)
    return Page(
        sources=tuple(dict.fromkeys(_sources(post))),
        caption=_caption(post),
        time=moment(told.get("timestamp")) or _time(post),
        link=own[0] if own else None,
        short=next(filter(_SHORT.match, links), None),
        blog=blog,
        liked=liked,
        author=Author.OTHER if liked or first else Author.UNKNOWN,
        author_name=first,
        audience=_AUDIENCES.get(text(told.get("state")) or "", Audience.UNKNOWN),
    )


def _name(value: object) -> str | None:
    found = text(value) or ""
    return found if _NAME.match(found) else None


def _links(whole: Element) -> Iterator[str]:
    for element in whole.walk():
        if element.tag in {"a", "link"}:
            yield element.attributes.get("href", "").strip()


def _own(link: str, number: str) -> tuple[str, str | None] | None:
    """Give a link to the post of a number, without what may follow the number, and its blog."""
    address = cleaned(link)
    path = _PATH.match(urlsplit_path(address)) if address else None
    if not address or not path or path["id"] != number:
        return None
    scheme, host = urlsplit(address)[:2]
    if path["blog"] and host not in _ONE_HOST:
        return None
    named = _BLOG.match(host)
    blog = path["blog"] or (named["blog"] if named else None)
    return f"{scheme}://{host}{path[0].rstrip('/')}", blog


def _creator(post: Element) -> str | None:
    """Give the blog of a post that was liked."""
    creator = post.first("a", "tumblr_blog")
    return _name(creator.text) if creator else None


def _first(post: Element, told: Fields, blog: str | None) -> str | None:
    """Give the blog whose pictures a reblog shows, if it says so and shows no others."""
    first = _name(told.get("reblogged_root_name")) or _passed_on(post)
    pictures = {text(told.get("type")), *post.classes} & _OF_PICTURES
    return first if pictures and first != blog else None


def _passed_on(post: Element) -> str | None:
    """Give the blog from which a post came, by the links that the program marks so."""
    header = post.first("header") or Element("header", {})
    marked = {link.text.strip(): link.attributes.get("href", "") for link in header.find("a")}
    address = next((cleaned(marked[mark]) for mark in _FROM if mark in marked), None)
    named = _BLOG.match(urlsplit(address).netloc) if address else None
    return named["blog"] if named else None


def _time(post: Element) -> Moment | None:
    for element in post.walk():
        found = None
        if element.tag == "time":
            found = iso(element.attributes.get("datetime"))
        elif _called(element) & _DATES:
            found = written(text(element.text))
        if found:
            return found
    return None


def _sources(post: Element) -> Iterator[str]:
    for element in post.walk():
        source = element.attributes.get("href" if element.tag == "a" else "src", "").strip()
        named = is_picture(urlsplit_path(source))
        local = "://" not in source
        if (
            (element.tag == "img" and not source.startswith("data:"))
            or (element.tag in _FILMS and named)
            or (element.tag == "a" and named and local)  # a larger one behind the one shown
        ):
            yield source


def _caption(post: Element) -> str | None:
    lines = (" ".join(line.split()) for line in "".join(_words(post)).split("\n"))
    return joined(*lines)


def _words(element: Element) -> Iterator[str]:
    """Yield the texts of a post, without those about it, with a break where a line ends."""
    for child in element.children:
        if isinstance(child, str):
            yield child.replace("\n", " ")
        elif child.tag == "br":
            yield "\n"
        elif child.tag not in _NO_WORDS and not _called(child) & _ABOUT:
            edge = "\n" if child.tag in _BLOCKS else ""
            yield edge
            yield from _words(child)
            yield edge


def _called(element: Element) -> frozenset[str]:
    return element.classes | {element.attributes.get("id", "")}
