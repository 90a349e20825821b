"""The engine for everyday use: both networks rebuilt from dlib's weights, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from selfcheck.faces import align, confirm, detect, graphs, propose
from selfcheck.faces.cache import cached
from selfcheck.faces.carried import around, mirrored
from selfcheck.faces.dlib_format import read_detector, read_encoder
from selfcheck.faces.engine import SMALLEST, Face
from selfcheck.faces.ranges import DETECTOR, ENCODER
from selfcheck.faces.rough import VERSION as ROUGH_VERSION
from selfcheck.faces.rough import rough_detector_graph, rough_encoder_graph
from selfcheck.faces.runtime import Run, runner
from selfcheck.faces.weights import Weights, read, signature

_MAKER = f"onnx{graphs.VERSION}"
_FINDER = "proposals3"  # the number goes up whenever the same networks find other faces
# The landmarks' model knows heads tilted as people hold them; others are turned upright first.
_UPRIGHT = 0.4  # radians
_CUT_OUT, _AROUND = 200, 1.6  # px, and how much around the face, in its widths
_UNLIKELY_ONES = 4  # are looked at before a picture is said to hold no face
_BATCH = 8  # faces encoded at once; more gains no time and costs memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OnnxEngine:
    """Both networks in onnxruntime on one thread; landmarks and chips by dlib."""

    name: str
    signature: str
    finder: str
    detector: detect.Detector
    proposer: Run
    encoder: Run
    rough_encoder: Run
    predictor: Any  # dlib ships no types

    @classmethod
    def open(cls, *, cache: Path, models: Path | None = None) -> OnnxEngine:
        """Open it; raise EngineError where weights or libraries do not fit."""
        return cls(
            name="onnx",
            signature=signature(_MAKER),
            finder=f"{_FINDER}-{propose.DIGEST[:12]}",
            detector=_open_detector(cache, models),
            proposer=propose.open_proposer(),
            encoder=_open_encoder(cache, models),
            rough_encoder=_open_rough_encoder(cache, models),
            predictor=align.predictor(Weights.POINTS_5, models),
        )

    def find(self, rgb: NDArray[np.uint8], *, smallest: int = SMALLEST) -> tuple[Face, ...]:
        """Find the faces from about `smallest` px of width up; see `Engine.find`."""
        rgb = align.picture(rgb)
        return tuple(self._face(rgb, found) for found in detect.find(self.detector, rgb, smallest))

    def spot(self, levels: Sequence[NDArray[np.uint8]]) -> tuple[Face, ...]:
        """Find faces quickly, however they are turned; see `Engine.spot`."""
        rgb, *smaller = (align.picture(level) for level in levels)
        every = propose.propose(self.proposer, rgb.shape[:2], smaller, likely=propose.UNLIKELY)
        likely = [one for one in every if one.chance > propose.LIKELY]
        detector, shown = self.detector, (rgb, *smaller)
        found = (
            confirm.confirm(detector, shown, likely)
            or confirm.confirm(detector, shown, every[len(likely) :][:_UNLIKELY_ONES])
            or confirm.confirm_any(detector, shown, likely)
        )
        return tuple(self._turned_face(rgb, one) for one in found)

    def follow(self, rgb: NDArray[np.uint8], before: Sequence[Face]) -> tuple[Face, ...]:
        """Find faces around where they were in the frame before; see `Engine.follow`."""
        rgb = align.picture(rgb)
        found = detect.find_near(self.detector, rgb, [face.box for face in before])
        return tuple(self._face(rgb, one) for one in found)

    def encode(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Encode faces found in this picture as (n, 128); see `Engine.encode`."""
        return _encoded(self.encoder, rgb, faces)

    def encode_both(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Encode faces and their mirror images at once; see `Engine.encode_both`."""
        rgb = align.picture(rgb)
        if not faces:
            return np.empty((0, 128), dtype=np.float32)
        parts = (around(rgb, face) for face in faces)
        turned = [align.chips(*mirrored(part, [face])) for part, face in parts]
        chips = np.concatenate([align.chips(rgb, faces), *turned])
        found = _in_batches(self.encoder, chips)
        return np.asarray((found[: len(faces)] + found[len(faces) :]) / 2, dtype=np.float32)

    def encode_roughly(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Encode faces quickly; see `Engine.encode_roughly`."""
        return _encoded(self.rough_encoder, rgb, faces)

    def _turned_face(self, rgb: NDArray[np.uint8], found: detect.Found) -> Face:
        """Find the landmarks of a face that may lie on its side: in an upright cut-out."""
        if abs(found.turn) <= _UPRIGHT:
            return self._face(rgb, found)
        upright = confirm.crop([rgb], found, _CUT_OUT, _AROUND)
        reach = _CUT_OUT / (2 * _AROUND)
        corners = (
            round(_CUT_OUT / 2 - reach),
            round(_CUT_OUT / 2 - reach),
            round(_CUT_OUT / 2 + reach) - 1,
            round(_CUT_OUT / 2 + reach) - 1,
        )
        five = align.points(self.predictor, upright, corners)
        # Back into the picture: scaled, then turned about the face's middle.
        off = (five - (_CUT_OUT - 1) / 2) * (found.side * _AROUND / _CUT_OUT)
        cos, sin = np.cos(found.turn), np.sin(found.turn)
        there = off @ np.array([[cos, sin], [-sin, cos]]) + (found.x, found.y)
        box = align.clipped(_corners(found), rgb.shape)
        return Face(box=box, score=found.score, five=there.astype(np.float32))

    def _face(self, rgb: NDArray[np.uint8], found: detect.Found) -> Face:
        corners = _corners(found)
        # The whole square finds better landmarks than what of it lies inside the picture.
        five = align.points(self.predictor, rgb, corners)
        return Face(box=align.clipped(corners, rgb.shape), score=found.score, five=five)


def _encoded(encoder: Run, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
    return _in_batches(encoder, align.chips(align.picture(rgb), faces))


def _in_batches(encoder: Run, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
    parts = [encoder(chips[start : start + _BATCH]) for start in range(0, len(chips), _BATCH)]
    return np.concatenate([np.empty((0, 128), dtype=np.float32), *parts])


def _corners(found: detect.Found) -> align.Corners:
    return (
        round(found.x - found.side / 2),
        round(found.y - found.side / 2),
        round(found.x + found.side / 2) - 1,
        round(found.y + found.side / 2) - 1,
    )


def _open_encoder(cache: Path, models: Path | None) -> Run:
    def build() -> bytes:
        return graphs.encoder_graph(read_encoder(read(Weights.ENCODER, models)))

    return runner(cached(cache, f"encoder-{signature(_MAKER)}", build))


def _open_rough_encoder(cache: Path, models: Path | None) -> Run:
    def build() -> bytes:
        return rough_encoder_graph(read_encoder(read(Weights.ENCODER, models)), ENCODER)

    return runner(cached(cache, f"rough-encoder{ROUGH_VERSION}-{signature(_MAKER)}", build))


def _open_detector(cache: Path, models: Path | None) -> detect.Detector:
    network = read_detector(read(Weights.DETECTOR, models))
    name = f"detector-{signature(_MAKER)}"
    scores = runner(cached(cache, name, lambda: graphs.detector_graph(network)))
    named = f"rough-detector{ROUGH_VERSION}-{signature(_MAKER)}"
    rough = runner(cached(cache, named, lambda: rough_detector_graph(network, DETECTOR)))
    return detect.Detector(scores=scores, rough=rough, window=network.side, overlap=network.overlap)
