"""Skype's export, which free Teams shares: conversations, and the files sent in them.

Owns the shape of `messages.json` and how a message names its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.values import Fields, fields, iso, items, text
from selfcheck.model import (
    Address,
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Picture,
    PictureKind,
    Rule,
)

_MESSAGES = "messages.json"
_FIRST_FILES = 10
_MEDIA = re.compile(r"(^|/)media/([^/.]+)\.[^/]*$")
_TAG = re.compile(r"<URIObject\b[^>]{0,4000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(uri|url_thumbnail|type)=[\"']([^\"']{0,2000})[\"']", re.IGNORECASE)
_OBJECT = re.compile(r"/objects/([\w-]{1,200})")
_SHOWN = re.compile(r"^(picture|video)", re.IGNORECASE)
# Sounds, and the pictures that Skype itself offers to send.
_NOT_OWN = re.compile(r"media_(audiomsg|flikmsg|card)", re.IGNORECASE)


class Skype:
    """Skype's own download."""

    name = "skype"
    title = "Skype"
    how = (
        "On the page for exporting chats of Skype or free Teams ask for conversations and files, "
        "and name everything you download in one scan."
    )
    reads = (
        "Pictures and films sent in conversations with sender, time and whether a person or a "
        "group saw them; what is not in the download, by its address."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees whose `messages.json` holds a user's conversations."""
        return any(_is_skype(tree, member) for member in tree.find(_MESSAGES)[:_FIRST_FILES])

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield every file that a message names, message by message."""
        files = _files(tree)
        for document in tree.find(_MESSAGES):
            owner = text(tree.shape(document).values.get("userId"))
            for chat, found in tree.within(document, "MessageList"):
                message = fields(found)
                if not _NOT_OWN.search(text(message.get("messagetype")) or ""):
                    context = _context(chat, message, owner, document)
                    for sent in _sent(message):
                        yield from _located(tree, files.get(sent.id, ()), sent, context)

    def unlisted(self, path: str) -> Context:
        """Take what lies in the folder of media for something sent."""
        sent = bool(_MEDIA.search(fold(path)))
        return Context(
            platform=self.title,
            kind=PictureKind.MESSAGE if sent else PictureKind.FILE,
            time=time_in(path),
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """One file of a message: its id, and its address if it is a picture or a film."""

    id: str
    address: str | None


def _is_skype(tree: Documents, member: Member) -> bool:
    shape = tree.shape(member)
    return "userId" in shape.values and "conversations" in shape.lists


def _files(tree: Documents) -> dict[str, list[int]]:
    """Map ids to where their files stand: `media/<id>.1.jpg`; `media/<id>.json` tells the name."""
    found: dict[str, list[int]] = {}
    for position, path in enumerate(tree.folded()):
        name = _MEDIA.search(path)
        if name and not path.endswith(".json"):
            found.setdefault(name[2], []).append(position)
    return found


def _sent(message: Fields) -> Iterator[_Sent]:
    """Yield what a message names, each file once."""
    objects: dict[str, _Sent] = {}
    for tag in _TAG.findall(text(message.get("content")) or ""):
        told = {name.casefold(): unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        address = cleaned(told.get("uri")) or cleaned(told.get("url_thumbnail"))
        named = _OBJECT.search(address or "")
        if named:
            shown = bool(_SHOWN.search(told.get("type", "")))
            sent = _Sent(id=fold(named[1]), address=address if shown else None)
            objects.setdefault(sent.id, sent)
    for reference in items(message.get("amsreferences")):
        named_id = fold(text(reference) or "")
        if named_id:
            objects.setdefault(named_id, _Sent(id=named_id, address=None))
    yield from objects.values()


def _located(
    tree: Documents, positions: Sequence[int], sent: _Sent, context: Context
) -> Iterator[Listed]:
    """Yield the largest of a file's sizes; what is not in the download only if it is a picture."""
    found = sorted((tree.members[i] for i in positions), key=lambda m: (-m.size, m.path))
    if found:
        yield Picture(member=found[0], context=context)
    elif sent.address:
        yield Address(address=sent.address, context=context)


def _context(
    chat: Mapping[str, object], message: Fields, owner: str | None, document: Member
) -> Context:
    author = _author(text(message.get("from")), owner)
    audience = _audience(text(chat.get("id")) or "")
    # A conversation of two is named after the other person.
    album = text(chat.get("displayName")) if audience is Audience.GROUP else None
    return Context(
        platform=Skype.title,
        kind=PictureKind.MESSAGE,
        time=iso(message.get("originalarrivaltime")),
        author=author,
        author_name=text(message.get("displayName")) if author is Author.OTHER else None,
        album=album,
        audience=audience,
        listed_in=document.path,
    )


def _author(sender: str | None, owner: str | None) -> Author:
    if not sender or not owner:
        return Author.UNKNOWN
    return Author.OWNER if sender == owner else Author.OTHER


def _audience(chat: str) -> Audience:
    if chat.startswith("8:"):
        return Audience.DIRECT
    return Audience.GROUP if chat.startswith("19:") else Audience.UNKNOWN
