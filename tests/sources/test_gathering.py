from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from selfcheck.errors import SourceError
from selfcheck.model import Member, Reason, Skipped
from selfcheck.sources import PartsTree, gather
from selfcheck.sources.gathering import without_number

STAMP = "takeout-20240102T030405Z"


def write_zip(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names or (f"{path.stem}.jpg",):
            archive.writestr(name, path.name)
    return path


def write_tar(path: Path, name: str) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(path.name)
        archive.addfile(info, io.BytesIO(path.name.encode()))
    return path


def names(trees: tuple[PartsTree, ...]) -> list[list[str]]:
    return [[part.name for part in tree.parts] for tree in trees]


@pytest.mark.parametrize(
    ("name", "export"),
    [
        (f"{STAMP}-001.zip", STAMP),
        (f"{STAMP}-2-001.zip", STAMP),
        (f"{STAMP}-002 (1).tgz", STAMP),
        ("facebook-anna-AbC123-1.zip", "facebook-anna-AbC123"),
        ("facebook-anna_part_2.zip", "facebook-anna"),
        ("part_1.zip", "part"),
        ("part1.zip", "part"),
        ("instagram-anna-2024-01-02.zip", "instagram-anna-2024-01-02"),
        ("instagram-anna-2024-01-02-AbCd (2).zip", "instagram-anna-2024-01-02-AbCd"),
        ("photos-2024-01", "photos-2024-01"),
        ("Takeout 2", "Takeout"),
        ("Summer 2019", "Summer 2019"),
        ("1.zip", "1"),
        ("(1).zip", "(1)"),
    ],
)
def test_part_number_and_copy_mark_are_no_part_of_an_exports_name(name: str, export: str) -> None:
    assert without_number(name) == export


def test_parts_are_one_tree_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    numbers = (10, 9, 1)
    paths = [write_zip(tmp_path / f"facebook-x-{n}.zip", f"{n}.jpg") for n in numbers]
    [tree] = gather(paths)
    assert names((tree,)) == [[f"facebook-x-{n}.zip" for n in (1, 9, 10)]]
    assert tree.label == "facebook-x"
    assert [m.path for m in tree.members() if isinstance(m, Member)] == ["1.jpg", "9.jpg", "10.jpg"]


def test_same_path_in_two_parts_is_two_members_each_with_its_bytes(tmp_path: Path) -> None:
    paths = [write_zip(tmp_path / f"{STAMP}-00{n}.zip", "Takeout/a.jpg") for n in (1, 2)]
    [tree] = gather(paths)
    one, two = (m for m in tree.members() if isinstance(m, Member))
    assert one.path == two.path
    with tree.open(one) as first, tree.open(two) as second:
        assert (first.read(), second.read()) == (paths[0].name.encode(), paths[1].name.encode())


def test_unzipped_parts_zips_and_tars_of_one_export_go_together(tmp_path: Path) -> None:
    folder = tmp_path / f"{STAMP}-003"
    folder.mkdir()
    (folder / "c.jpg").write_bytes(b"c")
    zipped = write_zip(tmp_path / f"{STAMP}-001.zip", "a.jpg")
    packed = write_tar(tmp_path / f"{STAMP}-002.tgz", "b.jpg")
    [tree] = gather([folder, packed, zipped])
    assert [part.kind for part in tree.parts] == ["zip", "tar", "folder"]
    assert [m.path for m in tree.members() if isinstance(m, Member)] == ["a.jpg", "c.jpg"]
    assert [item[0].path for item in tree.stream() if isinstance(item, tuple)] == ["b.jpg"]


def test_different_exports_stay_apart_and_keep_the_order_given(tmp_path: Path) -> None:
    given = ["z.zip", "instagram-a-2024-01-02.zip", "instagram-a-2024-01-03.zip"]
    trees = gather([write_zip(tmp_path / name) for name in given])
    assert names(trees) == [[name] for name in given]
    assert [tree.label for tree in trees] == given


def test_same_name_in_two_folders_is_two_exports(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    paths = [write_zip(tmp_path / name / f"{STAMP}-001.zip") for name in ("old", "new")]
    assert len(gather(paths)) == 2


def test_path_given_twice_is_read_once(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip")
    (tmp_path / "link.zip").symlink_to(path)
    assert names(gather([path, path, tmp_path / "link.zip"])) == [["a.zip"]]


def test_pictures_given_one_by_one_are_one_tree(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.jpg", "a 2.png"):
        (tmp_path / name).write_bytes(b"x")
    [tree] = gather([tmp_path / name for name in ("b.jpg", "a.jpg", "a 2.png")])
    assert tree.label == tmp_path.name
    assert [m.path for m in tree.members() if isinstance(m, Member)] == [
        "a 2.png",
        "a.jpg",
        "b.jpg",
    ]


def test_folder_of_nothing_but_archives_stands_for_them(tmp_path: Path) -> None:
    for name in (f"{STAMP}-001.zip", f"{STAMP}-002.zip", "facebook-x.zip"):
        write_zip(tmp_path / name)
    (tmp_path / ".DS_Store").write_bytes(b"")
    (tmp_path / "Thumbs.db").write_bytes(b"")
    trees = gather([tmp_path])
    assert names(trees) == [["facebook-x.zip"], [f"{STAMP}-001.zip", f"{STAMP}-002.zip"]]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("empty.zip", Reason.TRUNCATED),
        ("text.zip", Reason.DAMAGED),
        ("text.tgz", Reason.DAMAGED),
        ("old.rar", Reason.UNSUPPORTED),
    ],
)
def test_bad_archive_among_good_ones_does_not_cost_the_others(
    tmp_path: Path, bad: str, reason: Reason
) -> None:
    write_zip(tmp_path / "good.zip")
    (tmp_path / bad).write_bytes(b"" if bad.startswith("empty") else b"text " * 200)
    found = []
    for tree in gather([tmp_path]):
        found += list(tree.members())
        found += [item for item in tree.stream() if isinstance(item, Skipped)]
    assert [item.path for item in found if isinstance(item, Member)] == ["good.jpg"]
    [problem] = [item for item in found if isinstance(item, Skipped)]
    assert (problem.item, problem.reason) == (bad, reason)


@pytest.mark.parametrize("name", ["a.rar", "a.7z", "a.z01", "a.zip.001", "a.tar.bz2"])
def test_archive_of_a_kind_that_is_not_read_says_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"content " * 100)
    with pytest.raises(SourceError, match="a kind that is not read") as caught:
        gather([tmp_path / name])
    assert "unpack it" in caught.value.hint


def test_archive_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.bin", "a.jpg")
    write_tar(tmp_path / "b.bin", "b.jpg")
    trees = gather([tmp_path / "a.bin", tmp_path / "b.bin"])
    assert [tree.parts[0].kind for tree in trees] == ["zip", "tar"]


def test_nothing_given_is_nothing() -> None:
    assert gather([]) == ()
