"""The events of a JSON document and what is built of them, within limits.

Owns ijson, which nothing else imports; which events matter is `jsonfiles`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO, TypeAlias

from selfcheck.exports.reading import BeyondLimits
from selfcheck.model import Unreadable

_DEEPEST = 64  # levels; a hostile document nests until the parser has eaten all memory
_MOST_EVENTS = 500_000  # of one element; real ones have some hundreds
_LONGEST = 16 << 20  # bytes of one text
_MOST_ROUNDS = 100  # a text of nothing but backslashes is not worth more

STARTS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})

_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)

Event: TypeAlias = tuple[str, Any]


def parsed(stream: BinaryIO) -> Iterator[Event]:
    """Yield a document's events within the limits."""
    import ijson

    depth, counted = 0, _Counted(stream)
    for event, value in ijson.basic_parse(counted, use_float=True):
        counted.since = 0
        depth += (event in STARTS) - (event in _ENDS)
        if depth > _DEEPEST:
            raise BeyondLimits("nested deeper than 64 levels")
        yield event, value


def rest_of_list(events: Iterator[Event]) -> Iterator[object]:
    """Yield the elements of a list whose start was read."""
    for event in events:
        if event[0] == "end_array":
            return
        yield build(event, events)


def build(first: Event, events: Iterator[Event]) -> object:
    """Build the value that an event starts. By hand: ijson's builder takes twice the time."""
    if first[0] not in STARTS:
        return first[1]
    whole: Any = {} if first[0] == "start_map" else []
    around: list[tuple[Any, str]] = []  # what is open outside, and under which key to go on there
    inner, key = whole, ""
    for fed, (event, found) in enumerate(events):
        if fed > _MOST_EVENTS:
            raise BeyondLimits("one element of more than 500,000 values")
        if event == "map_key":
            key = found
            continue
        if event in _ENDS:
            if not around:
                return whole
            inner, key = around.pop()
            continue
        value = ({} if event == "start_map" else []) if event in STARTS else found
        if type(inner) is dict:
            inner[key] = value
        else:
            inner.append(value)
        if event in STARTS:
            around.append((inner, key))
            inner = value
    raise EOFError("a value that does not end")  # the parser says so itself


def bounded(events: Iterator[Event]) -> Iterator[Event]:
    """Yield no more events than one element may have: for values that are held together."""
    yield from islice(events, _MOST_EVENTS)
    raise BeyondLimits("values of more than 500,000 parts")


def pass_over(events: Iterator[Event]) -> None:
    """Read on to the end of the value whose start was read."""
    depth = 1
    while depth:
        event = next(events)[0]
        depth += (event in STARTS) - (event in _ENDS)


class _Counted:
    """A stream that counts what the parser reads without finding an event in it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.since = 0
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Read on; raise BeyondLimits inside a text that does not end."""
        self.since += max(size, 0)
        if self.since > _LONGEST:
            raise BeyondLimits("one text of more than 16 MiB")
        data = self._stream.read(size)
        # An escape is not cut in two: the longest has six characters.
        for _ in range(_MOST_ROUNDS):
            if b"\\" not in data[-5:] or not (more := self._stream.read(6)):
                break
            data += more
        return mended(data)


def mended(data: bytes) -> bytes:
    r"""Write `\x0C` as `\u000C`: Telegram Desktop writes control characters so (tdesktop#27571)."""
    if b"\\x" not in data:
        return data
    return _ESCAPE.sub(lambda found: rb"\u00" + found[1] if found[1] else found[0], data)


def troubles() -> tuple[type[Exception], ...]:
    """Name what reading a document may raise."""
    import ijson

    return (Unreadable, OSError, EOFError, ijson.JSONError, ValueError, OverflowError)
