"""Discord's data package: the addresses of the pictures that the owner sent.

Owns the layout of its messages; the package holds no picture but the owner's avatar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports.addresses import of_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.values import fields, text
from selfcheck.model import Address, Author, Context, Listed, PictureKind, Rule

# The `c` before the channel's number came in 2021.
_CHANNEL = re.compile(r"(^|/)messages/c?\d{15,20}/channel\.json$")
_MESSAGES = re.compile(r"(^|/)messages/c?\d{15,20}/messages\.(json|csv)$")
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
            csv = fold(member.path).endswith(".csv")
            for row in tree.rows(member) if csv else tree.items(member):
                attached = text(fields(row).get("Attachments")) or ""
                found = (of_picture(address) for address in attached.split())
                yield from (Address(address=a, listed_in=member.path) for a in found if a)

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
