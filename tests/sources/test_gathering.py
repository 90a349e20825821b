from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from selfcheck.errors import SourceError
from selfcheck.model import Member, Reason, Skipped
from selfcheck.sources import PartsTree, bonds, finding, gather
from selfcheck.sources.part_names import absent, parse

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
        ("WhatsApp Chat - +33 6 12 34 56 78.zip", "WhatsApp Chat - +33 6 12 34 56 78"),
        ("WhatsApp Chat with Group 2.zip", "WhatsApp Chat with Group 2"),
        (
            "icloud" + "_" * 300 + "1" + "_" * 300 + "x",
            "icloud" + "_" * 300 + "1" + "_" * 300 + "x",
        ),
        (
            "icloud" + "_" * 120 + "1" + "_" * 120 + "x",
            "icloud" + "_" * 120 + "1" + "_" * 120 + "x",
        ),
    ],
)
def test_part_number_and_copy_mark_are_no_part_of_an_exports_name(name: str, export: str) -> None:
    assert parse(name).export == export


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((f"{STAMP}-001.zip", f"{STAMP}-003 (1).zip"), (f"{STAMP}-002.zip",)),
        ((f"{STAMP}-2-003.tgz", f"{STAMP}-1-001.tgz"), (f"{STAMP}-2-002.tgz",)),
        ((f"{STAMP}-3-002.zip", f"{STAMP}-1-001.zip"), ()),  # nobody knows what the 3 counts
        (
            ("iCloud Photos Part 2 of 3.zip",),
            tuple(f"iCloud Photos Part {n} of 3.zip" for n in "13"),
        ),
        (("iCloud-bilder Del 1 av 2 (1).zip",), ("iCloud-bilder Del 2 av 2.zip",)),
        (("mydata~17.zip", "mydata~17-3.zip"), ("mydata~17-2.zip",)),
        (("mydata~17-2.zip",), ("mydata~17.zip",)),
        (("Takeout", "Takeout 3"), ("Takeout 2",)),
        (("a_part_9.zip", "a_part_10.zip"), ()),  # eight of ten: rather a name like any other
        (("holiday-12.zip",), ()),
        (("photos 2019.zip", "photos-2024-03.zip"), ()),
        (("iCloud Photos Part 9 of 3.zip",), ()),
        (("data-download-1.zip", "data-download-99999.zip"), ()),
        ((), ()),
    ],
)
def test_a_gap_in_the_numbers_is_an_absent_part(
    given: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert absent(map(parse, given)) == missing


@pytest.mark.parametrize("name", ["10²1.zip", "①2.zip", "9" * 5000])
def test_digits_that_are_no_numbers_have_their_place_in_the_order(name: str) -> None:
    assert sorted(["b", name, "a"], key=finding.natural).index("a") < 2


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


def test_parts_of_one_takeout_in_several_folders_are_one_tree(tmp_path: Path) -> None:
    given = []
    for number, folder in enumerate(("old", "new"), start=1):
        (tmp_path / folder).mkdir()
        given.append(write_zip(tmp_path / folder / f"{STAMP}-00{number}.zip"))
        given.append(write_zip(tmp_path / folder / f"holiday-{number}.zip"))
    assert names(gather(given)) == [
        [f"{STAMP}-001.zip", f"{STAMP}-002.zip"],
        ["holiday-1.zip"],
        ["holiday-2.zip"],
    ]


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


def test_archives_among_other_files_are_told_apart_and_by_export(tmp_path: Path) -> None:
    for name in (f"{STAMP}-003.zip", f"{STAMP}-001 (1).zip", "old/facebook-x.zip"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write_zip(tmp_path / name)
    (tmp_path / "old" / "letter.pdf").write_bytes(b"%PDF")
    trees = gather([tmp_path])
    assert names(trees) == [
        [tmp_path.name],
        ["facebook-x.zip"],
        [f"{STAMP}-001 (1).zip", f"{STAMP}-003.zip"],
    ]
    assert [m.path for m in trees[0].members() if isinstance(m, Member)] == ["old/letter.pdf"]
    assert [tree.absent_parts for tree in trees] == [(), (), (f"{STAMP}-002.zip",)]


def test_an_archive_and_its_folder_given_together_are_read_once(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip")
    (tmp_path / "b.jpg").write_bytes(b"x")
    assert names(gather([path, tmp_path])) == [["a.zip"], [tmp_path.name]]


# --- renamed archives --------------------------------------------------------------------

LIBRARY = "Takeout/Google Photos/Photos from 2023"


def takeout(path: Path, *, pictures: range, sidecars: range, day: int = 1) -> Path:
    """Write a zip of a Takeout with a phone's pictures and the JSON files of some of them."""
    shots = [f"{LIBRARY}/PXL_202304{day:02}_1011{n:02}123.jpg" for n in pictures]
    told = [
        f"{LIBRARY}/PXL_202304{day:02}_1011{n:02}123.jpg.supplemental-metadata.json"
        for n in sidecars
    ]
    return write_zip(path, *shots, *told)


def test_renamed_parts_of_one_takeout_are_one_tree(tmp_path: Path) -> None:
    one = takeout(tmp_path / "google.zip", pictures=range(10), sidecars=range(5))
    two = takeout(tmp_path / "rest of it.zip", pictures=range(20, 22), sidecars=range(5, 22))
    [tree] = gather([two, one])
    assert [part.name for part in tree.parts] == ["google.zip", "rest of it.zip"]
    assert tree.absent_parts == ()


def test_a_renamed_part_goes_to_the_takeout_that_kept_its_name(tmp_path: Path) -> None:
    one = takeout(tmp_path / f"{STAMP}-001.zip", pictures=range(10), sidecars=range(5))
    three = write_zip(tmp_path / f"{STAMP}-003.zip", "Takeout/archive_browser.html")
    two = takeout(tmp_path / "mine.zip", pictures=range(20, 22), sidecars=range(5, 22))
    other = write_zip(tmp_path / "a.zip", "Takeout/Google Photos/Photos from 2023/b.jpg")
    trees = gather([two, other, three, one])
    assert names(trees) == [["mine.zip", f"{STAMP}-001.zip", f"{STAMP}-003.zip"], ["a.zip"]]
    assert trees[0].label == STAMP
    assert trees[0].absent_parts == ()  # mine.zip may be the one


def test_takeouts_of_two_accounts_stay_two(tmp_path: Path) -> None:
    """Both phones count alike, and they share pictures."""
    anna = [
        takeout(tmp_path / "anna.zip", pictures=range(10), sidecars=range(5)),
        takeout(tmp_path / "anna more.zip", pictures=range(20, 30), sidecars=range(5, 30)),
    ]
    ben = takeout(tmp_path / "ben.zip", pictures=range(8, 12), sidecars=range(3, 9))
    for order in ([*anna, ben], [ben, *anna], [anna[0], ben, anna[1]]):
        found = {frozenset(group) for group in names(gather(order))}
        assert found == {frozenset({"anna.zip", "anna more.zip"}), frozenset({"ben.zip"})}


def test_lists_that_are_too_long_to_compare_join_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = takeout(tmp_path / "one.zip", pictures=range(10), sidecars=range(5))
    two = takeout(tmp_path / "two.zip", pictures=range(0), sidecars=range(5, 10))
    given = [one, two]
    given += [write_zip(tmp_path / f"iCloud Photos Part 1 of 1{m}.zip") for m in ("", " (1)")]
    assert len(gather(given)) == 3
    monkeypatch.setattr(bonds, "MOST_NAMES", 3)
    assert len(gather(given)) == 4


def test_pictures_that_a_camera_counted_join_nothing(tmp_path: Path) -> None:
    shots = [f"{LIBRARY}/IMG_{n:04}.jpg" for n in range(50)]
    one = write_zip(tmp_path / "one.zip", *shots)
    two = write_zip(tmp_path / "two.zip", *(f"{shot}.json" for shot in shots))
    assert len(gather([one, two])) == 2


def test_a_renamed_part_that_fits_two_exports_goes_to_neither(tmp_path: Path) -> None:
    later = "takeout-20240202T030405Z"
    stale = takeout(tmp_path / f"{STAMP}-001.zip", pictures=range(5), sidecars=range(0))
    fresh = takeout(tmp_path / f"{later}-001.zip", pictures=range(5), sidecars=range(0))
    rest = takeout(tmp_path / "rest.zip", pictures=range(0), sidecars=range(5))
    assert len(gather([stale, rest, fresh])) == 3


def test_an_album_of_facebook_in_two_renamed_archives_makes_them_one(tmp_path: Path) -> None:
    album = "your_facebook_activity/posts/media/Mobileuploads_AbCd123456"
    one = write_zip(tmp_path / "one.zip", f"{album}/1.jpg")
    two = write_zip(tmp_path / "two.zip", f"{album}/2.jpg")
    thread = "your_facebook_activity/messages/inbox/anna_AbCd123456/photos"
    three = write_zip(tmp_path / "three.zip", f"{thread}/3.jpg")
    four = write_zip(tmp_path / "four.zip", f"{thread}/4.jpg")
    assert len(gather([one, two])) == 1
    assert len(gather([three, four])) == 2  # both accounts are in the thread


def test_flickrs_pictures_go_to_the_archive_that_tells_of_them(tmp_path: Path) -> None:
    told = write_zip(tmp_path / "a.zip", "albums.json", "photo_12345678901.json")
    held = write_zip(tmp_path / "data-download-1.zip", "garden_12345678901_o.jpg")
    other = write_zip(tmp_path / "data-download-1 (1).zip", "garden_12345678902_o.jpg")
    trees = gather([told, held, other])
    assert names(trees) == [["a.zip", "data-download-1.zip"], ["data-download-1 (1).zip"]]


def test_metas_parts_of_one_day_are_one_unless_a_picture_lies_in_both(tmp_path: Path) -> None:
    letters = ("AbCdEfGh", "IjKlMnOp", "QrStUvWx")
    paths = [tmp_path / f"facebook-anna-2026-01-02-{each}.zip" for each in letters]
    write_zip(paths[0], "your_facebook_activity/posts/media/a/1.jpg")
    write_zip(paths[1], "your_facebook_activity/posts/media/a/2.jpg")
    write_zip(paths[2], "your_facebook_activity/posts/media/a/1.jpg")
    trees = gather(paths)
    assert names(trees) == [[paths[0].name, paths[1].name], [paths[2].name]]
    assert trees[0].label == "facebook-anna-2026-01-02"


def test_a_renamed_archive_is_known_by_the_folder_inside(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "apple.zip", "iCloud Photos Part 2 of 3/Photos/1.jpg")
    other = write_zip(tmp_path / "x.zip", "iCloud Photos Part 1 of 3/Photos/1.jpg")
    [tree] = gather([path, other])
    assert tree.absent_parts == ("iCloud Photos Part 3 of 3",)


def test_two_accounts_parts_of_one_name_are_told_apart_by_the_copy_mark(tmp_path: Path) -> None:
    given = [
        write_zip(tmp_path / f"iCloud Photos Part {n} of 2{mark}.zip", f"{n}{mark}.jpg")
        for mark in ("", " (1)")
        for n in (1, 2)
    ]
    assert [len(tree.parts) for tree in gather(given)] == [2, 2]


def test_a_second_try_of_a_download_that_broke_off_stays_with_its_export(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "iCloud Photos Part 1 of 2 (1).zip", "1.jpg")
    rest = write_zip(tmp_path / "iCloud Photos Part 2 of 2.zip", "2.jpg")
    broken = tmp_path / "iCloud Photos Part 1 of 2.zip"
    broken.write_bytes(whole.read_bytes()[:40])
    [tree] = gather([broken, rest, whole])
    assert (len(tree.parts), tree.absent_parts) == (3, ())


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
