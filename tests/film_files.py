"""What is done to film files before they are read."""

from __future__ import annotations


def index_first(data: bytes) -> bytes:
    """Move an MP4's index to the front, as servers do, and correct the places it names."""
    mdat, moov = data.index(b"mdat") - 4, data.index(b"moov") - 4
    index = bytearray(data[moov:])
    at = index.index(b"stco") + 8
    for place in range(at + 4, at + 4 + 4 * int.from_bytes(index[at : at + 4], "big"), 4):
        moved = int.from_bytes(index[place : place + 4], "big") + len(index)
        index[place : place + 4] = moved.to_bytes(4, "big")
    return data[:mdat] + bytes(index) + data[mdat:moov]
