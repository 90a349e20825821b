"""The file of the history: lines added at its end, one process at a time, and read in turn.

Owns what happens when a process ends in the midst of writing. Lines are written before the head,
so at most one line stands beyond it; whether all of them hold is `proof`'s to say.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from selfcheck.errors import LedgerError
from selfcheck.ledger.chain import LONGEST, Entry, Head, Line, follows, link, read
from selfcheck.ledger.lock import Lock
from selfcheck.privacy import files

_WAIT: Final = 10.0  # seconds; whoever has the lock writes one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The newest lines, the latest last, each with its end taken in.

    left_out: how many came before these. unreadable: how many are no lines at all.
    """

    lines: tuple[Line, ...]
    left_out: int
    unreadable: int


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep the history to this process for a moment; waits for another one's moment."""
    lock = Lock.take(path, what="history", wait=_WAIT)
    try:
        yield
    finally:
        lock.release()


def size(path: Path) -> int:
    """Give the file's size in bytes, 0 where there is none."""
    with _opened(path) as descriptor:
        return 0 if descriptor is None else os.fstat(descriptor).st_size


def catch_up(path: Path, key: bytes, head: Head) -> Head:
    """Put right what a process left that ended while it wrote; give the head as it should be.

    One whole line beyond the head, with the right MAC, was written and the head was not: the head
    takes it in. A piece of a line there is dropped. Everything else is left as it is found, and
    what is added afterwards goes on from the head: so it stays to be seen.
    """
    beyond = _read(path, head.size, LONGEST + 1)
    if not beyond or len(beyond) > LONGEST:
        return head
    if b"\n" not in beyond:
        files.cut(path, head.size)
        return head
    mac = follows(key, head.mac, beyond)
    if mac is None:
        return head
    return Head(count=head.count + 1, mac=mac, size=head.size + len(beyond))


def append(path: Path, key: bytes, head: Head, entry: Entry) -> Head:
    """Write an entry after the last line and give the head that belongs to it.

    On the disk when this returns. Raises SelfcheckError where it cannot be written: then nothing
    of it is.
    """
    raw, mac = link(key, head, entry)
    before = size(path)
    # A line that somebody cut short must not swallow this one.
    start = b"\n" if before and _read(path, before - 1, 1) != b"\n" else b""
    files.append(path, start + raw)
    return Head(count=head.count + 1, mac=mac, size=before + len(start) + len(raw))


def lines(path: Path, upto: int | None = None) -> Iterator[bytes]:
    """Give the lines in turn, in flat memory; of one that is too long, `LONGEST` + 1 bytes.

    upto: the size in bytes at which to stop. The last one lacks its end where it was cut short.
    """
    with _opened(path) as descriptor:
        if descriptor is None:
            return
        with open(descriptor, "rb", closefd=False) as file:
            left = os.fstat(descriptor).st_size if upto is None else upto
            while raw := file.readline(min(LONGEST + 1, left)):
                yield raw
                left -= len(raw)
                while left > 0 and not raw.endswith(b"\n"):
                    raw = file.readline(min(LONGEST + 1, left))
                    left -= len(raw)
                    if not raw:
                        return


def recent(path: Path, most: int) -> Recent:
    """Read the newest `most` events, in flat memory, whether or not the chain holds.

    A scan and its end are one: its line, with the outcome of its end.
    """
    newest = _Newest(most=most)
    unreadable = 0
    for raw in lines(path):
        try:
            newest.take(read(raw))
        except ValueError:
            unreadable += 1
    found = tuple(newest.lines.values())
    return Recent(lines=found, left_out=newest.events - len(found), unreadable=unreadable)


@dataclass(slots=True, kw_only=True)
class _Newest:
    """The newest lines in their order, the oldest of them dropped for each new one."""

    most: int
    lines: dict[int, Line] = field(default_factory=dict)
    events: int = 0
    _begun: dict[tuple[str, int], int] = field(default_factory=dict)  # where each stands

    def take(self, line: Line) -> None:
        if line.entry.of is not None:
            self._end(line.entry, line.entry.of)
            return
        self.events += 1
        self.lines[self.events] = line
        self._begun[line.entry.profile, line.number] = self.events
        if len(self.lines) > self.most:
            oldest = self.lines.pop(self.events - self.most)
            self._begun.pop((oldest.entry.profile, oldest.number), None)

    def _end(self, entry: Entry, of: int) -> None:
        place = self._begun.get((entry.profile, of), 0)
        if begun := self.lines.get(place):
            ended = replace(begun.entry, outcome=entry.outcome)
            self.lines[place] = replace(begun, entry=ended)


def _read(path: Path, start: int, most: int) -> bytes:
    with _opened(path) as descriptor:
        if descriptor is None:
            return b""
        os.lseek(descriptor, start, os.SEEK_SET)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(most)


@contextmanager
def _opened(path: Path) -> Iterator[int | None]:
    # A link could lead to lines of somebody else's choosing.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        raise LedgerError(
            f"The history {path} cannot be read: {error.strerror or error}.",
            hint="check who owns the file and that it is no link",
        ) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)
