"""Tinder's "my data": the owner's profile pictures, by name until 2024, as objects since.

Owns the shape of `data.json`. Pictures of the people met there are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports.addresses import cleaned, found_or_named, is_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.uris import Uris, urlsplit_path
from selfcheck.exports.values import Fields, fields, iso, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    PictureKind,
    Rule,
    Unreadable,
)

_DATA = "data.json"
_KEYS = frozenset({"Usage", "User", "Photos"})
_BLOCK = 256 << 10
_LONGEST_KEY = 16
_PHOTOS = re.compile(r"(^|/)photos/[^/]+$")


class Tinder:
    """Tinder's own download."""

    name = "tinder"
    title = "Tinder"
    how = (
        "Open account.gotinder.com/data, sign in, ask for your data, and use the link "
        "that Tinder sends by mail."
    )
    reads = "The profile's own pictures with the time they were added and the prompt they answer."

    def claims(self, tree: Documents) -> bool:
        """Claim trees whose `data.json` has Tinder's top level."""
        return any(_is_tinder(tree, member) for member in tree.find(_DATA))

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the profile's pictures: as files where a part holds them, else their addresses."""
        for member in tree.find(_DATA):
            if _is_tinder(tree, member):
                for photo in tree.items(member, "Photos"):
                    yield from _photo(tree, member, photo)

    def unlisted(self, path: str) -> Context:
        """Take what lies in a folder of photos for the profile's."""
        own = bool(_PHOTOS.search(fold(path))) and is_picture(path)
        return Context(
            platform=self.title,
            kind=PictureKind.PROFILE if own else PictureKind.FILE,
            time=time_in(path),
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _is_tinder(tree: Documents, member: Member) -> bool:
    if not _mentions_keys(tree, member):
        return False
    shape = tree.shape(member)
    return {*shape.values, *shape.lists} >= _KEYS


def _mentions_keys(tree: Documents, member: Member) -> bool:
    """Say whether the keys stand in a file at all: `data.json` is anybody's name."""
    wanted = {f'"{key}"'.encode() for key in _KEYS}
    rest = b""
    try:
        with tree.open(member) as stream:
            while wanted and (block := stream.read(_BLOCK)):
                seen = rest + block
                wanted = {key for key in wanted if key not in seen}
                rest = seen[-_LONGEST_KEY:]
    except (Unreadable, OSError, EOFError):
        return False
    return not wanted


def _photo(tree: Documents, data: Member, photo: object) -> Iterator[Listed]:
    """Yield one picture. Up to 2024 it is only a name, a text; since 2025 an object."""
    told = fields(photo)
    address = cleaned(text(told.get("url")) or text(photo))
    name = text(told.get("filename")) or (None if address else text(photo))
    name = name or urlsplit_path(address or "")
    name = name.rpartition("/")[2]
    members = Uris(tree).named(name, data) if is_picture(name) else ()
    yield from found_or_named(members, address, _context(told, data))
    if name and not members and not address:
        yield Missing(path=name, listed_in=data.path)


def _context(told: Fields, data: Member) -> Context:
    return Context(
        platform=Tinder.title,
        kind=PictureKind.PROFILE,
        caption=text(told.get("prompt_text")),
        time=iso(told.get("created_at")),
        author=Author.OWNER,
        # A profile is there to be shown to whoever uses the app.
        audience=Audience.PUBLIC,
        listed_in=data.path,
    )
