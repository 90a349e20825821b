"""Strava's export of an account: the pictures of activities, and the portrait.

Owns the columns of `activities.csv`. Pictures carry no position of their own there; that of the
activity's track is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selfcheck.exports.contract import system_file
from selfcheck.exports.dates import written
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.uris import Uris
from selfcheck.exports.values import text
from selfcheck.model import Author, Context, Member, Missing, Picture, PictureKind, Rule

_ACTIVITIES = "activities.csv"
# Names and values are in the account's language. This is how an English table begins (2025).
_COLUMNS = (
    "Activity ID",
    "Activity Date",
    "Activity Name",
    "Activity Type",
    "Activity Description",
)
_SEPARATORS = re.compile(r"[|;]")
_MEDIA = re.compile(r"^media/[^/]+$")
_MEDIA_FILE = re.compile(r"(^|/)media/[^/]+$")
_PORTRAIT = re.compile(r"(^|/)profile\.(jpe?g|png|webp)$")


class Strava:
    """Strava's own download."""

    name = "strava"
    title = "Strava"
    how = (
        "On strava.com open Settings, My Account, Download or Delete Your Account, and request "
        "the archive; do not go on to the step that deletes the account."
    )
    reads = (
        "The pictures and films of activities with the activity's name, description, time and "
        "page, and the portrait; who could see them, the export does not tell."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with the tables of activities and of the profile."""
        return bool(tree.find(_ACTIVITIES) and tree.find("profile.csv"))

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield the pictures of every activity."""
        uris = Uris(tree)
        for table in tree.find(_ACTIVITIES):
            for row in tree.rows(table):
                for uri in _media(row):
                    members = uris.members(uri, table)
                    for member in members:
                        yield Picture(member=member, context=_context(row, table))
                    if not members:
                        yield Missing(path=uri, listed_in=table.path)

    def unlisted(self, path: str) -> Context:
        """Give what the path tells: an activity's picture or the portrait, both the owner's."""
        folded = fold(path)
        if _PORTRAIT.search(folded):
            return Context(platform=self.title, kind=PictureKind.PROFILE, author=Author.OWNER)
        if _MEDIA_FILE.search(folded):
            return Context(platform=self.title, kind=PictureKind.POST, author=Author.OWNER)
        return Context(platform=self.title, kind=PictureKind.FILE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _media(row: Mapping[str, str]) -> Iterator[str]:
    """Yield the paths in a row, whatever its column of media is called."""
    for cell in row.values():
        if cell.startswith("media/"):
            parts = (part.strip() for part in _SEPARATORS.split(cell))
            yield from (part for part in parts if _MEDIA.search(part))


def _context(row: Mapping[str, str], table: Member) -> Context:
    number, date, name, _, description = _first_columns(row)
    page = f"https://www.strava.com/activities/{number}" if number and number.isdecimal() else None
    words = dict.fromkeys(t for t in (name, description) if t)
    return Context(
        platform=Strava.title,
        kind=PictureKind.POST,
        permalink=page,
        permalink_derived=page is not None,
        caption="\n".join(words) or None,
        time=written(date),
        author=Author.OWNER,
        listed_in=table.path,
    )


def _first_columns(row: Mapping[str, str]) -> tuple[str | None, ...]:
    """Give the first five cells: by name if the names are English, else by their place.

    Other names are there twice (`Distance`), so a row by names has lost some of its cells.
    """
    cells = [row.get(name) for name in _COLUMNS]
    first = next(iter(row.values()), "").strip()
    if cells[0] is None and first.isdecimal():
        cells = [*row.values(), *(None for _ in _COLUMNS)][: len(_COLUMNS)]
    return tuple(text(cell) for cell in cells)
