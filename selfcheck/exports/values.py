"""Reads values of documents by shape: what has the wrong type is as good as absent.

Owns no platform's field names; nothing here raises.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from selfcheck.model import Moment, Place, Precision

Fields = Mapping[str, object]

_NOTHING: Fields = {}
_SAYS_UTC = re.compile(r" UTC$")
_TO_THE_MINUTE = re.compile(r"[T ]\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)?$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = 1e11  # beyond this a Unix time can only mean milliseconds
_OLDEST = -4_544_208_000.0  # 1826, the year of the first photograph
_NEWEST = 7_258_118_400.0  # 2200

# UTF-8 sequences whose bytes were written as one character each.
_BYTES = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def fields(value: object) -> Fields:
    """Give the value if it is an object, otherwise one without fields."""
    return value if isinstance(value, dict) else _NOTHING


def items(value: object) -> list[object]:
    """Give the value if it is a list; a bare object counts as a list of one."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) else []


def at(value: object, *keys: str) -> object:
    """Follow keys down through objects; None where one is absent."""
    for key in keys:
        value = fields(value).get(key)
    return value


def text(value: object) -> str | None:
    """Give a text that is not blank, without blanks around it."""
    return (value.strip() or None) if isinstance(value, str) else None


def joined(*lines: str | None) -> str | None:
    """Give the texts that are there, each on a line of its own; None where there is none."""
    return "\n".join(line for line in lines if line) or None


def number(value: object) -> float | None:
    """Give a finite number, also one written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def moment(*candidates: object) -> Moment | None:
    """Give the first candidate that is a Unix time in seconds or milliseconds, as UTC.

    Zero stands for "not known", and years before photography for a platform's sentinel
    (Facebook's `-62169958800` is the year 0; seen 2026).
    """
    for candidate in candidates:
        seconds = number(candidate)
        if seconds and abs(seconds) > _MILLISECONDS:
            seconds /= 1000
        if seconds and _OLDEST <= seconds <= _NEWEST:
            return Moment(when=_EPOCH + timedelta(seconds=int(seconds)))
    return None


def iso(value: object) -> Moment | None:
    """Give the time that a text in ISO 8601 names, with its zone if it has one, be it ` UTC`."""
    written = _SAYS_UTC.sub("+00:00", text(value) or "")
    try:
        when = datetime.fromisoformat(written).replace(microsecond=0)
        since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH
    except (ValueError, OverflowError):
        return None
    if not _OLDEST <= since.total_seconds() <= _NEWEST:
        return None
    if len(written) <= len("2020-01-01"):
        return Moment(when=when, precision=Precision.DAY)
    minute = _TO_THE_MINUTE.search(written)
    return Moment(when=when, precision=Precision.MINUTE if minute else Precision.SECOND)


def utc(value: object) -> Moment | None:
    """Give the same where a platform writes its times in UTC and need not say so."""
    found = iso(value)
    if found is None or found.when.tzinfo:
        return found
    return replace(found, when=found.when.replace(tzinfo=UTC))


def place(latitude: object, longitude: object, name: str | None = None) -> Place | None:
    """Give a place from WGS 84 degrees, a name or both; 0, 0 stands for "not known"."""
    north, east = number(latitude), number(longitude)
    known = north is not None and east is not None and (north or east)
    if known and north is not None and east is not None and abs(north) <= 90 and abs(east) <= 180:  # noqa: PLR2004 -- degrees
        return Place(latitude=north, longitude=east, name=name)
    return Place(name=name) if name else None


def mended(value: object) -> str | None:
    r"""Give a text of Meta's JSON, which writes each byte of UTF-8 as one `\u00xx`.

    Only whole sequences are mended, so a text that is right already stays as it is.
    """
    found = text(value)
    return found and text(_BYTES.sub(_decode, found))


def caption(*candidates: object) -> str | None:
    """Join the texts of Meta's JSON that are not blank, each once, HTML entities resolved."""
    found = [html.unescape(t) for t in map(mended, candidates) if t]
    kept = [t for i, t in enumerate(found) if not any(t in other for other in found[:i])]
    return "\n".join(kept) or None


def deep(value: object, key: str, depth: int = 8) -> Iterator[object]:
    """Yield every value that stands under a key, at most `depth` levels down."""
    if depth < 0:
        return
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for below in value.values():
            yield from deep(below, key, depth - 1)
    elif isinstance(value, list):
        for below in value:
            yield from deep(below, key, depth - 1)


def _decode(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode()
    except UnicodeDecodeError:
        return found[0]
