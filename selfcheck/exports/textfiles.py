"""Texts and tables (CSV) of any size, read as streams; nothing raises for what they hold."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from selfcheck.exports.reading import BeyondLimits, Reading
from selfcheck.model import Unreadable

_BLOCK = 64 << 10
_LONGEST = 1 << 20  # characters of one line, or of one cell
_MOST_COLUMNS = 1000


def lines(reading: Reading) -> Iterator[str]:
    """Yield the lines of a text in UTF-8 or UTF-16 without their ends.

    What cannot be decoded is replaced. Only what ends a line in a file counts: a caption may
    hold the other characters that Unicode calls line ends.
    """
    try:
        with reading.open() as stream:
            for line in _with_ends(stream):
                yield line.rstrip("\r\n")
    except (Unreadable, OSError, EOFError, BeyondLimits) as error:
        reading.tell(error)


def rows(reading: Reading) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a CSV by the names in its first line; a cell too few is not there."""
    try:
        with reading.open() as stream:
            cells = csv.reader(line.replace("\0", "") for line in _with_ends(stream))
            names = [name.strip() for name in _row(cells) or ()][:_MOST_COLUMNS]
            while (row := _row(cells)) is not None:
                if row:
                    yield dict(zip(names, row, strict=False))
    except (Unreadable, OSError, EOFError, BeyondLimits, csv.Error) as error:
        reading.tell(error)


def _row(cells: Iterator[list[str]]) -> list[str] | None:
    """Read one row under our limit, which holds for the whole process and so only meanwhile."""
    before = csv.field_size_limit(_LONGEST)
    try:
        return next(cells, None)
    finally:
        csv.field_size_limit(before)


def _with_ends(stream: BinaryIO) -> Iterator[str]:
    decoder, rest = None, ""
    while block := stream.read(_BLOCK):
        decoder = decoder or _decoder(block)
        *whole, rest = _split(rest + decoder.decode(block))
        yield from whole
        if len(rest) > _LONGEST:
            raise BeyondLimits("one line of more than a million characters")
    rest += decoder.decode(b"", final=True) if decoder else ""
    if rest:
        yield rest


def _split(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [text[text.rfind("\n") + 1 :]]


def _decoder(start: bytes) -> codecs.IncrementalDecoder:
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")(errors="replace")
