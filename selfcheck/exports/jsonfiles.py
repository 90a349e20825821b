"""JSON documents of any size, read as far as they can be read.

Owns ijson, which nothing else imports. A list is a stream; a document that breaks off
gives what came before the break; nothing raises for what a document holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, BinaryIO, TypeAlias

from selfcheck.exports.reading import BeyondLimits, Reading
from selfcheck.model import Reason, Unreadable

_DEEPEST = 64  # levels; a hostile document nests until the parser has eaten all memory
_MOST_EVENTS = 500_000  # of one element; real ones have some hundreds
_MOST_KEYS = 10_000  # of a document's top level; real ones have ten
_LONGEST = 16 << 20  # bytes of one text
_LONGEST_NAME = 200  # bytes before the JSON that a script assigns to a name
_NAME = re.compile(rb"\A[^=\[{]{0,%d}=" % _LONGEST_NAME)

_STARTS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})

_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)

Event: TypeAlias = tuple[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A document's top level: a list, or an object's plain values and the names of its lists."""

    is_list: bool
    values: dict[str, object]
    lists: tuple[str, ...]


def shape(reading: Reading) -> Shape:
    """Tell the top level of a document; an empty object where there is none."""
    values: dict[str, object] = {}
    lists: list[str] = []
    try:
        with reading.open() as stream:
            is_list = _skim(stream, values, lists)
    except _troubles() as error:
        return _repaired(reading, Shape(is_list=False, values=values, lists=tuple(lists)), error)
    return Shape(is_list=is_list, values=values, lists=tuple(lists))


def items(reading: Reading, key: str | None) -> Iterator[object]:
    """Yield the elements of the top-level list, or of the list under a top-level key."""
    count = 0
    try:
        with reading.open() as stream:
            for item in _elements(_events(stream), key):
                count += 1
                yield item
    except _troubles() as error:
        # Raw control characters and broken UTF-8 stop the stream, not the lenient parser.
        rest = _lenient(reading, error)
        rest = rest if key is None or not isinstance(rest, dict) else rest.get(key)
        if isinstance(rest, list):
            yield from islice(rest, count, None)


def value(reading: Reading) -> object:
    """Read a document whole; None for one that cannot be read."""
    data = reading.whole()
    try:
        return _loads(data)
    except (ValueError, RecursionError):
        if data:
            reading.trouble(Reason.DAMAGED, "not readable as JSON")
        return None


def within(reading: Reading, key: str) -> Iterator[tuple[dict[str, object], object]]:
    """Yield the elements of every list that stands under a key, however deep.

    Each comes with the plain values that stand before the list in the objects around it.
    """
    count = 0
    try:
        with reading.open() as stream:
            for found in _inner(_events(stream), key):
                count += 1
                yield found
    except _troubles() as error:
        yield from islice(_inner_of(_lenient(reading, error), key, {}), count, None)


def under(reading: Reading, keys: Container[str]) -> Iterator[tuple[str, object]]:
    """Yield what stands under some keys, however deep, each with its key; of lists each element.

    What is yielded is not searched again.
    """
    count = 0
    try:
        with reading.open() as stream:
            for found in _outermost(_events(stream), keys):
                count += 1
                yield found
    except _troubles() as error:
        yield from islice(_outermost_of(_lenient(reading, error), keys), count, None)


def entries(reading: Reading) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield every plain value and every element of an outermost list, with the keys above it."""
    count = 0
    try:
        with reading.open() as stream:
            for found in _entries(_events(stream)):
                count += 1
                yield found
    except _troubles() as error:
        yield from islice(_entries_of(_lenient(reading, error), ()), count, None)


def assigned(reading: Reading) -> Reading:
    """Give the reading of the JSON that a script assigns to a name: `window.name = [`."""
    return replace(
        reading,
        open=lambda: _behind_name(reading),
        whole=lambda: _NAME.sub(b"", reading.whole(), count=1).rstrip(b"; \t\r\n"),
    )


def _behind_name(reading: Reading) -> BinaryIO:
    """Open a script at its JSON; one without a name in front from its start."""
    with ExitStack() as opened:
        stream = opened.enter_context(reading.open())
        for _ in range(_LONGEST_NAME + 1):
            match stream.read(1):
                case b"=":
                    opened.pop_all()
                    return stream
                case b"" | b"[" | b"{":
                    break
    return reading.open()


def _entries(events: Iterator[Event]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Go through a document once; hold one element and the keys above it."""
    keys: list[str] = []
    for event, found in events:
        if event == "map_key":
            keys[-1] = found
        elif event == "start_map":
            keys.append("")
        elif event == "end_map":
            keys.pop()
        elif event == "start_array":
            above = tuple(keys)
            yield from ((above, item) for item in _rest_of_list(events))
        else:
            yield tuple(keys), found


def _entries_of(value: object, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Do the same with a document that is held whole."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _entries_of(inner, (*above, key))
    elif isinstance(value, list):
        yield from ((above, item) for item in value)
    elif value is not None or above:
        yield above, value


def _inner(events: Iterator[Event], key: str) -> Iterator[tuple[dict[str, object], object]]:
    """Go through a document once; hold one element and the plain values around it."""
    around: list[dict[str, object]] = []
    name: str | None = None
    for event, found in events:
        if event == "start_array" and name == key:
            told = {k: v for values in around for k, v in values.items()}
            yield from ((told, item) for item in _rest_of_list(events))
        elif event == "start_map":
            around.append({})
        elif event == "end_map":
            around.pop()
        elif name is not None and event not in _STARTS:
            around[-1][name] = found
            if len(around[-1]) > _MOST_KEYS:
                raise BeyondLimits("more than 10,000 keys")
        name = found if event == "map_key" else None


def _inner_of(
    value: object, key: str, told: dict[str, object]
) -> Iterator[tuple[dict[str, object], object]]:
    """Do the same with a document that is held whole."""
    if isinstance(value, list):
        for item in value:
            yield from _inner_of(item, key, told)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, list):
                yield from ((told, item) for item in inner)
            elif isinstance(inner, dict | list):
                yield from _inner_of(inner, key, told)
            else:
                told = {**told, name: inner}


def _outermost(events: Iterator[Event], keys: Container[str]) -> Iterator[tuple[str, object]]:
    for event, found in events:
        if event != "map_key" or found not in keys:
            continue
        first = next(events)
        values = _rest_of_list(events) if first[0] == "start_array" else (_build(first, events),)
        yield from ((found, value) for value in values)


def _outermost_of(value: object, keys: Container[str]) -> Iterator[tuple[str, object]]:
    """Do the same with a document that is held whole."""
    below = value.items() if isinstance(value, dict) else (("", v) for v in _list(value))
    for key, inner in below:
        if key in keys:
            yield from ((key, v) for v in (inner if isinstance(inner, list) else [inner]))
        else:
            yield from _outermost_of(inner, keys)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _skim(stream: BinaryIO, values: dict[str, object], lists: list[str]) -> bool:
    """Fill in an object's plain values and the names of its lists; True for a list."""
    events = _events(stream)
    if next(events)[0] == "start_array":
        return True
    for event, key in events:
        if event == "map_key":
            first = next(events)
            if len(values) + len(lists) >= _MOST_KEYS:
                raise BeyondLimits("more than 10,000 keys")
            if first[0] == "start_array":
                lists.append(key)
                _pass_over(events)
            else:
                values[key] = _build(first, events)
    return False


def _elements(events: Iterator[Event], key: str | None) -> Iterator[object]:
    """Yield the elements of one list: the document itself, or the one under a key."""
    started = next(events)[0]
    if key is not None and started == "start_map":
        started = _under(events, key)
    elif key is not None:
        return
    if started == "start_array":
        yield from _rest_of_list(events)


def _rest_of_list(events: Iterator[Event]) -> Iterator[object]:
    for event in events:
        if event[0] == "end_array":
            return
        yield _build(event, events)


def _under(events: Iterator[Event], key: str) -> str:
    """Go to the value under a top-level key; name the event that starts it."""
    for event, found in events:
        if event == "map_key" and found == key:
            return next(events)[0]
        if event in _STARTS:
            _pass_over(events)
    return ""


def _build(first: Event, events: Iterator[Event]) -> object:
    """Build the value that an event starts. By hand: ijson's builder takes twice the time."""
    if first[0] not in _STARTS:
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
        value = ({} if event == "start_map" else []) if event in _STARTS else found
        if type(inner) is dict:
            inner[key] = value
        else:
            inner.append(value)
        if event in _STARTS:
            around.append((inner, key))
            inner = value
    raise EOFError("a value that does not end")  # the parser says so itself


def _pass_over(events: Iterator[Event]) -> None:
    depth = 1
    while depth:
        event = next(events)[0]
        depth += (event in _STARTS) - (event in _ENDS)


def _events(stream: BinaryIO) -> Iterator[Event]:
    """Yield a document's events within the limits."""
    import ijson

    depth, counted = 0, _Counted(stream)
    for event, value in ijson.basic_parse(counted, use_float=True):
        counted.since = 0
        depth += (event in _STARTS) - (event in _ENDS)
        if depth > _DEEPEST:
            raise BeyondLimits("nested deeper than 64 levels")
        yield event, value


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
        while b"\\" in data[-5:] and (more := self._stream.read(6)):
            data += more
        return _mended(data)


def _repaired(reading: Reading, seen: Shape, error: Exception) -> Shape:
    found = _lenient(reading, error)
    if isinstance(found, dict):
        plain = {k: v for k, v in found.items() if not isinstance(v, list)}
        return Shape(is_list=False, values=plain, lists=tuple(k for k in found if k not in plain))
    return Shape(is_list=True, values={}, lists=()) if isinstance(found, list) else seen


def _lenient(reading: Reading, error: Exception) -> object:
    """Read a document whole that the stream could not, and say so where that fails too."""
    if isinstance(error, BeyondLimits):
        reading.trouble(Reason.HOSTILE, str(error))
        return None
    data = reading.whole()
    try:
        return _loads(data)
    except (ValueError, RecursionError):
        cut = type(error).__name__ == "IncompleteJSONError"
        reading.trouble(Reason.TRUNCATED if cut else Reason.DAMAGED, "not readable as JSON")
        return None


def _loads(data: bytes) -> object:
    # strict=False takes the raw line breaks that some exports leave inside captions.
    loaded: object = json.loads(_mended(data).decode("utf-8-sig", errors="replace"), strict=False)
    return loaded


def _mended(data: bytes) -> bytes:
    r"""Write `\x0C` as `\u000C`: Telegram Desktop writes control characters so (tdesktop#27571)."""
    if b"\\x" not in data:
        return data
    return _ESCAPE.sub(lambda found: rb"\u00" + found[1] if found[1] else found[0], data)


def _troubles() -> tuple[type[Exception], ...]:
    import ijson

    return (Unreadable, OSError, EOFError, ijson.JSONError, ValueError, OverflowError)
