"""Find the weights that face_recognition_models installs, by path, and check what they are.

Neither that package nor face_recognition is imported: the first needs pkg_resources, the
second loads every model and changes a setting of Pillow for the whole process.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from selfcheck.errors import EngineError
from selfcheck.faces.dlib_stream import REINSTALL

_PACKAGE = "face_recognition_models"


class Weights(StrEnum):
    """The files of face_recognition_models 0.3 that are used here."""

    ENCODER = "dlib_face_recognition_resnet_model_v1.dat"
    DETECTOR = "mmod_human_face_detector.dat"
    POINTS_5 = "shape_predictor_5_face_landmarks.dat"
    POINTS_68 = "shape_predictor_68_face_landmarks.dat"


# SHA-256. Every limit of the comparison was measured with these very weights, and dlib
# reads two of the files with a parser that was not made for hostile input.
DIGESTS = {
    Weights.ENCODER: "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    Weights.DETECTOR: "4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6",
    Weights.POINTS_5: "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
    Weights.POINTS_68: "fbdc2cb80eb9aa7a758672cbfdda32ba6300efe9b6e6c7a299ff7e736b11b92f",
}


def signature(maker: str) -> str:
    """Name a way of encoding faces: what runs the networks, and the weights of both."""
    encoder, detector = DIGESTS[Weights.ENCODER], DIGESTS[Weights.DETECTOR]
    return f"{maker}-{encoder[:12]}-{detector[:12]}"


def models_folder() -> Path:
    """Give the folder in which face_recognition_models keeps its files, or raise EngineError."""
    spec = find_spec(_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise EngineError(
            "the weights of the face networks are not installed",
            hint="install the package face-recognition-models",
        )
    return Path(next(iter(places))) / "models"


def read(weights: Weights, folder: Path | None = None) -> bytes:
    """Read one file of weights from `folder` (default: where it was installed).

    Raises EngineError where it is missing or is not, byte for byte, the published file.
    """
    path = (folder or models_folder()) / weights
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise EngineError(f"{path} cannot be read: {reason}", hint=REINSTALL) from error
    if hashlib.sha256(data).hexdigest() != DIGESTS[weights]:
        raise EngineError(f"{path} is damaged or not the published file", hint=REINSTALL)
    return data


def checked_path(weights: Weights, folder: Path | None = None) -> Path:
    """Give the path of one file of weights for dlib to load, once its content was checked."""
    folder = folder or models_folder()
    read(weights, folder)
    return folder / weights
