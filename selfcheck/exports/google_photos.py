"""What the sidecars of Google Photos tell, in a Takeout or beside pictures copied out of one.

Owns the fields of a sidecar; which picture it belongs to is found by `pairing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfcheck.exports.documents import Documents
from selfcheck.exports.google_account import NOBODY, Account
from selfcheck.exports.pairing import YEAR_FOLDER, Pair, pairs
from selfcheck.exports.values import Fields, at, fields, items, moment, place, text
from selfcheck.model import Author, Context, Missing, Picture, PictureKind, Place

# Where no album's file lies in it; other languages are told by the sidecars alone.
# What lies in the bin or is locked away counts as archived: nobody but the owner sees it.
ARCHIVE_FOLDER = re.compile(
    r"^(archiv[eo]?|trash|bin|corbeille|papierkorb|papelera|lixeira|cestino|prullenbak|корзина"
    r"|kosz|回收站|ゴミ箱|paperera|locked folder)$",
    re.IGNORECASE,
)


def read(
    tree: Documents, *, platform: str, library: bool, owner: Account = NOBODY
) -> Iterator[Picture | Missing]:
    """Yield the pictures that have a sidecar; then the sidecars whose picture is nowhere.

    `library` says that the tree is a Takeout, where every folder is a year or an album;
    elsewhere a folder is an album only if it holds an album's file.
    """
    for found in pairs(tree, library=library):
        if isinstance(found, Missing):
            yield found
        else:
            context = _context(found, platform, owner, library=library)
            yield Picture(member=found.picture, context=context)


def _context(pair: Pair, platform: str, owner: Account, *, library: bool) -> Context:
    told = pair.told
    people = [text(at(person, "name")) for person in items(told.get("people"))]
    return Context(
        platform=platform,
        kind=_kind(pair, library=library),
        permalink=_https(text(told.get("url"))),
        caption=text(told.get("description")),
        time=moment(at(told, "photoTakenTime", "timestamp"), at(told, "creationTime", "timestamp")),
        author=_author(told),
        album=pair.album or (_folder_as_album(pair) if library else None),
        place=_place(told),
        # Google names the faces that the owner labelled, the owner's own among them.
        tagged=sum(1 for name in people if name and not owner.is_called(name)),
        listed_in=pair.sidecar.path,
    )


def _kind(pair: Pair, *, library: bool) -> PictureKind:
    if pair.told.get("archived") is True or pair.told.get("trashed") is True:
        return PictureKind.ARCHIVE
    if pair.album:
        return PictureKind.ALBUM
    if library and ARCHIVE_FOLDER.search(_folder(pair)):
        return PictureKind.ARCHIVE
    return PictureKind.LIBRARY if library else PictureKind.FILE


def _folder_as_album(pair: Pair) -> str | None:
    """Take the folder's name where the album's own file is in a part that is not here."""
    name = _folder(pair)
    special = YEAR_FOLDER.search(name) or ARCHIVE_FOLDER.search(name)
    return None if special else name or None


def _folder(pair: Pair) -> str:
    return pair.picture.path.rpartition("/")[0].rpartition("/")[2]


def _author(told: Fields) -> Author:
    """Tell who put a picture into the library; without an origin nothing is known."""
    origin = fields(told.get("googlePhotosOrigin"))
    if "fromPartnerSharing" in origin:
        return Author.OTHER
    from_elsewhere = any(key.startswith("from") for key in origin)
    return Author.OWNER if origin and not from_elsewhere else Author.UNKNOWN


def _place(told: Fields) -> Place | None:
    # A place set by hand is in `geoData` alone; 0, 0 means none.
    for key in ("geoData", "geoDataExif"):
        found = place(at(told, key, "latitude"), at(told, key, "longitude"))
        if found:
            return found
    return None


def _https(url: str | None) -> str | None:
    """Keep a web address; some are written `http://` for no reason."""
    if url and url.startswith("http://"):
        return "https://" + url.removeprefix("http://")
    return url if url and url.startswith("https://") else None
