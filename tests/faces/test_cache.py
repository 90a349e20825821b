from __future__ import annotations

import os
from pathlib import Path

import pytest

from selfcheck.errors import EngineError
from selfcheck.faces.cache import cached


class Builder:
    """Counts how often it builds."""

    def __init__(self, graph: bytes = b"graph") -> None:
        self.graph = graph
        self.built = 0

    def __call__(self) -> bytes:
        self.built += 1
        return self.graph


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 4096])
def test_a_damaged_file_is_built_anew_and_replaced(tmp_path: Path, damage: bytes) -> None:
    build = Builder()
    cached(tmp_path, "net", build)
    (tmp_path / "net.graph").write_bytes(damage)
    assert cached(tmp_path, "net", build) == b"graph"
    assert cached(tmp_path, "net", build) == b"graph"
    assert build.built == 2


def test_one_flipped_bit_counts_as_damage(tmp_path: Path) -> None:
    build = Builder()
    cached(tmp_path, "net", build)
    path = tmp_path / "net.graph"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert cached(tmp_path, "net", build) == b"graph"
    assert build.built == 2


def test_where_the_cache_cannot_be_written_the_graph_is_built_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    build = Builder()
    assert cached(tmp_path / "file" / "cache", "net", build) == b"graph"
    assert cached(tmp_path / "file" / "cache", "net", build) == b"graph"
    assert build.built == 2


def test_a_folder_in_the_place_of_the_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "net.graph").mkdir()
    assert cached(tmp_path, "net", Builder()) == b"graph"
    assert (tmp_path / "net.graph").is_dir()


def test_what_the_builder_refuses_is_not_kept(tmp_path: Path) -> None:
    def refuse() -> bytes:
        raise EngineError("no")

    with pytest.raises(EngineError):
        cached(tmp_path, "net", refuse)
    assert list(tmp_path.iterdir()) == []


def test_a_graph_is_built_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    build = Builder()
    folder = tmp_path / "made" / "here"
    assert [cached(folder, "net", build) for _ in range(3)] == [b"graph"] * 3
    assert build.built == 1
    assert [path.name for path in folder.iterdir()] == ["net.graph"]
    if os.name == "posix":
        assert (folder / "net.graph").stat().st_mode & 0o077 == 0
        assert folder.stat().st_mode & 0o077 == 0
