"""Which files beside a Bluesky repository are the blobs that its records name.

A blob's CID is the hash of its bytes, so a file is known by its name or by what it holds.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from selfcheck.exports.carfiles import cid_text
from selfcheck.exports.dagcbor import Link
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.values import Fields, number, text
from selfcheck.model import Member, Unreadable

_NAME = re.compile(r"(?:^|/)(baf[a-z2-7]{50,100})(\.[a-z0-9]{1,5})?$")
_RAW_SHA256 = b"\x01\x55\x12\x20"  # CID version 1, raw bytes, SHA-256 of 32 bytes
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A picture or film as a record names it."""

    cid: str
    size: int | None
    sha256: bytes | None


def blob(told: Fields) -> Blob | None:
    """Read a reference to a picture or film; until 2023 it was `{cid, mimeType}`."""
    kind, ref, old = text(told.get("mimeType")), told.get("ref"), text(told.get("cid"))
    if kind and not kind.startswith(("image/", "video/")):
        return None
    size = number(told.get("size"))
    if isinstance(ref, Link):
        known = ref.cid.startswith(_RAW_SHA256)
        digest = ref.cid[len(_RAW_SHA256) :] if known else None
        return Blob(cid=cid_text(ref.cid), size=int(size) if size else None, sha256=digest)
    return Blob(cid=old, size=None, sha256=None) if old else None


@dataclass(slots=True, kw_only=True)
class Blobs:
    """The files of one tree by the two ways in which blobs are known."""

    tree: Documents
    _by_name: dict[str, list[int]] | None = field(default=None, repr=False)
    _by_size: dict[int, list[int]] | None = field(default=None, repr=False)
    _hashes: dict[int, bytes] = field(default_factory=dict, repr=False)

    def of(self, wanted: Blob) -> tuple[Member, ...]:
        """Give the files of that name; without one, those of the same size and hash."""
        found = self._named().get(fold(wanted.cid), [])
        if not found and wanted.sha256 and wanted.size:
            alike = self._sized().get(wanted.size, [])
            found = [position for position in alike if self._hash(position) == wanted.sha256]
        return tuple(self.tree.members[position] for position in found)

    def _named(self) -> dict[str, list[int]]:
        if self._by_name is None:
            self._by_name = self.tree.by_group(_NAME, 1)
        return self._by_name

    def _sized(self) -> dict[int, list[int]]:
        if self._by_size is None:
            self._by_size = {}
            for position, member in enumerate(self.tree.members):
                self._by_size.setdefault(member.size, []).append(position)
        return self._by_size

    def _hash(self, position: int) -> bytes:
        if position not in self._hashes:
            found = hashlib.sha256()
            try:
                with self.tree.open(self.tree.members[position]) as stream:
                    while data := stream.read(_BLOCK):
                        found.update(data)
            except (Unreadable, OSError, EOFError):
                found = hashlib.sha256()  # of nothing: no blob is empty
            self._hashes[position] = found.digest()
        return self._hashes[position]
