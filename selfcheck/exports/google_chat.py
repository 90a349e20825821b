"""Google Chat in a Takeout: what was attached to messages, who sent it and to whom.

Owns `messages.json` and `group_info.json`. Previews of links and of files in Drive are not read:
they are pictures of somebody else's page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.google_account import Account
from selfcheck.exports.google_products import PICTURES, REPLACED, Folders, located
from selfcheck.exports.values import Fields, at, fields, items, text
from selfcheck.model import Audience, Author, Context, Listed, Member, Moment, PictureKind

FOLDER = re.compile(r"(^|/)google chat/groups/")
_MESSAGES = "messages.json"
_GROUP = "group_info.json"
_PAIR = 2
_LONGEST_TIME = 100

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_CLOCK = r"at (?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)(?: (?P<half>[ap])m)? utc$"
# With am and pm, seen 2016 to 2023, and without, seen 2021.
_TIMES = (
    re.compile(rf"(?P<month>[a-z]{{3,9}}) (?P<day>\d{{1,2}}), (?P<year>\d{{4}}) {_CLOCK}"),
    re.compile(rf"(?P<day>\d{{1,2}}) (?P<month>[a-z]{{3,9}}) (?P<year>\d{{4}}) {_CLOCK}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chat:
    """What holds for every message of a conversation."""

    listing: Member
    audience: Audience
    album: str | None


def read(tree: Documents, platform: str, account: Account) -> Iterator[Listed]:
    """Yield the pictures attached to the messages of every conversation."""
    listings = tree.find(_MESSAGES)
    folders = Folders.of(tree, listings)
    for listing in listings:
        groups = folders.beside(listing, _GROUP)
        if groups or FOLDER.search(fold(listing.path)):
            chat = _chat(listing, fields(tree.value(groups[0])) if groups else {})
            for message in tree.items(listing, "messages"):
                yield from _attached(folders, chat, fields(message), platform, account)


def _attached(
    folders: Folders, chat: _Chat, message: Fields, platform: str, account: Account
) -> Iterator[Listed]:
    for attached in items(message.get("attached_files")):
        name = text(at(attached, "export_name"))
        if name and PICTURES.search(fold(name)):
            # `File-1?account_id=3.png` is `File-1_account_id=3.png` on disk.
            names = (name, name.replace("?", "_"), REPLACED.sub("_", name))
            context = _context(chat, message, platform, account)
            yield from located(folders.beside(chat.listing, *names), context, name, chat.listing)


def _context(chat: _Chat, message: Fields, platform: str, account: Account) -> Context:
    author = account.sent(text(at(message, "creator", "email")))
    return Context(
        platform=platform,
        kind=PictureKind.MESSAGE,
        caption=text(message.get("text")),
        time=written(text(message.get("created_date"))),
        author=author,
        author_name=text(at(message, "creator", "name")) if author is Author.OTHER else None,
        album=chat.album,
        audience=chat.audience,
        listed_in=chat.listing.path,
    )


def _chat(listing: Member, told: Fields) -> _Chat:
    """Tell a space, which has a name, from a talk between two people."""
    name, people = text(told.get("name")), len(items(told.get("members")))
    audience = Audience.DIRECT if people == _PAIR else Audience.UNKNOWN
    if name or people > _PAIR:
        audience = Audience.GROUP
    return _Chat(listing=listing, audience=audience, album=name)


def written(date: str | None) -> Moment | None:
    """Read a time as Chat writes it: `Thursday, November 3, 2016 at 11:59:50 AM UTC`."""
    if not date or len(date) > _LONGEST_TIME:
        return None
    plain = " ".join(date.casefold().split())
    found = next((f for pattern in _TIMES if (f := pattern.search(plain))), None)
    if not found or found["month"] not in _MONTHS:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    day, minute, second = (int(found[part]) for part in ("day", "minute", "second"))
    month, year = _MONTHS.index(found["month"]) + 1, int(found["year"])
    try:
        return Moment(when=datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except ValueError:
        return None
