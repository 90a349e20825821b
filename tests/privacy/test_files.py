from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

import pytest

from selfcheck.errors import SelfcheckError
from selfcheck.privacy import files


def test_missing_folder_is_a_sentence_with_the_path(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "report.html"
    with pytest.raises(SelfcheckError, match=r"report\.html could not be written") as caught:
        files.write_atomically(path, b"x")
    assert caught.value.hint


def test_failed_write_leaves_the_old_content_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "profile"
    files.write_atomically(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SelfcheckError, match="No space left on device"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"not ours")
    path = tmp_path / "report"
    path.symlink_to(outside)
    files.write_atomically(path, b"ours")
    assert outside.read_bytes() == b"not ours"
    assert not path.is_symlink()
    assert path.read_bytes() == b"ours"


def test_only_the_owner_can_read_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "profile"
    path.write_bytes(b"old")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        files.write_atomically(path, b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_longest_file_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    files.write_atomically(path, b"x")
    assert path.read_bytes() == b"x"


def test_remove_says_whether_there_was_a_file(tmp_path: Path) -> None:
    path = tmp_path / "profile"
    assert not files.remove(path)
    path.write_bytes(b"x")
    assert files.remove(path)
    assert not path.exists()


def test_remove_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SelfcheckError, match="could not be removed"):
        files.remove(tmp_path)


def test_a_draft_that_cannot_be_written_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    wanted = pytest.raises(SelfcheckError, match="nowhere could not be written to")
    with wanted as caught, files.draft(folder, b"x"):
        raise AssertionError
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_draft_is_gone_whatever_happens(tmp_path: Path) -> None:
    seen = []
    with contextlib.suppress(KeyboardInterrupt), files.draft(tmp_path, b"x") as hidden:
        seen += [hidden.name[0], stat.S_IMODE(hidden.stat().st_mode)]
        raise KeyboardInterrupt
    assert seen == [".", 0o600]
    assert list(tmp_path.iterdir()) == []


def test_a_draft_gets_a_name_and_keeps_its_rights(tmp_path: Path) -> None:
    name = tmp_path / "copy"
    with files.draft(tmp_path, b"x") as hidden:
        assert files.settle(hidden, name)
    assert list(tmp_path.iterdir()) == [name]
    assert name.read_bytes() == b"x"
    assert stat.S_IMODE(name.stat().st_mode) == 0o600


def test_a_name_that_is_taken_is_never_replaced(tmp_path: Path) -> None:
    file, link, folder = tmp_path / "file", tmp_path / "link", tmp_path / "folder"
    file.write_bytes(b"theirs")
    link.symlink_to(tmp_path / "nowhere")
    folder.mkdir()
    with files.draft(tmp_path, b"x") as hidden:
        assert [files.settle(hidden, name) for name in (file, link, folder)] == [False] * 3
    assert file.read_bytes() == b"theirs"
    assert link.is_symlink()
    assert not (tmp_path / "nowhere").exists()


def _without_links(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_where_files_have_one_name_only_nothing_is_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, name = tmp_path / "taken", tmp_path / "copy"
    taken.write_bytes(b"theirs")
    monkeypatch.setattr(os, "link", _without_links)
    with files.draft(tmp_path, b"x") as hidden:
        assert not files.settle(hidden, taken)
        assert files.settle(hidden, name)
    assert (taken.read_bytes(), name.read_bytes()) == (b"theirs", b"x")
    assert sorted(tmp_path.iterdir()) == [name, taken]


def test_a_name_that_cannot_be_given_is_a_sentence(tmp_path: Path) -> None:
    with files.draft(tmp_path, b"x") as hidden:
        with pytest.raises(SelfcheckError, match="could not be written"):
            files.settle(hidden, tmp_path / ("n" * 300))
        hidden.unlink()
        with pytest.raises(SelfcheckError, match="could not be written"):
            files.settle(hidden, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_what_is_appended_stands_after_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "history"
    files.append(path, b"one\n")
    files.append(path, b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    files.cut(path, 4)
    assert path.read_bytes() == b"one\n"


def test_what_cannot_be_appended_whole_is_not_there_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history"
    files.append(path, b"one\n")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SelfcheckError, match="No space left on device"):
        files.append(path, b"two\n")
    assert path.read_bytes() == b"one\n"


def test_a_link_is_neither_appended_to_nor_cut(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"not ours")
    path = tmp_path / "history"
    path.symlink_to(outside)
    with pytest.raises(SelfcheckError, match="could not be written"):
        files.append(path, b"ours")
    with pytest.raises(SelfcheckError, match="could not be written"):
        files.cut(path, 0)
    assert outside.read_bytes() == b"not ours"


def test_a_file_that_is_not_there_cannot_be_cut(tmp_path: Path) -> None:
    with pytest.raises(SelfcheckError, match="could not be written"):
        files.cut(tmp_path / "history", 0)
