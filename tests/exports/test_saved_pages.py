"""Saved pages beside other things, and pages that are zips."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selfcheck.exports import Documents, ignored, recognise
from selfcheck.model import Picture, Rule

Build = Callable[..., Documents]
PAGE = b"<!-- saved from url=(0023)https://a.example/anna --><title>Anna</title>"
TOLD = {"originalUrl": "https://a.example/anna", "title": "Anna"}


def contexts(docs: Documents) -> dict[str, tuple[str | None, str | None]]:
    found = (one for one in recognise(docs).read(docs) if isinstance(one, Picture))
    return {one.member.path: (one.context.permalink, one.context.caption) for one in found}


# --- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\xff\xfe\x00",
        b"<!-- saved from url=(0023) --><title></title>",
        b"<!-- saved from url=(x)https://a.example/ --><title>",
        b"<!-- saved from url=(0014)about:internet -->",
        b"<!-- saved from url=(0011)javascript:alert(1) -->",
        b"<!-- saved from url=(1)" + b"a" * 70_000 + b" -->",
        OSError("gone"),
    ],
)
def test_a_page_that_tells_nothing_is_one_all_the_same(build: Build, page: object) -> None:
    docs = build({"a.html": page, "a_files/1.jpg": None})
    assert recognise(docs).name == "saved_pages"
    assert contexts(docs) == {"a_files/1.jpg": (None, None)}


@pytest.mark.parametrize("told", [b"", b"[1", [], {"originalUrl": 7, "title": []}, {"title": " "}])
def test_a_zip_that_tells_nothing_keeps_its_pictures(build: Build, told: object) -> None:
    docs = build({"a.html/manifest.json": told, "a.html/images/0.jpg": None})
    assert recognise(docs).name == "saved_pages"
    assert contexts(docs) == {"a.html/images/0.jpg": (None, None)}


@pytest.mark.parametrize(
    "files",
    [
        {"a_files/1.jpg": None},
        {"a.html": PAGE, "b_files/1.jpg": None},
        {"a.html": PAGE, "afiles/1.jpg": None},
        {"x/a.html": PAGE, "y/a_files/1.jpg": None},
        {"a.html": PAGE, "a_files": None},
        {"a.txt": PAGE, "a_files/1.jpg": None},
        {".html": PAGE, "_files/1.jpg": None},
        {"b/manifest.json": TOLD, "b/images/0.jpg": None},
    ],
)
def test_what_only_looks_like_one_is_a_folder(build: Build, files: dict[str, object]) -> None:
    docs = build(files)
    assert recognise(docs).name == "folder"
    assert contexts(docs) == {}


def test_folders_within_folders_without_end_cost_little(build: Build) -> None:
    deep = "a_files/" * 500
    docs = build({f"{deep}1.jpg": None, "a.html": PAGE, "b.html/manifest.json": TOLD})
    assert contexts(docs) == {}


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("a.warc/1/revisit 1.jpg", Rule.REVISIT),
        ("x/A.WARC.GZ/20/piece 1.mp4", Rule.PIECE),
        ("a.warc/1/1 piece 1.jpg", None),
        ("a.warc/piece 1.jpg", None),
        ("photos/1/piece of cake.jpg", None),
        ("photos/1/revisit 1.jpg", None),
    ],
)
def test_a_web_archives_notes_and_pieces_are_left_alone(path: str, rule: Rule | None) -> None:
    assert ignored(path) is rule


# --- good ones ---------------------------------------------------------------------------


def test_saved_pages_in_a_folder_of_pictures_are_told_of(build: Build) -> None:
    docs = build({"b.jpg": None, "a.html": PAGE, "A_files/1.jpg": None})
    assert recognise(docs).name == "folder"
    assert contexts(docs) == {"A_files/1.jpg": ("https://a.example/anna", "Anna")}


def test_pictures_of_a_page_that_is_a_zip_have_its_address(build: Build) -> None:
    frame = {"originalUrl": "https://b.example/", "title": "Frame"}
    docs = build(
        {
            "a.html/manifest.json": TOLD,
            "a.html/index.html/messages-1.json": {"messages": [{"number": 1, "page": "x"}]},
            "a.html/index.html/1/1 picture.png": None,
            "a.html/images/0.jpg": None,
            "a.html/frames/0/manifest.json": frame,
            "a.html/frames/0/images/0.jpg": None,
        }
    )
    assert recognise(docs).name == "saved_pages"
    assert contexts(docs) == {
        "a.html/index.html/1/1 picture.png": (None, None),
        "a.html/images/0.jpg": ("https://a.example/anna", "Anna"),
        "a.html/frames/0/images/0.jpg": ("https://b.example/", "Frame"),
    }
