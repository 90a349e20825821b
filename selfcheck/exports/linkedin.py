"""LinkedIn's data archive: the addresses of the pictures in posts and uploads.

Owns which of its tables is read; it holds no picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents
from selfcheck.model import Address, Context, Listed, Member, PictureKind, Rule

_RICH = re.compile(r"(^|/)rich[_ ]media\.csv$")
# LinkedIn tells what was uploaded in a sentence only.
_PICTURE = re.compile(r"\buploaded an? (?!(?:feed )?document\b)", re.IGNORECASE)


class LinkedIn:
    """LinkedIn's own download."""

    name = "linkedin"
    title = "LinkedIn"
    how = (
        "Settings, Data privacy, Get a copy of your data: choose the larger archive. The first "
        "part comes at once without posts and media, the whole one within a day."
    )
    reads = (
        "It holds no picture: the web addresses in Shares and Rich Media are counted and not "
        "fetched. LinkedIn lists only a part of what was uploaded."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with the table of uploads, or those of profile and connections."""
        return tree.has(_RICH) or bool(tree.find("Profile.csv") and tree.find("Connections.csv"))

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the address of every upload that is a picture or film, then those of shares."""
        for member in tree.matching(_RICH):
            for row in tree.rows(member):
                if any(_PICTURE.search(cell) for cell in row.values()):
                    yield from _address(row.get("Media Link"), member)
        for member in tree.find("Shares.csv"):
            for row in tree.rows(member):
                yield from _address(row.get("MediaUrl"), member)

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- no layout with pictures is known
        """Tell nothing of a picture: no archive with pictures was seen yet."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _address(written: str | None, member: Member) -> Iterator[Listed]:
    found = cleaned(written)
    if found:
        yield Address(address=found, listed_in=member.path)
