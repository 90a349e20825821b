"""Reading one member: bounded, counted, and every trouble told as one kind of exception.

Owns the limits and the file object that members are read through; formats are elsewhere.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from selfcheck.model import Reason, Unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MIB = 1 << 20
GIB = 1 << 30
BLOCK = 256 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one archive may ask for. Sizes in bytes, counted as they are read."""

    member: int = 4 * GIB  # a film of an hour; pictures have a smaller limit of their own
    ratio: int = 200  # deflate reaches 1032:1, photos 1:1, the export's own JSON 50:1
    ratio_from: int = 10 * MIB  # below that no ratio does harm
    total_ratio: int = 100  # what all members of an archive say they hold, against its size
    total_from: int = GIB
    entries: int = 5_000_000  # five lifetimes of photos in one archive
    name: int = 4096  # no file system has longer paths
    document: int = 64 * MIB  # one document kept from an archive that is read once
    documents: int = 512 * MIB  # all of them

    nested: int = 256 * MIB  # a zip that has to be held, because it lies in a tar
    holder: int = 1 << 40  # a mailbox or web archive, which is read once and never held
    message: int = 128 * MIB  # one message or web page's record; mail servers stop at 25 to 150
    enclosed: int = 1000  # pictures in one message
    inlined: int = 20_000  # pictures written into one page; a feed of years has some thousands
    inlined_again: int = 50  # how often each of them may be written there

    def bear(self, before: int) -> None:
        """Take one more entry after so many; raise Unreadable(HOSTILE) where they are too many."""
        if before >= self.entries:
            raise Unreadable(Reason.HOSTILE, f"it holds more than {self.entries} files")


class Reader(io.RawIOBase):
    """The file object over a member's chunks; a failure stays a failure on every later read."""

    def __init__(self, chunks: Iterator[bytes], owned: BinaryIO | None = None) -> None:
        super().__init__()
        self._chunks = chunks
        self._owned = owned
        self._rest = memoryview(b"")
        self._failure: Unreadable | None = None

    def readable(self) -> bool:
        """Say that reading is what this is for."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer from the next chunk; 0 at the end; raise Unreadable."""
        target = memoryview(buffer).cast("B")
        if not self._rest:
            self._rest = memoryview(self._next())
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def readall(self) -> bytes:
        """Read all that is left; raise Unreadable."""
        pieces = [bytes(self._rest)]
        self._rest = memoryview(b"")
        while piece := self._next():
            pieces.append(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Close the file underneath, if this reader is the one to close it."""
        self._let_go()
        super().close()

    def _next(self) -> bytes:
        # Without the memory a second read would look like the end of a sound file.
        if self._failure is not None:
            raise self._failure
        try:
            chunk = next((chunk for chunk in self._chunks if chunk), b"")
        except Unreadable as failure:
            self._failure = failure
            self._let_go()
            raise
        if not chunk:
            self._let_go()
        return chunk

    def _let_go(self) -> None:
        if self._owned is not None:
            self._owned.close()


def as_file(chunks: Iterator[bytes], owned: BinaryIO | None = None) -> BinaryIO:
    """Make a buffered file of chunks; closing it closes `owned`."""
    return io.BufferedReader(Reader(chunks, owned), BLOCK)


def open_file(path: Path) -> BinaryIO:
    """Open a file of the file system; raise Unreadable."""
    try:
        return path.open("rb", buffering=0)
    except OSError as error:
        raise told(error) from error


def blocks(file: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """Read `size` bytes, or all there are, in blocks; raise Unreadable where fewer come."""
    left = size
    while left is None or left > 0:
        block = take(file, BLOCK if left is None else min(BLOCK, left))
        if not block and left is None:
            return
        if not block:
            raise Unreadable(Reason.TRUNCATED, f"{left} bytes are missing at its end")
        left = None if left is None else left - len(block)
        yield block


def take(file: BinaryIO, count: int) -> bytes:
    """Read up to `count` bytes of a file of the file system; raise Unreadable."""
    try:
        return file.read(count)
    except OSError as error:
        raise told(error) from error


def told(error: OSError) -> Unreadable:
    """Translate the operating system's error."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR | errno.ESTALE:
            reason = Reason.VANISHED
        case errno.EACCES | errno.EPERM:
            reason = Reason.NO_PERMISSION
        case errno.ELOOP:
            reason = Reason.LINK
        case _:
            reason = Reason.DAMAGED
    return Unreadable(reason, error.strerror or str(error))
