"""Flickr's "Your Flickr data": JSON and pictures, which always come in different zips.

Owns the names of its files and the fields of `photo_<id>.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from selfcheck.exports.addresses import cleaned, is_picture
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.uris import urlsplit_path
from selfcheck.exports.values import Fields, at, fields, iso, items, number, place, text
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Member,
    Missing,
    Moment,
    Picture,
    PictureKind,
    Place,
    Rule,
)

_PHOTO = re.compile(r"(?:^|/)photo_(\d{5,15})(?:_[^/]*)?\.json$")
_LISTS = re.compile(r"(^|/)(albums(_part\d+)?|account_profile)\.json$")
_ALBUMS = re.compile(r"(^|/)albums(_part\d+)?\.json$")
# `slug_<id>_o.jpg`, untitled `<id>_<secret>_o.jpg`; films may lack the `_o`. Ids have 8 to 11
# digits, and titles hold other long numbers: only an id that has its JSON counts.
_ID_LAST = re.compile(r"_(\d{5,15})(?:_o)?\.[^.]+$")
_ID_FIRST = re.compile(r"^(\d{5,15})_[0-9a-f]+(?:_o)?\.[^.]+$")
_ANY_ID = re.compile(r"(?<!\d)\d{5,15}(?!\d)")
_OWN = re.compile(r"(^|/)([^/]*_\d{5,15}_o|\d{5,15}_[0-9a-f]+_o)\.[^./]+$")

_AUDIENCES = {"public": Audience.PUBLIC, "private": Audience.PRIVATE}
# Friends-only and family-only both come out as "friend & family" (Flickr2Any-Tool, issue 5).
_FRIENDS = re.compile(r"friend|family")
_MILLIONTHS = 1e6
_FULL_CIRCLE = 180


class Flickr:
    """Flickr's own download."""

    name = "flickr"
    title = "Flickr"
    how = (
        "Open your account settings, Your Flickr data, and request it. Download every zip, those "
        "with account data and those with photos, and name them all in one scan."
    )
    reads = (
        "Photos and films with title, description, time, place, albums, page and privacy; friends "
        "and family are one audience, because Flickr does not tell them apart."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with photos' JSON beside the list of albums or the profile."""
        return tree.has(_PHOTO) and tree.has(_LISTS)

    def read(self, tree: Documents) -> Iterator[Picture | Missing]:
        """Yield the pictures in the order of their files, then those that only JSON tells of."""
        account = _Account(albums=_albums(tree), nsid=_nsid(tree))
        told = _by_id(tree)
        met: set[str] = set()
        for position, path in enumerate(tree.members.paths()):
            photo = _id_of(path, told)
            if photo:
                met.add(photo)
                sidecar = tree.members[told[photo]]
                for context in _contexts(photo, fields(tree.value(sidecar)), account, sidecar):
                    yield Picture(member=tree.members[position], context=context)
        for photo, position in told.items():
            if photo not in met:
                yield _missing(photo, tree, tree.members[position])

    def unlisted(self, path: str) -> Context:
        """Give what the name tells: whether Flickr named it."""
        own = bool(_OWN.search(fold(path)))
        return Context(
            platform=self.title,
            kind=PictureKind.POST if own else PictureKind.FILE,
            author=Author.OWNER if own else Author.UNKNOWN,
        )

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """What holds for all photos: the titles of albums by photo, and whose they are."""

    albums: Mapping[str, Sequence[str]]
    nsid: str | None


def _by_id(tree: Documents) -> dict[str, int]:
    """Map each photo's id to where its JSON stands."""
    found: dict[str, int] = {}
    for position, path in enumerate(tree.folded()):
        name = _PHOTO.search(path)
        if name:
            found.setdefault(name[1], position)
    return found


def _albums(tree: Documents) -> dict[str, list[str]]:
    """Map each photo's id to its albums; the list in a photo's own JSON is always empty."""
    found: dict[str, list[str]] = {}
    for member in tree.matching(_ALBUMS):
        for album in tree.items(member, "albums"):
            title = text(at(album, "title"))
            for photo in items(at(album, "photos")):
                named = text(photo)
                if title and named:
                    found.setdefault(named, []).append(title)
    return found


def _nsid(tree: Documents) -> str | None:
    profiles = (fields(tree.value(m)) for m in tree.find("account_profile.json"))
    return next((nsid for p in profiles if (nsid := text(p.get("nsid")))), None)


def _id_of(path: str, told: Mapping[str, int]) -> str | None:
    """Find the id in a file's name: where Flickr writes it first, then anywhere."""
    name = fold(path).rpartition("/")[2]
    if not is_picture(name):
        return None
    likely = [found[1] for pattern in (_ID_LAST, _ID_FIRST) if (found := pattern.search(name))]
    return next((one for one in (*likely, *_ANY_ID.findall(name)) if one in told), None)


def _contexts(photo: str, told: Fields, account: _Account, sidecar: Member) -> Iterator[Context]:
    """Give one context for each album, or that of the photostream."""
    page = cleaned(text(told.get("photopage")))
    derived = None if page or not account.nsid else _page(account.nsid, photo)
    for album in account.albums.get(photo) or (None,):
        yield Context(
            platform=Flickr.title,
            kind=PictureKind.ALBUM if album else PictureKind.POST,
            permalink=page or derived,
            permalink_derived=derived is not None,
            caption=_caption(told),
            time=_time(told),
            author=Author.OWNER,
            album=album,
            audience=_audience(told),
            place=_place(told),
            listed_in=sidecar.path,
        )


def _page(nsid: str, photo: str) -> str:
    return f"https://www.flickr.com/photos/{nsid}/{photo}"


def _caption(told: Fields) -> str | None:
    found = [t for t in (text(told.get("name")), text(told.get("description"))) if t]
    return "\n".join(dict.fromkeys(found)) or None


def _time(told: Fields) -> Moment | None:
    written = (told.get(key) for key in ("date_taken", "date_imported", "date_upload"))
    return next((when for value in written if (when := iso(value))), None)


def _audience(told: Fields) -> Audience:
    privacy = (text(told.get("privacy")) or "").casefold()
    if _FRIENDS.search(privacy):
        return Audience.FRIENDS
    return _AUDIENCES.get(privacy, Audience.UNKNOWN)


def _place(told: Fields) -> Place | None:
    for spot in items(told.get("geo")):
        north, east = (number(at(spot, key)) for key in ("latitude", "longitude"))
        if north is not None and east is not None:
            # Written as whole millionths of a degree, in some exports as degrees.
            scale = _MILLIONTHS if max(abs(north), abs(east)) > _FULL_CIRCLE else 1
            return place(north / scale, east / scale)
    return None


def _missing(photo: str, tree: Documents, sidecar: Member) -> Missing:
    original = text(fields(tree.value(sidecar)).get("original"))
    name = urlsplit_path(original).rpartition("/")[2] if original else ""
    return Missing(path=name or photo, listed_in=sidecar.path)
