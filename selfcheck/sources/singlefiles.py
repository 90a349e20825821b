"""A page that the browser extension SingleFile saved: how it is known, and what it says of itself.

The page is one HTML file with its pictures written into it, or with a zip of them in it, which a
script in the page unpacks (single-file-core, 2018-2026). Nothing here runs or renders a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import BinaryIO

from selfcheck.model import Unreadable
from selfcheck.sources import inlined
from selfcheck.sources.inlined import Inlined, Rest
from selfcheck.sources.messages import Message
from selfcheck.sources.reading import BLOCK, Limits, as_file, blocks, take

# Its comment is the first in the page, behind the document's type and the tag of all.
_HEAD = 8 << 10
_COMMENT = re.compile(
    rb"<!--\s*+(?:Page saved with|Archive processed by) SingleFile\b(?P<lines>.*?)(?:-->|\Z)",
    re.DOTALL,
)
_ZIPPED = re.compile(rb"<html\b[^>]*?\sdata-sfz\b", re.IGNORECASE)
_LINE = re.compile(r"^\s*(url|saved date):\s*(\S.{0,2000}?)\s*$", re.MULTILINE)
# What JavaScript makes of a date, always in English: "Sat Sep 24 2022 02:34:32 GMT+0200 (…)".
_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})")


class Form(StrEnum):
    """How such a page holds its pictures."""

    PLAIN = "plain"
    ZIPPED = "zipped"


def form(head: bytes) -> Form | None:
    """Say how a page holds its pictures, by its first bytes; None for any other file."""
    comment = head.find(b"<!--")
    if comment < 0 or not _COMMENT.match(head, comment):
        return None
    return Form.ZIPPED if _ZIPPED.search(head[:comment]) else Form.PLAIN


def form_of(file: BinaryIO) -> Form | None:
    """Say the same of an open file, of which nothing else is wanted; raise Unreadable."""
    return form(take(file, _HEAD))


def looked_at(file: BinaryIO) -> tuple[Form | None, BinaryIO]:
    """Look at a file's beginning, and give a file that holds all of it; raise nothing."""
    try:
        head = take(file, _HEAD)
    except Unreadable:
        return None, file  # whoever reads it is told again
    return form(head), as_file(chain([head], blocks(file)), file)


def read(
    file: BinaryIO, limits: Limits, rest: Rest
) -> tuple[Message, Iterator[Inlined | Unreadable]]:
    """Tell whose page it is, and give its pictures in turn; raise Unreadable, also on the way.

    `rest` takes the page's text without them.
    """
    first = take(file, BLOCK)
    return _told(first), inlined.pictures(chain([first], blocks(file)), limits, rest=rest)


def _told(first: bytes) -> Message:
    comment = _COMMENT.search(first[:_HEAD])
    lines = comment["lines"].decode(errors="replace") if comment else ""
    told = {found[1]: found[2] for found in _LINE.finditer(lines)}
    return Message(page=told.get("url", ""), date=_date(told.get("saved date", "")))


def _date(written: str) -> str:
    if found := _DATE.match(written):
        with suppress(ValueError):
            moment = datetime.strptime(f"{found[1]} {found[2]}", "%b %d %Y %H:%M:%S %z")
            return moment.isoformat()
    return ""
