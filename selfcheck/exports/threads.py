"""Conversations in the JSON of Facebook and Instagram, Messenger's own download included.

A conversation is known by its shape, so it does not matter in which box or file it lies. Texts of
the encrypted download (`senderName`, `text`, `threadName`) are UTF-8 already and are not mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selfcheck.exports.documents import fold
from selfcheck.exports.facts import time_of
from selfcheck.exports.jsonfiles import Shape
from selfcheck.exports.meta import Download, Medium, objects
from selfcheck.exports.values import Fields, caption, fields, mended, moment, text
from selfcheck.model import Audience, Author, Context, Member, Missing, Picture, PictureKind

_PAIR = 2
_SHORTEST = 2  # characters of a name that is looked for within a word
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SERIAL = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thread:
    """What holds for every message of a conversation."""

    audience: Audience
    album: str | None


def is_thread(shape: Shape) -> bool:
    """Say whether a document is a conversation."""
    return {"participants", "messages"} <= set(shape.lists)


def read(download: Download, member: Member, shape: Shape) -> Iterator[Picture | Missing]:
    """Yield the pictures of a conversation, each with its sender."""
    people = [_name(person) for person in download.tree.items(member, "participants")]
    title = mended(shape.values.get("title")) or _unnumbered(shape.values.get("threadName"))
    audience = _audience(len(people))
    thread = _Thread(audience=audience, album=group_name(title, people, audience))
    for message in download.tree.items(member, "messages"):
        for uri, told, above in objects(message):
            medium = Medium(uri=uri, told=told, above=above, listed_in=member)
            context = _context(download, medium, fields(message), thread)
            yield from download.located(medium, context)


def _context(download: Download, medium: Medium, message: Fields, thread: _Thread) -> Context:
    sender = mended(message.get("sender_name")) or text(message.get("senderName"))
    author = download.owner.wrote(sender)
    return Context(
        platform=download.platform,
        kind=PictureKind.MESSAGE,
        caption=caption(message.get("content")) or text(message.get("text")),
        time=moment(message.get("timestamp_ms"), message.get("timestamp")) or time_of(medium),
        author=author,
        author_name=None if author is Author.OWNER else sender,
        album=thread.album,
        audience=thread.audience,
        listed_in=medium.listed_in.path,
    )


def _name(person: object) -> str | None:
    return mended(fields(person).get("name")) or text(person)


def _unnumbered(name: object) -> str | None:
    """Give the name of one of Messenger's own threads: `Chess_12` there is `Chess`."""
    found = text(name)
    return found and (_SERIAL.sub("", found).strip() or None)


def _audience(people: int) -> Audience:
    if people == _PAIR:
        return Audience.DIRECT
    return Audience.GROUP if people > _PAIR else Audience.UNKNOWN


def group_name(title: str | None, people: Sequence[str | None], audience: Audience) -> str | None:
    """Give a group's own name; a title made of its members' names is not kept.

    Of other people only the sender's name may go on into the ledger.
    """
    if not title or audience is not Audience.GROUP:
        return None
    words = _words(title)
    names = {word for name in people if name for word in _words(name)}
    joined = any(_in_one(word, name) for word in words for name in names)
    return None if names & words or joined else title


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", fold(text)))


def _in_one(word: str, name: str) -> bool:
    """Tell a name within what is written without blanks, as Japanese is."""
    if min(len(word), len(name)) < _SHORTEST or not _UNSPACED.search(word + name):
        return False
    return word in name or name in word
