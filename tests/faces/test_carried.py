from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from selfcheck.faces import Engine, around, enlarged, mirrored


def test_a_face_at_the_edge_lies_at_the_other_edge_in_the_mirror(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    cut = ada[:, 110:]
    (face,) = engine.find(cut)
    _, (turned,) = mirrored(cut, [face])
    assert face.box.left == 0
    assert turned.box.right == cut.shape[1]
    assert turned.box.width == face.box.width


def test_no_faces_have_no_mirror_images(ada: NDArray[np.uint8]) -> None:
    assert mirrored(ada, [])[1] == ()


def test_mirrored_twice_is_as_before(engine: Engine, ada: NDArray[np.uint8]) -> None:
    faces = engine.find(ada)
    rgb, (turned,) = mirrored(*mirrored(ada, faces))
    assert np.array_equal(rgb, ada)
    assert turned.box == faces[0].box
    assert np.array_equal(turned.five, faces[0].five)


def test_landmarks_in_the_mirror_are_where_they_would_be_found(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    rgb, (turned,) = mirrored(ada, engine.find(ada))
    (found,) = engine.find(rgb)
    assert np.abs(found.five - turned.five).max() < 0.05 * found.box.width


def test_a_face_and_its_mirror_image_are_the_same_person(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    faces = engine.find(ada)
    apart = engine.encode(ada, faces) - engine.encode(*mirrored(ada, faces))
    assert 0 < float(np.linalg.norm(apart)) < 0.3


def test_a_face_cut_out_of_its_picture_is_encoded_as_in_it(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    wide = np.full((900, 1000, 3), 90, np.uint8)
    wide[300:620, 500:820] = ada
    (face,) = engine.find(wide, smallest=80)
    part, moved = around(wide, face)
    assert part.shape[0] < 900
    apart = engine.encode(part, [moved]) - engine.encode(wide, [face])
    assert np.abs(apart).max() < 1e-4


def test_a_face_at_the_corner_is_cut_out_too(engine: Engine, ada: NDArray[np.uint8]) -> None:
    corner = np.ascontiguousarray(ada[60:, 90:])
    (face,) = engine.find(corner)
    part, moved = around(corner, face)
    assert np.abs(engine.encode(part, [moved]) - engine.encode(corner, [face])).max() < 1e-4


def test_a_face_is_the_same_in_a_larger_version_of_its_picture(
    engine: Engine, ada: NDArray[np.uint8]
) -> None:
    (face,) = engine.find(ada)
    large = ada.repeat(2, axis=0).repeat(2, axis=1)
    apart = engine.encode(large, [enlarged(face, 2.0)]) - engine.encode(ada, [face])
    assert np.linalg.norm(apart) < 0.2
