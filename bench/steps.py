"""Where a scan's time goes, and how far it is from the floor.

The scan's own functions, called one after the other with a clock between them, in as many
processes at once as the scan has workers, on photos of the same album. The floor is what could not
be left out: decoding to the size that is looked at, and the networks' own inference for the
windows that were really looked at.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import studio
from bench.backgrounds import Pixels
from selfcheck import pictures
from selfcheck.faces import SMALLEST, Face
from selfcheck.faces.onnx_engine import OnnxEngine
from selfcheck.faces.runtime import Run
from selfcheck.flows import looking
from selfcheck.identity import Matcher, Profile

# In the order of work. What a network takes by itself is told apart from what is done around it.
STEPS = (
    "read", "hash", "decode", "smaller sizes", "look: network", "confirm: network",
    "look, confirm: around", "encode: network", "align", "compare, mirror",
    "decode larger", "match: metadata, crop",
)  # fmt: skip
FLOOR = ("decode", "look: network", "confirm: network", "encode: network")


class _Clock:
    """Adds up seconds by name; what a network takes counts for the network alone."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = dict.fromkeys(STEPS, 0.0)
        self._last = time.perf_counter()
        self._inside = 0.0

    def start(self) -> None:
        self._last, self._inside = time.perf_counter(), 0.0

    def lap(self, name: str) -> None:
        """Count what has passed since the last lap, but for the networks, for this step."""
        now = time.perf_counter()
        self.spent[name] += now - self._last - self._inside
        self._last, self._inside = now, 0.0

    def around(self, name: str, run: Run) -> Run:
        """Give a network with its own time taken."""

        def timed(pixels: Pixels) -> NDArray[np.float32]:
            began = time.perf_counter()
            result = run(pixels)
            took = time.perf_counter() - began
            self.spent[name] += took
            self._inside += took
            return result

        return timed


def measure(
    pool: ProcessPoolExecutor, photos: Sequence[Path], profile: Profile, workers: int
) -> dict[str, float]:
    """Give the seconds a photo of each step, with so many processes at work side by side."""
    shares = [list(photos[index::workers]) for index in range(workers)]
    walked = list(pool.map(_walk, [(share, profile) for share in shares]))
    return {name: sum(one[name] for one in walked) / len(photos) for name in STEPS}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watched:
    """The engine, with a lap of the clock before and after what a look asks of it."""

    engine: OnnxEngine
    clock: _Clock

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def signature(self) -> str:
        return self.engine.signature

    @property
    def finder(self) -> str:
        return self.engine.finder

    def find(self, rgb: Pixels, *, smallest: int = SMALLEST) -> tuple[Face, ...]:
        return self.engine.find(rgb, smallest=smallest)

    def follow(self, rgb: Pixels, before: Sequence[Face]) -> tuple[Face, ...]:
        return self.engine.follow(rgb, before)

    def spot(self, levels: Sequence[Pixels]) -> tuple[Face, ...]:
        self.clock.lap("smaller sizes")
        faces = self.engine.spot(levels)
        self.clock.lap("look, confirm: around")
        return faces

    def encode(self, rgb: Pixels, faces: Sequence[Face]) -> NDArray[np.float32]:
        self.clock.lap("compare, mirror")
        encodings = self.engine.encode(rgb, faces)
        self.clock.lap("align")
        return encodings

    def encode_both(self, rgb: Pixels, faces: Sequence[Face]) -> NDArray[np.float32]:
        self.clock.lap("compare, mirror")
        encodings = self.engine.encode_both(rgb, faces)
        self.clock.lap("align")
        return encodings

    def encode_roughly(self, rgb: Pixels, faces: Sequence[Face]) -> NDArray[np.float32]:
        self.clock.lap("compare, mirror")
        encodings = self.engine.encode_roughly(rgb, faces)
        self.clock.lap("align")
        return encodings


def _walk(job: tuple[list[Path], Profile]) -> dict[str, float]:
    photos, profile = job
    clock = _Clock()
    engine = studio.networks()
    assert isinstance(engine, OnnxEngine)
    watched = _Watched(engine=_with_clock(engine, clock), clock=clock)
    matcher = Matcher(profile)
    for path in photos[:2]:  # warms up, as the scan's workers are after their first photos
        _examine(path, watched, matcher)
    clock.spent.update(dict.fromkeys(STEPS, 0.0))
    for path in photos:
        _examine(path, watched, matcher)
    return clock.spent


def _with_clock(engine: OnnxEngine, clock: _Clock) -> OnnxEngine:
    scores = clock.around("confirm: network", engine.detector.scores)
    rough = clock.around("confirm: network", engine.detector.rough)
    return replace(
        engine,
        detector=replace(engine.detector, scores=scores, rough=rough),
        proposer=clock.around("look: network", engine.proposer),
        encoder=clock.around("encode: network", engine.encoder),
        rough_encoder=clock.around("encode: network", engine.rough_encoder),
    )


def _examine(path: Path, engine: _Watched, matcher: Matcher) -> None:
    """Do to one photo what a worker does, the same functions in the same order."""
    clock = engine.clock
    clock.start()
    data = path.read_bytes()
    clock.lap("read")
    pictures.sniff(data[: pictures.HEAD])
    hashlib.sha256(data).hexdigest()
    clock.lap("hash")
    still = _decoded(data, looking.LONG_SIDE, 2 * looking.LONG_SIDE)
    clock.lap("decode")

    def closer() -> Pixels:
        clock.lap("compare, mirror")
        wanted = round(max(still.rgb.shape) * looking.MORE)
        larger = _decoded(data, wanted, 2 * wanted)
        clock.lap("decode larger")
        return larger.rgb

    more = closer if looking.may_be_closer(still) else None
    seen = looking.look(engine, matcher, still.rgb, more)
    clock.lap("compare, mirror")
    if seen.best is not None:
        pictures.metadata(data)
        others = [box for index, box in enumerate(seen.boxes) if index != seen.best.index]
        pictures.owner_crop(still.rgb, seen.boxes[seen.best.index], others=others)
        pictures.fingerprint(seen.small)
        clock.lap("match: metadata, crop")


def _decoded(data: bytes, long_side: int, at_most: int | None = None) -> pictures.Still:
    still = pictures.decode(data, long_side=long_side, at_most=at_most)
    assert not isinstance(still, pictures.Unreadable)
    return still
