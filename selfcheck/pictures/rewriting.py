"""What the rewriters of all formats share: what they give, what they note, how they refuse.

A rewriter copies the blocks of a file that show the picture, byte for byte, and leaves out the
rest. It decodes no pixel.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

from selfcheck.model import Reason
from selfcheck.pictures.formats import HEAD, describe
from selfcheck.pictures.opening import Unreadable
from selfcheck.pictures.orientation import UPRIGHT

_LONGEST = 300  # characters of one text
_MOST_TEXTS = 8  # told of one kind
_MOST_KINDS = 60
_INFLATED = 4096  # bytes of a packed text that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """One thing that a copy does not hold any more: what it was, and its value, untrusted text."""

    what: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A file without metadata, and what was left out."""

    data: bytes = field(repr=False)
    removed: tuple[Removed, ...]


class Unfit(Exception):
    """A file's outline is broken, or built to keep a reader busy."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Keep why."""
        super().__init__(detail)
        self.why = Unreadable(reason=reason, detail=detail)


class Notes:
    """What was left out, by kind: texts as they stand, other blocks by number and size."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._texts: dict[str, list[str]] = {}
        self._blocks: dict[str, list[int]] = {}

    def text(self, what: str, text: str | bytes) -> None:
        """Note a text."""
        words = text if isinstance(text, str) else text[: 4 * _LONGEST].decode("utf-8", "replace")
        if what in self._texts or len(self._texts) < _MOST_KINDS:
            self._texts.setdefault(what, []).append(" ".join(words[: 2 * _LONGEST].split()))

    def block(self, what: str, size: int) -> None:
        """Note a block of so many bytes; one of none is not told."""
        if size and (what in self._blocks or len(self._blocks) < _MOST_KINDS):
            self._blocks.setdefault(what, []).append(size)

    def trailing(self, rest: memoryview) -> None:
        """Note what follows the picture's end."""
        if rest:
            kind = describe(bytes(rest[:HEAD]))
            self.text("data after the picture's end", f"{len(rest):,} bytes ({kind})")

    def removed(self) -> tuple[Removed, ...]:
        """Give what was noted, texts first."""
        rows = [
            Removed(what=what, value=text[:_LONGEST])
            for what, texts in self._texts.items()
            for text in [*texts[:_MOST_TEXTS], *_further(len(texts) - _MOST_TEXTS)]
        ]
        for what, sizes in self._blocks.items():
            number = f"{len(sizes):,} blocks, " if len(sizes) > 1 else ""
            rows.append(Removed(what=what, value=f"{number}{sum(sizes):,} bytes"))
        return tuple(rows)


def _further(number: int) -> tuple[str, ...]:
    return (f"and {number:,} more",) if number > 0 else ()


def orientation_alone(orientation: int) -> bytes:
    """Give EXIF that holds the orientation and nothing else; none for an upright picture.

    Source: TIFF 6.0, one directory of one entry.
    """
    if orientation == UPRIGHT:
        return b""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)


def inflated(packed: bytes, most: int = _INFLATED) -> bytes:
    """Unpack the first bytes of what zlib packed, never more; none where it is broken."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
