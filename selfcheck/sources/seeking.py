"""A member as a file in which one can go back and forth, without holding all of it.

Owns the two ways to do so: a window on the archive where the bytes lie as they are, and
unpacking again from the start where they are packed. Nothing here checks a checksum.
"""

from __future__ import annotations

import io
import os
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from selfcheck.model import Reason, Unreadable
from selfcheck.sources.reading import BLOCK, MIB, take

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Of a packed film so much is kept: its index at the end, or how far sound and picture of one
# moment lie apart. A film of that size is unpacked once.
_KEPT = 64
# A film read in order needs two beginnings a pass; one built to be torn back and forth ends here.
_BEGINNINGS = 12


class _Placed(io.RawIOBase, ABC):
    """A file of a known size with a place in it; where its bytes come from is the subclass's."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """Say that reading is what this is for."""
        return True

    def seekable(self) -> bool:
        """Say that this file can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Give the place in bytes from the beginning."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place, which may lie behind the end; one before the beginning is refused."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("a place before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read some bytes from here on; 0 at the end; raise Unreadable."""
        target = memoryview(buffer).cast("B")
        wanted = min(len(target), max(self._size - self._at, 0))
        found = self._some(wanted) if wanted else b""
        target[: len(found)] = found
        self._at += len(found)
        return len(found)

    @abstractmethod
    def _some(self, count: int) -> bytes:
        """Give 1 to `count` bytes from the place on."""


class _Window(_Placed):
    """A stretch of an open file, which is closed with it."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__(size)
        self._file = file
        self._start = start

    def _some(self, count: int) -> bytes:
        self._file.seek(self._start + self._at)
        found = take(self._file, count)
        if not found:
            raise Unreadable(Reason.TRUNCATED, f"{self._size - self._at} bytes are missing")
        return found

    def close(self) -> None:
        """Close the file underneath."""
        self._file.close()
        super().close()


class _Unpacked(_Placed):
    """Packed bytes: going on costs unpacking what lies between, going back a new beginning."""

    def __init__(self, begin: Callable[[], BinaryIO], size: int) -> None:
        super().__init__(size)
        self._begin = begin
        self._file: BinaryIO | None = None
        self._next = 0  # number of the block that the file gives next
        self._beginnings = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def _some(self, count: int) -> bytes:
        number, inside = divmod(self._at, MIB)
        if number not in self._blocks:
            self._unpack_to(number)
        self._blocks.move_to_end(number)
        return self._blocks[number][inside : inside + count]

    def _unpack_to(self, number: int) -> None:
        if self._file is None or number < self._next:
            self._start_again()
        assert self._file is not None
        while self._next <= number:
            block = self._file.read(MIB)
            if len(block) < min(MIB, self._size - self._next * MIB):
                raise Unreadable(Reason.DAMAGED, "it holds less than it says")
            self._blocks[self._next] = block
            self._blocks.move_to_end(self._next)
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
            self._next += 1

    def _start_again(self) -> None:
        self._let_go()
        if self._beginnings >= _BEGINNINGS:
            detail = "its parts lie in no order, and it is packed: unpack the archive and scan that"
            raise Unreadable(Reason.TOO_LARGE, detail)
        self._beginnings += 1
        self._file, self._next = self._begin(), 0

    def close(self) -> None:
        """Close the file underneath and drop what was kept."""
        self._let_go()
        self._blocks.clear()
        super().close()

    def _let_go(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


def window(file: BinaryIO, start: int, size: int) -> BinaryIO:
    """Make a seekable file of a stretch of another, and close that one with it."""
    return io.BufferedReader(_Window(file, start, size), BLOCK)


def unpacked(begin: Callable[[], BinaryIO], size: int) -> BinaryIO:
    """Make a seekable file of one that can only be read on; `begin` opens it at its start.

    Holds 64 MiB at most. Reading it raises Unreadable, also when it is made to begin again
    and again.
    """
    return io.BufferedReader(_Unpacked(begin, size), BLOCK)
