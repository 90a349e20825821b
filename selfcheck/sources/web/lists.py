"""Lists of web addresses in files that people keep: one a line, a table's cells, bookmarks.

Owns which file is such a list, and reading it. Every line of a list becomes an address or a fault,
so that none is lost without a word.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from selfcheck.sources.reading import MIB
from selfcheck.sources.web.addresses import Address, NoAddress, typed

_LARGEST = 16 * MIB
_WEB = re.compile(r"https?://", re.IGNORECASE)
_BOOKMARKS = "netscape-bookmark-file"
_HREF = re.compile(r"<a\b[^>]*?\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_SHORTCUT = re.compile(r"^\s*URL\s*=\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def is_address(text: str) -> bool:
    """Say whether a text means a web address and no file."""
    return bool(_WEB.match(text.strip()))


def listed(path: Path) -> tuple[Address | NoAddress, ...] | None:
    """Read a list of addresses, each once, in its order; None for a file that is none.

    A list is a text whose first line is an address, a table (CSV) with addresses in it, a
    browser's bookmarks, or a shortcut (.url). Lines that begin with # are remarks.
    """
    text = _text(path)
    if text is None:
        return None
    found = {one: typed(one) for one in _found(path.suffix.lower(), text)}
    return tuple(found.values()) or None


def _text(path: Path) -> str | None:
    if path.suffix.lower() not in {".txt", ".csv", ".tsv", ".html", ".htm", ".url"}:
        return None
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # Windows' "Unicode"
    return data.decode("utf-16" if wide else "utf-8-sig", "replace")


def _found(kind: str, text: str) -> Iterator[str]:
    match kind:
        case ".txt":
            yield from _lines(text)
        case ".csv" | ".tsv":
            yield from _cells(text)
        case ".url":
            yield from _SHORTCUT.findall(text)
        case _ if _BOOKMARKS in text[:1024].lower():
            links = (html.unescape(one or other) for one, other in _HREF.findall(text))
            yield from filter(is_address, links)


def _lines(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.splitlines()]
    told = [line for line in lines if line and not line.startswith("#")]
    if told and is_address(told[0]):
        yield from told


def _cells(text: str) -> Iterator[str]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for row in csv.reader(StringIO(text), delimiter=delimiter):
            yield from (cell.strip() for cell in row if is_address(cell))
    except csv.Error:  # a cell of more than 128 KiB
        return
