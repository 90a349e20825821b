"""`srcset`, by the grammar of the HTML standard ("parse a srcset attribute")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLANK = "\t\n\f\r "
_SKIPPED = re.compile(r"[\t\n\f\r ,]*+")
_ADDRESS = re.compile(r"[^\t\n\f\r ]++")
# A comma within parentheses ends no candidate.
_DESCRIPTORS = re.compile(r"[^,(]*+(?:\([^)]*+\)?[^,(]*+)*+")
_WIDTH = re.compile(r"\d{1,7}w")
_HEIGHT = re.compile(r"\d{1,7}h")
_DENSITY = re.compile(r"(?:\d{1,7}(?:\.\d{1,7})?|\.\d{1,7})(?:[eE][+-]?\d{1,2})?x")
_LOOKS = re.compile(r"\S[\t\n\f\r ]+\d{1,5}(?:\.\d{1,4})?[wx][\t\n\f\r ]*(?:,|\Z)")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address of a srcset; neither width nor density means a density of 1."""

    address: str
    width: int | None = None
    density: float | None = None


def parse(text: str) -> Iterator[Candidate]:
    """Give the valid candidates in their order, at most 500."""
    at, count = 0, 0
    while count < _MOST:
        at = _end(_SKIPPED, text, at)
        if at >= len(text):
            return
        start, at = at, _end(_ADDRESS, text, at)
        address = text[start:at]
        said = ""
        if address.endswith(","):
            address = address.rstrip(",")
        else:
            start, at = at, _end(_DESCRIPTORS, text, at)
            said = text[start:at]
        if (candidate := _candidate(address, said.split())) is not None:
            count += 1
            yield candidate


def looks_like_one(text: str) -> bool:
    """Say whether an attribute of any name holds a srcset: an address and its descriptor."""
    return _LOOKS.search(text) is not None


def _candidate(address: str, descriptors: list[str]) -> Candidate | None:
    width: int | None = None
    density: float | None = None
    for said in descriptors:
        if _WIDTH.fullmatch(said) and width is None and density is None:
            width = int(said[:-1])
        elif _DENSITY.fullmatch(said) and width is None and density is None:
            density = float(said[:-1])
        elif not _HEIGHT.fullmatch(said):
            return None
    return None if width == 0 else Candidate(address, width, density)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
