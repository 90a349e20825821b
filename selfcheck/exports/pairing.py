"""Which sidecar belongs to which picture of Google Photos, and which of either stand alone.

Owns the search: by name first, by the sidecar's title where the name leads nowhere.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from selfcheck.exports.documents import Documents, fold, same_folder
from selfcheck.exports.google_products import REPLACED
from selfcheck.exports.sidecars import clip, sidecar_of, split
from selfcheck.exports.values import Fields, at, fields, text
from selfcheck.model import Member, Missing

SIDECAR_NAME = re.compile(r"\.[a-z0-9]{1,5}(\.[a-z-]*)?(\(\d+\))?\.json$")
# `Photos from 2023`, `Fotos von 2023`: the language is the account's.
YEAR_FOLDER = re.compile(r"^\D*[^\d\W]\D* (1[89]\d\d|20\d\d)$")

_LARGEST = 1 << 20  # bytes; a sidecar has some hundreds, an album with its comments some thousands
_NONE = -1
_MOST_ALIKE = 50  # sidecars of one title, of which one may be meant
_LONGEST_NAME = 51  # UTF-16 units to which Google cuts a picture's name
_NO_PICTURES = re.compile(r"\.(json|html?|csv|txt|xml|xmp|js|css|ics|vcf|mbox|pdf|zip|tgz|gz)$")
_FILMS = re.compile(r"\.(mp4|mov|m4v|mpe?g|3gp|avi|mkv|webm|mts|mp|mv)$")
_ALBUM_MARKS = ("title", "albumData", "sharedAlbumComments", "enrichments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A picture, its sidecar, what that tells, and the album that the picture's folder is."""

    picture: Member
    sidecar: Member
    told: Fields
    album: str | None


def pairs(tree: Documents, *, library: bool) -> Iterator[Pair | Missing]:
    """Yield every picture that has a sidecar, then what sidecars list and no part holds.

    `library` says that this is a Takeout: a title alone leads from one folder of the library to
    another, but of another year, a chat or a drive to none. Elsewhere it stays in its folder.
    """
    named = _by_names(tree)
    loose = _loose(tree, named, library=library)
    for position, path in enumerate(tree.folded()):
        found = named.sidecars[position]
        if found == _NONE and loose.titles:
            found = _by_title(tree, position, path, loose)
        if found == _NONE:
            continue
        listing = tree.members[found]
        told = sidecar(tree, listing)
        if told:
            picture, album = tree.members[position], loose.album(path)
            yield Pair(picture=picture, sidecar=listing, told=told, album=album)
    yield from _missing(tree, loose)


def sidecar(tree: Documents, member: Member) -> Fields | None:
    """Read a picture's sidecar; None for a document of another shape."""
    found = fields(tree.value(member)) if member.size <= _LARGEST else {}
    return found if "photoTakenTime" in found else None


@dataclass(slots=True, kw_only=True)
class _Named:
    """For each member its sidecar's position, which members are sidecars, and of which folders."""

    sidecars: array[int]
    taken: bytearray
    folders: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class _Same:
    """The loose sidecars of one title: thousands may have it, each in a folder of its own."""

    near: dict[str, set[int]] = field(default_factory=dict)  # by the last folder
    wide: dict[str, set[int]] = field(default_factory=dict)  # by how far the title leads


@dataclass(slots=True, kw_only=True)
class _Loose:
    """What the documents hold that no picture's name leads to."""

    library: bool
    albums: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    titles: dict[str, list[int]] = field(default_factory=dict)
    listed: dict[int, str] = field(default_factory=dict)  # a sidecar's position -> its title
    asked: dict[str, _Same] = field(default_factory=dict)  # of `titles`, what was asked for

    def same(self, tree: Documents, title: str) -> _Same | None:
        """Give what is left of the sidecars of a title."""
        if title not in self.asked and title in self.titles:
            same = self.asked[title] = _Same()
            for position in filter(self.listed.__contains__, self.titles[title]):
                folder = _folder(tree.members.path(position))
                same.near.setdefault(folder.rpartition("/")[2], set()).add(position)
                same.wide.setdefault(self.reach(folder), set()).add(position)
        return self.asked.get(title)

    def take(self, tree: Documents, position: int) -> None:
        """Take a sidecar out."""
        folder = _folder(tree.members.path(position))
        for name in _file_names(self.listed.pop(position)) & self.asked.keys():
            self.asked[name].near[folder.rpartition("/")[2]].discard(position)
            self.asked[name].wide[self.reach(folder)].discard(position)

    def elsewhere(self, tree: Documents, same: _Same, picture: int) -> set[int]:
        """Give the sidecars of a title that may mean a picture in another folder."""
        found = same.wide.get(self.reach(_folder(tree.members.path(picture))), ())
        if len(found) > _MOST_ALIKE:
            return set()
        return {p for p in found if _may_mean(tree, p, picture, library=self.library)}

    def reach(self, folder: str) -> str:
        """Say how far a title leads from a folder: through its product, else to its namesakes."""
        return _product(folder) if self.library else folder.rpartition("/")[2]

    def album(self, path: str) -> str | None:
        """Give the title of the album that the folder of a folded path is."""
        found = self.albums.get(_last_folder(path), [])
        here = path.rpartition("/")[0]
        return next((title for there, title in found if same_folder(here, there)), None)


def _by_names(tree: Documents) -> _Named:
    """Find each picture's sidecar by name; opens nothing."""
    count = len(tree.members)
    named = _Named(sidecars=array("q", [_NONE]) * count, taken=bytearray(count))
    holding = {_last_folder(path) for path in tree.folded() if path.endswith(".json")}
    for position, path in enumerate(tree.folded()):
        folder = _last_folder(path)
        if folder not in holding or _NO_PICTURES.search(path):
            continue
        found = sidecar_of(tree, position)
        if found:
            named.sidecars[position] = found[0]
            named.taken[found[0]] = 1
            named.folders.add(folder)
    return named


def _loose(tree: Documents, named: _Named, *, library: bool) -> _Loose:
    """Read the other documents that lie beside pictures or are named like a sidecar."""
    loose = _Loose(library=library)
    for position, path in enumerate(tree.folded()):
        if named.taken[position] or not path.endswith(".json"):
            continue
        if _last_folder(path) in named.folders or SIDECAR_NAME.search(path):
            member = tree.members[position]
            if member.size <= _LARGEST:
                _sort_in(loose, position, member, tree.value(member))
    return loose


def _sort_in(loose: _Loose, position: int, member: Member, found: object) -> None:
    title = text(fields(found).get("title"))
    if "photoTakenTime" in fields(found):
        if title:
            loose.listed[position] = title
            for name in _file_names(title):
                loose.titles.setdefault(name, []).append(position)
    elif found == {} or any(mark in fields(found) for mark in _ALBUM_MARKS):
        # Old albums are wrapped in `albumData`; an album without a title is `{}` (seen 2025).
        folder = member.path.rpartition("/")[0]
        title = title or text(at(found, "albumData", "title")) or folder.rpartition("/")[2]
        loose.albums.setdefault(fold(folder).rpartition("/")[2], []).append((fold(folder), title))


def _by_title(tree: Documents, position: int, path: str, loose: _Loose) -> int:
    """Find a loose sidecar whose title is the picture's name: in its folder, or the only one."""
    folder, _, name = path.rpartition("/")
    if _NO_PICTURES.search(name):
        return _NONE
    for candidate in (name, split(name).whole, split(name).stem):
        same = loose.same(tree, candidate)
        if same is None:
            continue
        alike = same.near.get(folder.rpartition("/")[2], ())
        near = (p for p in alike if same_folder(folder, _folder(tree.members.path(p))))
        found = set(islice(near, 2)) or loose.elsewhere(tree, same, position)
        if len(found) == 1:
            (chosen,) = found
            loose.take(tree, chosen)
            return chosen
    return _NONE


def _file_names(title: str) -> set[str]:
    """Give the file names that a title may have become: characters replaced, length cut."""
    clean = REPLACED.sub("_", title)
    pieces = split(clean)
    stem = pieces.stem + pieces.counter
    short = clip(stem, _LONGEST_NAME - len(pieces.extension)) + pieces.extension
    return {fold(clean), fold(short)}


def _missing(tree: Documents, loose: _Loose) -> Iterator[Missing]:
    for position, title in loose.listed.items():
        if not _FILMS.search(fold(title)):
            path = tree.members.path(position)
            yield Missing(path=f"{path.rpartition('/')[0]}/{title}".lstrip("/"), listed_in=path)


def _last_folder(folded: str) -> str:
    return folded.rpartition("/")[0].rpartition("/")[2]


def _folder(path: str) -> str:
    return fold(path).rpartition("/")[0]


def _may_mean(tree: Documents, sidecar: int, picture: int, *, library: bool) -> bool:
    """Say whether a title may lead from one folder to another.

    Cameras give one name to many pictures, so where another year or no library is, it may not.
    """
    one, other = _folder(tree.members.path(sidecar)), _folder(tree.members.path(picture))
    if not library:  # one folder in two parts may have two roots
        apart = tree.members[sidecar].part != tree.members[picture].part
        return apart and one.rpartition("/")[2] == other.rpartition("/")[2] != ""
    years = {year[1] for f in (one, other) if (year := YEAR_FOLDER.search(f.rpartition("/")[2]))}
    return _product(one) == _product(other) and len(years) <= 1


def _product(folder: str) -> str:
    """Give the name of the folder that a folder lies in."""
    return folder.rpartition("/")[0].rpartition("/")[2]
