"""Web addresses that an export names: which mean a picture, and how they are given on.

Nothing here fetches anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit, urlunsplit

from selfcheck.model import Address, Context, Listed, Member, Picture

_PICTURES = (
    *("jpe?g", "jfif", "png", "webp", "gif", "heic", "heif", "avif", "tiff?", "bmp"),
    *("mp4", "mov", "m4v", "3gp", "mkv", "webm", "avi", "mts", "mpe?g"),
)
_RAW = ("dng", "cr2", "cr3", "nef", "arw", "raf")
_ENDING = re.compile(rf"\.(?:{'|'.join(_PICTURES)})$", re.IGNORECASE)
_FILE = re.compile(rf"\.(?:{'|'.join((*_PICTURES, *_RAW))})$", re.IGNORECASE)
_LONGEST = 2000
# Slack's tokens (`xoxe-1-…`), which open every file of a workspace, also percent-encoded.
_SECRET = re.compile(r"xox[a-eprs](?:-|%(?:25)*2d)", re.IGNORECASE)


def is_picture(path: str) -> bool:
    """Say whether a file is named like a picture or a film."""
    return bool(_FILE.search(path))


def cleaned(address: str | None) -> str | None:
    """Give a web address without query, fragment and sign-in, where tokens stand.

    None for what is no such address, and for one that holds a token in its path.
    """
    if not address or len(address) > _LONGEST:
        return None
    try:
        found = urlsplit(address.strip())
        host, port = found.hostname, found.port
    except ValueError:
        return None
    if found.scheme not in {"http", "https"} or not host or not _plain(address):
        return None
    if holds_secret(found.path):
        return None
    where = f"[{host}]" if ":" in host else host
    return urlunsplit((found.scheme, f"{where}:{port}" if port else where, found.path, "", ""))


def of_picture(address: str | None) -> str | None:
    """Give a web address as `cleaned` does if it ends in the name of a picture or a film."""
    found = cleaned(address)
    return found if found and _ENDING.search(found) else None


def holds_secret(path: str) -> bool:
    """Say whether a token stands in the path of an address."""
    return bool(_SECRET.search(unquote(path)))


def found_or_named(
    members: Sequence[Member], address: str | None, context: Context
) -> Iterator[Listed]:
    """Yield the picture for each member that an address means, else the address itself."""
    yield from (Picture(member=member, context=context) for member in members)
    if address and not members:
        yield Address(address=address, context=context)


def _plain(address: str) -> bool:
    return address.strip().isprintable() and " " not in address.strip()
