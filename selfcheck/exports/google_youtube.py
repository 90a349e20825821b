"""YouTube in a Takeout: the owner's films and the pictures of community posts.

Owns its tables (CSV). Films are named by their title alone, so a table's row is matched by title;
where several rows have one title, only what they agree on is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.google_products import PICTURES, Folders, located, name_of
from selfcheck.exports.sidecars import split
from selfcheck.exports.values import iso, place, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    Moment,
    Picture,
    PictureKind,
    Place,
)

# The brand begins the folder's name in every language seen; an album of that name has no folders.
FOLDER = re.compile(r"^(?!(.*/)?drive/)(.*/)?youtube[^/]*/[^/]+/")
_TABLE = re.compile(r"\.csv$")
_FILM = re.compile(r"\.(mp4|webm|mkv|mov|m4v|avi|mpe?g|3gp|wmv|flv)$")
_FILMS = re.compile(r"(^|/)videos[^/]*\.csv$")  # in English and German
_MILLISECONDS = "(ms)"  # of a film's length: the one heading that is alike in all languages
_ID = re.compile(r"[\w-]{11}")
_IMAGE = re.compile(r"^(image name|name für bild)\b")
_TITLES = ("Video Title (Original)", "Video title (original)", "Videotitel (Original)")
_DESCRIPTIONS = ("Video Description (Original)", "Videobeschreibung (Original)")
_TEXTS = ("Post text", "Text des Beitrags")
_TIMES = ("Video Publish Timestamp", "Video Create Timestamp")
_AUDIENCES = {
    "public": Audience.PUBLIC,
    "unlisted": Audience.UNLISTED,
    "private": Audience.PRIVATE,
}
_LONGEST_TITLE = 100
_CUT = 40  # characters of a file's name that may be the start of a longer title
_START = 10  # letters and digits by which such names are found

Row: TypeAlias = Mapping[str, str]


def read(tree: Documents, platform: str) -> Iterator[Listed]:
    """Yield the pictures of posts and the films that tables miss, then the films they list."""
    found = (table for table in tree.matching(_TABLE) if FOLDER.search(fold(table.path)))
    tables = [(table, next(tree.rows(table), {})) for table in found]
    films, folders = _Films.of(tree), Folders.of(tree, (table for table, _ in tables))
    places = {v: spot for table, head in tables for v, spot in _places(tree, table, head)}
    for table, head in tables:
        if _FILMS.search(fold(table.path)) or any(_MILLISECONDS in name for name in head):
            for row in tree.rows(table):
                yield from films.match(row, _film(row, table, places, platform))
        else:
            yield from _posts(folders, tree, table, platform)
    for position, (_, context) in films.told.items():
        yield Picture(member=tree.members[position], context=context)


@dataclass(slots=True, kw_only=True)
class _Films:
    """The films by the letters and digits of their names, and what tables tell of each."""

    whole: dict[str, list[int]] = field(default_factory=dict)
    numbered: dict[str, list[int]] = field(default_factory=dict)  # without the counter
    cut: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    told: dict[int, tuple[bool, Context]] = field(default_factory=dict)  # and whether it is sure

    @classmethod
    def of(cls, tree: Documents) -> _Films:
        """Index the films of a tree."""
        films = cls()
        for position, path in enumerate(tree.folded()):
            if _FILM.search(path) and FOLDER.search(path):
                films.add(position, name_of(tree.members.path(position)).rpartition(".")[0])
        return films

    def add(self, position: int, name: str) -> None:
        """Index one film by its name without extension."""
        pieces = split(f"{name}.mp4")
        self.whole.setdefault(_key(name), []).append(position)
        if pieces.counter:
            self.numbered.setdefault(_key(pieces.stem), []).append(position)
        start = _key(pieces.stem)
        if len(pieces.stem) >= _CUT and len(start) >= _START:
            self.cut.setdefault(start[:_START], []).append((start, position))

    def match(self, row: Row, context: Context) -> Iterator[Missing]:
        """Take what a row tells for its films; yield that it has none."""
        title = next((t for name in _TITLES if (t := text(row.get(name)))), None)
        # Under headings of another language the cell that is a film's name is its title.
        cells = [title] if title else sorted(_titles(row), key=len, reverse=True)
        key = next((k for k in map(_key, cells) if k in self.whole or k in self.numbered), None)
        key = key or (_key(title) if title else "")
        sure = self.whole.get(key, [])
        unsure = self.numbered.get(key) or ([] if sure else self._cut(key))
        for position in sure:
            self._tell(position, context, sure=True)
        for position in unsure:
            self._tell(position, context, sure=False)
        if title and not sure and not unsure:
            product = (context.listed_in or "").rpartition("/")[0].rpartition("/")[0]
            yield Missing(path=f"{product}/{title}".lstrip("/"), listed_in=context.listed_in or "")

    def _cut(self, key: str) -> list[int]:
        return [p for start, p in self.cut.get(key[:_START], []) if key.startswith(start)]

    def _tell(self, position: int, context: Context, *, sure: bool) -> None:
        before = self.told.get(position)
        if before and before[0] == sure:
            context = _agreed(before[1], context)
        if not before or before[0] <= sure:
            self.told[position] = (sure, context)


def _film(row: Row, table: Member, places: Mapping[str, Place], platform: str) -> Context:
    video = next(iter(row.values()), "").strip()
    known = _ID.fullmatch(video)
    titles = [text(row.get(name)) for name in (*_TITLES, *_DESCRIPTIONS)]
    return Context(
        platform=platform,
        kind=PictureKind.POST,
        permalink=f"https://www.youtube.com/watch?v={video}" if known else None,
        permalink_derived=bool(known),
        caption="\n".join(title for title in titles if title) or None,
        time=_time(row),
        author=Author.OWNER,
        audience=_AUDIENCES.get(row.get("Privacy", "").strip().casefold(), Audience.UNKNOWN),
        place=places.get(video),
        listed_in=table.path,
    )


def _agreed(one: Context, other: Context) -> Context:
    """Keep what two rows of one title have in common."""
    alike = one.permalink == other.permalink
    return replace(
        one,
        permalink=one.permalink if alike else None,
        permalink_derived=one.permalink_derived and alike,
        caption=one.caption if one.caption == other.caption else None,
        time=one.time if one.time == other.time else None,
        audience=one.audience if one.audience is other.audience else Audience.UNKNOWN,
        place=one.place if one.place == other.place else None,
    )


def _posts(folders: Folders, tree: Documents, table: Member, platform: str) -> Iterator[Listed]:
    """Yield the pictures that a table names and that lie beside it."""
    for row in tree.rows(table):
        for heading, cell in row.items():
            name = cell.strip()
            if not PICTURES.search(fold(name)) or "/" in name:
                continue
            found = folders.beside(table, name)
            if found or _IMAGE.search(fold(heading)):
                yield from located(found, _post(row, table, platform), name, table)


def _post(row: Row, table: Member, platform: str) -> Context:
    return Context(
        platform=platform,
        kind=PictureKind.POST,
        caption=next((t for name in _TEXTS if (t := text(row.get(name)))), None),
        time=_time(row),
        author=Author.OWNER,
        listed_in=table.path,
    )


def _places(tree: Documents, table: Member, head: Row) -> Iterator[tuple[str, Place]]:
    north, east = "Video Recording Latitude", "Video Recording Longitude"
    for row in tree.rows(table) if north in head else ():
        address = text(row.get("Video Recording Address"))
        spot = place(row.get(north), row.get(east), address)
        if spot:
            yield row.get("Video ID", "").strip(), spot


def _time(row: Row) -> Moment | None:
    """Give when a row says it was published, or the first time that it tells at all."""
    cells = [row.get(name) for name in _TIMES]
    cells += [cell for cell in row.values() if "T" in cell and ":" in cell]
    return next((found for cell in cells if (found := iso(cell))), None)


def _titles(row: Row) -> list[str]:
    cells = (text(cell) for cell in row.values())
    return [cell for cell in cells if cell and len(cell) <= _LONGEST_TITLE]


def _key(title: str) -> str:
    """Give what is left of a title in a file's name, whichever characters are replaced."""
    folded = fold(title)
    return "".join(filter(str.isalnum, folded)) or folded
