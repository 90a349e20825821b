"""What Signal's export is not taken for, and lines that it does not write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.signal import Signal
from selfcheck.model import Missing, Picture

Build = Callable[..., Documents]

HEADER = b'{"version":"1","backupTimeMs":"1780000000000"}\n'
SENT = (
    b'{"chatItem":{"outgoing":{},"standardMessage":{"attachments":[{"pointer":{"contentType":'
    b'"image/jpeg","locatorInfo":{"plaintextHash":"%s"}}}]}}}\n'
)


@pytest.mark.parametrize("beginning", [b'{"version":"1"}', b"", OSError("gone")])
def test_lines_of_others_are_not_claimed(build: Build, beginning: bytes | Exception) -> None:
    assert not Signal().claims(build({"main.jsonl": beginning, "metadata.json": {}}))


def test_lines_without_their_companion_are_not_claimed(build: Build) -> None:
    assert not Signal().claims(build({"main.jsonl": HEADER}))


@pytest.mark.parametrize("line", [b"[" * 100_000, b"1" * 100_000, b'"', b"null", b"\xff\xfe"])
def test_a_line_that_is_no_object_stops_nothing(build: Build, line: bytes) -> None:
    sent = SENT % b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    file = f"files/00/{bytes(32).hex()}.jpg"
    docs = build({"main.jsonl": HEADER + line + b"\n" + sent, file: None})
    (found,) = Signal().read(docs)
    assert isinstance(found, Picture)
    assert found.member.path == file


@pytest.mark.parametrize("hashed", [b"", b"A", "\u00e9".encode(), b"!!!!"])
def test_a_hash_that_is_none_leaves_the_picture_missing(build: Build, hashed: bytes) -> None:
    (found,) = Signal().read(build({"main.jsonl": HEADER + SENT % hashed}))
    assert isinstance(found, Missing)
