"""A picture is as useful to a face-search engine as the weakest part of what it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from selfcheck.exposure import graded
from selfcheck.exposure.usefulness import grade
from selfcheck.model import Band, Box, Exposure, FaceQuality, Match, Usefulness

GOOD = FaceQuality(
    width=140, sharpness=0.04, yaw=-3.5, pitch=1.25, contrast=0.3, evenness=0.9, drawn=1.0
)
MATCH = Match(
    band=Band.YOU,
    distance=0.31,
    box=Box(left=0, top=0, right=140, bottom=140),
    picture_width=640,
    picture_height=480,
    faces=1,
    quality=GOOD,
)


def with_quality(**changes: float) -> Match:
    changed = replace(GOOD, **changes)  # type: ignore[arg-type] # fields by name
    return replace(MATCH, quality=changed)


def test_a_large_sharp_well_lit_face_is_of_much_use_and_says_why() -> None:
    found = grade(MATCH)
    assert found.usefulness is Usefulness.HIGH
    assert found.reasons == (
        "a large face (140 px wide)",
        "sharp",
        "looking into the camera",
        "well lit",
        "near to your reference photos",
    )


@pytest.mark.parametrize(
    ("measure", "fair", "poor", "reason"),
    [
        ("width", 45, 20, "small face"),
        ("sharpness", 0.009, 0.002, "sharp|blurred"),
        ("yaw", -30.0, -55.0, "turned"),
        ("yaw", 30.0, 55.0, "turned"),
        ("pitch", 35.0, 50.0, "turned"),
        ("drawn", 0.8, 0.3, "light|dark"),
        ("contrast", 0.12, 0.05, "light|dark"),
        ("evenness", 0.4, 0.1, "light|dark"),
    ],
)
def test_each_measure_alone_lowers_the_grade_and_is_the_reason(
    measure: str, fair: float, poor: float, reason: str
) -> None:
    for value, wanted in ((fair, Usefulness.MODERATE), (poor, Usefulness.LOW)):
        found = grade(with_quality(**{measure: value}))
        assert found.usefulness is wanted
        (said,) = found.reasons
        assert any(word in said for word in reason.split("|"))


def test_a_face_far_from_the_references_is_of_less_use() -> None:
    assert grade(replace(MATCH, distance=0.46)).usefulness is Usefulness.MODERATE
    assert grade(replace(MATCH, distance=0.55)).usefulness is Usefulness.LOW


def test_the_weakest_part_decides_and_the_others_do_not_make_up_for_it() -> None:
    found = grade(with_quality(width=20, yaw=30.0))
    assert found.usefulness is Usefulness.LOW
    assert found.reasons == ("a very small face (20 px wide)",)


def test_what_was_matched_before_it_was_measured_has_no_grade() -> None:
    found = grade(replace(MATCH, quality=None))
    assert found.usefulness is Usefulness.UNKNOWN
    assert found.reasons == ()


def test_of_a_picture_and_its_copies_the_most_useful_counts() -> None:
    small = Exposure(sha256="1", match=with_quality(width=20), occurrences=())
    large = Exposure(sha256="2", match=MATCH, occurrences=())
    unknown = Exposure(sha256="3", match=replace(MATCH, quality=None), occurrences=())
    assert graded(replace(small, copies=(unknown, large))).grade == grade(MATCH)
    assert graded(replace(unknown, copies=(small,))).grade == grade(small.match)
    assert graded(unknown).grade.usefulness is Usefulness.UNKNOWN
