"""Members are found by the ends of their paths, whatever their roots and letters look like."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from selfcheck.exports import Documents, documents
from selfcheck.exports.documents import fold, natural
from selfcheck.exports.roster import Roster
from selfcheck.exports.uris import Uris
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


def test_a_bare_name_means_the_file_beside_its_document(build: Build) -> None:
    docs = build(
        {"E/albums/1/album.json": {}, "E/albums/2/album.json": {}, "E/albums/2/1.jpg": None},
        {"F/albums/1/1.jpg": None},
    )
    first, second = docs.find("album.json")
    assert [one.path for one in docs.beside(second, "1.jpg")] == ["E/albums/2/1.jpg"]
    assert [one.path for one in docs.beside(first, "1.jpg")] == ["F/albums/1/1.jpg"]
    assert docs.beside(first, "2.jpg") == ()


def test_blanks_in_a_path_are_looked_at_once() -> None:
    # So many that a look from each blank to the last would never come back.
    many = " " * 1_000_000
    assert fold(f"A/ b{many}c{many}/{many}d /{many}") == f"a/b{many}c/d/"
    assert fold(" a /b") == " a/b"


def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the paths that are looked at."""
    count, path = [0], Roster.path

    def counted(roster: Roster, index: int) -> str:
        count[0] += 1
        return path(roster, index)

    monkeypatch.setattr(Roster, "path", counted)
    return count


def test_a_name_that_every_folder_holds_is_found_without_a_look_at_each(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = build({f"E/{n}/a.jpg": None for n in range(2000)})
    count = looked_at(monkeypatch)
    assert [docs.place_beside(f"E/{n}", "a.jpg") for n in range(2000)] == [*range(2000)]
    assert docs.place_beside("F/7", "a.jpg") is None
    assert docs.place_beside("D/E/1999", "a.jpg") == 1999
    found = [Uris(docs).members(f"E/{n}/a.jpg", docs.members[0]) for n in range(2000)]
    assert [[one.path for one in ones] for ones in found] == [[f"E/{n}/a.jpg"] for n in range(2000)]
    assert Uris(docs).members("E/none/a.jpg", docs.members[0]) == ()
    assert count[0] < 20_000  # a look at each would be eight million


@pytest.mark.parametrize("few", [0, 100])
def test_files_beside_are_the_same_however_many_share_their_name(
    build: Build, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(documents, "_FEW", few)
    folders = [*("x/a", "y/x/a", "a", "", "b", "z/b", "y/z/b", "x/b"), "A", "x/x/a"]
    docs = build({f"{folder}/1.jpg".lstrip("/"): None for folder in folders})
    wanted = [*folders, "c", "v/x/a", "v/b", "v/z/b", "c/a"]
    assert [docs.place_beside(folder, "1.jpg") for folder in wanted] == [
        *(0, 1, 2, 3, 4, 5, 6, 7, 2, 9, None, 0, 4, 4, 2)
    ]


def test_files_are_told_apart_by_what_stands_in_their_names(build: Build) -> None:
    docs = build({"M/7-a.jpg": None, "M/8-b.jpg": None, "M/c.jpg": None}, {"M/7-d.jpg": None})
    assert docs.by_group(re.compile(r"/(\d+)-"), 1) == {"7": [0, 3], "8": [1]}
