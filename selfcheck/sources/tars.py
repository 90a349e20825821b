"""A tar or tar.gz as a part of a tree, read once from front to back.

The headers are walked here and not by tarfile.open: it keeps every header of a stream,
takes a cut at a member's end for a sound end, and parses some headers in quadratic time
(CVE-2024-6232, Python 3.11.7). tarfile still reads the single header block.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from selfcheck.model import Member, PartInfo, Reason, Skipped, Unreadable
from selfcheck.sources import names
from selfcheck.sources.inflate import gunzip
from selfcheck.sources.reading import Limits, as_file, blocks, open_file

GZIP_MAGIC = b"\x1f\x8b"
BLOCK_SIZE = 512
# A long name or a pax header; 1 MiB is far above what any packer writes.
_HEADER_DATA = 1 << 20
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
# These have no bytes behind their header, whatever size it claims; all others have.
_WITHOUT_BYTES = frozenset(
    {
        tarfile.DIRTYPE,
        tarfile.LNKTYPE,
        tarfile.SYMTYPE,
        tarfile.CHRTYPE,
        tarfile.BLKTYPE,
        tarfile.FIFOTYPE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a tar: its name as recorded, its type and its bytes' length."""

    name: bytes
    kind: bytes
    size: int
    sparse: bool = False


def stream(
    info: PartInfo, part: int, limits: Limits
) -> Iterator[tuple[Member, BinaryIO] | Skipped]:
    """Give each file and its bytes in turn; a cut or damaged tar ends with one Skipped.

    A member's bytes are there until the next one is asked for. Links are not followed.
    """
    try:
        with open_file(Path(info.path)) as file:
            tape = Tape(_unpacked(file, limits))
            for ordinal, entry in enumerate(_entries(tape)):
                limits.bear(ordinal)
                if entry.kind == tarfile.DIRTYPE:
                    continue
                shown = names.decode(entry.name)
                path = names.matching(shown)
                member = Member(
                    part=part, locator=str(ordinal), path=path, shown=shown, size=entry.size
                )
                yield _refused(info, entry, path, limits) or (member, as_file(tape.pieces()))
            tape.run_out()
    except Unreadable as trouble:
        yield Skipped(item=info.name, reason=trouble.reason, detail=trouble.detail)


class Tape:
    """Chunks as a tape that only runs forward; `left` is what remains of the current entry."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._chunk = memoryview(b"")
        self._failure: Unreadable | None = None
        self._entry = 0
        self.left = 0

    def begin(self, size: int) -> None:
        """Take the next `size` bytes for the current entry."""
        self._entry += 1
        self.left = size

    def pieces(self) -> Iterator[bytes]:
        """Give what is left of the current entry; raise Unreadable where the tape breaks."""
        return self._pieces(self._entry)

    def _pieces(self, entry: int) -> Iterator[bytes]:
        while self.left or entry != self._entry:
            if entry != self._entry:
                raise Unreadable(Reason.VANISHED, "the archive has been read past it")
            piece = self._take(self.left)
            if not piece:
                raise Unreadable(Reason.TRUNCATED, f"{self.left} bytes are missing at its end")
            self.left -= len(piece)
            yield piece

    def skip(self, padding: int) -> None:
        """Run past the current entry and its padding."""
        for _ in self.pieces():
            pass
        self.begin(padding)
        for _ in self.pieces():
            pass

    def block(self) -> bytes:
        """Give the next header block: empty at the tape's end, short where it breaks."""
        block = b""
        while len(block) < BLOCK_SIZE and (piece := self._take(BLOCK_SIZE - len(block))):
            block += piece
        return block

    def run_out(self) -> None:
        """Run to the very end, where gzip's checksum over the whole stands."""
        while self._take(BLOCK_SIZE * BLOCK_SIZE):
            pass

    def _take(self, count: int) -> bytes:
        if self._failure is not None:
            raise self._failure
        if not self._chunk:
            try:
                self._chunk = memoryview(next(self._chunks, b""))
            except Unreadable as failure:
                # Asked again, the chunks would look as if they had simply come to an end.
                self._failure = failure
                raise
        taken = bytes(self._chunk[:count])
        self._chunk = self._chunk[count:]
        return taken


def _unpacked(file: BinaryIO, limits: Limits) -> Iterator[bytes]:
    packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    return gunzip(blocks(file), limits) if packed else blocks(file)


def _entries(tape: Tape) -> Iterator[Entry]:
    """Give every entry but the headers that only describe the next one."""
    name, pax = b"", dict[bytes, bytes]()
    while True:
        info = _header(tape)
        if info is None:
            return
        size = info.size
        tape.begin(size)
        match info.type:
            case tarfile.GNUTYPE_LONGNAME:
                name = _description(tape).rstrip(b"\0")
            case tarfile.GNUTYPE_LONGLINK | tarfile.XGLTYPE:
                _description(tape)
            case tarfile.XHDTYPE | tarfile.SOLARIS_XHDTYPE:
                pax = _records(_description(tape))
            case _:
                entry = _entry(info, name, pax)
                size = entry.size
                tape.begin(size)
                yield entry
                name, pax = b"", {}
        tape.skip(-size % BLOCK_SIZE)


def _header(tape: Tape) -> tarfile.TarInfo | None:
    block = tape.block()
    if len(block) < BLOCK_SIZE:
        # A sound tar ends with blocks of zeros; one cut between two files does not.
        raise Unreadable(Reason.TRUNCATED, "the archive ends too early")
    if not any(block):
        return None
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.TarError as error:
        raise _damaged() from error
    if info.size < 0:
        raise _damaged()
    # A sparse file's map goes on in blocks of its own, each saying whether another follows.
    more = info.type == tarfile.GNUTYPE_SPARSE and block[482]
    while more:
        block = tape.block()
        more = len(block) == BLOCK_SIZE and block[504]
    return info


def _damaged() -> Unreadable:
    return Unreadable(Reason.DAMAGED, "a header is damaged; what follows is lost")


def _entry(info: tarfile.TarInfo, name: bytes, pax: dict[bytes, bytes]) -> Entry:
    try:
        size = int(pax.get(b"size", info.size))
    except ValueError:
        size = -1
    if size < 0:
        raise _damaged()
    recorded = info.name.encode("utf-8", "surrogateescape")
    sparse = info.type == tarfile.GNUTYPE_SPARSE or any(k.startswith(b"GNU.sparse.") for k in pax)
    return Entry(
        name=pax.get(b"path") or name or recorded,
        kind=info.type,
        size=0 if info.type in _WITHOUT_BYTES else size,
        sparse=sparse,
    )


def _description(tape: Tape) -> bytes:
    if tape.left > _HEADER_DATA:
        raise Unreadable(Reason.HOSTILE, f"a header of {tape.left} bytes")
    return b"".join(tape.pieces())


def _records(data: bytes) -> dict[bytes, bytes]:
    """Read pax records, "LENGTH KEY=VALUE" and a line feed each (POSIX.1-2001)."""
    found, at = dict[bytes, bytes](), 0
    while at < len(data):
        digits, _, _ = data[at : at + 20].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        if not len(digits) < length <= len(data) - at:
            raise _damaged()
        key, _, value = data[at + len(digits) + 1 : at + length].partition(b"=")
        found[key] = value.removesuffix(b"\n")
        at += length
    return found


def _refused(info: PartInfo, entry: Entry, path: str, limits: Limits) -> Skipped | None:
    item = f"{info.name}/{path[:300]}"
    if len(entry.name) > limits.name:
        detail = f"a name of {len(entry.name)} bytes"
        return Skipped(item=item, reason=Reason.HOSTILE, detail=detail)
    if entry.sparse:
        return Skipped(item=item, reason=Reason.UNSUPPORTED, detail="a sparse file of GNU tar")
    if entry.kind not in _FILES:
        return Skipped(item=item, reason=Reason.LINK)
    if names.is_archive(path) and not (names.is_zip(path) and entry.size <= limits.nested):
        return Skipped(item=item, reason=Reason.NESTED)
    if entry.size > (limits.holder if names.is_holder(path) else limits.member):
        return Skipped(item=item, reason=Reason.TOO_LARGE, detail=f"{entry.size} bytes")
    return None
