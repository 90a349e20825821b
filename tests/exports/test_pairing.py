"""Pictures of Google Photos find their sidecars, and what stands alone is told apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selfcheck.exports import Documents
from selfcheck.exports.google_photos import read
from selfcheck.model import Missing, Picture

Build = Callable[..., Documents]

YEAR = "Takeout/Google Photos/Photos from 2023"
OTHER = "Takeout/Google Photos/Photos from 2022"


def sidecar(title: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"title": title, "photoTakenTime": {"timestamp": "1"}, **more}


def outcome(docs: Documents) -> tuple[dict[str, str | None], list[str]]:
    found = list(read(docs, platform="Google Takeout", library=True))
    listed = {f.member.path: f.context.listed_in for f in found if isinstance(f, Picture)}
    return listed, [f.path for f in found if isinstance(f, Missing)]


def test_document_of_another_shape_is_no_sidecar(build: Build) -> None:
    docs = build({f"{YEAR}/a.jpg": None, f"{YEAR}/a.jpg.json": {"title": "a.jpg"}})
    assert outcome(docs) == ({}, [])


def test_huge_document_is_no_sidecar_and_is_not_read(build: Build) -> None:
    docs = build({f"{YEAR}/a.jpg": None, f"{YEAR}/a.jpg.json": b" " * (2 << 20)})
    assert outcome(docs) == ({}, [])
    assert docs.troubles == ()


def test_title_that_two_sidecars_share_is_not_guessed(build: Build) -> None:
    docs = build(
        {
            f"{YEAR}/a.jpg": None,
            f"{OTHER}/x.jpg.json": sidecar("a.jpg"),
            "Takeout/Google Photos/Photos from 2021/y.jpg.json": sidecar("a.jpg"),
        }
    )
    listed, missing = outcome(docs)
    assert listed == {}
    assert missing == [f"{OTHER}/a.jpg", "Takeout/Google Photos/Photos from 2021/a.jpg"]


def test_only_sidecar_of_a_title_is_taken_from_any_folder(build: Build) -> None:
    docs = build({f"{YEAR}/a_b.jpg": None}, {f"{OTHER}/x.jpg.json": sidecar("a:b.jpg")})
    assert outcome(docs) == ({f"{YEAR}/a_b.jpg": f"{OTHER}/x.jpg.json"}, [])


def test_sidecar_of_a_film_that_is_gone_is_no_missing_picture(build: Build) -> None:
    docs = build({f"{YEAR}/a.mp4.json": sidecar("a.mp4"), f"{YEAR}/b.jpg.json": sidecar("b.jpg")})
    assert outcome(docs) == ({}, [f"{YEAR}/b.jpg"])


def test_same_picture_in_three_folders_is_listed_in_each(build: Build) -> None:
    folders = (YEAR, "Takeout/Google Photos/Lake", "Takeout/Google Photos/Memory")
    docs = build(
        {f"{f}/a.jpg": None for f in folders},
        {f"{f}/a.jpg.json": sidecar("a.jpg") for f in folders},
    )
    assert outcome(docs)[0] == {f"{f}/a.jpg": f"{f}/a.jpg.json" for f in folders}


def test_sidecar_with_broken_letters_is_still_read(build: Build) -> None:
    data = b'{"title": "a.jpg", "description": "caf\xe9", "photoTakenTime": {"timestamp": "1"}}'
    docs = build({f"{YEAR}/a.jpg": None, f"{YEAR}/a.jpg.json": data})
    assert list(outcome(docs)[0]) == [f"{YEAR}/a.jpg"]


def test_xmp_beside_a_picture_is_no_picture_with_the_same_sidecar(build: Build) -> None:
    names = ("a.jpg", "a.jpg.xmp", "a.xmp")
    docs = build(
        {f"{YEAR}/{name}": None for name in names}, {f"{YEAR}/a.jpg.json": sidecar("a.jpg")}
    )
    assert list(outcome(docs)[0]) == [f"{YEAR}/a.jpg"]
