"""Discord's data package: the addresses of the pictures that the owner sent.

Owns the layout of its messages and channels; the package holds no picture but the owner's
avatar, and no message but the owner's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selfcheck.exports.addresses import of_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.values import Fields, at, fields, items, number, text, utc
from selfcheck.model import (
    Address,
    Audience,
    Author,
    Context,
    Listed,
    Member,
    PictureKind,
    Rule,
)

# The `c` before the channel's number came in 2021.
_CHANNEL = re.compile(r"(^|/)messages/c?\d{15,20}/channel\.json$")
_MESSAGES = re.compile(r"(^|/)messages/c?\d{15,20}/messages\.(json|csv)$")
# A channel's type as a number, and as newer packages write it.
_DIRECT, _GROUP = frozenset({1, "DM"}), frozenset({3, "GROUP_DM"})
_PAIR = 2
_AVATAR = re.compile(r"(^|/)account/avatar[^/]*$")


class Discord:
    """Discord's own download."""

    name = "discord"
    title = "Discord"
    how = (
        "User Settings, Data & Privacy, Request all of my data: choose messages and account. "
        "The link in the mail is valid for 30 days."
    )
    reads = (
        "The avatar; of the pictures that you sent the package holds only web addresses, which "
        "are counted and not fetched."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a channel's folder and the index of all channels."""
        return bool(tree.find("messages/index.json")) and tree.has(_CHANNEL)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the address of every picture attached to a message."""
        for member in tree.matching(_MESSAGES):
            channel = _channel(tree, member)
            csv = fold(member.path).endswith(".csv")
            for row in tree.rows(member) if csv else tree.items(member):
                told = fields(row)
                attached = text(told.get("Attachments")) or ""
                found = (of_picture(address) for address in attached.split())
                words, time = text(told.get("Contents")), utc(told.get("Timestamp"))
                context = replace(channel, caption=words, time=time)
                yield from (Address(address=a, context=context) for a in found if a)

    def unlisted(self, path: str) -> Context:
        """Tell the owner's avatar from everything else."""
        avatar = bool(_AVATAR.search(fold(path)))
        return Context(
            platform=self.title,
            kind=PictureKind.PROFILE if avatar else PictureKind.FILE,
            author=Author.OWNER if avatar else Author.UNKNOWN,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _channel(tree: Documents, messages: Member) -> Context:
    """Give what holds for every message of a channel, from the document beside them."""
    beside = tree.beside(messages, "channel.json")
    channel = fields(tree.value(beside[0])) if beside else {}
    audience = _audience(channel)
    # A direct message has no name of its own; a server is known by its own, not its channels'.
    server = text(at(channel, "guild", "name"))
    named = text(channel.get("name")) if not channel.get("guild") else None
    return Context(
        platform=Discord.title,
        kind=PictureKind.MESSAGE,
        author=Author.OWNER,
        album=server or named if audience is Audience.GROUP else None,
        audience=audience,
        listed_in=messages.path,
    )


def _audience(channel: Fields) -> Audience:
    """Tell a server and a group from a direct message."""
    kind = number(channel.get("type")) or text(channel.get("type"))
    several = len(items(channel.get("recipients"))) > _PAIR
    if fields(channel.get("guild")) or kind in _GROUP or several:
        return Audience.GROUP
    return Audience.DIRECT if kind in _DIRECT else Audience.UNKNOWN
