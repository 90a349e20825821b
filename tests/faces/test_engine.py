from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.people import PEOPLE, View, portrait, scene
from selfcheck.errors import EngineError
from selfcheck.faces import Engine, open_engine


def in_new_process(script: str, *arguments: Path) -> str:
    command = [sys.executable, "-W", "error", "-c", script, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no engine 'magic'") as refusal:
        open_engine("magic", cache=tmp_path)
    assert "onnx" in refusal.value.hint


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((20, 20), np.uint8),
        np.zeros((20, 20, 4), np.uint8),
        np.zeros((20, 20, 3), np.float32),
        np.zeros((0, 20, 3), np.uint8),
    ],
)
def test_what_is_no_8_bit_rgb_picture_is_a_programming_error(
    engine: Engine, picture: NDArray[np.uint8]
) -> None:
    with pytest.raises(ValueError, match="not an 8-bit RGB picture"):
        engine.find(picture)


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 30_000), (30_000, 1), (10, 10), (24, 24), (30, 2_000), (400, 300)]
)
def test_black_pictures_of_any_shape_hold_no_face(engine: Engine, shape: tuple[int, int]) -> None:
    assert engine.find(np.zeros((*shape, 3), np.uint8)) == ()


def test_noise_holds_no_face(engine: Engine) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    assert engine.find(noise) == ()


def test_no_faces_give_no_encodings(engine: Engine, ada: NDArray[np.uint8]) -> None:
    assert engine.encode(ada, ()).shape == (0, 128)


def test_a_portrait_holds_one_face_in_its_middle(engine: Engine, ada: NDArray[np.uint8]) -> None:
    (face,) = engine.find(ada)
    assert face.score > 0.5
    assert 100 < face.box.width < 190
    assert abs(face.box.left + face.box.right - 320) < 40
    # The right eye, the left eye and the nose of the picture, from the right to the left.
    right, left, nose = face.five[0], face.five[2], face.five[4]
    assert left[0] < nose[0] < right[0]
    assert nose[1] > max(left[1], right[1])
    assert engine.encode(ada, [face]).shape == (1, 128)


def test_a_read_only_and_a_strided_picture_are_read_alike(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    (expected,) = engine.find(ada, smallest=80)
    locked = ada.copy()
    locked.flags.writeable = False
    wide = np.zeros((320, 640, 3), np.uint8)
    wide[:, ::2] = ada
    for picture in (locked, wide[:, ::2]):
        (face,) = engine.find(picture, smallest=80)
        assert face.box == expected.box
        assert np.array_equal(engine.encode(picture, [face]), engine.encode(ada, [expected]))


@pytest.mark.parametrize("cut", [(0, 0, 0.35), (0.35, 0, 0), (0, 0.3, 0)])
def test_a_face_cut_by_the_border_has_a_box_inside_the_picture(
    engine: Engine, ada: NDArray[np.uint8], cut: tuple[float, float, float]
) -> None:
    left, top, bottom = cut
    (whole,) = engine.find(ada)
    height, width = whole.box.height, whole.box.width
    part = ada[
        whole.box.top + round(top * height) if top else 0 : whole.box.bottom
        - round(bottom * height)
        if bottom
        else 320,
        whole.box.left + round(left * width) if left else 0 :,
    ]
    faces = engine.find(part)
    assert len(faces) <= 1
    for face in faces:
        assert 0 <= face.box.left < face.box.right <= part.shape[1]
        assert 0 <= face.box.top < face.box.bottom <= part.shape[0]
    assert engine.encode(part, faces).shape == (len(faces), 128)


def test_a_face_that_loses_a_quarter_to_the_border_is_still_found(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    (whole,) = engine.find(ada)
    assert len(engine.find(ada[:, whole.box.left + whole.box.width // 4 :])) == 1


def test_following_nobody_finds_nobody(engine: Engine, ada: NDArray[np.uint8]) -> None:
    assert engine.follow(ada, ()) == ()


def test_a_face_is_followed_from_frame_to_frame_and_lost_when_it_is_gone(engine: Engine) -> None:
    views = [View(yaw=3 * step, x=0.02 * step, scale=1 + 0.04 * step) for step in range(6)]
    frames = [portrait(PEOPLE[0], view, width=480, height=360, seed=7) for view in views]
    before = engine.find(frames[0], smallest=90)
    for frame in frames[1:]:
        before = engine.follow(frame, before)
        assert len(before) == 1
    (looked_for,) = engine.find(frames[-1], smallest=90)
    assert abs(before[0].box.left - looked_for.box.left) < 0.15 * looked_for.box.width
    assert engine.follow(np.full_like(frames[0], 128), before) == ()


def test_several_faces_of_several_sizes_are_all_found(engine: Engine) -> None:
    wanted = [(0.15, 0.3, 0.06), (0.4, 0.4, 0.12), (0.75, 0.4, 0.2)]
    people = [(person, View(), place) for person, place in zip(PEOPLE, wanted, strict=False)]
    picture = scene(people, width=900, height=600, seed=2)
    faces = engine.find(picture)
    assert len(faces) == 3
    widths = sorted(face.box.width for face in faces)
    assert widths[0] < 90 < widths[1] < 150 < widths[2]


def test_batches_change_no_encoding(engine: Engine, ada: NDArray[np.uint8]) -> None:
    (face,) = engine.find(ada)
    one, many = engine.encode(ada, [face]), engine.encode(ada, [face] * 20)
    assert many.shape == (20, 128)
    assert np.abs(many - one).max() < 1e-5


def test_a_second_opening_takes_the_graphs_from_the_cache(
    graph_cache: Path, engine: Engine
) -> None:
    before = {path: path.stat().st_mtime_ns for path in graph_cache.iterdir()}
    assert len(before) == 4
    again = open_engine(cache=graph_cache)
    assert again.signature == engine.signature
    assert {path: path.stat().st_mtime_ns for path in graph_cache.iterdir()} == before


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = "{'dlib', 'onnxruntime', 'onnx', 'numpy', 'PIL', 'face_recognition'}"
    script = f"import sys, selfcheck.faces; print(sorted({heavy} & set(sys.modules)))"
    assert in_new_process(script) == "[]\n"


def test_the_onnx_engine_imports_no_face_recognition_and_changes_no_pillow(
    graph_cache: Path,
) -> None:
    script = """
import sys
from pathlib import Path
import numpy as np
from PIL import ImageFile
from selfcheck.faces import open_engine
engine = open_engine(cache=Path(sys.argv[1]))
engine.find(np.zeros((100, 100, 3), np.uint8))
print(sorted(name for name in sys.modules if name.startswith(("face_recognition", "pkg_res"))))
print(ImageFile.LOAD_TRUNCATED_IMAGES)
"""
    assert in_new_process(script, graph_cache) == "[]\nFalse\n"


def test_an_engine_shows_no_encoding_when_printed(engine: Engine, ada: NDArray[np.uint8]) -> None:
    (face,) = engine.find(ada)
    value = f"{engine.encode(ada, [face])[0, 0]:.4f}"
    assert value not in repr(engine) + repr(face) + str(engine)
