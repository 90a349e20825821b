"""Google Takeout with Google Photos, in any language and any number of parts.

Owns how a Takeout is recognised and what its folders tell; sidecars are `google_photos`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from selfcheck.exports import google_photos, mail
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.pairing import SIDECAR_NAME, sidecar
from selfcheck.model import Context, Missing, Moment, Picture, PictureKind, Precision, Rule

_MARKS = re.compile(
    r"(^|/)(archive_browser|archiv_übersicht)\.html$"
    r"|(^|/)(print-subscriptions|shared_album_comments|user-generated-memory-titles)\.json$"
)
# The folder is named in the account's language; these were seen, others count by their sidecars.
_PHOTOS = re.compile(
    r"(^|/)([^/]*google[^/]*(photos?|fotos?|фото|снимки)|fotky google|zdjęcia google)/"
)
_ROOT = re.compile(r"(^|/)takeout( \d+|-[^/]*)?/")
_ENOUGH = 20  # sidecars to look into before a tree counts as something else


class GoogleTakeout:
    """Google's Takeout: the photo library."""

    name = "google_takeout"
    title = "Google Takeout"
    how = (
        "Open takeout.google.com, choose Google Photos only, and ask for zip files of the largest "
        "size. Download every part and name them all in one scan: sidecars and pictures lie in "
        "different parts."
    )
    reads = (
        "Google Photos: pictures with caption, time, place, album and address from the JSON files "
        "beside them, in any language; who could see them, Google does not tell."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with Takeout's own pages, or with sidecars in its folders."""
        return tree.has(_MARKS) or self._has_library(tree)

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield the pictures that have a sidecar, and those that only a sidecar tells of."""
        yield from google_photos.read(tree, platform=self.title, library=True)
        yield from mail.read(tree, platform=self.title)

    def unlisted(self, path: str) -> Context:
        """Give what name and folder tell: the time or at least the year, and the album."""
        folder = path.rpartition("/")[0].rpartition("/")[2]
        year = google_photos.YEAR_FOLDER.search(folder)
        library = bool(year or _PHOTOS.search(fold(path)))
        return Context(
            platform=self.title,
            kind=PictureKind.LIBRARY if library else PictureKind.FILE,
            time=time_in(path) or (_in_year(int(year[1])) if year else None),
            album=folder if library and not year else None,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)

    def _has_library(self, tree: Documents) -> bool:
        likely = (
            member
            for member in tree.members
            if SIDECAR_NAME.search(fold(member.path)) and _in_library(member.path)
        )
        return any(sidecar(tree, member) is not None for member in islice(likely, _ENOUGH))


def _in_library(path: str) -> bool:
    folder = path.rpartition("/")[0].rpartition("/")[2]
    folded = fold(path)
    year = google_photos.YEAR_FOLDER.search(folder)
    return bool(year or _ROOT.search(folded) or _PHOTOS.search(folded))


def _in_year(year: int) -> Moment:
    return Moment(when=datetime(year, 1, 1, tzinfo=UTC), precision=Precision.YEAR)
