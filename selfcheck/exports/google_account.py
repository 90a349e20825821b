"""Whose Takeout it is, and the pictures of that profile.

Owns the documents that name the owner: the Google profile, and the user that Chat was exported for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.google_products import PICTURES, folder, name_of
from selfcheck.exports.values import Fields, at, fields, items, text
from selfcheck.model import Audience, Author, Context, Member, Picture, PictureKind

_PHOTO = "profilephoto.jpg"
_PROFILES = ("Profile.json", "Profil.json")
# A file of that name elsewhere, as in a backup of another account, may be anybody's.
_PROFILE = re.compile(r"(^|/)profile?/profile?\.json$")
_DRIVE = re.compile(r"(^|/)drive/")
_USER = "user_info.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The addresses and names of the owner, folded; none without a document that tells them."""

    addresses: frozenset[str] = field(default=frozenset(), repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)

    def sent(self, address: str | None) -> Author:
        """Tell whether what an address sent is the owner's."""
        if not address or not self.addresses:
            return Author.UNKNOWN
        return Author.OWNER if fold(address) in self.addresses else Author.OTHER

    def is_called(self, name: str | None) -> bool:
        """Say whether a name is the owner's."""
        return bool(name) and fold(name or "") in self.names


NOBODY = Account()


def account(tree: Documents) -> Account:
    """Read whose Takeout it is."""
    addresses: set[str | None] = set()
    names: set[str | None] = set()
    for _, told in _profiles(tree):
        addresses.update(text(at(email, "value")) for email in items(told.get("emails")))
        names |= {text(told.get("displayName")), text(at(told, "name", "formattedName"))}
    for member in tree.find(_USER):
        user = at(tree.value(member), "user")
        addresses.add(text(at(user, "email")))
        names.add(text(at(user, "name")))
    return Account(addresses=_folded(addresses), names=_folded(names))


def read(tree: Documents, platform: str) -> Iterator[Picture]:
    """Yield the pictures beside the profile."""
    profiles = {folder(member.path): member for member, _ in _profiles(tree)}
    names = {name_of(there): member for there, member in profiles.items()}
    for position, path in enumerate(tree.folded() if profiles else ()):
        listing = profiles.get(folder(path))
        if not listing and name_of(path) == _PHOTO and not _DRIVE.search(path):
            listing = names.get(name_of(folder(path)))
        if listing and PICTURES.search(path):
            yield Picture(member=tree.members[position], context=_context(platform, listing))


def _context(platform: str, listing: Member) -> Context:
    return Context(
        platform=platform,
        kind=PictureKind.PROFILE,
        author=Author.OWNER,
        audience=Audience.PUBLIC,  # anybody who meets the account sees its picture
        listed_in=listing.path,
    )


def _profiles(tree: Documents) -> Iterator[tuple[Member, Fields]]:
    for name in _PROFILES:
        for member in filter(_is_profile, tree.find(name)):
            told = fields(tree.value(member))
            if "displayName" in told or "formattedName" in fields(told.get("name")):
                yield member, told


def _is_profile(member: Member) -> bool:
    path = fold(member.path)
    return bool(_PROFILE.search(path)) and not _DRIVE.search(path)


def _folded(found: set[str | None]) -> frozenset[str]:
    return frozenset(fold(one) for one in found if one)
