"""What an engine is, and how to open one. The engines themselves are two modules further on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from selfcheck.errors import EngineError
from selfcheck.model import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Longer sides in px of the sizes in which `spot` looks at a picture: together they answer faces
# from 2.5 % of its longer side up to all of it, and most from 2 %.
LEVELS = (720, 288, 112, 44)
SMALLEST = 48  # px of face width; below that an encoding says little
# How much farther than it is a face may seem by its rough encoding; twice what was seen at the most
# in 19,310 distances (docs/speed.md).
ROUGHLY = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Face:
    """One face that was found.

    `box` is clipped to the picture; `score` is the detector's, above 0 (of `spot` above -0.2)
    and seldom above 1.2. `five` holds the landmarks (5, 2) in pixels, x before y, sides as in
    the picture: outer and inner corner of the right eye, outer and inner corner of the left
    eye, base of the nose. They may lie outside the picture.
    """

    box: Box
    score: float
    five: NDArray[np.float32]


class Engine(Protocol):
    """Finds faces and encodes them. Open one per process; it is not for several threads."""

    @property
    def name(self) -> str:
        """The name under which it was opened."""

    @property
    def signature(self) -> str:
        """What made the encodings, for the profile and the ledger: equal, then comparable."""

    @property
    def finder(self) -> str:
        """What `spot` looks with: where it changes, other faces may be found."""

    def find(self, rgb: NDArray[np.uint8], *, smallest: int = SMALLEST) -> tuple[Face, ...]:
        """Find the faces from about `smallest` px of width in an upright (h, w, 3) picture.

        Best score first. Time and memory go with the picture's area and with 1 / smallest
        squared: about a second and 400 MB at 1600x1067 from 48 px. The least is 32 px.
        """

    def spot(self, levels: Sequence[NDArray[np.uint8]]) -> tuple[Face, ...]:
        """Find faces quickly, however they are turned; best score first.

        `levels` are an upright picture (h, w, 3) and the same picture with its longer side
        brought down to each of `LEVELS`. Finds about what `find` finds from 2.5 % of the longer
        side up, in a twentieth of its time, and turned faces as well (docs/speed.md). For
        archives; the gate looks with `find`.
        """

    def follow(self, rgb: NDArray[np.uint8], before: Sequence[Face]) -> tuple[Face, ...]:
        """Find faces around where they were in the frame before: quick, and blind elsewhere.

        For films at ten frames a second or so. It takes less for a face than `find` does; one
        that comes in is found by `find` only.
        """

    def encode(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Encode faces found in this picture as (n, 128); Euclidean distance compares them."""

    def encode_both(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Give the mean of each face's encoding and of its mirror image's, as (n, 128)."""

    def encode_roughly(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Encode faces in two fifths of the time, so that a distance is off by up to `ROUGHLY`.

        For telling who is far from somebody; whoever may be near is to be encoded in full.
        """


def open_engine(name: str = "onnx", *, cache: Path, models: Path | None = None) -> Engine:
    """Open the engine `onnx`, or `reference`: the face_recognition library itself.

    Built graphs are kept in the folder `cache`. `models` is where the weights lie (default:
    where they were installed). The reference engine changes its process on import, so open
    it in a worker process only. Raises EngineError where an engine cannot be had.
    """
    try:
        if name == "onnx":
            from selfcheck.faces.onnx_engine import OnnxEngine

            return OnnxEngine.open(cache=cache, models=models)
        if name == "reference":
            from selfcheck.faces.reference import ReferenceEngine

            return ReferenceEngine.open(models=models)
    except ImportError as error:
        missing = error.name or "a library"
        raise EngineError(f"{missing} cannot be loaded", hint="run selfcheck doctor") from error
    raise EngineError(f"there is no engine {name!r}", hint="use onnx or reference")
