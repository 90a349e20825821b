from __future__ import annotations

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
