from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfcheck.errors import SourceError
from selfcheck.model import Member, Reason, Skipped, Unreadable
from selfcheck.sources import Limits, PartsTree, gather
from selfcheck.sources.reading import blocks


def write(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def tree_of(folder: Path, limits: Limits | None = None) -> PartsTree:
    return gather([folder], limits)[0]


def members(tree: PartsTree) -> list[Member]:
    return [item for item in tree.members() if isinstance(item, Member)]


def skipped(tree: PartsTree) -> dict[str, Reason]:
    return {item.item: item.reason for item in tree.members() if isinstance(item, Skipped)}


def refusal(tree: PartsTree, member: Member) -> Reason:
    with pytest.raises(Unreadable) as caught, tree.open(member) as file:
        file.read()
    return caught.value.reason


def test_path_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere cannot be opened: No such file") as caught:
        gather([tmp_path / "nowhere"])
    assert caught.value.hint


def test_link_that_leads_to_itself_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(SourceError, match="loop cannot be opened"):
        gather([tmp_path / "loop"])


def test_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="neither a file nor a folder"):
        gather([tmp_path / "pipe"])


def test_empty_folder_is_a_tree_without_members(tmp_path: Path) -> None:
    assert list(tree_of(tmp_path).members()) == []


def test_folder_that_may_not_be_listed_is_accounted_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tree_of(write(tmp_path / "mine", {"a.jpg": b"a", "locked/b.jpg": b"b", "z.jpg": b"z"}))
    listing = Path.iterdir

    def guarded(self: Path) -> Iterator[Path]:
        if self.name == "locked":  # root may list everything, so the system's answer is played
            raise PermissionError(13, "Permission denied")
        return listing(self)

    monkeypatch.setattr(Path, "iterdir", guarded)
    assert skipped(tree) == {"mine/locked": Reason.NO_PERMISSION}
    assert [m.path for m in members(tree)] == ["a.jpg", "z.jpg"]


def test_whole_folder_without_permission_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(SourceError, match="Permission denied") as caught:
        gather([tmp_path])
    assert "you may read it" in caught.value.hint


def test_file_without_permission_has_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tree_of(write(tmp_path, {"a.jpg": b"a"}))
    [member] = members(tree)

    def refused(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refused)
        reason = refusal(tree, member)
    assert reason is Reason.NO_PERMISSION


def test_links_are_accounted_for_and_never_followed(tmp_path: Path) -> None:
    write(tmp_path / "outside", {"secret.jpg": b"secret"})
    folder = write(tmp_path / "mine", {"a.jpg": b"a"})
    (folder / "file.jpg").symlink_to(tmp_path / "outside" / "secret.jpg")
    (folder / "folder").symlink_to(tmp_path / "outside")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    tree = tree_of(folder)
    assert [m.path for m in members(tree)] == ["a.jpg"]
    assert skipped(tree) == {
        f"mine/{name}": Reason.LINK for name in ("file.jpg", "folder", "loop", "pipe")
    }


def test_what_became_a_link_after_the_listing_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "outside", {"a.jpg": b"secret", "b.jpg": b"secret"})
    folder = write(tmp_path / "mine", {"a.jpg": b"a", "sub/b.jpg": b"b", "c.jpg": b"c"})
    tree = tree_of(folder)
    a, c, b = members(tree)
    (folder / "a.jpg").unlink()
    (folder / "a.jpg").symlink_to(tmp_path / "outside" / "a.jpg")
    (folder / "sub" / "b.jpg").unlink()
    (folder / "sub").rmdir()
    (folder / "sub").symlink_to(tmp_path / "outside")
    (folder / "c.jpg").unlink()
    os.mkfifo(folder / "c.jpg")
    assert [refusal(tree, m) for m in (a, b, c)] == [Reason.LINK] * 3


def test_locator_that_leads_out_of_the_folder_opens_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"secret.jpg": b"secret", "mine/a.jpg": b"a"})
    tree = tree_of(tmp_path / "mine")
    forged = Member(part=0, locator="../secret.jpg", path="x", shown="x", size=6)
    assert refusal(tree, forged) is Reason.LINK


def test_file_that_is_gone_or_grew_too_large_has_a_reason(tmp_path: Path) -> None:
    tree = tree_of(write(tmp_path, {"a.jpg": b"a", "b.jpg": b"b"}), Limits(member=10))
    a, b = members(tree)
    (tmp_path / "a.jpg").unlink()
    (tmp_path / "b.jpg").write_bytes(b"b" * 11)
    assert refusal(tree, a) is Reason.VANISHED
    assert refusal(tree, b) is Reason.TOO_LARGE


def test_file_that_goes_while_the_folder_is_listed_is_accounted_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tree_of(write(tmp_path / "mine", {"a.jpg": b"a", "b.jpg": b"b"}))
    asked = Path.lstat

    def gone(self: Path) -> os.stat_result:
        if self.name == "a.jpg":
            raise FileNotFoundError(2, "No such file or directory")
        return asked(self)

    monkeypatch.setattr(Path, "lstat", gone)
    assert skipped(tree) == {"mine/a.jpg": Reason.VANISHED}
    assert [m.path for m in members(tree)] == ["b.jpg"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOENT, Reason.VANISHED),
        (errno.EACCES, Reason.NO_PERMISSION),
        (errno.ELOOP, Reason.LINK),
        (errno.EIO, Reason.DAMAGED),
    ],
)
def test_trouble_of_the_disk_while_reading_has_a_reason(number: int, reason: Reason) -> None:
    class Disk(io.BytesIO):
        def read(self, _count: int | None = -1, /) -> bytes:
            raise OSError(number, "the disk says no")

    with pytest.raises(Unreadable) as caught:
        next(blocks(Disk()))
    assert (caught.value.reason, caught.value.detail) == (reason, "the disk says no")


def test_file_that_grows_while_it_is_read_stops_at_the_limit(tmp_path: Path) -> None:
    tree = tree_of(write(tmp_path, {"a.jpg": b"a"}), Limits(member=10))
    [member] = members(tree)
    with tree.open(member) as file:
        (tmp_path / "a.jpg").write_bytes(b"a" * 11)
        with pytest.raises(Unreadable) as caught:
            file.read()
    assert caught.value.reason is Reason.TOO_LARGE


def test_folder_that_vanished_after_it_was_given_is_accounted_for(tmp_path: Path) -> None:
    tree = tree_of(write(tmp_path / "mine", {"a.jpg": b"a"}))
    (tmp_path / "mine" / "a.jpg").unlink()
    (tmp_path / "mine").rmdir()
    assert skipped(tree) == {"mine": Reason.VANISHED}


def test_archives_in_a_folder_among_other_files_are_parts_of_their_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", {"a.jpg": b"a", "sub/more.zip": b"PK", "old.tgz": b""})
    trees = gather([folder])
    assert [m.path for m in members(trees[0])] == ["a.jpg"]
    assert skipped(trees[0]) == {}
    assert [tree.label for tree in trees] == ["mine", "old.tgz", "more.zip"]


def test_archive_that_came_into_the_folder_meanwhile_is_accounted_for(tmp_path: Path) -> None:
    tree = tree_of(write(tmp_path / "mine", {"a.jpg": b"a"}))
    write(tmp_path / "mine", {"sub/late.zip": b"PK"})
    assert skipped(tree) == {"mine/sub/late.zip": Reason.NESTED}


@pytest.mark.parametrize("name", ["takeout-001.zip.crdownload", "a.zip.PART", "b.partial"])
def test_a_download_that_goes_on_is_told_and_not_read(tmp_path: Path, name: str) -> None:
    tree = tree_of(write(tmp_path / "Downloads", {"a.jpg": b"a", name: b"PK\3\4"}))
    assert skipped(tree) == {f"Downloads/{name}": Reason.TRUNCATED}
    with pytest.raises(SourceError, match="not finished"):
        gather([tmp_path / "Downloads" / name])


def test_order_is_by_name_folder_by_folder(tmp_path: Path) -> None:
    files = dict.fromkeys(("b.jpg", "a/2.jpg", "a/1.jpg", "a/c/0.jpg", "B.jpg", "c.jpg"), b"x")
    order = ["B.jpg", "a/1.jpg", "a/2.jpg", "a/c/0.jpg", "b.jpg", "c.jpg"]
    assert [m.path for m in members(tree_of(write(tmp_path, files)))] == order


def test_changed_file_has_another_stamp(tmp_path: Path) -> None:
    tree = tree_of(write(tmp_path, {"a.jpg": b"a"}))
    [before] = members(tree)
    os.utime(tmp_path / "a.jpg", ns=(1, before.stamp + 1))
    [after] = members(tree)
    assert after.stamp == before.stamp + 1


@pytest.mark.parametrize("name", ["Cafe\u0301 ü.jpg", "50% off.jpg", "%0041.jpg", "line\nfeed.jpg"])
def test_odd_names_are_matched_shown_and_opened(tmp_path: Path, name: str) -> None:
    tree = tree_of(write(tmp_path, {name: b"content"}))
    [member] = members(tree)
    assert member.shown == name
    with tree.open(member) as file:
        assert file.read() == b"content"


def test_name_that_is_not_utf8_can_be_stored_and_opened(tmp_path: Path) -> None:
    if sys.platform != "linux":
        return  # other systems do not allow such a name
    (tmp_path / os.fsdecode(b"Zo\x89.jpg")).write_bytes(b"content")
    tree = tree_of(tmp_path)
    [member] = members(tree)
    assert (member.path, member.shown) == ("Zoë.jpg", "Zoë.jpg")
    assert member.locator.encode()
    with tree.open(member) as file:
        assert file.read() == b"content"


def test_single_file_is_a_source_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"a.jpg": b"a", "b.jpg": b"b"})
    tree = tree_of(tmp_path / "a.jpg")
    [member] = members(tree)
    assert (tree.label, member.path) == ("a.jpg", "a.jpg")
    with tree.open(member) as file:
        assert file.read() == b"a"
