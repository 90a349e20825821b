"""A tree in memory: readers of exports never look at pixels, so placeholders stand for pictures."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

import pytest
from page_reading import ReadsHere

from selfcheck.exports import Documents
from selfcheck.model import Member, PartInfo, Skipped

# What a file holds: bytes, an error that opening it raises, None for a picture, else JSON;
# {"$script": prefix, "json": value} is JSON behind a prefix.
Content: TypeAlias = object
Files: TypeAlias = Mapping[str, Content]
Build: TypeAlias = Callable[..., Documents]


@dataclass(frozen=True)
class MemoryTree:
    """Parts of an export, each a mapping from path to bytes."""

    held: Sequence[Mapping[str, bytes | Exception]]
    label: str = "memory"
    streamed: bool = False

    @property
    def parts(self) -> tuple[PartInfo, ...]:
        names = [f"part {n}" for n in range(len(self.held))]
        return tuple(PartInfo(path=n, kind="memory", fingerprint=n, name=n) for n in names)

    def members(self) -> Iterator[Member | Skipped]:
        yield from self.listing()

    def listing(self) -> Iterator[Member]:
        for part, files in enumerate(self.held):
            for path, data in files.items():
                size = 0 if isinstance(data, Exception) else len(data)
                yield Member(part=part, locator=path, path=path, shown=path, size=size)

    def stream(self) -> Iterator[tuple[Member, BinaryIO] | Skipped]:
        yield from ()

    def open(self, member: Member) -> BinaryIO:
        held = self.held[member.part][member.locator]
        if isinstance(held, Exception):
            raise held
        return io.BytesIO(held)


def in_bytes(content: Content) -> bytes | Exception:
    match content:
        case bytes() | Exception():
            return content
        case None:
            return b"picture"
        case {"$script": str(prefix), "json": value}:
            return f"{prefix}{json.dumps(value)}".encode()
        case _:
            return json.dumps(content).encode()


def documents(*parts: Files) -> Documents:
    held = [{path: in_bytes(content) for path, content in files.items()} for files in parts]
    tree = MemoryTree(held)
    return Documents.of(tree, tree.listing(), ReadsHere())


@pytest.fixture
def build() -> Build:
    """Build `Documents` from the files of one or several parts."""
    return documents
