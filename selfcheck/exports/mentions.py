"""Addresses of pictures that any table, page or JSON document mentions: the last resort.

For folders that no platform's export claims. Owns how addresses are found in plain text; what
surrounds them is not understood, so nothing is known but the address.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from selfcheck.exports.addresses import of_picture
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.uris import urlsplit_path
from selfcheck.model import Address, Context, Member, PictureKind, Unreadable

_DOCUMENT = re.compile(r"\.(html?|csv|json)$")
_BLOCK = 256 << 10
_MOST_BYTES = 64 << 20  # of one document
_MOST_ADDRESSES = 10_000  # of one document
_LONGEST = 2000
_END = re.compile(r"[\s\"'<>]")
# In JSON each slash may stand behind a backslash; in a table a comma ends the cell.
_ADDRESS = re.compile(r"https?:\\?/\\?/[^\s\"'<>]{1,2000}", re.IGNORECASE)
_CELL = re.compile(r"https?://[^\s\"'<>,;|]{1,2000}", re.IGNORECASE)
_AFTER = ".,;:)]}\\"


def read(tree: Documents, platform: str) -> Iterator[Address]:
    """Yield every address of a picture once for each document that mentions it.

    Left out is what lies in the tree under the same name: a saved page names its own files.
    """
    for member in tree.such(_DOCUMENT):
        context = Context(platform=platform, kind=PictureKind.FILE, listed_in=member.path)
        found: set[str] = set()
        for address in _addresses(tree, member):
            name = urlsplit_path(address).rpartition("/")[2]
            if address not in found and next(tree.positions(name), None) is None:
                found.add(address)
                yield Address(address=address, context=context)
            if len(found) >= _MOST_ADDRESSES:
                break


def _addresses(tree: Documents, member: Member) -> Iterator[str]:
    pattern = _CELL if fold(member.path).endswith(".csv") else _ADDRESS
    try:
        with tree.open(member) as stream:
            for text in _pieces(stream):
                for found in pattern.finditer(text):
                    address = of_picture(_written(found[0]))
                    if address:
                        yield address
    except (Unreadable, OSError, EOFError):
        # Not a list that an export promises: the file itself is accounted for elsewhere.
        return


def _written(found: str) -> str:
    """Give an address as it is meant, without what JSON, HTML and sentences add to it."""
    return html.unescape(found.replace("\\/", "/")).rstrip(_AFTER)


def _pieces(stream: BinaryIO) -> Iterator[str]:
    """Yield a text in pieces that do not cut an address."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    rest, read = "", 0
    while (block := stream.read(_BLOCK)) and read < _MOST_BYTES:
        read += len(block)
        text = rest + decoder.decode(block)
        start = max(len(text) - _LONGEST, 0)
        ends = [start + end.start() for end in _END.finditer(text[start:])]
        cut = ends[-1] if ends else len(text)
        yield text[:cut]
        rest = text[cut:]
    yield rest
