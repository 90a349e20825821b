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
from selfcheck.sources.zip_entry import Entry

# Of all archives together no more names are compared than this: they would fill the memory.
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
    compared: bool = True  # False: too many names to tell anything
    pictures: frozenset[int] = frozenset()
    sidecars: frozenset[int] = frozenset()  # of Takeout, by the picture they are for
    timed: frozenset[int] = frozenset()  # those names of both that a clock made
    albums: frozenset[int] = frozenset()
    flickr_sidecars: frozenset[int] = frozenset()
    flickr_pictures: frozenset[int] = frozenset()

    @property
    def telling(self) -> bool:
        """Whether anything here could bind it to another archive."""
        return bool(self.timed or self.albums or self.flickr_sidecars or self.flickr_pictures)

    def overlaps(self, other: Content) -> bool:
        """Say whether both hold a picture of the same path: parts of one export do not.

        What cannot be compared counts as overlapping.
        """
        if not self.compared or not other.compared:
            return True
        return bool(self.pictures & other.pictures or self.sidecars & other.sidecars)

    def bound_to(self, other: Content) -> bool:
        """Say whether both are parts of one export beyond doubt."""
        if not self.telling or not other.telling or self.overlaps(other):
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
        """Give what the names told."""
        root = next(iter(self.roots)) if len(self.roots) == 1 else ""
        return Content(
            root=root or None,
            pictures=self._marks("pictures"),
            sidecars=self._marks("sidecars"),
            timed=self._marks("timed"),
            albums=self._marks("albums"),
            flickr_sidecars=self._marks("flickr_sidecars"),
            flickr_pictures=self._marks("flickr_pictures"),
        )

    def _marks(self, key: str) -> frozenset[int]:
        return frozenset(self.found.get(key, ()))


class Lists:
    """Reads what the directories of several archives tell, and no more than can be held."""

    def __init__(self, limits: Limits, most: int | None = None) -> None:
        """Begin with all the room there is."""
        self._limits = limits
        self._left = MOST_NAMES if most is None else most

    def content(self, part: PartInfo) -> Content | None:
        """Give what a zip's directory tells; None for a tar, and for a zip that has none."""
        if part.kind != kinds.ZIP:
            return None
        try:
            return self._told(directory(Path(part.path), self._limits))
        except (NoDirectory, Unreadable):
            return None  # it is told when the archive is listed

    def _told(self, entries: Iterable[Entry]) -> Content:
        gathered = _Names()
        for entry in entries:
            self._left -= 1
            if self._left < 0:
                return Content(compared=False)
            folder = entry.name.endswith(("/", "\\")) and not entry.size
            gathered.take(entry.name, folder=folder)
        return gathered.content()
