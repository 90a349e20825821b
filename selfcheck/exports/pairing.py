"""Which sidecar belongs to which picture of Google Photos, and which of either stand alone.

Owns the search: by name first, by the sidecar's title where the name leads nowhere.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.sidecars import clip, same_folder, sidecar_of, split
from selfcheck.exports.values import Fields, at, fields, text
from selfcheck.model import Member, Missing

SIDECAR_NAME = re.compile(r"\.[a-z0-9]{1,5}(\.[a-z-]*)?(\(\d+\))?\.json$")

_LARGEST = 1 << 20  # bytes; a sidecar has some hundreds, an album with its comments some thousands
_NONE = -1
_LONGEST_NAME = 51  # UTF-16 units to which Google cuts a picture's name
_REPLACED = re.compile(r'[\\/:*?"<>|&%]')
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

    `library` says that other products lie beside Google Photos: a title alone leads from one
    folder of the library to another, never to a picture of a chat or a drive.
    """
    named = _by_names(tree)
    loose = _loose(tree, named)
    for position, member in enumerate(tree.members):
        found = named.sidecars[position]
        if found == _NONE and loose.titles:
            found = _by_title(tree, position, loose, library=library)
        told = sidecar(tree, tree.members[found]) if found != _NONE else None
        if told:
            album = loose.album(member.path)
            yield Pair(picture=member, sidecar=tree.members[found], told=told, album=album)
    yield from _missing(tree, loose)


def sidecar(tree: Documents, member: Member) -> Fields | None:
    """Read a picture's sidecar; None for a document of another shape."""
    found = fields(tree.value(member)) if member.size <= _LARGEST else {}
    return found if "photoTakenTime" in found else None


def last_folder(path: str) -> str:
    """Give the folded name of the folder that a file lies in."""
    return _folder(path).rpartition("/")[2]


@dataclass(slots=True, kw_only=True)
class _Named:
    """For each member its sidecar's position, which members are sidecars, and of which folders."""

    sidecars: array[int]
    taken: bytearray
    folders: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class _Loose:
    """What the documents hold that no picture's name leads to."""

    albums: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    titles: dict[str, list[int]] = field(default_factory=dict)
    listed: dict[int, str] = field(default_factory=dict)  # a sidecar's position -> its title

    def album(self, path: str) -> str | None:
        """Give the title of the album that a picture's folder is."""
        found = self.albums.get(last_folder(path), [])
        return next((title for there, title in found if same_folder(_folder(path), there)), None)


def _by_names(tree: Documents) -> _Named:
    """Find each picture's sidecar by name; opens nothing."""
    count = len(tree.members)
    named = _Named(sidecars=array("q", [_NONE]) * count, taken=bytearray(count))
    holding = {last_folder(m.path) for m in tree.members if m.path[-5:].casefold() == ".json"}
    for position, member in enumerate(tree.members):
        if last_folder(member.path) not in holding or _NO_PICTURES.search(fold(member.path)):
            continue
        found = sidecar_of(tree, position)
        if found:
            named.sidecars[position] = found[0]
            named.taken[found[0]] = 1
            named.folders.add(last_folder(member.path))
    return named


def _loose(tree: Documents, named: _Named) -> _Loose:
    """Read the other documents that lie beside pictures or are named like a sidecar."""
    loose = _Loose()
    for position, member in enumerate(tree.members):
        name = fold(member.path)
        if named.taken[position] or not name.endswith(".json") or member.size > _LARGEST:
            continue
        if last_folder(name) in named.folders or SIDECAR_NAME.search(name):
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
        loose.albums.setdefault(last_folder(member.path), []).append((fold(folder), title))


def _by_title(tree: Documents, position: int, loose: _Loose, *, library: bool) -> int:
    """Find a loose sidecar whose title is the picture's name: in its folder, or the only one."""
    folder, _, name = fold(tree.members[position].path).rpartition("/")
    if _NO_PICTURES.search(name):
        return _NONE
    for candidate in (name, split(name).whole, split(name).stem):
        found = [p for p in loose.titles.get(candidate, []) if p in loose.listed]
        near = [p for p in found if same_folder(folder, _folder(tree.members[p].path))]
        if library and not near:
            found = [
                p for p in found if _product(_folder(tree.members[p].path)) == _product(folder)
            ]
        if len(near) == 1 or len(found) == 1:
            chosen = (near or found)[0]
            del loose.listed[chosen]
            return chosen
    return _NONE


def _file_names(title: str) -> set[str]:
    """Give the file names that a title may have become: characters replaced, length cut."""
    clean = _REPLACED.sub("_", title)
    pieces = split(clean)
    stem = pieces.stem + pieces.counter
    short = clip(stem, _LONGEST_NAME - len(pieces.extension)) + pieces.extension
    return {fold(clean), fold(short)}


def _missing(tree: Documents, loose: _Loose) -> Iterator[Missing]:
    for position, title in loose.listed.items():
        if not _FILMS.search(fold(title)):
            path = tree.members[position].path
            yield Missing(path=f"{path.rpartition('/')[0]}/{title}".lstrip("/"), listed_in=path)


def _folder(path: str) -> str:
    return fold(path).rpartition("/")[0]


def _product(folder: str) -> str:
    """Give the name of the folder that a folder lies in."""
    return folder.rpartition("/")[0].rpartition("/")[2]
