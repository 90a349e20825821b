"""Hangouts in a Takeout: pictures of its messages, as it was exported until 2023.

Owns `Hangouts.json`. Which file on disk an attachment is, nobody has written down: one whose
address ends in a file's name is taken for that file, any other is given as an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from selfcheck.exports.addresses import found_or_named
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.google_products import PICTURES, Folders, name_of, web_address
from selfcheck.exports.values import Fields, at, deep, fields, items, moment, number, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    PictureKind,
)

FOLDER = re.compile(r"(^|/)hangouts/")
_LIST = "Hangouts.json"
# `events` since 2019; in 2015 and 2017 the list was called `event`.
_CHAT, _EVENTS = "conversation", ("events", "event")
_HOST = re.compile(r"(^|\.)googleusercontent\.com$")  # other addresses are pages
_MICROSECONDS = 1_000_000
_PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chat:
    """What holds for the messages of a conversation: its people by their numbers, and its name."""

    people: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    owner: str | None = None
    name: str | None = None
    number: str | None = None

    @property
    def audience(self) -> Audience:
        """Tell a group from a talk between two."""
        if len(self.people) == _PAIR:
            return Audience.DIRECT
        return Audience.GROUP if len(self.people) > _PAIR else Audience.UNKNOWN

    def holds(self, event: Fields) -> bool:
        """Say whether an event is one of this conversation's, which may lack its description."""
        number = text(at(event, "conversation_id", "id"))
        return number is None or self.number is None or number == self.number

    def sent(self, person: str | None) -> Author:
        """Tell whether what a person sent is the owner's."""
        if not person or not self.owner:
            return Author.UNKNOWN
        return Author.OWNER if person == self.owner else Author.OTHER


def read(tree: Documents, platform: str) -> Iterator[Listed]:
    """Yield the pictures attached to messages."""
    listings = tree.find(_LIST)
    folders = Folders.of(tree, listings)
    for listing in listings:
        chat = _Chat()
        for key, value in tree.under(listing, _CHAT, *_EVENTS):
            if key == _CHAT:
                chat = _chat(fields(value))
            else:
                event = fields(value)
                of = chat if chat.holds(event) else _Chat()
                yield from _event(folders, listing, of, event, platform)


def _chat(told: Fields) -> _Chat:
    told = fields(told.get(_CHAT)) or told  # wrapped once more since 2019
    people = {
        number: text(at(person, "fallback_name"))
        for person in items(told.get("participant_data"))
        if (number := text(at(person, "id", "gaia_id")))
    }
    state = at(told, "self_conversation_state", "self_read_state", "participant_id", "gaia_id")
    return _Chat(
        people=people,
        owner=text(state),
        name=text(told.get("name")),
        number=text(at(told, "id", "id")),
    )


def _event(
    folders: Folders, listing: Member, chat: _Chat, event: Fields, platform: str
) -> Iterator[Listed]:
    content = at(event, "chat_message", "message_content")
    for attached in items(at(content, "attachment")):
        written = map(web_address, deep(attached, "url"))
        address = next((a.geturl() for a in written if a and _HOST.search(a.netloc)), None)
        if address:
            context = _context(listing, chat, event, platform)
            found = folders.beside(listing, *_names(address))
            yield from found_or_named(found, address, context)


def _context(listing: Member, chat: _Chat, event: Fields, platform: str) -> Context:
    sender = text(at(event, "sender_id", "gaia_id"))
    author = chat.sent(sender)
    microseconds = number(event.get("timestamp"))
    return Context(
        platform=platform,
        kind=PictureKind.MESSAGE,
        caption=_said(event),
        time=moment(microseconds / _MICROSECONDS) if microseconds else None,
        author=author,
        author_name=chat.people.get(sender or "") if author is Author.OTHER else None,
        album=chat.name if chat.audience is Audience.GROUP else None,
        audience=chat.audience,
        listed_in=listing.path,
    )


def _said(event: Fields) -> str | None:
    segments = items(at(event, "chat_message", "message_content", "segment"))
    written = (
        "\n" if at(one, "type") == "LINE_BREAK" else fields(one).get("text") for one in segments
    )
    return text("".join(one for one in written if isinstance(one, str)))


def _names(address: str) -> Iterator[str]:
    name = name_of(address)
    yield from (n for n in (unquote_plus(name), name) if PICTURES.search(fold(n)))
