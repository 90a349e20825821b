"""Snapchat's "My Data": Memories of every layout from 2020 to 2026, chat media and stories.

Owns how its files are named and chats are joined, Memories are by `snapchat_memories`; the links
that older downloads hold are only counted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from selfcheck.exports import snapchat_memories
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.snapchat_memories import DAY, UUID, day_of
from selfcheck.exports.values import Fields, fields, iso, number, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    Moment,
    Picture,
    PictureKind,
    Rule,
)

_OVERLAY = re.compile(
    rf"(^|/)memories/(?:{DAY})?{UUID}-overlay\.\w+$"
    r"|(^|/)chat_media/\d{4}-\d\d-\d\d_(overlay|thumbnail)~"
)
_CHAT = re.compile(rf"(^|/)chat_media/{DAY}(?:b~(?P<id>[^/]+)\.\w+$)?")
_MARKS = re.compile(
    r"(^|/)(json|html)/(memories|chat|snap)_history\.(json|html)$"
    rf"|(^|/)memories/(\d{{4}}-\d\d-\d\d_)?{UUID}-(main|overlay)\."
    r"|(^|/)chat_media/\d{4}-\d\d-\d\d_"
)
_STORY = re.compile(r"(^|/)shared_story/")
_IS_UUID = re.compile(rf"^{UUID}$", re.IGNORECASE)
_MICROSECONDS = 1e14


class Snapchat:
    """Snapchat's own download."""

    name = "snapchat"
    title = "Snapchat"
    how = (
        "Settings, My Data (accounts.snapchat.com): switch on Memories, chat media, shared stories "
        "and JSON files. Download every part and name the zips themselves, all in one scan: the "
        "lists are in the first part alone."
    )
    reads = (
        "Memories with the day, and with time and place where the list tells which file is meant: "
        "by an id, or by the time that the zips keep and unpacked files mostly lose; chat media "
        "with sender and conversation; shared stories. Links that older downloads hold instead of "
        "files are only counted (JSON; of an HTML download the pictures alone)."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with one of Snapchat's own files, under any root."""
        return tree.has(_MARKS)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the Memories and the chat media that the lists name."""
        yield from snapchat_memories.read(tree, platform=self.title)
        yield from _chats(tree)

    def unlisted(self, path: str) -> Context:
        """Give what folder and name tell: Memories are seen by nobody but their owner."""
        folded = fold(path)
        if memory := snapchat_memories.of_name(path, self.title):
            return memory
        if chat := _CHAT.search(folded):
            return Context(
                platform=self.title, kind=PictureKind.MESSAGE, time=day_of(chat["day"], utc=False)
            )
        story = bool(_STORY.search(folded))
        return Context(
            platform=self.title,
            kind=PictureKind.STORY if story else PictureKind.FILE,
            author=Author.OWNER if story else Author.UNKNOWN,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave overlays alone, drawn text and stickers, and thumbnails with them laid over."""
        return Rule.STICKER if _OVERLAY.search(fold(path)) else system_file(path)


def _chats(tree: Documents) -> Iterator[Listed]:
    found: dict[str, list[Member]] = {}
    for position, path in enumerate(tree.folded()):
        named = _CHAT.search(path)
        if named and named["id"]:
            found.setdefault(named["id"], []).append(tree.members[position])
    for listing in tree.find("json/chat_history.json"):
        for keys, item in tree.entries(listing):
            told = fields(item)
            context = _message(told, keys[0] if keys else "", listing.path)
            # One text holds the ids of several files: `b~x | b~y`.
            for name in (text(told.get("Media IDs")) or "").split("|"):
                key = fold(name.strip()).removeprefix("b~")
                members = found.get(key, [])
                yield from (Picture(member=m, context=context) for m in members)
                if key and not members and told.get("Media Type") == "MEDIA":
                    yield Missing(path=f"chat_media/{name.strip()}", listed_in=listing.path)


def _message(told: Fields, conversation: str, listed_in: str) -> Context:
    # A conversation of two is kept under the other's name, any other under an id.
    group = text(told.get("Conversation Title")) if _IS_UUID.search(conversation) else None
    direct = bool(conversation) and not _IS_UUID.search(conversation)
    sent = told.get("IsSender")
    author = Author.OWNER if sent is True else Author.OTHER if sent is False else Author.UNKNOWN
    content = text(told.get("Content"))
    return Context(
        platform=Snapchat.title,
        kind=PictureKind.MESSAGE,
        caption=text(html.unescape(content)) if content else None,
        time=iso(told.get("Created")) or _micro(told.get("Created(microseconds)")),
        author=author,
        author_name=text(told.get("From")) if author is Author.OTHER else None,
        album=group,
        audience=Audience.DIRECT if direct else Audience.GROUP if group else Audience.UNKNOWN,
        listed_in=listed_in,
    )


def _micro(value: object) -> Moment | None:
    """Read a field that holds milliseconds in some downloads, in spite of its name."""
    found = number(value)
    if not found:
        return None
    seconds = found / (1e6 if found > _MICROSECONDS else 1e3)
    try:
        return Moment(when=datetime.fromtimestamp(int(seconds), UTC))
    except (ValueError, OverflowError, OSError):
        return None
