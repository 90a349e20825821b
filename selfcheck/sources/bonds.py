"""What the lists of members of two archives tell: whether they are parts of one export.

Looks at names only and joins only what two accounts cannot share; where that cannot be told,
archives stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from selfcheck.model import PartInfo, Unreadable
from selfcheck.sources import kinds, names
from selfcheck.sources.reading import Limits
from selfcheck.sources.zip_directory import NoDirectory, directory

# Lists of more names than this are not compared: they would fill the memory.
MOST_NAMES = 1_000_000

_PICTURE = re.compile(r"\.(jpe?g|png|gif|webp|heic|heif|avif|dng|mp4|mov|m4v|3gp)$")
_TAKEOUT = re.compile(r"^takeout/")
_SIDECAR = re.compile(r"(?P<picture>.+\.\w{2,5}?)(?:\.s[a-z-]*)?\.json$")
# "pxl_20230401_101112345": a camera that counts ("img_0001") gives its names to everybody.
_TIMED = re.compile(r"\d{8}[-_ ]?\d{6}[^/]*$")
# An album of Facebook: "posts/media/Mobileuploads_AbCd123456/". Threads have such letters too,
# but belong to everybody who writes in them.
_ALBUM = re.compile(r"(?:^|/)(?:posts/media|photos_and_videos)/[^/]*_(?P<letters>\w{8,})/[^/]+$")
# Flickr: "photo_12345678901.json" in one archive, "title_12345678901_o.jpg" in another.
_FLICKR_SIDECAR = re.compile(r"(?:^|/)photo_(?P<id>\d{8,12})\.json$")
_FLICKR_PICTURE = re.compile(r"(?:^|[/_])(?P<id>\d{8,12})(?:_o|_[^/_]*)?\.\w+$")
# One picture and one sidecar of equal names may be chance where several people's lie together.
_TAKEOUT_LINKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one archive's list of members tells, as hashes of names."""

    root: str | None = None  # the one folder in which everything lies
    pictures: frozenset[int] = frozenset()
    sidecars: frozenset[int] = frozenset()  # of Takeout, by the picture they are for
    timed: frozenset[int] = frozenset()  # those names of both that a clock made
    albums: frozenset[int] = frozenset()
    flickr_sidecars: frozenset[int] = frozenset()
    flickr_pictures: frozenset[int] = frozenset()

    def overlaps(self, other: Content) -> bool:
        """Say whether both hold a picture of the same path: parts of one export do not."""
        return bool(self.pictures & other.pictures or self.sidecars & other.sidecars)

    def bound_to(self, other: Content) -> bool:
        """Say whether both are parts of one export beyond doubt."""
        if self.overlaps(other):
            return False
        links = self._lacking(other) | other._lacking(self)
        ids = self.flickr_sidecars & other.flickr_pictures
        ids |= other.flickr_sidecars & self.flickr_pictures
        return bool(len(links) >= _TAKEOUT_LINKS or self.albums & other.albums or ids)

    def _lacking(self, other: Content) -> frozenset[int]:
        """Give the pictures here whose sidecar is over there, each with neither of both twice."""
        return (self.pictures - self.sidecars) & other.sidecars & self.timed


@dataclass(slots=True, kw_only=True)
class _Names:
    roots: set[str] = field(default_factory=set)
    found: dict[str, set[int]] = field(default_factory=dict)

    def take(self, name: str, *, folder: bool) -> None:
        path = names.matching(name)
        root, _, rest = path.partition("/")
        if root == "__MACOSX" or (folder and not rest):
            return
        self.roots.add(root if rest else "")
        if not folder:
            self._sort(path.casefold(), path)

    def _sort(self, path: str, shown: str) -> None:
        if _PICTURE.search(path):
            self._add("pictures", path)
            self._flickr("flickr_pictures", _FLICKR_PICTURE.search(path))
            if album := _ALBUM.search(shown):
                self._album(album)
        elif path.endswith(".json"):
            self._flickr("flickr_sidecars", _FLICKR_SIDECAR.search(path))
            sidecar = _SIDECAR.match(path) if _TAKEOUT.search(path) else None
            if sidecar and _PICTURE.search(sidecar["picture"]):
                self._add("sidecars", sidecar["picture"])

    def _album(self, album: re.Match[str]) -> None:
        letters = album["letters"]
        if not (letters.islower() or letters.isdigit()) and any(map(str.isdigit, letters)):
            self.found.setdefault("albums", set()).add(hash(album["letters"]))

    def _flickr(self, key: str, found: re.Match[str] | None) -> None:
        if found:
            self.found.setdefault(key, set()).add(int(found["id"]))

    def _add(self, key: str, path: str) -> None:
        mark = hash(path)
        self.found.setdefault(key, set()).add(mark)
        if _TIMED.search(path):
            self.found.setdefault("timed", set()).add(mark)

    def content(self) -> Content:
        root = next(iter(self.roots)) if len(self.roots) == 1 else ""
        return Content(
            root=root or None, **{key: frozenset(marks) for key, marks in self.found.items()}
        )


def content(part: PartInfo, limits: Limits) -> Content | None:
    """Read what a zip's directory tells; None for a tar, and for a zip that has none."""
    if part.kind != kinds.ZIP:
        return None
    try:
        entries = directory(Path(part.path), limits)
        return _told((entry.name, entry.size) for entry in entries)
    except (NoDirectory, Unreadable):
        return None  # it is told when the archive is listed


def _told(entries: Iterable[tuple[str, int]]) -> Content | None:
    gathered = _Names()
    for count, (name, size) in enumerate(entries):
        if count >= MOST_NAMES:
            return None
        gathered.take(name, folder=name.endswith(("/", "\\")) and not size)
    return gathered.content()
