"""Web addresses that an export names: which mean a picture, and how they are given on.

Nothing here fetches anything.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_PICTURES = (
    *("jpe?g", "jfif", "png", "webp", "gif", "heic", "heif", "avif", "tiff?", "bmp"),
    *("mp4", "mov", "m4v", "3gp", "mkv", "webm", "avi", "mts", "mpe?g"),
)
_RAW = ("dng", "cr2", "cr3", "nef", "arw", "raf")
_ENDING = re.compile(rf"\.(?:{'|'.join(_PICTURES)})$", re.IGNORECASE)
_FILE = re.compile(rf"\.(?:{'|'.join((*_PICTURES, *_RAW))})$", re.IGNORECASE)
_LONGEST = 2000


def is_picture(path: str) -> bool:
    """Say whether a file is named like a picture or a film."""
    return bool(_FILE.search(path))


def cleaned(address: str | None) -> str | None:
    """Give a web address without query, fragment and sign-in, where tokens stand."""
    if not address or len(address) > _LONGEST:
        return None
    try:
        found = urlsplit(address.strip())
        host, port = found.hostname, found.port
    except ValueError:
        return None
    if found.scheme not in {"http", "https"} or not host or not _plain(address):
        return None
    where = f"[{host}]" if ":" in host else host
    return urlunsplit((found.scheme, f"{where}:{port}" if port else where, found.path, "", ""))


def of_picture(address: str | None) -> str | None:
    """Give a web address as `cleaned` does if it ends in the name of a picture or a film."""
    found = cleaned(address)
    return found if found and _ENDING.search(found) else None


def _plain(address: str) -> bool:
    return address.strip().isprintable() and " " not in address.strip()
