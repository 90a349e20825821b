"""A GIF without metadata: its blocks copied or left out, its pixels not touched.

Owns which blocks show the picture: frames, their timing, and how often they are repeated.
Source: GIF89a, and Netscape's block for the repetition.
"""

from __future__ import annotations

from selfcheck.model import Reason
from selfcheck.pictures.rewriting import Notes, Rewritten, Unfit

# 200 MB in blocks of 255 bytes are fewer; a hostile file may hold a hundred million of one byte.
_MOST_BLOCKS = 2_000_000
_HEADER = 13
_EXTENSION, _IMAGE, _END, _FILLING = 0x21, 0x2C, 0x3B, 0x00
_TIMING, _PLAIN_TEXT, _COMMENT, _APPLICATION = 0xF9, 0x01, 0xFE, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def rewrite_gif(data: bytes, orientation: int) -> Rewritten:
    """Give the same picture without comments and programs' blocks; a GIF is always upright.

    Raises Unfit for a file that breaks off within a block or has far too many.
    """
    del orientation
    return _Walk(data).through()


class _Walk:
    """One way through a file, front to back."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._view = memoryview(data)
        self._notes = Notes()
        self._kept: list[memoryview | bytes] = []
        self._timing: list[memoryview] = []  # of the frame that comes next
        self._blocks = 0

    def through(self) -> Rewritten:
        at = _HEADER + _colours(self._byte(10))
        self._kept.append(self._view[:at])
        while (mark := self._byte(at)) != _END:
            if mark == _IMAGE:
                at = self._image(at)
            elif mark == _EXTENSION:
                at = self._extension(at)
            elif mark == _FILLING:
                at += 1
                self._count()
            else:
                raise Unfit(Reason.DAMAGED, f"GIF: a block of an unknown kind ({mark:02x})")
        self._notes.trailing(self._view[at + 1 :])
        self._kept.append(b";")
        return Rewritten(data=b"".join(self._kept), removed=self._notes.removed())

    def _image(self, at: int) -> int:
        """Keep a frame; give where it ends."""
        start = at + 10
        end = self._sub_blocks(start + _colours(self._byte(start - 1)) + 1)
        self._kept += [*self._timing, self._view[at:end]]
        self._timing.clear()
        return end

    def _extension(self, at: int) -> int:
        """Keep what times a frame or repeats the film, and note all else; give where it ends."""
        label, end = self._byte(at + 1), self._sub_blocks(at + 2)
        body = self._data[at + 3 : end]
        if label == _TIMING:
            self._timing = [self._view[at:end]]
        elif label == _APPLICATION and body.startswith(_LOOPS) and body[11:13] == b"\3\1":
            # Its own three bytes, and nothing that may have been put behind them.
            self._kept.append(self._data[at : at + 18] + b"\0")
            self._notes.block("a program's own block", end - at - 19)
        elif label == _COMMENT:
            self._notes.text("comment", body[: self._byte(at + 2)])
        else:
            if label == _PLAIN_TEXT:
                self._timing.clear()  # which was this text's
            self._notes.block(_kind(label, body), end - at)
        return end

    def _sub_blocks(self, at: int) -> int:
        """Give where a row of blocks ends, behind the empty one that closes it."""
        while length := self._byte(at):
            at += length + 1
            self._count()
        return at + 1

    def _byte(self, at: int) -> int:
        if at >= len(self._data):
            raise Unfit(Reason.TRUNCATED, "GIF: it ends without its closing mark")
        return self._data[at]

    def _count(self) -> None:
        self._blocks += 1
        if self._blocks > _MOST_BLOCKS:
            raise Unfit(Reason.HOSTILE, f"GIF: more than {_MOST_BLOCKS:,} blocks")


def _colours(packed: int) -> int:
    """Give how many bytes a table of colours takes."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _kind(label: int, body: bytes) -> str:
    if label == _PLAIN_TEXT:
        return "text to be laid over the picture"
    if label == _APPLICATION and body.startswith(b"XMP DataXMP"):
        return "XMP"
    return "a program's own block"
