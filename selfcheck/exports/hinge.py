"""Hinge's download of one's data: the owner's profile pictures, mostly as web addresses.

Owns which of its files is read. `matches.json` is not: the pictures it names are other people's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from selfcheck.exports.addresses import cleaned, found_or_named, is_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.names import time_in
from selfcheck.exports.uris import Uris, urlsplit_path
from selfcheck.exports.values import at, fields, items, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    PictureKind,
    Rule,
)

_MATCHES = "matches.json"
_OF_A_MATCH = frozenset({"like", "match", "chats", "block"})
_BESIDE = ("user.json", "media.json", "prompts.json")
_MEDIA = "media.json"


class Hinge:
    """Hinge's own download."""

    name = "hinge"
    title = "Hinge"
    how = (
        "In the app open Settings, Download my data, and fetch the file within 48 hours of "
        "Hinge's message that it is there."
    )
    reads = "The profile's own pictures and the prompts they answer; mostly addresses, few files."

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a list of matches and one of the profile's files in one folder."""
        folders = _folders(tree)
        return any(_folder(m) in folders for name in _BESIDE for m in tree.find(name))

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the profile's pictures: as files where a part holds them, else their addresses."""
        folders = _folders(tree)
        for member in tree.find(_MEDIA):
            for entry in tree.items(member) if _folder(member) in folders else ():
                for told in _objects(entry):
                    yield from _photo(tree, member, told)

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name."""
        return Context(platform=self.title, kind=PictureKind.FILE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _folders(tree: Documents) -> set[str]:
    """Give the folders with a list of Hinge's matches: others call their lists so too."""
    return {
        _folder(member)
        for member in tree.find(_MATCHES)
        if not _OF_A_MATCH.isdisjoint(fields(next(iter(tree.items(member)), None)))
    }


def _folder(member: Member) -> str:
    return member.path.rpartition("/")[0]


def _objects(entry: object) -> list[object]:
    """Give an entry's objects; some stand as JSON inside a text."""
    written = text(entry)
    if not written:
        return items(entry)
    try:
        return items(json.loads(written))
    except (ValueError, RecursionError):
        return []


def _photo(tree: Documents, media: Member, told: object) -> Iterator[Listed]:
    address = cleaned(text(at(told, "url")))
    name = urlsplit_path(address or "").rpartition("/")[2]
    members = Uris(tree).named(name, media) if is_picture(name) else ()
    context = Context(
        platform=Hinge.title,
        kind=PictureKind.PROFILE,
        caption=text(at(told, "prompt")),
        author=Author.OWNER,
        # A profile is there to be shown to whoever uses the app.
        audience=Audience.PUBLIC,
        listed_in=media.path,
    )
    yield from found_or_named(members, address, context)
