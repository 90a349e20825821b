"""Pictures of Google Photos find their sidecars, and what stands alone is told apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.google_photos import read
from selfcheck.exports.roster import Roster
from selfcheck.model import Audience, Missing, Picture, PictureKind

Build = Callable[..., Documents]

YEAR = "Takeout/Google Photos/Photos from 2023"
OTHER = "Takeout/Google Photos/Photos from 2022"
LONG = "a_picture_whose_name_is_far_longer_than_the_budget_of_Google"


def sidecar(title: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"title": title, "photoTakenTime": {"timestamp": "1"}, **more}


BESIDE = {f"{YEAR}/b.jpg": None, f"{YEAR}/b.jpg.json": sidecar("b.jpg")}
BESIDE_LISTED = {f"{YEAR}/b.jpg": f"{YEAR}/b.jpg.json"}


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
    lake = "Takeout/Google Photos/Lake/x.jpg.json"
    docs = build({f"{YEAR}/a_b.jpg": None}, {lake: sidecar("a:b.jpg")})
    assert outcome(docs) == ({f"{YEAR}/a_b.jpg": lake}, [])


def test_title_does_not_lead_from_one_year_to_another(build: Build) -> None:
    docs = build({f"{YEAR}/IMG_1.jpg": None}, {f"{OTHER}/IMG_1.jpg(1).json": sidecar("IMG_1.jpg")})
    assert outcome(docs) == ({}, [f"{OTHER}/IMG_1.jpg"])


def test_title_does_not_lead_out_of_a_folder_that_is_no_library(build: Build) -> None:
    files = {"old/IMG_1.JPG(1).json": sidecar("IMG_1.JPG"), "camera 2024/IMG_1.JPG": None}
    found = list(read(build(files), platform="Pictures", library=False))
    assert [one for one in found if isinstance(one, Picture)] == []


def test_title_does_not_lead_to_a_picture_of_another_product(build: Build) -> None:
    chat = "Takeout/Google Chat/Groups/DM x"
    docs = build({f"{chat}/a.jpg": None, f"{OTHER}/x.jpg.json": sidecar("a.jpg")})
    assert outcome(docs) == ({}, [f"{OTHER}/a.jpg"])


def test_title_leads_to_a_picture_of_the_same_folder_under_a_shorter_root(build: Build) -> None:
    docs = build({"Lake/a.jpg": None}, {"Takeout/Google Photos/Lake/x.jpg.json": sidecar("a.jpg")})
    assert outcome(docs) == ({"Lake/a.jpg": "Takeout/Google Photos/Lake/x.jpg.json"}, [])


@pytest.mark.parametrize(
    ("picture", "title"),
    [
        ("a.jpg", "a"),
        ("a(1).jpg", "a.jpg"),
        ("One _ Two_.jpg", "One & Two?.jpg"),
        ("IMG_2015_nopm_.jpg", "IMG_2015:nopm:.jpg"),
        (f"{LONG[:47]}.jpg", f"{LONG}.jpg"),
        (f"{LONG[:47]}.jpg", f"{LONG[:47]}: and more.jpg"),
    ],
)
def test_title_is_compared_as_it_becomes_a_file_name(
    build: Build, picture: str, title: str
) -> None:
    docs = build({f"{YEAR}/{picture}": None}, {f"{YEAR}/0.json": sidecar(title)}, BESIDE)
    assert outcome(docs)[0] == {f"{YEAR}/{picture}": f"{YEAR}/0.json"} | BESIDE_LISTED


ALBUMS = (
    *("metadata", "métadonnées", "metadati", "metadáta", "Metadaten", "метаданные"),
    *("метаданни", "metadatos", "metadades", "whatever"),
)
SHAPES: dict[str, tuple[object, str]] = {
    "title": ({"title": "One & Two"}, "One & Two"),
    "wrapped": ({"albumData": {"title": "One & Two"}}, "One & Two"),
    "empty": ({}, "One _ Two"),
    "comments only": ({"sharedAlbumComments": [{"text": "x"}]}, "One _ Two"),
    "enrichments only": ({"enrichments": []}, "One _ Two"),
    "protected": ({"title": "One & Two", "access": "protected", "date": {}}, "One & Two"),
}


@pytest.mark.parametrize("name", ALBUMS)
@pytest.mark.parametrize(("told", "title"), SHAPES.values(), ids=SHAPES.keys())
def test_album_is_known_by_the_shape_of_its_document_in_any_language(
    build: Build, name: str, told: object, title: str
) -> None:
    folder = "Takeout/Google Photos/One _ Two"
    docs = build({f"{folder}/a.jpg": None, f"{folder}/a.jpg.json": sidecar("a.jpg")},
                 {f"{folder}/{name}.json": told})  # fmt: skip
    (found,) = read(docs, platform="Google Takeout", library=True)
    assert isinstance(found, Picture)
    assert (found.context.kind, found.context.album) == (PictureKind.ALBUM, title)
    assert found.context.audience is Audience.UNKNOWN


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


def test_a_title_that_every_folder_holds_is_found_without_a_look_at_each(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [f"Takeout/Google Photos/{n}" for n in range(1000)]
    docs = build(
        {
            **{f"{folder}/a.jpg": None for folder in folders},
            **{f"{folder}/x.jpg.json": sidecar("a.jpg") for folder in folders},
        }
    )
    count, path = [0], Roster.path

    def counted(roster: Roster, index: int) -> str:
        count[0] += 1
        return path(roster, index)

    monkeypatch.setattr(Roster, "path", counted)
    listed, missing = outcome(docs)
    assert listed == {f"{folder}/a.jpg": f"{folder}/x.jpg.json" for folder in folders}
    assert missing == []
    assert count[0] < 100_000  # a look at each would be half a million


def test_title_is_taken_from_another_folder_once_one_is_left(build: Build) -> None:
    docs = build(
        {
            f"{OTHER}/a.jpg": None,
            f"{YEAR}/a.jpg": None,
            f"{OTHER}/x.jpg.json": sidecar("a.jpg"),
            "Takeout/Google Photos/Lake/y.jpg.json": sidecar("a.jpg"),
            "Takeout/Drive/2021/z.jpg.json": sidecar("a.jpg"),
        }
    )
    listed, missing = outcome(docs)
    assert listed == {
        f"{OTHER}/a.jpg": f"{OTHER}/x.jpg.json",
        f"{YEAR}/a.jpg": "Takeout/Google Photos/Lake/y.jpg.json",
    }
    assert missing == ["Takeout/Drive/2021/a.jpg"]
