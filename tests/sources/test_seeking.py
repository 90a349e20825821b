"""Members as files in which one can go back and forth: what they hold, and what they cost."""

from __future__ import annotations

import gc
import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from selfcheck.model import Member, Reason, Unreadable
from selfcheck.sources import PartsTree, gather
from selfcheck.sources.reading import MIB
from selfcheck.sources.seeking import unpacked

DATA = os.urandom(3 * MIB + 77)


def archive(folder: Path, method: int) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", method) as target:
        target.writestr("before.bin", b"before" * 100)
        target.writestr("film.mp4", DATA)
        target.writestr("behind.bin", b"behind" * 100)
    return path


def loose(folder: Path) -> Path:
    (folder / "in").mkdir()
    (folder / "in" / "film.mp4").write_bytes(DATA)
    return folder / "in"


def film(path: Path) -> tuple[PartsTree, Member]:
    (tree,) = gather([path])
    return tree, next(m for m in tree.members() if isinstance(m, Member) and "film" in m.path)


MAKERS: list[Callable[[Path], Path]] = [
    lambda folder: archive(folder, zipfile.ZIP_STORED),
    lambda folder: archive(folder, zipfile.ZIP_DEFLATED),
    loose,
]


def refusal(tree: PartsTree, member: Member) -> Reason:
    with pytest.raises(Unreadable) as raised, tree.open_seekable(member) as file:
        file.read()
    return raised.value.reason


# --- bad input --------------------------------------------------------------------------


def test_a_cut_archive_ends_in_a_reason_and_not_in_a_short_file(tmp_path: Path) -> None:
    path = archive(tmp_path, zipfile.ZIP_STORED)
    tree, member = film(path)
    os.truncate(path, 2 * MIB)
    assert refusal(tree, member) is Reason.TRUNCATED


def test_damaged_packed_bytes_end_in_a_reason(tmp_path: Path) -> None:
    path = archive(tmp_path, zipfile.ZIP_DEFLATED)
    tree, member = film(path)
    data = bytearray(path.read_bytes())
    data[MIB : MIB + 4096] = bytes(4096)
    path.write_bytes(data)
    assert refusal(tree, member) is Reason.DAMAGED


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for start in (data.index(b"film.mp4") - 30, data.rindex(b"film.mp4") - 46):
        data[start + (6 if data[start + 2] == 3 else 8)] |= 1
    path.write_bytes(data)
    assert refusal(*film(path)) is Reason.ENCRYPTED


def test_a_link_in_a_files_place_is_refused(tmp_path: Path) -> None:
    tree, member = film(loose(tmp_path))
    (tmp_path / "in" / "film.mp4").unlink()
    (tmp_path / "in" / "film.mp4").symlink_to(tmp_path / "elsewhere")
    assert refusal(tree, member) is Reason.LINK


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    tree, member = film(loose(tmp_path))
    (tmp_path / "in" / "film.mp4").unlink()
    assert refusal(tree, member) is Reason.VANISHED


def test_a_place_before_the_beginning_is_refused(tmp_path: Path) -> None:
    tree, member = film(loose(tmp_path))
    with tree.open_seekable(member) as file, pytest.raises(ValueError, match="before"):
        file.seek(-1)


def endless(size: int) -> Callable[[], BinaryIO]:
    class Zeros(io.RawIOBase):
        left = size

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # narrower
            count = min(len(buffer), self.left)
            buffer[:count] = bytes(count)
            self.left -= count
            return count

    return lambda: io.BufferedReader(Zeros())


def test_packed_bytes_torn_back_and_forth_come_to_an_end() -> None:
    size = 100 * MIB

    def tear(file: BinaryIO) -> None:
        for block in range(15):
            for place in (block, 80 + block):
                file.seek(place * MIB)
                file.read(10)

    with unpacked(endless(size), size) as file, pytest.raises(Unreadable) as raised:
        tear(file)
    assert raised.value.reason is Reason.TOO_LARGE
    assert "unpack" in raised.value.detail


def test_packed_bytes_of_any_length_are_not_held_whole() -> None:
    size = 300 * MIB
    with unpacked(endless(size), size) as file:
        tracemalloc.start()
        try:
            file.seek(size - 5)
            assert file.read() == bytes(5)
            file.seek(0)
            assert file.read(5) == bytes(5)
            assert tracemalloc.get_traced_memory()[1] < 80 * MIB
        finally:
            tracemalloc.stop()


# --- good input -------------------------------------------------------------------------


@pytest.mark.parametrize("make", MAKERS)
def test_every_place_can_be_read_in_any_order(make: Callable[[Path], Path], tmp_path: Path) -> None:
    tree, member = film(make(tmp_path))
    with tree.open_seekable(member) as file:
        assert file.seekable()
        assert file.seek(0, os.SEEK_END) == len(DATA)
        assert file.read(1) == b""
        for start in (len(DATA) - 9, 0, MIB - 3, 2 * MIB + 1, 5):
            assert file.seek(start) == start
            assert file.read(100) == DATA[start : start + 100]
        file.seek(0)
        assert file.read() == DATA
        assert file.seek(len(DATA) + 10)
        assert file.read(1) == b""


@pytest.mark.parametrize("make", MAKERS)
def test_nothing_is_held_open_by_a_closed_member(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    tree, member = film(make(tmp_path))
    with tree.open_seekable(member) as file:
        file.read(10)
    # A file left open would say so when it is collected, and warnings are errors.
    del file
    gc.collect()
