"""VK's archive: linked HTML pages without a single picture, so all it names are addresses.

Owns which pages and which links in them mean pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from selfcheck.exports.addresses import cleaned, of_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.dates import written
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.names import time_in
from selfcheck.exports.values import number, text
from selfcheck.model import Address, Audience, Author, Context, Member, PictureKind, Rule

_MESSAGES = re.compile(r"(^|/)messages/-?\d+/messages\d*\.html$")
_FIRST_MESSAGES = re.compile(r"(^|/)messages/-?\d+/messages0\.html$")
_ALBUMS = re.compile(r"(^|/)photos/photo-albums/[^/]+\.html$")
_HEADING = "page_block_header_inner"
_SENT = frozenset({_HEADING, "message", "attachment"})
_KEPT = frozenset({_HEADING, "item"})
_NO_WORDS = frozenset({"message__header", "kludges", "attachment"})
# How the header of one's own messages begins; it alone holds no link to the sender.
_ME = re.compile(r"^\s*(?:вы|you)\s*,", re.IGNORECASE)
_EDITED = re.compile(r"\([^()]*\)\s*$")
_FIRST_CHAT = 2_000_000_000  # the numbers of people are below it, those of communities below 0
# A picture's own page, which an attachment may lead to instead of a file.
_PAGE = re.compile(r"^https?://(m\.)?vk\.(com|ru)/(photo|video|clip)-?\d+_\d+$")
_STICKER = re.compile(r"стикер|sticker", re.IGNORECASE)


class Vk:
    """VK's own download."""

    name = "vk"
    title = "VK"
    how = (
        "Open vk.com/data_protection, choose a copy of your data, messages and photos included, "
        "and download the zip when VK tells you that it is there."
    )
    reads = (
        "The addresses of pictures in messages and albums; VK's archive holds no picture files, "
        "only links."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a conversation's first page, or with the pages of photo albums."""
        return tree.has(_FIRST_MESSAGES) or tree.has(_ALBUMS)

    def read(self, tree: Documents) -> Iterator[Address]:
        """Yield the address of every attached picture, then those of the albums."""
        for pages, wanted, read in ((_MESSAGES, _is_sent, _sent), (_ALBUMS, _is_kept, _kept)):
            for member in tree.matching(pages):
                title = None
                for block in tree.blocks(member, wanted):
                    if _HEADING in block.classes:
                        title = _last(block, "ui_crumb")
                    else:
                        yield from read(block, title, member)

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name."""
        return Context(platform=self.title, kind=PictureKind.FILE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _is_sent(tag: str, attributes: Mapping[str, str]) -> bool:
    return tag == "div" and not _SENT.isdisjoint(attributes.get("class", "").split())


def _is_kept(tag: str, attributes: Mapping[str, str]) -> bool:
    """Take what holds a picture of an album, also an image that stands alone."""
    listed = tag == "div" and not _KEPT.isdisjoint(attributes.get("class", "").split())
    return listed or tag == "img"


def _sent(message: Element, title: str | None, member: Member) -> Iterator[Address]:
    """Yield the pictures attached to a message."""
    header = message.first(class_="message__header") or Element("div", {})
    audience = _audience(member)
    attached = (one for one in message.walk() if "attachment" in one.classes)
    for address in dict.fromkeys(found for one in attached for found in _attached(one)):
        context = Context(
            platform=Vk.title,
            kind=PictureKind.MESSAGE,
            permalink=address if _PAGE.search(address) else None,
            caption=_words(message),
            time=written(_EDITED.sub("", header.text.rpartition(",")[2])),
            author=_author(header),
            # The page of a conversation of two is called after the other person.
            album=title if audience is Audience.GROUP else None,
            audience=audience,
            listed_in=member.path,
        )
        yield Address(address=address, context=context)


def _kept(item: Element, title: str | None, member: Member) -> Iterator[Address]:
    """Yield the pictures of an album: whose they are, and who sees them, it does not tell."""
    found = list(_addresses(one for one in item.walk() if one.tag == "img"))
    about = item if len(found) == 1 else Element("div", {})  # page and time are those of one
    links = (cleaned(link.attributes.get("href")) for link in about.find("a"))
    context = Context(
        platform=Vk.title,
        kind=PictureKind.ALBUM,
        permalink=next((link for link in links if link and _PAGE.search(link)), None),
        time=written(_last(about, "item__tertiary")),
        album=title,
        listed_in=member.path,
    )
    yield from (Address(address=address, context=context) for address in found)


def _last(element: Element, class_: str) -> str | None:
    """Give the last text that elements of a class hold."""
    texts = [found for one in element.find(class_=class_) if (found := text(one.text))]
    return texts[-1] if texts else None


def _author(header: Element) -> Author:
    if header.first("a"):
        return Author.OTHER
    return Author.OWNER if _ME.search(header.text) else Author.UNKNOWN


def _audience(member: Member) -> Audience:
    """Tell by a conversation's number; who reads a community's messages is not known."""
    peer = number(member.path.split("/")[-2]) or 0
    if peer > _FIRST_CHAT:
        return Audience.GROUP
    return Audience.DIRECT if peer > 0 else Audience.UNKNOWN


def _words(message: Element) -> str | None:
    """Give a message's text, which stands beside its header and before what is attached."""
    below = (one for one in message.children if isinstance(one, Element))
    body = next((one for one in below if _NO_WORDS.isdisjoint(one.classes)), None)
    words = (
        child if isinstance(child, str) else "\n" if child.tag == "br" else child.text
        for child in (body.children if body and "message" in message.classes else ())
        if isinstance(child, str) or child.tag != "div"
    )
    return text("".join(words))


def _attached(attachment: Element) -> Iterator[str]:
    described = attachment.first(class_="attachment__description")
    if not described or not _STICKER.search(fold(described.text)):
        yield from _addresses(attachment.walk())


def _addresses(elements: Iterable[Element]) -> Iterator[str]:
    """Yield the picture addresses of images and links."""
    for link in elements:
        source = link.attributes.get("src" if link.tag == "img" else "href", "")
        address = cleaned(f"https:{source}" if source.startswith("//") else source)
        if address and (of_picture(address) or _PAGE.search(address)):
            yield address
