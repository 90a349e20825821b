"""Slack's export of a workspace: the addresses of the pictures in its conversations.

Owns the layout of the days' files. Addresses carry a token that opens every file: it is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.exports.values import Fields, fields, items, text
from selfcheck.model import Address, Context, Listed, PictureKind, Rule

_DAY = re.compile(r"(^|/)[^/]+/\d{4}-\d\d-\d\d\.json$")
_SECRET = re.compile("xoxe-", re.IGNORECASE)
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
        for member in tree.matching(_DAY):
            for message in tree.items(member):
                for address in _addresses(fields(message)):
                    yield Address(address=address, listed_in=member.path)

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- an export of Slack's holds none
        """Tell nothing of a picture that another program put there."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _addresses(message: Fields) -> Iterator[str]:
    # Older messages have one `file` instead of a list.
    for item in (*items(message.get("files")), *items(message.get("file"))):
        told = fields(item)
        address = cleaned(text(told.get("url_private")) or text(told.get("url_private_download")))
        picture = (text(told.get("mimetype")) or "").startswith(_PICTURE)
        if picture and address and not _SECRET.search(address):
            yield address
