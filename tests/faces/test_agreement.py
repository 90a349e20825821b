"""The everyday engine against face_recognition itself, which runs in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.people import PEOPLE, View, portrait, scene
from selfcheck.faces import Engine, Face
from selfcheck.model import Box

# Works on pictures.npz and boxes.npy (picture, left, top, right, bottom; the last two
# exclusive) in argv[1] and writes there what the library and the reference engine say.
SCRIPT = """
import sys
from pathlib import Path
import numpy as np
from selfcheck.faces import open_engine
from selfcheck.faces.engine import Face
from selfcheck.model import Box
folder = Path(sys.argv[1])
engine = open_engine("reference", cache=folder)
import face_recognition
pictures = np.load(folder / "pictures.npz")
boxes = np.load(folder / "boxes.npy")
found, theirs, ours = [], [], []
for number, name in enumerate(pictures.files):
    picture = pictures[name]
    places = face_recognition.face_locations(picture, 0, model="cnn")
    found += [(number, l, t, r + 1, b + 1) for t, r, b, l in places]
    rows = [tuple(map(int, row[1:])) for row in boxes if row[0] == number]
    places = [(t, r - 1, b - 1, l) for l, t, r, b in rows]
    theirs += face_recognition.face_encodings(picture, places)
    faces = [
        Face(box=Box(left=l, top=t, right=r, bottom=b), score=1.0, five=np.zeros((5, 2)))
        for l, t, r, b in rows
    ]
    ours += list(engine.encode(picture, faces))
np.savez(folder / "said.npz", found=found, theirs=theirs, ours=ours)
first = pictures[pictures.files[0]]
face, = engine.find(first, smallest=80)
box = face.box.left, face.box.top, face.box.right, face.box.bottom
np.savez(folder / "first.npz", box=box, five=face.five, score=face.score)
"""

VIEWS = (
    View(),
    View(yaw=18, light=-0.6),
    View(yaw=-14, pitch=8, mouth=0.4, brightness=0.7),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What both said of the same pictures; `boxes` and `found` as rows with the picture first."""

    pictures: list[NDArray[np.uint8]]
    faces: list[list[Face]]
    encodings: NDArray[np.float32]
    boxes: NDArray[np.int64]
    found: NDArray[np.int64]
    library: NDArray[np.float64]
    reference: NDArray[np.float32]
    first: dict[str, NDArray[np.float64]]


def pictures() -> list[NDArray[np.uint8]]:
    """Draw thirty portraits and a group of four: small, for dlib takes seconds a megapixel."""
    portraits = [
        portrait(person, view, width=216, height=204, seed=number)
        for number, person in enumerate(PEOPLE[:10])
        for view in VIEWS
    ]
    places = [(0.14, 0.22, 0.16), (0.4, 0.24, 0.17), (0.64, 0.23, 0.18), (0.87, 0.25, 0.17)]
    group = [(person, View(yaw=6), place) for person, place in zip(PEOPLE, places, strict=False)]
    return [*portraits, scene(group, width=520, height=260, seed=5)]


@pytest.fixture(scope="module")
def comparison(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("reference")
    drawn = pictures()
    faces = [list(engine.find(picture, smallest=70)) for picture in drawn]
    boxes = np.array([row(n, face.box) for n, some in enumerate(faces) for face in some])
    np.savez(folder / "pictures.npz", *drawn)
    np.save(folder / "boxes.npy", boxes)
    subprocess.run([sys.executable, "-c", SCRIPT, str(folder)], check=True)
    said = np.load(folder / "said.npz")
    encodings = [engine.encode(p, some) for p, some in zip(drawn, faces, strict=True)]
    return Comparison(
        pictures=drawn,
        faces=faces,
        encodings=np.concatenate(encodings),
        boxes=boxes,
        found=said["found"],
        library=said["theirs"],
        reference=said["ours"],
        first=dict(np.load(folder / "first.npz")),
    )


def row(number: int, box: Box) -> tuple[int, ...]:
    return number, box.left, box.top, box.right, box.bottom


def overlap(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Give the intersection over union of two rows of one picture, 0 across pictures."""
    if one[0] != other[0]:
        return 0.0
    across = min(one[3], other[3]) - max(one[1], other[1])
    down = min(one[4], other[4]) - max(one[2], other[2])
    shared = max(0, across) * max(0, down)
    return float(shared / (area(one) + area(other) - shared))


def area(box: NDArray[np.int64]) -> int:
    return int((box[3] - box[1]) * (box[4] - box[2]))


def test_at_least_thirty_faces_are_compared(comparison: Comparison) -> None:
    assert len(comparison.boxes) >= 30
    assert {len(some) for some in comparison.faces[:-1]} == {1}
    assert len(comparison.faces[-1]) == 4


def test_both_find_the_same_faces(comparison: Comparison) -> None:
    assert len(comparison.found) == len(comparison.boxes)
    for box in comparison.boxes:
        assert sum(overlap(box, other) >= 0.5 for other in comparison.found) == 1


def test_on_the_same_box_both_give_the_same_encoding(comparison: Comparison) -> None:
    assert comparison.encodings.shape == comparison.library.shape
    assert np.abs(comparison.encodings - comparison.library).max() < 1e-4


def test_the_reference_engine_says_what_the_library_says(comparison: Comparison) -> None:
    assert np.abs(comparison.reference - comparison.library).max() < 1e-6
    assert comparison.first["box"].tolist() == comparison.found[0, 1:].tolist()
    assert comparison.first["score"] > 0.5


def test_both_find_the_landmarks_in_the_same_places(comparison: Comparison) -> None:
    face = comparison.faces[0][0]
    apart = np.abs(comparison.first["five"] - face.five).max()
    assert apart <= 0.06 * face.box.width  # the boxes differ by up to a step of the pyramid
