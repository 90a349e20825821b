"""Film files that no encoder of ours writes: sound alone, and the index in front."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np


def sound() -> bytes:
    """Give a film file that holds sound and no pictures."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream: Any = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.rate, frame.pts = 8000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def index_first(data: bytes) -> bytes:
    """Move an MP4's index to the front, as servers do, and correct the places it names."""
    mdat, moov = data.index(b"mdat") - 4, data.index(b"moov") - 4
    index = bytearray(data[moov:])
    at = index.index(b"stco") + 8
    for place in range(at + 4, at + 4 + 4 * int.from_bytes(index[at : at + 4], "big"), 4):
        moved = int.from_bytes(index[place : place + 4], "big") + len(index)
        index[place : place + 4] = moved.to_bytes(4, "big")
    return data[:mdat] + bytes(index) + data[mdat:moov]
