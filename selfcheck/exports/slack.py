"""Slack's export of a workspace: the addresses of the pictures in its conversations.

Owns the layout of the days' files and the lists of conversations. Addresses carry a token that
opens every file: it is cut off. Whose export it is, it does not tell, so every author is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.values import Fields, fields, items, moment, text
from selfcheck.model import Address, Audience, Context, Listed, Member, PictureKind, Rule

_DAY = re.compile(r"(^|/)[^/]+/\d{4}-\d\d-\d\d\.json$")
# Which list names a conversation tells who reads it.
_LISTS = {
    "channels.json": Audience.GROUP,
    "groups.json": Audience.GROUP,
    "mpims.json": Audience.GROUP,
    "dms.json": Audience.DIRECT,
}
_WITHOUT_NAME = re.compile(r"^mpdm-")  # made of the names of the people in it
_PICTURE = ("image/", "video/")


class Slack:
    """Slack's own export, JSON form."""

    name = "slack"
    title = "Slack"
    how = "An owner of the workspace asks for it: Workspace settings, Import/export data, Export."
    reads = (
        "It holds no picture: the web addresses of the pictures that anybody sent are counted, "
        "without their token, and not fetched."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with the lists of people and channels and a file of a day."""
        return bool(tree.find("users.json") and tree.find("channels.json")) and tree.has(_DAY)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the address of every picture and film in a message."""
        conversations = dict(_conversations(tree))
        for member in tree.matching(_DAY):
            place = conversations.get(_folder(member), _Conversation())
            for message in map(fields, tree.items(member)):
                # Older messages have one `file` instead of a list.
                for file in items(message.get("files")) or items(message.get("file")):
                    yield from _picture(fields(file), message, place, member)

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- an export of Slack's holds none
        """Tell nothing of a picture that another program put there."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conversation:
    """Who reads a conversation, and its name if it has one of its own."""

    audience: Audience = Audience.UNKNOWN
    name: str | None = None


def _conversations(tree: Documents) -> Iterator[tuple[str, _Conversation]]:
    """Yield every conversation with the folder of its days: called by its name, else by its id."""
    for name, audience in _LISTS.items():
        for told in (fields(one) for member in tree.find(name) for one in tree.items(member)):
            called = text(told.get("name"))
            folder = called or text(told.get("id"))
            own = called if called and not _WITHOUT_NAME.search(called) else None
            if folder:
                yield fold(folder), _Conversation(audience=audience, name=own)


def _folder(day: Member) -> str:
    return fold(day.path).split("/")[-2]


def _picture(file: Fields, message: Fields, place: _Conversation, day: Member) -> Iterator[Listed]:
    address = cleaned(text(file.get("url_private")) or text(file.get("url_private_download")))
    if address and (text(file.get("mimetype")) or "").startswith(_PICTURE):
        context = Context(
            platform=Slack.title,
            kind=PictureKind.MESSAGE,
            permalink=cleaned(text(file.get("permalink"))),
            caption=text(message.get("text")),
            time=moment(message.get("ts")),
            album=place.name,
            audience=place.audience,
            listed_in=day.path,
        )
        yield Address(address=address, context=context)
