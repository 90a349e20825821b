"""LinkedIn's data archive: the addresses of the pictures in posts and uploads.

Owns which of its tables is read; it holds no picture.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from selfcheck.exports.addresses import cleaned
from selfcheck.exports.contract import system_file
from selfcheck.exports.dates import written
from selfcheck.exports.documents import Documents
from selfcheck.exports.values import iso, text
from selfcheck.model import Address, Audience, Author, Context, Listed, Member, PictureKind, Rule

_RICH = re.compile(r"(^|/)rich[_ ]media\.csv$")
# LinkedIn tells what was uploaded, and when, in a sentence only.
_UPLOADED = re.compile(
    r"\buploaded an? (?!(?:feed )?document\b)(?P<what>.*?)(?: on (?P<when>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
_KINDS = (
    ("banner", PictureKind.COVER),
    ("profile", PictureKind.PROFILE),
    ("feed", PictureKind.POST),
)
# What `MEMBER_NETWORK` comprises, which most shares have, nobody has written down.
_AUDIENCES = {"PUBLIC": Audience.PUBLIC, "CONNECTIONS": Audience.FRIENDS}
_URN = re.compile(r"\burn:li:(?:share|ugcPost|activity):\d+")
_WORD = re.compile(r"\w")


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
                uploaded = next(filter(None, map(_UPLOADED.search, row.values())), None)
                address = cleaned(row.get("Media Link"))
                if uploaded and address:
                    yield Address(address=address, context=_upload(uploaded, row, member))
        for member in tree.find("Shares.csv"):
            for row in tree.rows(member):
                address = cleaned(row.get("MediaUrl"))
                if address:
                    yield Address(address=address, context=_share(row, member))

    def unlisted(self, path: str) -> Context:  # noqa: ARG002 -- no layout with pictures is known
        """Tell nothing of a picture: no archive with pictures was seen yet."""
        return Context(platform=self.title, kind=PictureKind.FILE)

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _upload(uploaded: re.Match[str], row: Mapping[str, str], member: Member) -> Context:
    """Tell what was uploaded and when; who may see it, the table does not say."""
    what = uploaded["what"].casefold()
    words = text(html.unescape(row.get("Media Description", "")))
    return Context(
        platform=LinkedIn.title,
        kind=next((kind for word, kind in _KINDS if word in what), PictureKind.FILE),
        # Each letter that is not Latin is a question mark in this table.
        caption=words if words and _WORD.search(words) else None,
        time=written(uploaded["when"]),
        author=Author.OWNER,
        listed_in=member.path,
    )


def _share(row: Mapping[str, str], member: Member) -> Context:
    urn = _URN.search(unquote(row.get("ShareLink", "")))
    # Each line break of a text stands between quotes that nobody wrote.
    words = row.get("ShareCommentary", "").replace('"\n"', "\n")
    return Context(
        platform=LinkedIn.title,
        kind=PictureKind.POST,
        permalink=f"https://www.linkedin.com/feed/update/{urn[0]}/" if urn else None,
        caption=text(html.unescape(words)),
        time=iso(row.get("Date")),
        author=Author.OWNER,
        audience=_AUDIENCES.get(row.get("Visibility", "").strip(), Audience.UNKNOWN),
        listed_in=member.path,
    )
