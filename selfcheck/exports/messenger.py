"""Messenger's download of end-to-end encrypted chats, which Facebook's own download lacks.

Owns how it is recognised; what a conversation says is `threads`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selfcheck.exports import threads
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.facebook import Facebook
from selfcheck.exports.meta import Download, Owner
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import fields
from selfcheck.model import Context, Listed, Member, PictureKind, Rule

# One document for each conversation, named after it and numbered: `Bo Example_12.json`.
_THREAD = re.compile(r"_\d+\.json$")
_MEDIA = re.compile(r"(^|/)media/[^/]+$")
_ENOUGH = 10  # documents to look into before a tree counts as something else


class Messenger:
    """Messenger's own download of encrypted chats."""

    name = "messenger"
    title = "Messenger"
    how = (
        "On messenger.com: Privacy & safety, End-to-end encrypted chats, Message storage, "
        "Download message storage data. Facebook's download does not hold these chats."
    )
    reads = (
        "End-to-end encrypted chats: pictures and films with sender, time, text and the name of "
        "the group; which of the people is you, this download does not tell."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim conversations in Messenger's form beside their `media` folder."""
        if not tree.has(_MEDIA) or Facebook().claims(tree):
            return False
        likely = tree.such(_THREAD)
        return any(_is_conversation(tree, member) for member in islice(likely, _ENOUGH))

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the pictures of every conversation."""
        download = Download(tree=tree, uris=Uris(tree), owner=Owner(), platform=self.title)
        for member in tree.matching(_THREAD):
            shape = tree.shape(member)
            if threads.is_thread(shape):
                yield from threads.read(download, member, shape)

    def unlisted(self, path: str) -> Context:
        """Tell a message's picture by its folder."""
        kind = PictureKind.MESSAGE if _MEDIA.search(fold(path)) else PictureKind.FILE
        return Context(platform=self.title, kind=kind)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _is_conversation(tree: Documents, member: Member) -> bool:
    """Look at the first of each list only: those of Facebook and Instagram hold objects."""
    if not isinstance(next(tree.items(member, "participants"), None), str):
        return False
    message = next(tree.items(member, "messages"), None)
    if message is None:  # an empty one, of which there may be many
        return "threadName" in tree.shape(member).values
    return "senderName" in fields(message)
