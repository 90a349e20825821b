"""The body of an answer: unpacked by hand, known by its bytes, cut off where it is too much.

Owns the limits that depend on what the bytes are. The connection is read elsewhere.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import httpx

from selfcheck.model import Reason, Unreadable
from selfcheck.sources import reading
from selfcheck.sources.inflate import GZIP, RAW, Ratio, Unpacker, unpack
from selfcheck.sources.web.limits import Limits
from selfcheck.sources.web.outcomes import Kind, Outcome, Trouble, Want
from selfcheck.sources.web.sniffing import HEAD, sniff

_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB_METHOD = 8  # in the low half of the first byte; the first two bytes divide by 31


class Body:
    """Collects one body, and raises Trouble as soon as it is known to be too much."""

    def __init__(self, headers: httpx.Headers, want: Want, limits: Limits) -> None:
        """Look at what the headers declare; raise Trouble for what need not be read."""
        self._want = want
        self._limits = limits
        self._type = headers.get("content-type", "")
        self._packed = _encoding(headers)
        self._unpacker: Unpacker | None = None
        self._ratio = Ratio(reading.Limits(ratio=limits.ratio, ratio_from=limits.ratio_from))
        self._bytes = io.BytesIO()
        self._head = b""
        self._kind: Kind | None = None
        self._declared = _length(headers)
        self._most = most_of(want, limits)
        self._check(self._declared)

    @property
    def size(self) -> int:
        """Give how many bytes there are so far, unpacked."""
        return self._bytes.tell()

    def add(self, chunk: bytes) -> None:
        """Take what came; raise Trouble."""
        for piece in self._unpacked(chunk) if self._packed else (chunk,):
            self._bytes.write(piece)
            if self._kind is None:
                self._head += piece[: HEAD - len(self._head)]
                if len(self._head) >= HEAD:
                    self._know()
            self._check(self.size)

    def finish(self) -> tuple[bytes, Kind]:
        """Give all of it and what it is; raise Trouble where its packed data has no end."""
        if self._packed and self._unpacker is not None and not self._unpacker.eof:
            raise Trouble(Outcome.CUT_SHORT, "its packed data has no end")
        return self.so_far()

    def so_far(self) -> tuple[bytes, Kind]:
        """Give what there is, whether it is all or not."""
        # getvalue() shares its memory, where joining pieces would hold everything twice.
        return self._bytes.getvalue(), self._kind or sniff(self._head, self._type)

    def _know(self) -> None:
        self._kind = sniff(self._head, self._type)
        self._most = _most_of_kind(self._kind, self._want, self._limits)
        self._check(self._declared)

    def _check(self, size: int) -> None:
        if size > self._most:
            if self._kind is Kind.FILM and not self._most:
                raise Trouble(Outcome.TOO_LARGE, "it is a film, and films are not fetched")
            raise Trouble(Outcome.TOO_LARGE, f"it is larger than {self._most} bytes")

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        try:
            while chunk:
                if self._unpacker is None:
                    self._unpacker = zlib.decompressobj(_window(chunk))
                yield from unpack(self._unpacker, chunk, self._ratio)
                # Another gzip member may follow; what else follows is no part of the body.
                chunk = self._unpacker.unused_data if self._unpacker.eof else b""
                if not chunk.startswith(_GZIP_MAGIC):
                    return
                self._unpacker = None
        except Unreadable as trouble:
            if trouble.reason is Reason.HOSTILE:
                raise Trouble(Outcome.BOMB, f"it {trouble.detail}") from trouble
            raise Trouble(Outcome.MALFORMED, trouble.detail) from trouble


def most_of(want: Want, limits: Limits) -> int:
    """Give the most bytes that any answer to this may have, before it is known what it is."""
    match want:
        case Want.ROBOTS:
            return limits.robots
        case Want.PAGE | Want.PICTURE:
            return max(limits.page, limits.picture)
        case Want.ADDRESS:
            return max(limits.page, limits.picture, limits.film)


def _most_of_kind(kind: Kind, want: Want, limits: Limits) -> int:
    if want is Want.ROBOTS:
        return limits.robots
    match kind:
        case Kind.PICTURE:
            return limits.picture
        case Kind.FILM:
            return limits.film if want is Want.ADDRESS else 0
        case Kind.PAGE | Kind.OTHER | Kind.EMPTY:
            return limits.page


def _encoding(headers: httpx.Headers) -> bool:
    """Say whether the body is packed; raise Trouble for ways that nobody asked for."""
    # Only what zlib reads, and once: the others unpack a kilobyte into half a gigabyte at once.
    named = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    ways = [name for name in named if name not in {"", "identity"}]
    if len(ways) > 1 or not set(ways) <= {"gzip", "x-gzip", "deflate"}:
        raise Trouble(Outcome.UNASKED_ENCODING, f"it is packed as {', '.join(ways)[:80]}")
    return bool(ways)


def _length(headers: httpx.Headers) -> int:
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _window(start: bytes) -> int:
    """Tell gzip, zlib and bare deflate apart: servers send all three, whatever they declare."""
    if start.startswith(_GZIP_MAGIC[:1]):
        return GZIP
    if start[0] & 0x0F == _ZLIB_METHOD and int.from_bytes(start[:2], "big") % 31 == 0:
        return zlib.MAX_WBITS
    return RAW
