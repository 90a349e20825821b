from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfcheck.errors import ProfileError
from selfcheck.privacy.paths import Home, cache_folder


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_home_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "home").symlink_to(tmp_path / "real")
    with pytest.raises(ProfileError, match="symbolic link"):
        Home(root=tmp_path / "home").prepare()


def test_profile_that_is_a_link_is_refused(tmp_path: Path) -> None:
    home = Home(root=tmp_path / "home")
    home.prepare()
    home.profile.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProfileError, match="symbolic link"):
        home.prepare()


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o770])
def test_home_open_to_others_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    root = tmp_path / "home"
    root.mkdir()
    root.chmod(mode)
    with pytest.raises(ProfileError, match="other accounts") as caught:
        Home(root=root).prepare()
    assert caught.value.hint == f"chmod 700 '{root}'"


@pytest.mark.parametrize(
    "name", ["profile", "key", "verification", "ledger", "history", "history_head", "history_lock"]
)
def test_file_open_to_others_is_refused(tmp_path: Path, name: str) -> None:
    home = Home(root=tmp_path / "home")
    home.prepare()
    path: Path = getattr(home, name)
    path.write_bytes(b"x")
    path.chmod(0o640)
    with pytest.raises(ProfileError, match="other accounts") as caught:
        home.prepare()
    assert "chmod 600" in caught.value.hint


def test_home_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(root=tmp_path / "home")
    home.prepare()
    monkeypatch.setattr(os, "geteuid", lambda: home.root.stat().st_uid + 1)
    with pytest.raises(ProfileError, match="belongs to somebody else"):
        home.prepare()


def test_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_bytes(b"")
    with pytest.raises(ProfileError, match="cannot be used"):
        Home(root=tmp_path / "home").prepare()


def test_folder_in_the_place_of_the_profile_is_refused(tmp_path: Path) -> None:
    home = Home(root=tmp_path / "home")
    home.prepare()
    home.profile.mkdir(mode=0o700)
    with pytest.raises(ProfileError, match="not what belongs there"):
        home.prepare()


def test_home_is_created_for_its_owner_only_and_so_is_what_follows(tmp_path: Path) -> None:
    home = Home(root=tmp_path / "a" / "b")
    home.prepare()
    home.prepare()
    (home.root / "later").write_bytes(b"")
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    assert stat.S_IMODE((home.root / "later").stat().st_mode) == 0o600


def test_variable_moves_home_and_cache_together(tmp_path: Path) -> None:
    environ = {"SELFCHECK_HOME": str(tmp_path)}
    assert Home.find(environ).ledger == tmp_path / "ledger.sqlite3"
    assert cache_folder(environ) == tmp_path / "cache"


def test_platform_decides_without_the_variable() -> None:
    assert Home.find({"SELFCHECK_HOME": ""}).root.name == "selfcheck"
    assert cache_folder({}) != Home.find({}).root
