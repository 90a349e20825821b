"""A web archive (WARC 1.0 and 1.1) as a stream: the pictures that servers answered with.

Owns the format as far as pictures need it. A reader of its own of a few lines: warcio brings a
recorder and a server along, and holds no bounds.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import BinaryIO, Protocol, TypeAlias

from selfcheck.model import Reason, Unreadable
from selfcheck.sources.inflate import GZIP, RAW, Ratio, gunzip, unpack
from selfcheck.sources.messages import Enclosed, WebPage, named_like_picture
from selfcheck.sources.reading import BLOCK, Limits, as_file, blocks, take
from selfcheck.sources.tars import GZIP_MAGIC

_MOST_HEADERS = 500
_LONGEST_LINE = 64 << 10
_PICTURE = re.compile(r"\s*(image|video)/", re.IGNORECASE)
_PAGE = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LONGEST_PAGE = 10 << 20  # bytes; more is read of no page
_LENGTH = re.compile(r"[0-9]{1,18}")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")
_WHOLE, _PIECE = 200, 206
_RANGE = re.compile(r"bytes 0-(\d{1,15})/(\d{1,15})$")
# What a server says of a file of which it knows nothing.
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_PACKINGS = {"br": "brotli", "zstd": "zstandard"}


class Passed(StrEnum):
    """Why what could be a picture is none that can be looked at."""

    REVISIT = "revisit"  # the answer was the same as an earlier one, and was not kept again
    PIECE = "piece"  # of a film, mostly, that was asked for bit by bit


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A record that is counted, and no picture."""

    why: Passed
    name: str


Found: TypeAlias = Enclosed | WebPage | PassedOver | Unreadable


def pictures(file: BinaryIO, limits: Limits) -> Iterator[Found]:
    """Give pictures and pages in turn, Unreadable in place of a lost one; raise it at a break."""
    start = take(file, len(GZIP_MAGIC))
    whole = chain((start,), blocks(file))
    plain = as_file(gunzip(whole, limits) if start == GZIP_MAGIC else whole)
    while (headers := _record(plain)) is not None:
        length = headers.get("content-length", "")
        if not _LENGTH.fullmatch(length):
            raise Unreadable(Reason.DAMAGED, "a record of the web archive has no length")
        yield from _picture(plain, headers, int(length), limits)


def _record(file: BinaryIO) -> Mapping[str, str] | None:
    line = file.readline(_LONGEST_LINE)
    while line in {b"\r\n", b"\n"}:  # two of them end each record
        line = file.readline(_LONGEST_LINE)
    if not line:
        return None
    if not line.startswith(b"WARC/"):
        raise Unreadable(Reason.DAMAGED, "what should be a web archive's record is something else")
    return _headers(file)


def _headers(file: _Lines) -> dict[str, str]:
    found: dict[str, str] = {}
    for _ in range(_MOST_HEADERS):
        line = file.readline(_LONGEST_LINE)
        if line in {b"", b"\r\n", b"\n"}:
            return found
        name, _, value = line.decode("utf-8", "replace").partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    raise Unreadable(Reason.HOSTILE, f"a record with more than {_MOST_HEADERS} headers")


def _picture(
    file: BinaryIO, headers: Mapping[str, str], length: int, limits: Limits
) -> Iterator[Found]:
    left = _Left(file, length)
    try:
        if headers.get("warc-type", "").lower() in {"response", "resource", "revisit"}:
            yield from _answered(left, headers, limits)
    except Unreadable as trouble:
        if left.broken:
            raise
        yield trouble
    left.run_out()


def _answered(left: _Left, headers: Mapping[str, str], limits: Limits) -> Iterator[Found]:
    address = headers.get("warc-target-uri", "").strip("<>")
    kind = headers["warc-type"].lower()
    name = address.partition("?")[0].rstrip("/").rpartition("/")[2] or "picture"
    told: Mapping[str, str] = headers
    status = _WHOLE
    if kind != "resource" and address.startswith(("http:", "https:")):
        found = _STATUS.match(left.readline(_LONGEST_LINE))
        status = int(found[1]) if found else 0
        told = _headers(left) if status in {_WHOLE, _PIECE} or kind == "revisit" else {}
    if kind != "revisit" and status == _WHOLE and _PAGE.match(told.get("content-type", "")):
        yield from _page(left, address, told, told if kind == "response" else {}, limits)
        return
    if (kind != "revisit" and status not in {_WHOLE, _PIECE}) or not _shows(told, name):
        return
    if kind == "revisit":
        yield PassedOver(why=Passed.REVISIT, name=name)
    elif status == _PIECE and not _is_whole(told):
        yield PassedOver(why=Passed.PIECE, name=name)
    elif left.left > limits.message:
        yield Unreadable(Reason.TOO_LARGE, f"{left.left} bytes")
    else:
        data = _body(left.rest(), told if kind == "response" else {}, limits)
        yield Enclosed(name=name, data=data, addresses=(address,))


def _page(
    left: _Left, address: str, told: Mapping[str, str], way: Mapping[str, str], limits: Limits
) -> Iterator[WebPage]:
    """Give a page, unless it was packed in a way that cannot be undone: then it says nothing."""
    if left.left > limits.message:
        return
    data = left.rest()
    with suppress(Unreadable):
        html = _body(data, way, limits)[:_LONGEST_PAGE]
        charset = _CHARSET.search(told.get("content-type", ""))
        yield WebPage(html=html, address=address, charset=charset[1] if charset else "")


def _shows(told: Mapping[str, str], name: str) -> bool:
    kind = told.get("content-type", "")
    untold = kind.partition(";")[0].strip().lower() in _UNTOLD
    return _PICTURE.match(kind) is not None or (untold and named_like_picture(name))


def _is_whole(told: Mapping[str, str]) -> bool:
    """Say whether a piece is the whole: browsers ask for films from their first byte on."""
    found = _RANGE.match(told.get("content-range", "").strip())
    return found is not None and int(found[1]) + 1 == int(found[2])


class _Lines(Protocol):
    """What headers are read from."""

    def readline(self, limit: int, /) -> bytes:
        """Give the next line, or as much of it."""


class _Left:
    """What is left of one record; reading never goes past it."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self.left = length
        self.broken = False

    def readline(self, limit: int, /) -> bytes:
        """Read on to the end of a line."""
        return self._taken(self._file.readline(min(limit, self.left)) if self.left else b"")

    def rest(self) -> bytes:
        """Read all that is left."""
        return b"".join(iter(self._some, b""))

    def run_out(self) -> None:
        """Go to the end of the record."""
        while self._some():
            pass

    def _some(self) -> bytes:
        return self._taken(self._file.read(min(BLOCK, self.left))) if self.left else b""

    def _taken(self, data: bytes) -> bytes:
        if not data and self.left:
            self.broken = True
            raise Unreadable(Reason.TRUNCATED, "the web archive ends too early")
        self.left -= len(data)
        return data


def _body(data: bytes, headers: Mapping[str, str], limits: Limits) -> bytes:
    """Undo what was done to a picture for the way: chunks, then packing (RFC 9112, 9110)."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        data = _unchunked(data)
    match headers.get("content-encoding", "").strip().lower():
        case "" | "identity":
            return data
        case "gzip" | "x-gzip":
            return _unpacked(data, GZIP, limits)
        case "deflate":
            return _unpacked(data, zlib.MAX_WBITS if data[:1] == b"x" else RAW, limits)
        case other:
            packing = _PACKINGS.get(other, other[:20])
            detail = f"packed by the web server with {packing}: save the page as one file instead"
            raise Unreadable(Reason.UNSUPPORTED, detail)


def _unchunked(data: bytes) -> bytes:
    # Some recorders undo the chunks and leave the header standing.
    found, at = list[bytes](), 0
    while at < len(data):
        end = data.find(b"\r\n", at, at + 100)
        digits = data[at:end].partition(b";")[0].strip() if end >= 0 else b""
        try:
            size = int(digits, 16)
        except ValueError:
            return data if not found else b"".join(found)
        if size <= 0:
            break
        found.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(found)


def _unpacked(data: bytes, form: int, limits: Limits) -> bytes:
    unpacker, ratio, found, size = zlib.decompressobj(form), Ratio(limits), list[bytes](), 0
    for chunk in unpack(unpacker, data, ratio):
        size += len(chunk)
        if size > limits.message:
            raise Unreadable(Reason.TOO_LARGE, f"more than {limits.message} bytes")
        found.append(chunk)
    if not unpacker.eof:
        raise Unreadable(Reason.TRUNCATED, "packed by the web server, and it ends too early")
    return b"".join(found)
