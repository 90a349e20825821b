"""A web archive (WARC 1.0 and 1.1) as a stream: the pictures that servers answered with.

Owns the format as far as pictures need it. A reader of its own of a few lines: warcio brings a
recorder and a server along, and holds no bounds.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol

from selfcheck.model import Reason, Unreadable
from selfcheck.sources.inflate import GZIP, RAW, Ratio, gunzip, unpack
from selfcheck.sources.messages import Enclosed
from selfcheck.sources.reading import BLOCK, Limits, as_file, blocks
from selfcheck.sources.tars import GZIP_MAGIC

_MOST_HEADERS = 500
_LONGEST_LINE = 64 << 10
_PICTURE = re.compile(r"\s*(image|video)/", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? 200\b")


def pictures(file: BinaryIO, limits: Limits) -> Iterator[Enclosed | Unreadable]:
    """Give the pictures in turn, Unreadable in place of one that is lost; raise it at a break."""
    start = file.peek(2)[:2] if hasattr(file, "peek") else b""
    plain = as_file(gunzip(blocks(file), limits)) if start == GZIP_MAGIC else file
    while (headers := _record(plain)) is not None:
        length = headers.get("content-length", "")
        if not length.isdigit():
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
) -> Iterator[Enclosed | Unreadable]:
    address = headers.get("warc-target-uri", "").strip("<>")
    kind = headers.get("warc-type", "").lower()
    left = _Left(file, length)
    try:
        told: Mapping[str, str] = headers
        if kind == "response" and address.startswith(("http:", "https:")):
            told = _headers(left) if _STATUS.match(left.readline(_LONGEST_LINE)) else {}
        wanted = kind in {"response", "resource"} and _PICTURE.match(told.get("content-type", ""))
        if wanted and left.left > limits.message:
            yield Unreadable(Reason.TOO_LARGE, f"{left.left} bytes")
        elif wanted:
            data = _body(left.rest(), told if kind == "response" else {}, limits)
            name = address.partition("?")[0].rstrip("/").rpartition("/")[2]
            yield Enclosed(name=name or "picture", data=data, address=address)
    except Unreadable as trouble:
        if left.broken:
            raise
        yield trouble
    left.run_out()


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
            raise Unreadable(Reason.UNSUPPORTED, f"packed by the web server ({other[:20]})")


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
