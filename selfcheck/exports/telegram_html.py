"""Telegram Desktop's export as pages: `messages.html`, `messages2.html`, a thousand messages each.

Owns the markup (seen 2019 to 2025). The pages tell neither whose account it is nor who could see a
chat.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.htmlfiles import Element
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import text
from selfcheck.model import Context, Listed, Member, Missing, Moment, Picture, PictureKind

_PAGES = re.compile(r"(^|/)messages\d*\.html$")
_BEGINS = re.compile(rb'class="page_header|class="message (default|service) ')
_START = 16 << 10
_SEEN = re.compile(r"\.(jpe?g|png|webp|gif|heic|avif|tiff?|bmp|mp4|m4v|mov|webm|mkv|avi|3gp)$")
# What was not exported is a `div` where a link would be, with a sentence in it.
_ABSENT = frozenset({"media_photo", "media_video"})
_STICKER = re.compile(r"(^|/)stickers/")
_DATE = re.compile(
    r"^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)(?: UTC(?P<sign>[+-])(?P<h>\d\d):(?P<m>\d\d))?$"
)
# `photo_1@03-12-2025_19-08-10.jpg`: the clock of the computer that made the export.
_NAME = re.compile(r"_\d+@(\d\d)-(\d\d)-(\d{4})_(\d\d)-(\d\d)-(\d\d)")


def is_export(tree: Documents) -> bool:
    """Say whether a tree holds pages of messages that are Telegram's."""
    if not tree.has(_PAGES):
        return False
    return any(_BEGINS.search(tree.start(page, _START)) for page in tree.matching(_PAGES)[:3])


def read(
    tree: Documents, uris: Uris, *, platform: str, but_below: Collection[str] = ()
) -> Iterator[Listed]:
    """Yield the pictures and films of every page's messages, but for those below some folders."""
    for page in tree.matching(_PAGES):
        above = f"{fold(page.path).rpartition('/')[0]}/"
        if any(above.startswith(f"{folder}/".lstrip("/")) for folder in but_below):
            continue
        if _BEGINS.search(tree.start(page, _START)):
            yield from _page(tree, uris, page, platform)


def sent_in(path: str) -> Moment | None:
    """Read the time that Telegram writes into the names of files."""
    found = _NAME.search(path)
    return _moment(found, None) if found else None


def _page(tree: Documents, uris: Uris, page: Member, platform: str) -> Iterator[Listed]:
    chat: str | None = None
    names = {text(name.text) for name in tree.blocks(page, _is_name)}
    for block in tree.blocks(page, _wanted):
        if "page_header" in block.classes:
            title = block.first(class_="bold")
            chat = text(title.text) if title else None
            # A chat of two is named after the other one, whose name is no album's.
            chat = None if chat in names else chat
            continue
        context = Context(
            platform=platform,
            kind=PictureKind.MESSAGE,
            caption=_caption(block),
            time=_time(block),
            album=chat,
            listed_in=page.path,
        )
        for link in block.find("a"):
            yield from _located(uris, page, link.attributes.get("href", ""), context)
        for absent in block.find("div"):
            if absent.classes & _ABSENT:
                told = " ".join(absent.text.split())
                path = f"{block.attributes.get('id', 'message')}: {told}"
                yield Missing(path=path, listed_in=page.path)


def _wanted(tag: str, attributes: Mapping[str, str]) -> bool:
    classes = attributes.get("class", "").split()
    return tag == "div" and ("page_header" in classes or "message" in classes)


def _is_name(_tag: str, attributes: Mapping[str, str]) -> bool:
    return "from_name" in attributes.get("class", "").split()


def _located(uris: Uris, page: Member, href: str, context: Context) -> Iterator[Listed]:
    path = fold(href)
    if "://" in href or not _SEEN.search(path) or _STICKER.search(path):
        return
    found = uris.members(href, page)
    yield from (Picture(member=one, context=context) for one in found)
    if not found:
        yield Missing(path=href, listed_in=page.path)


def _caption(block: Element) -> str | None:
    words = block.first("div", "text")
    return text(words.text) if words else None


def _time(block: Element) -> Moment | None:
    """Read the message's own time: what it forwards has another, further in."""
    date = block.first("div", "date")
    found = _DATE.match(date.attributes.get("title", "")) if date else None
    if not found:
        return None
    zone = None
    if found["sign"]:
        off = timedelta(hours=int(found["h"]), minutes=int(found["m"]))
        zone = timezone(-off if found["sign"] == "-" else off) if off else UTC
    return _moment(found, zone)


def _moment(found: re.Match[str], zone: timezone | None) -> Moment | None:
    day, month, year, hour, minute, second = (int(found[group]) for group in range(1, 7))
    try:
        return Moment(when=datetime(year, month, day, hour, minute, second, tzinfo=zone))
    except ValueError:
        return None
