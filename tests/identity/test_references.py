from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from identity.actors import Actor
from numpy.typing import NDArray

from selfcheck.identity import Problem, ReferenceFace, ReferenceSeen, advice, check


def photo(
    encoding: NDArray[np.float32],
    *,
    name: str = "a.jpg",
    width: int = 200,
    sharpness: float = 0.1,
    sha: str | None = None,
) -> ReferenceSeen:
    face = ReferenceFace(width=width, sharpness=sharpness, encoding=encoding, mirrored=encoding)
    return ReferenceSeen(name=name, sha256=sha or name, faces=(face,))


@pytest.fixture
def good() -> list[ReferenceSeen]:
    rows = Actor(seed=1).references(4)
    return [photo(row, name=f"{i}.jpg") for i, row in enumerate(rows)]


def problems(references: Sequence[ReferenceSeen]) -> list[Problem | None]:
    return [verdict.problem for verdict in check(references)]


def test_a_photo_without_a_face_says_so(good: list[ReferenceSeen]) -> None:
    empty = ReferenceSeen(name="wall.jpg", sha256="wall", faces=())
    assert problems([*good, empty]) == [None] * 4 + [Problem.NO_FACE]


def test_a_photo_with_two_faces_says_so(good: list[ReferenceSeen]) -> None:
    both = ReferenceSeen(name="us.jpg", sha256="us", faces=good[0].faces + good[1].faces)
    verdict = check([*good, both])[-1]
    assert (verdict.problem, verdict.detail) == (Problem.SEVERAL_FACES, "2 faces")


@pytest.mark.parametrize(("width", "problem"), [(79, Problem.TOO_SMALL), (80, None)])
def test_a_face_under_80_pixels_is_too_small(
    good: list[ReferenceSeen], width: int, problem: Problem | None
) -> None:
    small = photo(Actor(seed=1).references(9)[-1], name="s.jpg", width=width)
    assert problems([*good, small])[-1] is problem


def test_a_blurred_face_says_so(good: list[ReferenceSeen]) -> None:
    blurred = photo(Actor(seed=1).references(9)[-1], name="b.jpg", sharpness=0.0001)
    assert problems([*good, blurred])[-1] is Problem.BLURRED


def test_a_photo_of_somebody_else_is_named_and_the_others_pass(good: list[ReferenceSeen]) -> None:
    other = photo(Actor(seed=2).encoding(), name="other.jpg")
    for place in range(5):
        mixed = [*good[:place], other, *good[place:]]
        assert [p for p in problems(mixed) if p] == [Problem.STRANGER]
        assert problems(mixed)[place] is Problem.STRANGER


def test_two_photos_of_two_strangers_are_both_named(good: list[ReferenceSeen]) -> None:
    others = [photo(Actor(seed=s).encoding(), name=f"o{s}.jpg") for s in (2, 3)]
    assert problems([*good, *others]) == [None] * 4 + [Problem.STRANGER] * 2


def test_of_two_photos_that_disagree_nobody_can_say_which_is_off(good: list[ReferenceSeen]) -> None:
    other = photo(Actor(seed=2).encoding(), name="other.jpg")
    verdicts = check([good[0], other])
    assert [verdict.problem for verdict in verdicts] == [Problem.UNDECIDED] * 2
    assert "third" in verdicts[0].hint


def test_the_same_photo_twice_counts_once(good: list[ReferenceSeen]) -> None:
    again = photo(np.ones(128, np.float32), name="again.jpg", sha=good[1].sha256)
    verdict = check([*good, again])[-1]
    assert (verdict.problem, verdict.detail) == (Problem.COPY, "1.jpg")


def test_the_same_photo_saved_again_counts_once(good: list[ReferenceSeen]) -> None:
    row = good[0].faces[0].encoding + np.float32(0.001)
    assert problems([*good, photo(row, name="resaved.jpg")])[-1] is Problem.COPY


def test_a_bad_photo_does_not_spoil_the_others(good: list[ReferenceSeen]) -> None:
    blurred = photo(Actor(seed=9).encoding(), name="b.jpg", sharpness=0)
    assert problems([blurred, *good]) == [Problem.BLURRED] + [None] * 4


def test_no_photos_have_no_verdicts() -> None:
    assert check([]) == ()


def test_photos_of_one_person_pass(good: list[ReferenceSeen]) -> None:
    assert problems(good) == [None] * 4
    assert problems(good[:1]) == [None]


def test_one_photo_asks_for_more_and_three_do_not() -> None:
    assert advice(1) is not None
    assert advice(2) is not None
    assert advice(3) is None


def test_every_problem_says_what_would_help() -> None:
    assert all(problem.hint for problem in Problem)


def test_a_verdict_shows_no_encoding(good: list[ReferenceSeen]) -> None:
    assert "array" not in repr((good, check(good)))
