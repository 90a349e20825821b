"""Quirks of iCloud Photos that a fixture cannot show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents, recognise
from selfcheck.exports.icloud import ICloud
from selfcheck.model import Picture

Build = Callable[..., Documents]

_HEADER = (
    b"imgName,fileChecksum,favorite,hidden,deleted,originalCreationDate,viewCount,importDate\n"
)


def table(name: str, created: str) -> bytes:
    return _HEADER + f'{name},x,no,no,no,"{created}",1,\n'.encode()


def test_same_path_in_two_parts_is_two_photos_each_with_its_own_row(build: Build) -> None:
    parts = [
        {
            "Photos/Photo Details.csv": table("IMG_1.MOV", f"Sunday May {day},2022 1:00 PM GMT"),
            "Photos/IMG_1.MOV": None,
        }
        for day in (1, 2)
    ]
    album = {"Albums/Lake.csv": b"Images\nIMG_1.MOV\n"}
    found = [p for p in ICloud().read(build(*parts, album)) if isinstance(p, Picture)]
    days = [(p.member.part, p.context.time and p.context.time.when.day) for p in found]
    assert days == [(0, 1), (1, 2)]
    # An album gives a name only, and the name is two photos'.
    assert [p.context.album for p in found] == [None, None]


def test_table_with_another_name_is_known_by_its_header(build: Build) -> None:
    docs = build({"Fotos/Details.csv": table("IMG_1.JPG", "?"), "Fotos/IMG_1.JPG": None})
    assert recognise(docs).name == "icloud"
    assert len(list(ICloud().read(docs))) == 1
    assert recognise(build({"a.csv": b"imgName\nx\n", "a.jpg": None})).name == "folder"


@pytest.mark.parametrize("content", [b"x" * 2_000_000, b"", OSError("gone")])
def test_tables_of_others_are_no_trouble(build: Build, content: bytes | Exception) -> None:
    docs = build({"a.csv": content, "a.jpg": None})
    assert recognise(docs).name == "folder"
    assert docs.troubles == ()


def test_film_of_a_number_that_came_round_again_keeps_its_own_time(build: Build) -> None:
    docs = build(
        {
            "Photos/Photo Details.csv": table("IMG_0861.HEIC", "Monday June 2,2025 1:00 PM GMT"),
            "Photos/Photo Details-1.csv": table("IMG_0861.MOV", "Sunday May 7,2023 1:00 PM GMT"),
            "Photos/IMG_0861.HEIC": None,
            "Photos/IMG_0861-1.MOV": None,  # belongs to the photo
            "Photos/IMG_0861.MOV": None,
        }
    )
    found = [p for p in ICloud().read(docs) if isinstance(p, Picture)]
    years = {p.member.path: p.context.time and p.context.time.when.year for p in found}
    assert years == {"Photos/IMG_0861.HEIC": 2025, "Photos/IMG_0861.MOV": 2023}
