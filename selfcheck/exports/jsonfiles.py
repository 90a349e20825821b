"""JSON documents of any size, read as far as they can be read.

A list is a stream; a document that breaks off gives what came before the break; nothing raises
for what a document holds. The events that the parser gives are `jsonevents`'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import BinaryIO, TypeVar

from selfcheck.exports.jsonevents import (
    STARTS,
    Event,
    bounded,
    build,
    mended,
    parsed,
    pass_over,
    rest_of_list,
    troubles,
)
from selfcheck.exports.reading import BeyondLimits, Reading
from selfcheck.model import Reason

T = TypeVar("T")

# Not strict: takes the raw line breaks that some exports leave inside captions.
_DECODER = json.JSONDecoder(strict=False)
_MOST_KEYS = 10_000  # of a document's top level; real ones have ten
_LONGEST_NAME = 200  # bytes before the JSON that a script assigns to a name
_NAME = re.compile(rb"\A[^=\[{]{0,%d}=" % _LONGEST_NAME)


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
    except troubles() as error:
        return _repaired(reading, Shape(is_list=False, values=values, lists=tuple(lists)), error)
    return Shape(is_list=is_list, values=values, lists=tuple(lists))


def items(reading: Reading, key: str | None) -> Iterator[object]:
    """Yield the elements of the top-level list, or of the list under a top-level key."""
    return _found(reading, partial(_elements, key=key), partial(_elements_of, key=key))


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
    return _found(reading, partial(_inner, key=key), partial(_inner_of, key=key, told={}))


def under(reading: Reading, keys: Container[str]) -> Iterator[tuple[str, object]]:
    """Yield what stands under some keys, however deep, each with its key; of lists each element.

    What is yielded is not searched again.
    """
    return _found(reading, partial(_outermost, keys=keys), partial(_outermost_of, keys=keys))


def entries(reading: Reading) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield every plain value and every element of an outermost list, with the keys above it."""
    return _found(reading, _entries, partial(_entries_of, above=()))


def assigned(reading: Reading) -> Reading:
    """Give the reading of the JSON that a script assigns to a name: `window.name = [`."""
    return replace(
        reading,
        open=lambda: _behind_name(reading),
        whole=lambda: _NAME.sub(b"", reading.whole(), count=1).rstrip(b"; \t\r\n"),
    )


def _found(
    reading: Reading,
    streamed: Callable[[Iterator[Event]], Iterator[T]],
    held: Callable[[object], Iterator[T]],
) -> Iterator[T]:
    """Yield what a stream gives, and from where it breaks what the document held whole gives.

    Raw control characters and broken UTF-8 stop the stream, not the lenient parser.
    """
    count = 0
    try:
        with reading.open() as stream:
            for found in streamed(parsed(stream)):
                count += 1
                yield found
    except troubles() as error:
        yield from islice(held(_lenient(reading, error)), count, None)


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
            yield from ((above, item) for item in rest_of_list(events))
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
            yield from ((told, item) for item in rest_of_list(events))
        elif event == "start_map":
            around.append({})
        elif event == "end_map":
            around.pop()
        elif name is not None and event not in STARTS:
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
        values = rest_of_list(events) if first[0] == "start_array" else (build(first, events),)
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
    events = parsed(stream)
    if next(events)[0] == "start_array":
        return True
    together = bounded(events)
    for event, key in events:
        if event == "map_key":
            first = next(events)
            if len(values) + len(lists) >= _MOST_KEYS:
                raise BeyondLimits("more than 10,000 keys")
            if first[0] == "start_array":
                lists.append(key)
                pass_over(events)
            else:
                values[key] = build(first, together)
    return False


def _elements(events: Iterator[Event], key: str | None) -> Iterator[object]:
    """Yield the elements of one list: the document itself, or the one under a key."""
    started = next(events)[0]
    if key is not None and started == "start_map":
        started = _under(events, key)
    elif key is not None:
        return
    if started == "start_array":
        yield from rest_of_list(events)


def _elements_of(value: object, key: str | None) -> Iterator[object]:
    """Do the same with a document that is held whole."""
    below = value.get(key) if isinstance(value, dict) and key is not None else None
    yield from _list(value if key is None else below)


def _under(events: Iterator[Event], key: str) -> str:
    """Go to the value under a top-level key; name the event that starts it."""
    for event, found in events:
        if event == "map_key" and found == key:
            return next(events)[0]
        if event in STARTS:
            pass_over(events)
    return ""


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
    loaded: object = _DECODER.decode(mended(data).decode("utf-8-sig", errors="replace"))
    return loaded
