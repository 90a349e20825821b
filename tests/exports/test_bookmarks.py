"""Bookmarks: folders are a stack, times are told apart by their length."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from selfcheck.exports import Documents, recognise
from selfcheck.exports.bookmarks import listed

Build = Callable[..., Documents]

_FIXTURE = Path(__file__).parent / "fixtures" / "bookmarks" / "one_file" / "files.json"
_LINE = '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><DT><A HREF="a" ADD_DATE="{}">x</A></DL>'


def fixture_file() -> bytes:
    (files,) = json.loads(_FIXTURE.read_text("utf-8"))["parts"]
    written: str = files["kept/bookmarks.html"]["$text"]
    return written.encode()


def test_each_bookmark_lies_in_its_folders(build: Build) -> None:
    docs = build({"b.html": fixture_file()})
    found = [(b.title, b.folders) for b in listed(docs, docs.members[0])]
    assert found == [
        ("One", ("Lake & hut",)),
        ("Two", ("Lake & hut", "Films")),
        ("A page", ("Lake & hut",)),
        ("Bookmarklet", ()),
        ("Three", ()),
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1600000000", "2020-09-13T12:26:40+00:00"),
        ("1600000000000", "2020-09-13T12:26:40+00:00"),
        ("13244473600000000", "2020-09-13T12:26:40+00:00"),
        ("0", None),
        ("soon", None),
        ("9" * 40, None),
    ],
)
def test_times_are_told_apart_by_their_length(
    build: Build, written: str, expected: str | None
) -> None:
    docs = build({"b.html": _LINE.format(written).encode()})
    (found,) = listed(docs, docs.members[0])
    assert (found.added.when.isoformat() if found.added else None) == expected


def test_folders_without_end_are_bounded(build: Build) -> None:
    deep = "<H3>a</H3><DL>" * 1000 + '<A HREF="b">x</A>' + "</DL>" * 2000
    docs = build({"b.html": deep.encode()})
    (found,) = listed(docs, docs.members[0])
    assert len(found.folders) == 100


def test_pictures_with_bookmarks_beside_them_are_a_folder(build: Build) -> None:
    docs = build({"b.html": fixture_file(), "a.jpg": None})
    assert recognise(docs).name == "folder"
    assert recognise(build({"b.html": OSError("gone")})).name == "folder"
