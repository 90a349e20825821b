"""The reference engine: the face_recognition library itself, kept from harming its host.

On import that library loads every model, makes Pillow accept truncated pictures for the
whole process, and calls `quit()` where its models are missing. Worker processes only.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from selfcheck.errors import EngineError
from selfcheck.faces import align
from selfcheck.faces.carried import mirrored
from selfcheck.faces.dlib_stream import REINSTALL
from selfcheck.faces.engine import SMALLEST, Face
from selfcheck.faces.weights import Weights, read, signature
from selfcheck.model import Box

_PILLOW = "PIL.ImageFile"  # looked up, not imported: Pillow's door is another package
_FLAG = "LOAD_TRUNCATED_IMAGES"
_WINDOW = 80  # px; without enlarging, dlib finds no smaller faces


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReferenceEngine:
    """face_recognition's `cnn` finder, its small landmark model and its encoder."""

    name: str
    signature: str
    finder: str
    library: Any

    @classmethod
    def open(cls, *, models: Path | None = None) -> ReferenceEngine:
        """Import the library and check the weights; raise EngineError where either fails."""
        for weights in (Weights.ENCODER, Weights.DETECTOR, Weights.POINTS_5):
            read(weights, models)
        library = _imported()
        return cls(
            name="reference",
            signature=signature("face_recognition"),
            finder="cnn",
            library=library,
        )

    def find(self, rgb: NDArray[np.uint8], *, smallest: int = SMALLEST) -> tuple[Face, ...]:
        """Find the faces from about `smallest` px of width up; see `Engine.find`.

        Takes seconds a megapixel, and four times as many where faces under 80 px are
        wanted; under 40 px it finds none.
        """
        rgb = align.picture(rgb)
        doublings = 1 if smallest < _WINDOW else 0
        found = self.library.api.cnn_face_detector(rgb, doublings)
        faces = [self._face(rgb, one.rect, one.confidence) for one in found]
        return tuple(sorted(faces, key=lambda face: -face.score))

    def spot(self, levels: Sequence[NDArray[np.uint8]]) -> tuple[Face, ...]:
        """Find faces as `find` does: the library has no quicker way that finds as many."""
        return self.find(levels[0])

    def follow(self, rgb: NDArray[np.uint8], before: Sequence[Face]) -> tuple[Face, ...]:
        """Find faces as large as they were in the frame before; the library looks everywhere."""
        widths = [face.box.width for face in before]
        return self.find(rgb, smallest=min(widths)) if widths else ()

    def encode(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Encode the faces in their boxes as (n, 128); their landmarks are found anew."""
        places = [_css(face.box) for face in faces]
        encodings = self.library.face_encodings(align.picture(rgb), places) if faces else []
        return np.array(encodings, dtype=np.float32).reshape(len(faces), 128)

    def encode_both(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Give the mean of each face's encoding and of its mirror image's."""
        both = self.encode(rgb, faces) + self.encode(*mirrored(rgb, faces))
        return np.asarray(both / 2, dtype=np.float32)

    def encode_roughly(self, rgb: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.float32]:
        """Encode faces as `encode` does: the library has no rougher way."""
        return self.encode(rgb, faces)

    def _face(self, rgb: NDArray[np.uint8], rect: Any, score: float) -> Face:  # noqa: ANN401 -- untyped
        box = align.clipped((rect.left(), rect.top(), rect.right(), rect.bottom()), rgb.shape)
        corners = (box.left, box.top, box.right - 1, box.bottom - 1)
        five = align.points(self.library.api.pose_predictor_5_point, rgb, corners)
        return Face(box=box, score=float(score), five=five)


def _css(box: Box) -> tuple[int, int, int, int]:
    """Give a box in the library's order: top, right, bottom, left, all inclusive."""
    return box.top, box.right - 1, box.bottom - 1, box.left


def _imported() -> Any:  # noqa: ANN401 # untyped library
    try:
        with _contained():
            import face_recognition
    except (SystemExit, NameError) as error:
        # NameError: quit() is not there in every Python.
        raise EngineError("face_recognition cannot load its models", hint=REINSTALL) from error
    except (OSError, RuntimeError) as error:
        raise EngineError(f"face_recognition cannot start: {error}", hint=REINSTALL) from error
    return face_recognition


@contextlib.contextmanager
def _contained() -> Iterator[None]:
    """Keep an import from talking on stdout, closing stdin, warning, and changing Pillow."""
    truncated = getattr(sys.modules.get(_PILLOW), _FLAG, False)
    stdin, sys.stdin = sys.stdin, io.StringIO()  # quit() closes it
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pkg_resources warns of its own end
            yield
    finally:
        sys.stdin = stdin
        if _PILLOW in sys.modules:
            setattr(sys.modules[_PILLOW], _FLAG, truncated)
