"""Measure what looking for the owner in a film costs, beside the bare decoding of key frames.

    uv run python -m bench.films [--seconds 60] [--height 1080] [--rounds 3] [--key-every 1]

It draws two people who do not exist into a room, pans a camera over them, and encodes that as
H.264 with a key frame every so many seconds. Then, in turns: FFmpeg decoding the key frames and
nothing else; our choice of frames (packets surveyed, key frames decoded, compared, made RGB);
that and the search for faces. Medians and ratios to the first; the figures go to
bench/out/films.json. One thread.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from bench.people import write_figures
from selfcheck import pictures
from selfcheck.demo.people import PEOPLE, View, scene
from selfcheck.faces import LEVELS, Engine, open_engine
from selfcheck.flows import looking
from selfcheck.privacy.paths import cache_folder

Rgb = NDArray[np.uint8]
RATE = 30
WIDER = 1.25  # the room's width, in widths of the film


def panned(seconds: int, height: int) -> Iterator[Rgb]:
    """Give the frames of a camera that goes over a room and back, with a camera's noise."""
    width = height * 16 // 9
    people = [(PEOPLE[0], View(yaw=6), (0.35, 0.3, 0.08)), (PEOPLE[1], View(), (0.6, 0.3, 0.06))]
    room = scene(people, width=int(width * WIDER), height=height)
    noise = np.random.default_rng(1).integers(0, 6, (height, width, 1), dtype=np.uint8)
    for number in range(seconds * RATE):
        share = (1 - np.cos(2 * np.pi * number / (20 * RATE))) / 2
        left = round(share * (room.shape[1] - width))
        shifted = np.roll(noise, number * 7, axis=1)
        yield np.maximum(room[:, left : left + width], shifted) - shifted


def encode(frames: Iterator[Rgb], key_every: float) -> bytes:
    """Encode frames as H.264 in MP4."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream: Any = None
        for rgb in frames:
            if stream is None:
                stream = container.add_stream("libx264", rate=Fraction(RATE))
                stream.height, stream.width = rgb.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.options = {"preset": "veryfast", "g": str(round(key_every * RATE))}
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return out.getvalue()


def bare(film: bytes) -> int:
    """Decode the key frames as FFmpeg does it by itself, and do nothing with them."""
    with av.open(io.BytesIO(film), "r") as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        stream.codec_context.skip_frame = "NONKEY"
        return len([None for _ in container.decode(stream)])


def chosen(film: bytes) -> Iterator[pictures.Frame]:
    """Give the frames that a scan looks at."""
    found = pictures.key_frames(io.BytesIO(film))
    assert isinstance(found, pictures.KeyFrames), found
    return found.frames(long_side=looking.LONG_SIDE, budget=pictures.Budget())


def searched(film: bytes, engine: Engine) -> int:
    """Look for faces on them as a scan does, and encode those there are."""
    frames = 0
    for frame in chosen(film):
        faces = engine.spot([frame.rgb, *pictures.smaller(frame.rgb, LEVELS)])
        engine.encode(frame.rgb, faces)
        frames += 1
    return frames


def main() -> None:
    """Print the table and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--height", type=int, default=1080)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--key-every", type=float, default=1.0)
    given = parser.parse_args()
    film = encode(panned(given.seconds, given.height), given.key_every)
    engine = open_engine("onnx", cache=cache_folder())
    searched(encode(panned(1, 240), 1), engine)  # whatever is loaded at the first use
    steps: dict[str, Callable[[], int]] = {
        "key frames, bare decoding": lambda: bare(film),
        "frames chosen": lambda: sum(1 for _ in chosen(film)),
        "frames chosen and searched": lambda: searched(film, engine),
    }
    times: dict[str, list[float]] = {name: [] for name in steps}
    frames: dict[str, int] = {}
    for _ in range(given.rounds):
        for name, step in steps.items():
            began = time.perf_counter()
            frames[name] = step()
            times[name].append(time.perf_counter() - began)
    floor = statistics.median(times["key frames, bare decoding"])
    size = f"{given.seconds} s of {given.height}p, {len(film) / 2**20:.1f} MiB"
    print(f"{size}, a key frame every {given.key_every:g} s, median of {given.rounds}")
    rows = []
    for name, each in times.items():
        seconds = statistics.median(each)
        row = {
            "step": name,
            "frames": frames[name],
            "seconds": round(seconds, 3),
            "ratio": round(seconds / floor, 2),
            "milliseconds_a_frame": round(1000 * seconds / frames[name], 1),
        }
        rows.append(row)
        print(f"{name:28} {row['frames']:4} frames {seconds:7.2f} s  {seconds / floor:6.2f} x")
    write_figures("films", {"film": vars(given) | {"bytes": len(film)}, "rows": rows})


if __name__ == "__main__":
    main()
