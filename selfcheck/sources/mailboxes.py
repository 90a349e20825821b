"""A mailbox as a stream of messages, one held at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from selfcheck.model import Reason, Unreadable
from selfcheck.sources.reading import BLOCK, Limits

_FROM = b"From "
_BLANK = (b"", b"\n", b"\r\n")


def messages(file: BinaryIO, limits: Limits) -> Iterator[tuple[bytes, bytes] | Unreadable]:
    """Give each message with the line in front of it; Unreadable in place of one too large.

    Raises Unreadable where the file cannot be read on, or is no mailbox.
    """
    separator, held, size, before = b"", bytearray(), 0, b""
    begun = False
    while line := file.readline(BLOCK):
        # A line that looks like a separator inside a message follows no empty line.
        if line.startswith(_FROM) and before in _BLANK:
            if begun:
                yield _message(separator, held, size, limits)
            separator, held, size, begun = line, bytearray(), 0, True
        elif begun:
            size += len(line)
            if size <= limits.message:
                held += line
            else:
                held.clear()
        elif line.strip():
            raise Unreadable(Reason.DAMAGED, "named like a mailbox, its content is something else")
        before = line
    if begun:
        yield _message(separator, held, size, limits)


def _message(
    separator: bytes, held: bytearray, size: int, limits: Limits
) -> tuple[bytes, bytes] | Unreadable:
    if size > limits.message:
        return Unreadable(Reason.TOO_LARGE, f"a message of {size} bytes")
    return separator, bytes(held)


def message(file: BinaryIO, limits: Limits, *, counted: bool) -> bytes:
    """Read the one message of a file; `counted`: its length stands in front (Apple's .emlx)."""
    wanted = limits.message
    if counted:
        first = file.readline(32).strip()
        if not first.isdigit():
            raise Unreadable(Reason.DAMAGED, "named like a mail, its content is something else")
        wanted = min(wanted, int(first))
    data = file.read(wanted + (0 if counted else 1))
    if len(data) > limits.message:
        raise Unreadable(Reason.TOO_LARGE, f"a message of more than {limits.message} bytes")
    return data
