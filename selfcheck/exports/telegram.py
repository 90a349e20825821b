"""Telegram Desktop's export, of an account or of one chat, as JSON; HTML is `telegram_html`'s.

Owns where its `result.json` lists pictures and what it says of them. A chat of hundreds of
megabytes is read message by message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfcheck.exports import telegram_html
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import Fields, at, fields, iso, items, moment, place, text
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

_RESULT = re.compile(r"(^|/)result\.json$")
_TYPES = (
    rb"saved_messages|replies|personal_chat|bot_chat|private_group|private_supergroup"
    rb"|public_supergroup|private_channel|public_channel"
)
# How either form begins: an account's with what it is about, a chat's with what kind it is.
_BEGINS = re.compile(
    rb'"(personal_information|frequent_contacts|left_chats)" ?: ?\{'
    rb'|"(chats|contacts)" ?: ?\{\s*"(about|list)"'
    rb'|"type" ?: ?"(' + _TYPES + rb')"'
)
_START = 64 << 10  # bytes; what an export is about is a text of some hundred words
_AUDIENCES = {
    "saved_messages": Audience.PRIVATE,
    "personal_chat": Audience.DIRECT,
    "bot_chat": Audience.DIRECT,
    "private_group": Audience.GROUP,
    "private_supergroup": Audience.GROUP,
    "private_channel": Audience.GROUP,
    "public_supergroup": Audience.PUBLIC,
    "public_channel": Audience.PUBLIC,
}
_FILMS = frozenset({"video_message", "animation", "video_file"})
_OF_PICTURES = ("image/", "video/")
# Parts of the program's own pages, and what is drawn or heard.
_STICKER = re.compile(r"(^|/)stickers/(animated)?sticker[^/]*\.(webp|tgs|webm)$")
_PAGE = re.compile(
    r"(^|/)images/(back|media_(call|contact|file|game|location|music|photo|shop|video|voice)"
    r"|section_(calls|chats|contacts|frequent|music|other|photos|sessions|stories|web))@[23]x\.png$"
)
# Beside a photo lies the same one small; a film's may stand in for it.
_SMALL = re.compile(r"(^|/)photos/photo_\d+@\d\d-\d\d-\d{4}_[\d-]+_thumb\.jpg$")
_FOLDERS = re.compile(r"(^|/)(photos|video_files|round_video_messages|animations)/[^/]*$")


class Telegram:
    """Telegram Desktop's export."""

    name = "telegram"
    title = "Telegram"
    how = (
        "In Telegram Desktop: Settings, Advanced, Export Telegram data; choose photos, videos and"
        " files without a limit of size, and machine-readable JSON. The programs for phones and"
        " the one of the Mac App Store make none."
    )
    reads = (
        "Pictures and films of every chat with sender, time, text, chat and audience, your profile"
        " pictures and stories (JSON); chat, time and text (HTML)."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a result.json or a page of messages that begins like Telegram's."""
        return bool(_results(tree)) or telegram_html.is_export(tree)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield what every result.json lists, then what pages show that lie beside none."""
        results = _results(tree)
        uris = Uris(tree)
        for member in results:
            yield from _Reader(tree=tree, uris=uris, member=member).read()
        folders = {fold(member.path).rpartition("/")[0] for member in results}
        yield from telegram_html.read(tree, uris, platform=self.title, but_below=folders)

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name."""
        sent = _FOLDERS.search(fold(path))
        kind = PictureKind.MESSAGE if sent else PictureKind.FILE
        return Context(
            platform=self.title, kind=kind, time=telegram_html.sent_in(path) or time_in(path)
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave stickers, parts of the pages and files of operating systems alone."""
        folded = fold(path)
        if _STICKER.search(folded):
            return Rule.STICKER
        own = _PAGE.search(folded) or _SMALL.search(folded)
        return Rule.SYSTEM if own else system_file(path)


def _results(tree: Documents) -> list[Member]:
    """Give the documents that are Telegram's: others call a file so too."""
    if not tree.has(_RESULT):
        return []
    return [m for m in tree.matching(_RESULT) if _BEGINS.search(tree.start(m, _START))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """One result.json."""

    tree: Documents
    uris: Uris
    member: Member

    def read(self) -> Iterator[Listed]:
        """Read what comes before the chats, then every message."""
        owner = _Owner()
        kinds = {"profile_pictures": PictureKind.PROFILE, "stories": PictureKind.STORY}
        for key, told in self.tree.under(self.member, "personal_information", *kinds, "messages"):
            if key == "messages":
                break
            if key == "personal_information":
                owner = _Owner.of(fields(told))
            else:
                yield from self._own(fields(told), kinds[key])
        for chat, message in self.tree.within(self.member, "messages"):
            told = fields(message)
            uri = _medium(told)
            if uri is not None:
                yield from self._located(uri, told, self._sent(chat, told, owner))

    def _own(self, told: Fields, kind: PictureKind) -> Iterator[Listed]:
        context = Context(
            platform=Telegram.title,
            kind=kind,
            caption=_words(told.get("text")) or _words(told.get("caption")),
            time=moment(told.get("date_unixtime")) or iso(told.get("date")),
            author=Author.OWNER,
            listed_in=self.member.path,
        )
        yield from self._located(told.get("photo") or told.get("media"), told, context)

    def _located(self, uri: object, told: Fields, context: Context) -> Iterator[Listed]:
        """Find a file; where it was not exported, its thumbnail stands in."""
        for candidate in (uri, told.get("thumbnail")):
            path = text(candidate)
            # In the path's place a sentence may stand, in brackets: "(File not included. …)".
            if path and not path.startswith("("):
                found = self.uris.members(path, self.member)
                yield from (Picture(member=one, context=context) for one in found)
                if found:
                    return
        path = text(uri) or ""
        if path.startswith("("):
            path = f"of {text(told.get('date')) or 'an unknown day'}: {path}"
        if path:
            yield Missing(path=path, listed_in=self.member.path)

    def _sent(self, chat: Fields, message: Fields, owner: _Owner) -> Context:
        author, name = owner.made(message)
        audience = _AUDIENCES.get(text(chat.get("type")) or "", Audience.UNKNOWN)
        spot = fields(message.get("location_information"))
        # A chat of two is named after the other one, whose name is no album's.
        album = None if audience is Audience.DIRECT else text(chat.get("name"))
        return Context(
            platform=Telegram.title,
            kind=PictureKind.GROUP if message.get("type") == "service" else PictureKind.MESSAGE,
            caption=_words(message.get("text")),
            time=moment(message.get("date_unixtime")) or iso(message.get("date")),
            author=author,
            author_name=name,
            album=album,
            audience=audience,
            place=place(
                spot.get("latitude"), spot.get("longitude"), text(message.get("place_name"))
            ),
            listed_in=self.member.path,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owner:
    """Whose account it is: the `from_id` and the name that messages have of them."""

    id: str | None = None
    name: str | None = None

    @classmethod
    def of(cls, told: Fields) -> _Owner:
        """Take both from what the export says of the account."""
        user = told.get("user_id")
        names = (text(told.get(key)) for key in ("first_name", "last_name"))
        return cls(id=f"user{user}" if user else None, name=" ".join(n for n in names if n) or None)

    def made(self, message: Fields) -> tuple[Author, str | None]:
        """Tell who a message's picture is from: what was forwarded is from whoever sent it first.

        Of a forwarded one only the first sender's name is told.
        """
        if "forwarded_from" in message:
            # Others may be called as the owner is; a name that is hidden is anybody's.
            first = text(message.get("forwarded_from"))
            if first and self.name and first != self.name:
                return Author.OTHER, first
            return Author.UNKNOWN, None
        sender = text(message.get("from_id")) or text(message.get("actor_id")) or ""
        if self.id and sender == self.id:
            return Author.OWNER, None
        # A channel's posts may be the owner's: it posts in its own name.
        if not self.id or not sender.startswith("user"):
            return Author.UNKNOWN, None
        return Author.OTHER, text(message.get("from")) or text(message.get("actor"))


def _medium(message: Fields) -> object:
    """Give the path of a message's picture or film; None for anything else."""
    if message.get("photo"):
        return message["photo"]
    kind, mime = text(message.get("media_type")), text(message.get("mime_type")) or ""
    # A picture sent "as a file" has no kind, only its MIME type.
    seen = kind in _FILMS or (kind is None and mime.startswith(_OF_PICTURES))
    return message.get("file") if seen else None


def _words(value: object) -> str | None:
    """Join a text that is written as one, or as a list of plain and marked pieces."""
    if isinstance(value, str):
        return text(value)
    pieces = (piece if isinstance(piece, str) else at(piece, "text") for piece in items(value))
    return text("".join(piece for piece in pieces if isinstance(piece, str)))
