"""Snapchat's "My Data": Memories of every layout from 2020 to 2026, chat media and stories.

Owns how its files are named and joined; the links that older downloads hold are only counted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.values import Fields, fields, iso, number, place, text
from selfcheck.model import (
    Address,
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    Moment,
    Picture,
    PictureKind,
    Place,
    Precision,
    Rule,
)

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DAY = r"(?P<day>\d{4}-\d\d-\d\d)_"
_MAIN = re.compile(rf"(^|/)memories/(?:{_DAY})?{_UUID}-main\.(?P<kind>\w{{2,5}})$")
_OVERLAY = re.compile(
    rf"(^|/)memories/(?:{_DAY})?{_UUID}-overlay\.\w+$|(^|/)chat_media/\d{{4}}-\d\d-\d\d_overlay~"
)
_CHAT = re.compile(rf"(^|/)chat_media/{_DAY}(?:b~(?P<id>[^/]+)\.\w+$)?")
_MARKS = re.compile(
    r"(^|/)(json|html)/(memories|chat|snap)_history\.(json|html)$"
    rf"|(^|/)memories/(\d{{4}}-\d\d-\d\d_)?{_UUID}-(main|overlay)\."
    r"|(^|/)chat_media/\d{4}-\d\d-\d\d_"
)
_STORY = re.compile(r"(^|/)shared_story/")
_IS_UUID = re.compile(rf"^{_UUID}$", re.IGNORECASE)
_SPOT = re.compile(r"(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)")
_FILMS = frozenset({"mp4", "mov", "m4v", "video"})
_MICROSECONDS = 1e14
_LINKS = ("Media Download Url", "Download Link")
_MEMORIES = "json/memories_history.json"


class Snapchat:
    """Snapchat's own download."""

    name = "snapchat"
    title = "Snapchat"
    how = (
        "Settings, My Data (accounts.snapchat.com): switch on Memories, chat media, shared stories "
        "and JSON files. Download every part and name them all in one scan: the lists are in the "
        "first part alone."
    )
    reads = (
        "Memories with the day, and with time and place where the list tells which file is meant; "
        "chat media with sender and conversation; shared stories. Links that older downloads hold "
        "instead of files are only counted (JSON; of an HTML download the pictures alone)."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with one of Snapchat's own files, under any root."""
        return tree.has(_MARKS)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the Memories and the chat media that the lists name."""
        yield from _memories(tree)
        yield from _chats(tree)

    def unlisted(self, path: str) -> Context:
        """Give what folder and name tell: Memories are seen by nobody but their owner."""
        folded = fold(path)
        if memory := _MAIN.search(folded):
            return _memory(_Row(time=_day(memory["day"], utc=True)))
        if chat := _CHAT.search(folded):
            return Context(
                platform=self.title, kind=PictureKind.MESSAGE, time=_day(chat["day"], utc=False)
            )
        story = bool(_STORY.search(folded))
        return Context(
            platform=self.title,
            kind=PictureKind.STORY if story else PictureKind.FILE,
            author=Author.OWNER if story else Author.UNKNOWN,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave overlays alone: drawn text and stickers, which would be laid over a snap."""
        return Rule.STICKER if _OVERLAY.search(fold(path)) else system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What all the list's rows of one day and kind say alike, and how many they are."""

    time: Moment | None = None
    place: Place | None = None
    link: str | None = None
    listed_in: str | None = None
    count: int = 1


def _memories(tree: Documents) -> Iterator[Listed]:
    """Join rows and files by day and kind: the list names no file (2026).

    What the rows of one day and kind do not say alike is left out, and so is the exact time.
    """
    rows = _rows(tree)
    found, undated = _files(tree)
    for key, row in rows.items():
        members = found.get(key, [])
        if len(members) <= row.count:
            yield from (Picture(member=m, context=_memory(row)) for m in members)
        # Files of 2022 have no day in their names: then nobody can tell which row has none.
        for _ in range(0 if undated else row.count - len(members)):
            yield _absent(key, row)


def _absent(key: tuple[str, bool], row: _Row) -> Listed:
    listed_in = row.listed_in or _MEMORIES
    if row.link:
        return Address(address=row.link, listed_in=listed_in)
    return Missing(
        path=f"memories/{key[0]} ({'video' if key[1] else 'image'})", listed_in=listed_in
    )


def _rows(tree: Documents) -> dict[tuple[str, bool], _Row]:
    rows: dict[tuple[str, bool], _Row] = {}
    for member in tree.find(_MEMORIES):
        for item in tree.items(member, "Saved Media"):
            told = fields(item)
            row = _row(told, member.path)
            if row.time:
                film = (text(told.get("Media Type")) or "").casefold() in _FILMS
                key = (row.time.when.strftime("%Y-%m-%d"), film)
                rows[key] = _alike(rows[key], row) if key in rows else row
    return rows


def _row(told: Fields, listed_in: str) -> _Row:
    spot = _SPOT.search(text(told.get("Location")) or "")
    link = next((found for key in _LINKS if (found := cleaned(text(told.get(key))))), None)
    return _Row(
        time=_utc(told.get("Date")),
        place=place(spot[1], spot[2]) if spot else None,
        link=link,
        listed_in=listed_in,
    )


def _alike(one: _Row, other: _Row) -> _Row:
    same = one.time == other.time
    day = one.time and _day(one.time.when.strftime("%Y-%m-%d"), utc=True)
    return replace(
        one,
        time=one.time if same else day,
        place=one.place if one.place == other.place else None,
        link=one.link or other.link,
        count=one.count + 1,
    )


def _files(tree: Documents) -> tuple[dict[tuple[str, bool], list[Member]], int]:
    """Give the Memories by day and kind, and how many have no day in their names."""
    found: dict[tuple[str, bool], list[Member]] = {}
    undated = 0
    for member in tree.members:
        named = _MAIN.search(fold(member.path))
        if named and named["day"]:
            found.setdefault((named["day"], named["kind"] in _FILMS), []).append(member)
        elif named:
            undated += 1
    return found, undated


def _memory(row: _Row) -> Context:
    return Context(
        platform=Snapchat.title,
        kind=PictureKind.LIBRARY,
        time=row.time,
        author=Author.OWNER,
        audience=Audience.PRIVATE,
        place=row.place,
        listed_in=row.listed_in,
    )


def _chats(tree: Documents) -> Iterator[Listed]:
    found: dict[str, list[Member]] = {}
    for member in tree.members:
        named = _CHAT.search(fold(member.path))
        if named and named["id"]:
            found.setdefault(named["id"], []).append(member)
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
        time=_utc(told.get("Created")) or _micro(told.get("Created(microseconds)")),
        author=author,
        author_name=text(told.get("From")) if author is Author.OTHER else None,
        album=group,
        audience=Audience.DIRECT if direct else Audience.GROUP if group else Audience.UNKNOWN,
        listed_in=listed_in,
    )


def _utc(value: object) -> Moment | None:
    written = text(value) or ""
    return iso(written.removesuffix(" UTC") + "+00:00") if written.endswith(" UTC") else None


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


def _day(day: str | None, *, utc: bool) -> Moment | None:
    try:
        when = datetime.strptime(day or "", "%Y-%m-%d").replace(tzinfo=UTC if utc else None)
    except ValueError:
        return None
    return Moment(when=when, precision=Precision.DAY)
