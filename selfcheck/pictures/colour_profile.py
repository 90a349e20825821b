"""A colour profile without names: what tells a screen how to show colours, and no more.

Profiles that were made for one device carry its name, its serial number, its owner's words and
the time. Leaving a profile out would change the colours of every newer phone's pictures.
"""

from __future__ import annotations

import struct

_HEADER = 128
_MOST_TAGS = 200
_MOST_BYTES = 16 << 20
_MARK = slice(36, 40)
_SPACE = slice(16, 20)
# Tags that take part in showing colours (ICC.1:2022, 9.2), and the types their values may have.
_TAGS = frozenset(
    (b"wtpt bkpt chad rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC gamt cicp").split()
    + [side + digit for side in (b"A2B", b"B2A", b"D2B", b"B2D") for digit in (b"0", b"1", b"2")]
    + [b"D2B3", b"B2D3"]
)
_TYPES = frozenset(
    (b"XYZ ", b"curv", b"para", b"sf32", b"mft1", b"mft2", b"mAB ", b"mBA ", b"mpet", b"cicp")
)
# Header fields that name a device, a maker, a program or a time: from, up to.
_NAMES = ((4, 8), (24, 36), (40, 44), (48, 56), (80, 128))
_DATE = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
_WORDS = "colours"
_VERSION_4 = 4


def nameless(profile: bytes) -> bytes:
    """Give the same colours without names; nothing for what is no profile.

    Given its own answer, it gives that back.
    """
    tags = _tags(profile)
    if not tags:
        return b""
    version = profile[8]
    body = bytearray()
    table: list[bytes] = []
    places: dict[bytes, int] = {}
    start = _HEADER + 4 + 12 * (len(tags) + 2)
    texts = [(b"desc", _description(version)), (b"cprt", _copyright(version))]
    for name, value in [*texts, *tags]:
        if value not in places:  # curves are often shared by the three colours
            places[value] = start + len(body)
            body += value + bytes(-len(value) % 4)
        table.append(name + struct.pack(">II", places[value], len(value)))
    head = bytearray(profile[:_HEADER])
    for first, last in _NAMES:
        head[first:last] = bytes(last - first)
    head[24:36] = _DATE
    head[:4] = (start + len(body)).to_bytes(4, "big")
    return bytes(head) + len(table).to_bytes(4, "big") + b"".join(table) + bytes(body)


def colour_space(profile: bytes) -> bytes:
    """Give which colours a profile is for: `RGB `, `GRAY`, `CMYK` and others."""
    return profile[_SPACE]


def called(profile: bytes) -> str:
    """Give the words by which a profile calls itself, as untrusted text."""
    for name, value in _entries(profile):
        if name == b"desc":
            if value[:4] == b"desc":
                return value[12 : 12 + 300].split(b"\0")[0].decode("latin-1")
            return value[28 : 28 + 600].decode("utf-16-be", "replace").strip("\0")
    return ""


def _tags(profile: bytes) -> list[tuple[bytes, bytes]]:
    """Give the tags that show colours, each once, in their order."""
    found: dict[bytes, bytes] = {}
    for name, value in _entries(profile):
        if name in _TAGS and value[:4] in _TYPES:
            found.setdefault(name, value)
    return list(found.items())


def _entries(profile: bytes) -> list[tuple[bytes, bytes]]:
    """Read the table of tags; none where it does not hold together."""
    if len(profile) < _HEADER + 4 or len(profile) > _MOST_BYTES or profile[_MARK] != b"acsp":
        return []
    number = int.from_bytes(profile[_HEADER : _HEADER + 4], "big")
    if number > _MOST_TAGS or _HEADER + 4 + 12 * number > len(profile):
        return []
    found, total = [], 0
    for at in range(_HEADER + 4, _HEADER + 4 + 12 * number, 12):
        place, size = struct.unpack(">II", profile[at + 4 : at + 12])
        total += size
        # Tags may share their value, so a small file could promise a great deal.
        if place + size > len(profile) or total > _MOST_BYTES:
            return []
        found.append((profile[at : at + 4], profile[place : place + size]))
    return found


def _description(version: int) -> bytes:
    """Write the description that every profile must have."""
    if version >= _VERSION_4:
        return _in_unicode()
    words = _WORDS.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(4 + 4 + 2 + 1 + 67)


def _copyright(version: int) -> bytes:
    """Write the copyright that every profile must have: none."""
    return _in_unicode() if version >= _VERSION_4 else b"text\0\0\0\0none\0"


def _in_unicode() -> bytes:
    words = _WORDS.encode("utf-16-be")
    return b"mluc" + struct.pack(">III4sII", 0, 1, 12, b"enUS", len(words), 28) + words
