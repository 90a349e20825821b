"""iCloud Photos from privacy.apple.com: the library, its albums and the shared albums.

Owns the names of its tables. Apple writes no captions, people, places or addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from selfcheck.exports.addresses import is_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.dates import written
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.values import text
from selfcheck.model import (
    Audience,
    Context,
    Member,
    Missing,
    Moment,
    Picture,
    PictureKind,
    Rule,
    Unreadable,
)

_DETAILS = re.compile(r"(^|/)(photo|shared library) details[^/]*\.csv$")
_SHARED_LIBRARY = re.compile(r"(^|/)shared library details[^/]*\.csv$")
_TABLE = re.compile(r"\.csv$")
_ALBUM_INFO = "albuminfo.json"
# Of an album, of `Hidden` and `Favorites`, of a memory: the header varies, the column is one.
_ONE_COLUMN = frozenset({"images", "imgname", "imagename"})
_AUTOMATIC = frozenset({"raw", "hidden", "favorites"})
_HEADER = 1000  # bytes
_FIRST_TABLES = 20  # a renamed table of details is looked for in that many

_LIBRARY_FOLDER = re.compile(r"(^|/)(photos|recently deleted)/[^/]+$")
_SHARED_FOLDER = re.compile(r"(^|/)my albums/([^/]+)/[^/]+$")


class ICloud:
    """Apple's download of iCloud Photos."""

    name = "icloud"
    title = "iCloud Photos"
    how = (
        "Open privacy.apple.com, ask for a copy of your data and choose iCloud Photos. Download "
        "every part, and name them all in one scan; the zips inside the first one are read as well."
    )
    reads = (
        "Times and albums of the library's photos and films, and the shared albums; captions, "
        "people and places Apple does not write down."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with Apple's tables of photos or a shared album's own file."""
        if tree.has(_DETAILS) or tree.find(_ALBUM_INFO):
            return True
        tables = (m for m in tree.members if _TABLE.search(fold(m.path)))
        return any(_has_details(tree, member) for member in islice(tables, _FIRST_TABLES))

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield the rows of the tables of details, then what only albums list, then shared ones."""
        albums = _albums(tree)
        for member in tree.matching(_TABLE):
            yield from _library(tree, member, albums)
        yield from _only_in_albums(tree, albums)
        yield from _shared(tree)

    def unlisted(self, path: str) -> Context:
        """Give what the folder tells: the library, or a shared album and its name."""
        shared = _SHARED_FOLDER.search(fold(path))
        if shared:
            return _in_shared_album(path)
        library = bool(_LIBRARY_FOLDER.search(fold(path)))
        return Context(
            platform=self.title,
            kind=PictureKind.LIBRARY if library else PictureKind.FILE,
            time=time_in(path),
            audience=Audience.PRIVATE if library else Audience.UNKNOWN,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Album:
    """A line of an album's table: the file's name; the album has the table's name."""

    name: str
    title: str
    listed_in: str


def _has_details(tree: Documents, member: Member) -> bool:
    try:
        with tree.open(member) as stream:
            header = stream.read(_HEADER).split(b"\n")[0]
    except (Unreadable, OSError, EOFError):
        return False
    return b"imgName" in header and b"fileChecksum" in header


def _albums(tree: Documents) -> dict[str, list[_Album]]:
    """Map each file name that albums and memories list to them; the names are all they tell."""
    found: dict[str, list[_Album]] = {}
    for member in tree.matching(_TABLE):
        title = _stem(member.path)
        if title in _AUTOMATIC or _DETAILS.search(fold(member.path)):
            continue
        shown = member.path.rpartition("/")[2][:-4].strip()
        for row in tree.rows(member):
            column, name = next(iter(row.items()), ("", ""))
            if len(row) != 1 or column.casefold() not in _ONE_COLUMN:
                break
            if text(name) and shown:
                album = _Album(name=name.strip(), title=shown, listed_in=member.path)
                found.setdefault(fold(album.name), []).append(album)
    return found


def _library(
    tree: Documents, table: Member, albums: dict[str, list[_Album]]
) -> Iterator[Picture | Missing]:
    """Yield the photos of one table of details, each once for every album it is in."""
    shared = bool(_SHARED_LIBRARY.search(fold(table.path)))
    audience = Audience.GROUP if shared else Audience.PRIVATE
    for row in tree.rows(table):
        name = text(row.get("imgName"))
        if "fileChecksum" not in row and "originalCreationDate" not in row:
            return
        if name:
            deleted = row.get("deleted", "").strip().casefold() == "yes"
            members = _beside(tree, table, name, deleted=deleted)
            time = written(row.get("originalCreationDate"))
            listed = _listed(tree, name, albums)
            for number, member in enumerate(members):
                yield from _pictures(member, table, time, audience, listed if not number else ())
            if not members:
                yield Missing(path=_in_folder(table, name), listed_in=table.path)


def _listed(tree: Documents, name: str, albums: dict[str, list[_Album]]) -> Sequence[_Album]:
    """Take a name's albums; none where several photos have the name, as albums give no more."""
    found = albums.pop(fold(name), [])
    return found if len(_named(tree, name)) == 1 else []


def _pictures(
    member: Member,
    table: Member,
    time: Moment | None,
    audience: Audience,
    albums: Sequence[_Album],
) -> Iterator[Picture]:
    for album in albums or (None,):
        context = Context(
            platform=ICloud.title,
            kind=PictureKind.ALBUM if album else PictureKind.LIBRARY,
            time=time,
            album=album.title if album else None,
            audience=audience,
            listed_in=album.listed_in if album else table.path,
        )
        yield Picture(member=member, context=context)


def _only_in_albums(
    tree: Documents, albums: Mapping[str, Sequence[_Album]]
) -> Iterator[Picture | Missing]:
    """Yield what albums list and no table of details does: those may be empty files."""
    for name, listed in albums.items():
        members = _named(tree, name)
        if len(members) == 1:
            yield from _pictures(members[0], members[0], None, Audience.PRIVATE, listed)
        elif not members:
            yield Missing(path=listed[0].name, listed_in=listed[0].listed_in)


def _shared(tree: Documents) -> Iterator[Picture]:
    """Yield the pictures of shared albums: in their folder, or beside an album's own file."""
    folders = {_folder(member.path) for member in tree.find(_ALBUM_INFO)}
    for member in tree.members:
        shared = _folder(member.path) in folders or _SHARED_FOLDER.search(fold(member.path))
        if shared and is_picture(member.path):
            yield Picture(member=member, context=_in_shared_album(member.path))


def _in_shared_album(path: str) -> Context:
    # Who added a picture is not known: the keys of `AlbumInfo.json` were never documented.
    return Context(
        platform=ICloud.title,
        kind=PictureKind.ALBUM,
        time=time_in(path),
        album=path.rpartition("/")[0].rpartition("/")[2].strip() or None,
        audience=Audience.GROUP,
    )


def _beside(tree: Documents, table: Member, name: str, *, deleted: bool) -> Sequence[Member]:
    """Find a table's photo: other parts have other photos of that name (immich-go, issue 1314).

    It lies in the table's folder, or in the one beside it (`Recently Deleted`).
    """
    found, here = _named(tree, name), _folder(table.path)
    inside = [m for m in found if _folder(m.path) == here]
    above = here.rpartition("/")[0]
    aside = [m for m in found if _folder(m.path) != here and _above(m.path) == above]
    near = (aside or inside) if deleted else (inside or aside)
    if near:
        return [m for m in near if m.part == table.part] or near
    return found if len(found) == 1 else []


def _named(tree: Documents, name: str) -> list[Member]:
    """Give the library's photos of a name; shared albums hold smaller copies."""
    found = (tree.members[i] for i in tree.positions(name))
    return [m for m in found if not _SHARED_FOLDER.search(fold(m.path))]


def _above(path: str) -> str:
    return _folder(path).rpartition("/")[0]


def _in_folder(table: Member, name: str) -> str:
    return f"{table.path.rpartition('/')[0]}/{name}".lstrip("/")


def _folder(path: str) -> str:
    return fold(path).rpartition("/")[0]


def _stem(path: str) -> str:
    return fold(path).rpartition("/")[2].removesuffix(".csv")
