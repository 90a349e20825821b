"""Names of members: labels for matching and display, never a place to read or write.

Owns decoding and normalising; what a name means is known in `exports`.
"""

from __future__ import annotations

import os
import re
import unicodedata

_DRIVE = re.compile(r"[A-Za-z]:")
# Backslashes, a drive, and steps of a path that are none: most names have nothing of it.
_ODD = re.compile(r"\\|^[A-Za-z]:|(^|/)\.{0,2}(/|$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ARCHIVE = re.compile(r"\.(zip|wacz|tar|tgz|tbz2?|txz|tar\.(gz|bz2|xz|zst)|7z|rar)$", re.IGNORECASE)
# What Chrome, Firefox, Safari, Edge and Opera call a file whose download goes on or broke off.
_UNFINISHED = re.compile(r"\.(crdownload|part|download|partial|opdownload)$", re.IGNORECASE)
_ZIP = re.compile(r"\.(zip|wacz)$", re.IGNORECASE)
# Apple's Mail keeps a folder "Name.mbox" with a file "mbox" in it.
_HOLDER = re.compile(r"(\.(mbox|emlx?|mht(ml)?|warc|warc\.gz)|(^|/)mbox)$", re.IGNORECASE)
_PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)
_LONGEST_ENDING = len("/.warc.gz")  # a search from a long path's beginning costs more
# Any lone surrogate, and the sign that introduces one in a locator.
_UNSTORABLE = re.compile(r"[%\ud800-\udfff]")
_STORED = re.compile(r"%([0-9a-f]{4})")


def decode(raw: bytes) -> str:
    """Decode a name whose encoding nobody recorded: strict UTF-8, otherwise CP437.

    People who pack an export again lose the UTF-8 mark, not the UTF-8 (both seen 2019-2024).
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp437")


def matching(shown: str) -> str:
    """Give the form of a name that is compared: NFC, forward slashes, relative, no controls."""
    if shown.isascii() and shown.isprintable() and not _ODD.search(shown):
        return shown
    text = _CONTROL.sub("\ufffd", unicodedata.normalize("NFC", shown)).replace("\\", "/")
    steps = _DRIVE.sub("", text, count=1) if _DRIVE.match(text) else text
    return "/".join(s for s in steps.split("/") if s not in {"", ".", ".."}) or "unnamed"


def of_file(name: str) -> str:
    """Give the shown form of a name from the file system, which may hold undecodable bytes."""
    return decode(os.fsencode(name))


def store(name: str) -> str:
    """Write a file system's name so that any database keeps it; `restore` gives it back."""
    return _UNSTORABLE.sub(lambda found: f"%{ord(found[0]):04x}", name)


def restore(locator: str) -> str:
    """Give back the name that `store` wrote."""
    return _STORED.sub(lambda found: chr(int(found[1], 16)), locator)


def is_archive(path: str) -> bool:
    """Say whether a name is an archive's, by its ending."""
    return _ARCHIVE.search(path[-_LONGEST_ENDING:]) is not None


def is_zip(path: str) -> bool:
    """Say whether a name is a zip's, by its ending."""
    return _ZIP.search(path[-_LONGEST_ENDING:]) is not None


def is_holder(path: str) -> bool:
    """Say whether a name is that of mail, a saved page or a web archive, by its ending."""
    return _HOLDER.search(path[-_LONGEST_ENDING:]) is not None


def is_page(path: str) -> bool:
    """Say whether a name is a web page's, by its ending; what it holds, its content tells."""
    return _PAGE.search(path[-_LONGEST_ENDING:]) is not None


def is_unfinished(path: str) -> bool:
    """Say whether a name is that of a download that is not finished, by its ending."""
    return _UNFINISHED.search(path) is not None
