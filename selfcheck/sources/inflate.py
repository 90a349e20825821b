"""Unpacking deflate in bounded steps, for zip members and for tar.gz.

Owns the ratio at which unpacking stops; checksums of members are checked by their format.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

from selfcheck.model import Reason, Unreadable
from selfcheck.sources.reading import MIB, Limits

RAW = -zlib.MAX_WBITS
GZIP = 16 + zlib.MAX_WBITS


class Unpacker(Protocol):
    """What zlib.decompressobj gives."""

    @property
    def eof(self) -> bool:
        """Whether the packed data has come to its own end."""

    @property
    def unconsumed_tail(self) -> bytes:
        """What is still to be unpacked of the last block."""

    @property
    def unused_data(self) -> bytes:
        """What followed the end of the packed data."""

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        """Unpack up to max_length bytes."""

    def copy(self) -> Unpacker:
        """Give a second one in the same state."""


class Ratio:
    """Counts both sides of unpacking and stops it where they are absurdly apart."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.packed = 0
        self.unpacked = 0

    def add(self, packed: int, unpacked: int) -> None:
        """Count; raise Unreadable(HOSTILE) past the limit."""
        self.packed += packed
        self.unpacked += unpacked
        allowed = max(self._limits.ratio_from, self._limits.ratio * self.packed)
        if self.unpacked > allowed:
            raise Unreadable(
                Reason.HOSTILE, f"unpacks to more than {self._limits.ratio} times its size"
            )


def inflate(blocks: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    """Unpack one raw deflate stream in chunks of at most 1 MiB; raise Unreadable."""
    unpacker, ratio = zlib.decompressobj(RAW), Ratio(limits)
    for block in blocks:
        yield from unpack(unpacker, block, ratio)
        if unpacker.eof:
            return
    yield from unpack(unpacker, b"", ratio)
    if not unpacker.eof:
        raise Unreadable(Reason.DAMAGED, "its packed data has no end")


def gunzip(blocks: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    """Unpack gzip members one after the other, checksums included; raise Unreadable."""
    unpacker, ratio = zlib.decompressobj(GZIP), Ratio(limits)
    for block in blocks:
        rest = block
        while rest:
            yield from unpack(unpacker, rest, ratio)
            rest = b""
            if unpacker.eof:
                # Another gzip member may follow; zeros are padding of tapes and uploads.
                rest = unpacker.unused_data.lstrip(b"\0")
                unpacker = zlib.decompressobj(GZIP) if rest else unpacker
    if not unpacker.eof:
        raise Unreadable(Reason.TRUNCATED, "the archive ends too early")


def unpack(unpacker: Unpacker, block: bytes, ratio: Ratio) -> Iterator[bytes]:
    """Unpack one block in chunks of at most 1 MiB; raise Unreadable."""
    packed = len(block)
    while True:
        before = unpacker.copy()
        try:
            chunk = unpacker.decompress(block, MIB)
        except zlib.error as error:
            yield from _up_to_the_damage(before, block)
            raise Unreadable(Reason.DAMAGED, "its packed data is damaged") from error
        if chunk:
            yield chunk
        ratio.add(packed, len(chunk))
        packed = 0
        block = unpacker.unconsumed_tail
        # A full chunk may have more behind it even when all the input is taken.
        if unpacker.eof or (not block and len(chunk) < MIB):
            return


def _up_to_the_damage(unpacker: Unpacker, block: bytes, step: int = 4096) -> Iterator[bytes]:
    # zlib withholds what it had unpacked when it meets the damage, and an archive's files
    # in front of it are sound: in ever smaller steps all of it comes out.
    for at in range(0, len(block), step):
        before, piece = unpacker.copy(), block[at : at + step]
        try:
            chunk = unpacker.decompress(piece)
        except zlib.error:
            if step > 1:
                yield from _up_to_the_damage(before, piece, step // 64)
            return
        if chunk:
            yield chunk
