"""Google Takeout, in any language and any number of parts.

Owns how a Takeout is recognised, which product is read by which module, and what folders tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selfcheck.exports import (
    google_account,
    google_blogger,
    google_chat,
    google_hangouts,
    google_photos,
    google_youtube,
    mail,
)
from selfcheck.exports.contract import system_file
from selfcheck.exports.dates import in_year
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.pairing import SIDECAR_NAME, YEAR_FOLDER, sidecar
from selfcheck.model import Author, Context, Listed, PictureKind, Rule

_MARKS = re.compile(
    r"(^|/)(?:(archive_browser|archiv_übersicht)\.html"
    r"|(print-subscriptions|shared_album_comments|user-generated-memory-titles)\.json"
    r"|google chat/(groups|users)/[^/]+/[^/]+\.json"  # may lie outside of `Takeout`
    r"|hangouts/hangouts\.json|youtube[^/]*/[^/]+/videos[^/]*\.csv"
    r"|blogger/(blogs|comments)/[^/]+/feed\.atom"
    r"|takeout( \d+|-[^/]*)?/(drive/.*|profile?/profile?\.json))$"
)
# The folder is named in the account's language; these were seen, others count by their sidecars.
_PHOTOS = re.compile(
    r"(^|/)([^/]*google[^/]*(photos?|fotos?|фото|снимки)|fotky google|zdjęcia google)/"
)
_ROOT = re.compile(r"(^|/)takeout( \d+|-[^/]*)?/")
_ENOUGH = 20  # sidecars to look into before a tree counts as something else


# What the folders of the other products say of a picture that no document lists; first match
# wins. Whose a file in Drive is, nothing tells.
_FOLDERS: tuple[tuple[re.Pattern[str], PictureKind, Author], ...] = (
    (re.compile(r"(^|/)drive/"), PictureKind.FILE, Author.UNKNOWN),
    (google_chat.FOLDER, PictureKind.MESSAGE, Author.UNKNOWN),
    (google_hangouts.FOLDER, PictureKind.MESSAGE, Author.UNKNOWN),
    (google_youtube.FOLDER, PictureKind.POST, Author.OWNER),
    (google_blogger.ALBUMS, PictureKind.ALBUM, Author.UNKNOWN),
)


class GoogleTakeout:
    """Google's Takeout: the photo library and the products that hold pictures beside it."""

    name = "google_takeout"
    title = "Google Takeout"
    how = (
        "Open takeout.google.com, choose Google Photos, Google Chat, YouTube, Blogger, Drive and "
        "Profile, and ask for zip files of the largest size. Download every part and name them all "
        "in one scan: sidecars and pictures lie in different parts."
    )
    reads = (
        "Google Photos with caption, time, place, album and address from the JSON files beside the "
        "pictures, in any language (who could see them, Google does not tell); attachments of "
        "Google Chat and Hangouts with their senders, YouTube's films with their privacy, "
        "community posts, Blogger's posts, the profile picture, and the pictures of Drive."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with Takeout's own pages or products, or with sidecars in its folders."""
        return tree.has(_MARKS) or self._has_library(tree)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the pictures of the library, then those of each other product."""
        owner = google_account.account(tree)
        yield from google_photos.read(tree, platform=self.title, library=True, owner=owner)
        yield from google_chat.read(tree, self.title, owner)
        yield from google_hangouts.read(tree, self.title)
        yield from google_youtube.read(tree, self.title)
        yield from google_blogger.read(tree, self.title, owner)
        yield from google_account.read(tree, self.title)
        yield from mail.read(tree, platform=self.title)

    def unlisted(self, path: str) -> Context:
        """Give what name and folder tell: the time or at least the year, and the album."""
        folder = path.rpartition("/")[0].rpartition("/")[2]
        year = YEAR_FOLDER.search(folder)
        kind, author = _by_folder(path, folder)
        in_album = kind is PictureKind.ALBUM or (kind is PictureKind.LIBRARY and not year)
        return Context(
            platform=self.title,
            kind=kind,
            time=time_in(path) or (in_year(int(year[1])) if year else None),
            author=author,
            album=(folder or None) if in_album else None,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)

    def _has_library(self, tree: Documents) -> bool:
        likely = (
            tree.members[position]
            for position, path in enumerate(tree.folded())
            if SIDECAR_NAME.search(path) and _in_library(path)
        )
        return any(sidecar(tree, member) is not None for member in islice(likely, _ENOUGH))


def _by_folder(path: str, folder: str) -> tuple[PictureKind, Author]:
    folded = fold(path)
    if YEAR_FOLDER.search(folder) or _PHOTOS.search(folded):
        archive = google_photos.ARCHIVE_FOLDER.search(folder)
        return (PictureKind.ARCHIVE if archive else PictureKind.LIBRARY), Author.UNKNOWN
    found = (row[1:] for row in _FOLDERS if row[0].search(folded))
    return next(found, (PictureKind.FILE, Author.UNKNOWN))


def _in_library(path: str) -> bool:
    folder = path.rpartition("/")[0].rpartition("/")[2]
    folded = fold(path)
    year = YEAR_FOLDER.search(folder)
    return bool(year or _ROOT.search(folded) or _PHOTOS.search(folded))
