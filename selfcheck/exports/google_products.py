"""Where the files of one product of a Takeout lie, whatever roots its parts were unpacked under.

Owns what all products but Google Photos need to find a file that a document names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import SplitResult, urlsplit

from selfcheck.exports.documents import Documents, fold
from selfcheck.model import Context, Listed, Member, Missing, Picture

PICTURES = re.compile(
    r"\.(jpe?g|jpe|jfif|a?png|webp|gif|tiff?|bmp|hei[cf]s?|avifs?|dng"
    r"|mp4|m4v|mov|qt|3gp|3g2|mkv|webm|avi|mpe?g|mts|wmv|flv|mp|mv)$"
)


def folder(path: str) -> str:
    """Give the folded folder that a file lies in."""
    return fold(path).rpartition("/")[0]


def name_of(path: str) -> str:
    """Give the last component of a path."""
    return path.rpartition("/")[2]


def beside(tree: Documents, listing: Member, names: Iterable[str]) -> tuple[Member, ...]:
    """Find a file in the folder of a document, by the first of several names that leads to one.

    In another part that folder may have another root; then its own name has to be the same.
    """
    here = folder(listing.path)
    for name in dict.fromkeys(names):
        found = [tree.members[i] for i in tree.positions(name)]
        kin = [m for m in found if name_of(folder(m.path)) == name_of(here)]
        same = [m for m in kin if folder(m.path) == here]
        if kin:
            return tuple(same or kin)
    return ()


def web_address(written: object) -> SplitResult | None:
    """Give a web address without what may let others in: a query, a fragment or a password."""
    try:
        parts = urlsplit(written.strip()) if isinstance(written, str) else None
        host = parts and parts.hostname
        port = parts and parts.port
    except ValueError:
        return None
    if not parts or not host or parts.scheme not in {"http", "https"}:
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
