"""Where the files of one product of a Takeout lie, whatever roots its parts were unpacked under.

Owns what all products but Google Photos need to find a file that a document names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from selfcheck.exports.addresses import holds_secret
from selfcheck.exports.documents import Documents, fold
from selfcheck.model import Context, Listed, Member, Missing, Picture

PICTURES = re.compile(
    r"\.(jpe?g|jpe|jfif|a?png|webp|gif|tiff?|bmp|hei[cf]s?|avifs?|dng"
    r"|mp4|m4v|mov|qt|3gp|3g2|mkv|webm|avi|mpe?g|mts|wmv|flv|mp|mv)$"
)
# What a title may hold and a file's name may not.
REPLACED = re.compile(r'[\\/:*?"<>|&%]')


def folder(path: str) -> str:
    """Give the folded folder that a file lies in."""
    return fold(path).rpartition("/")[0]


def name_of(path: str) -> str:
    """Give the last component of a path."""
    return path.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The files that lie beside some documents. Build it once with `of`.

    A thousand chats each hold a `File-image.png`, so a name alone would lead to all of them.
    """

    _members: Mapping[tuple[str, str], list[Member]] = field(repr=False)

    @classmethod
    def of(cls, tree: Documents, listings: Iterable[Member]) -> Folders:
        """Index the files of all folders that are called like those of the documents."""
        wanted = {name_of(folder(listing.path)) for listing in listings}
        found: dict[tuple[str, str], list[Member]] = {}
        for position, path in enumerate(tree.folded() if wanted else ()):
            parent, _, name = path.rpartition("/")
            if name_of(parent) in wanted:
                found.setdefault((name_of(parent), name), []).append(tree.members[position])
        return cls(_members=found)

    def beside(self, listing: Member, *names: str) -> tuple[Member, ...]:
        """Find a file in the folder of a document, by the first of several names that leads to one.

        In another part that folder may have another root; then its own name has to be the same.
        """
        here = folder(listing.path)
        for name in dict.fromkeys(names):
            kin = self._members.get((name_of(here), fold(name)))
            if kin:
                return tuple(m for m in kin if folder(m.path) == here) or tuple(kin)
        return ()


def web_address(written: object) -> SplitResult | None:
    """Give a web address without what may let others in: a query, a fragment or a password."""
    try:
        parts = urlsplit(written.strip()) if isinstance(written, str) else None
        host = parts and parts.hostname
        port = parts and parts.port
    except ValueError:
        return None
    if not parts or not host or parts.scheme not in {"http", "https"} or holds_secret(parts.path):
        return None
    return parts._replace(netloc=f"{host}:{port}" if port else host, query="", fragment="")


def located(
    found: tuple[Member, ...], context: Context, name: str, listing: Member
) -> Iterator[Listed]:
    """Yield the picture for each member found, or that a document's folder lacks it."""
    for member in found:
        yield Picture(member=member, context=context)
    if not found:
        path = f"{listing.path.rpartition('/')[0]}/{name}".lstrip("/")
        yield Missing(path=path, listed_in=listing.path)
