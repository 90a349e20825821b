"""Members are found by the ends of their paths, whatever their roots and letters look like."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.exports.documents import fold, natural
from selfcheck.model import Reason, Unreadable

Build = Callable[..., Documents]


def test_suffix_matches_only_at_a_path_boundary(build: Build) -> None:
    docs = build({"x/notposts/a.json": {}, "x/posts/a.json": {}, "posts/a.json": {}})
    assert [m.path for m in docs.find("posts/a.json")] == ["x/posts/a.json", "posts/a.json"]


def test_names_are_found_in_any_case_apostrophe_and_normal_form(build: Build) -> None:
    docs = build({"Fotos/IMG.JPG": None, "who_you’ve_followed.json": {}, "modifie\u0301.jpg": None})
    assert docs.find("fotos/img.jpg")
    assert docs.find("who_you've_followed.json")
    assert docs.find("who_you_ve_followed.json")
    assert docs.find("modifié.jpg")


def test_folder_with_a_blank_at_its_end_is_found(build: Build) -> None:
    assert build({"Holiday /a.jpg": None}).find("Holiday/a.jpg")


def test_members_of_all_parts_are_found_in_their_order(build: Build) -> None:
    docs = build({"r/a.json": {}}, {"a.json": {}, "b/a.json": {}})
    assert [(m.part, m.path) for m in docs.find("a.json")] == [
        (0, "r/a.json"),
        (1, "a.json"),
        (1, "b/a.json"),
    ]


def test_numbers_in_names_order_as_numbers(build: Build) -> None:
    docs = build({f"message_{n}.json": {} for n in (10, 2, 1)})
    found = docs.matching(re.compile(r"message_\d+\.json$"))
    assert [m.path for m in found] == ["message_1.json", "message_2.json", "message_10.json"]
    assert natural("9" * 40) > natural("9" * 39)


def test_nothing_is_found_in_an_empty_tree(build: Build) -> None:
    docs = build()
    assert docs.find("a.json") == ()
    assert not docs.has(re.compile("."))


@pytest.mark.parametrize("path", ["", "/", "a//b", " ", "a/ b /c "])
def test_odd_paths_fold_without_error(build: Build, path: str) -> None:
    assert fold(fold(path)) == fold(path)
    build({path: None}).find(path)


@pytest.mark.parametrize("error", [Unreadable(Reason.DAMAGED), OSError("gone"), EOFError()])
def test_document_that_cannot_be_read_is_named_and_does_not_raise(
    build: Build, error: Exception
) -> None:
    docs = build({"a.json": error})
    member = docs.members[0]
    assert docs.text(member) == ""
    assert docs.shape(member).values == {}
    assert list(docs.items(member)) == []
    assert docs.value(member) is None
    assert [t.reason for t in docs.troubles] == [Reason.DAMAGED]


def test_a_kind_of_name_is_found_whatever_its_numbers(build: Build) -> None:
    files = {f"Export/IMG_{number:07}.jpg": None for number in range(50)}
    docs = build({**files, "Export/album/0.json": {}, "Export/album/1.json": {}})
    assert docs.has(re.compile(r"album/0\.json$"))
    assert docs.has(re.compile(r"/img_\d+\.jpg$"))
    assert not docs.has(re.compile(r"album/2\.json$"))
    assert len(docs._kinds) == 3


def test_start_of_a_file_is_read_and_what_cannot_be_opened_has_none(build: Build) -> None:
    docs = build({"a.bin": b"abcdef", "b.bin": OSError("gone")})
    assert [docs.start(member, 3) for member in docs.members] == [b"abc", b""]
    assert docs.troubles == ()
