"""Signal's export of chats as plain text: a JSON object a line, and the files they name.

Owns the fields of `main.jsonl` (those of Signal's backups, as seen in 2026) and how a file is
named after hashes. Previews of links, quotes and stickers are no pictures that somebody sent.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from selfcheck.exports.addresses import is_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.values import Fields, at, fields, items, joined, moment, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    Picture,
    PictureKind,
    Rule,
)

_MAIN = "main.jsonl"
_BESIDE = "metadata.json"
_HEADER = b'"backupTimeMs"'
_START = 4 << 10  # bytes; the header is the first line
_FILE = re.compile(r"(^|/)files/[0-9a-f]{2}/([0-9a-f]{64})(\.[^/]*)?$")
_OF_PICTURES = ("image/", "video/")
_MOST = 100_000  # recipients, and chats, that are remembered
# How a contact is called: by the owner, in the phone's address book, by itself.
_NAMES = (
    ("systemGivenName", "systemFamilyName"),
    ("profileGivenName", "profileFamilyName"),
    ("username",),
)


class Signal:
    """Signal's own export, from 2026 on; its encrypted backups are not read."""

    name = "signal"
    title = "Signal"
    how = (
        "In a Signal of 2026 or later: Settings, Chats, export the chats with their media as a "
        "readable file. Backups are encrypted, and no copy of the program's folder is read."
    )
    reads = (
        "Pictures and films of every chat with sender, time, text and caption, the group's name "
        "and whether one person, a group or nobody else saw them."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a main.jsonl that begins like Signal's, and its companion."""
        return bool(tree.find(_BESIDE)) and bool(_listings(tree))

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield every attached picture and film, message by message."""
        listings = _listings(tree)
        files = tree.by_group(_FILE, 2) if listings else {}  # by their hashes
        for member in listings:
            yield from _Reader(tree=tree, files=files, member=member).read()

    def unlisted(self, path: str) -> Context:
        """Take what is named after a hash for something sent."""
        sent = bool(_FILE.search(fold(path)))
        return Context(
            platform=self.title,
            kind=PictureKind.MESSAGE if sent else PictureKind.FILE,
            time=time_in(path),
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _listings(tree: Documents) -> list[Member]:
    return [member for member in tree.find(_MAIN) if _HEADER in tree.start(member, _START)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipient:
    """Whom a chat is with, or who wrote: the owner, a person, a group, or something else."""

    audience: Audience
    name: str | None

    @classmethod
    def of(cls, told: Fields) -> _Recipient:
        if "self" in told:
            return cls(audience=Audience.PRIVATE, name=None)  # notes to oneself
        if "group" in told:
            title = text(at(told, "group", "snapshot", "title", "title"))
            return cls(audience=Audience.GROUP, name=title)
        if "contact" in told:
            return cls(audience=Audience.DIRECT, name=_called(fields(told["contact"])))
        return cls(audience=Audience.UNKNOWN, name=None)


_NOBODY = _Recipient(audience=Audience.UNKNOWN, name=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """One main.jsonl, read once: people and chats stand before the messages that name them."""

    tree: Documents
    files: Mapping[str, Sequence[int]]
    member: Member
    people: dict[str, _Recipient] = field(default_factory=dict)
    chats: dict[str, str] = field(default_factory=dict)

    def read(self) -> Iterator[Listed]:
        for line in self.tree.lines(self.member):
            # Most messages have no file, and are not worth parsing.
            if '"chatItem"' in line and '"attachments"' not in line:
                continue
            told = _parsed(line)
            self._remember(fields(told.get("recipient")), fields(told.get("chat")))
            message = fields(told.get("chatItem"))
            sent = fields(message.get("standardMessage"))
            for pointer in map(_pointer, items(sent.get("attachments"))):
                if _is_shown(pointer):
                    yield from self._located(message, pointer)

    def _remember(self, recipient: Fields, chat: Fields) -> None:
        person, room = _key(recipient.get("id")), _key(chat.get("id"))
        if person and len(self.people) < _MOST:
            self.people[person] = _Recipient.of(recipient)
        if room and len(self.chats) < _MOST:
            self.chats[room] = _key(chat.get("recipientId")) or ""

    def _located(self, message: Fields, pointer: Fields) -> Iterator[Listed]:
        stems = _stems(fields(pointer.get("locatorInfo")))
        found = next((self.files[stem] for stem in stems if stem in self.files), ())
        for position in found:
            yield Picture(
                member=self.tree.members[position], context=self._context(message, pointer)
            )
        if not found:
            yield Missing(path=_absent(pointer, stems), listed_in=self.member.path)

    def _context(self, message: Fields, pointer: Fields) -> Context:
        chat = self.people.get(self.chats.get(_key(message.get("chatId")) or "", ""), _NOBODY)
        writer = self.people.get(_key(message.get("authorId")) or "", _NOBODY)
        author = _author(message, writer)
        words = (text(at(message, "standardMessage", "text", "body")), text(pointer.get("caption")))
        return Context(
            platform=Signal.title,
            kind=PictureKind.MESSAGE,
            caption=joined(*dict.fromkeys(words)),
            time=moment(message.get("dateSent")),
            author=author,
            author_name=writer.name if author is Author.OTHER else None,
            # A chat of two is with the other one, whose name is no album's.
            album=chat.name if chat.audience is Audience.GROUP else None,
            audience=chat.audience,
            listed_in=self.member.path,
        )


def _parsed(line: str) -> Fields:
    try:
        return fields(json.loads(line))
    except (ValueError, RecursionError):
        return {}


def _key(value: object) -> str | None:
    """Give an id, which is a number written as text."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _called(contact: Fields) -> str | None:
    nickname = fields(contact.get("nickname"))
    names = [[nickname.get("given"), nickname.get("family")]]
    names += [[contact.get(key) for key in keys] for keys in _NAMES]
    joined = (" ".join(part for part in map(text, parts) if part) for parts in names)
    return next((name for name in joined if name), None)


def _author(message: Fields, writer: _Recipient) -> Author:
    if "outgoing" in message or writer.audience is Audience.PRIVATE:
        return Author.OWNER
    return Author.OTHER if "incoming" in message else Author.UNKNOWN


def _pointer(attachment: object) -> Fields:
    return fields(at(attachment, "pointer"))


def _is_shown(pointer: Fields) -> bool:
    """Tell pictures and films from sounds and documents."""
    kind = text(pointer.get("contentType"))
    if kind:
        return kind.startswith(_OF_PICTURES)
    return is_picture(text(pointer.get("fileName")) or "")


def _stems(locator: Fields) -> list[str]:
    """Give what a file may be called: descriptions of 2026 name two ways."""
    plain, key = _bytes(locator.get("plaintextHash")), _bytes(locator.get("localKey"))
    return [hashlib.sha256(plain + key).hexdigest(), plain.hex()] if plain else []


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(text(value) or "")
    except ValueError:
        return b""


def _absent(pointer: Fields, stems: Sequence[str]) -> str:
    """Name a file that is not there: as its sender did, else as the export would."""
    if name := text(pointer.get("fileName")):
        return name
    if stems:
        return f"files/{stems[0][:2]}/{stems[0]}"
    return f"an attachment ({text(pointer.get('contentType')) or 'of an unknown kind'})"
