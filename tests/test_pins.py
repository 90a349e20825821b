"""requirements.txt holds the versions that were tested; pyproject.toml the bounds they lie in."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pinned() -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if "==" in line:
            requirement = Requirement(line.removesuffix("\\").strip())
            (version,) = (one.version for one in requirement.specifier)
            pins.setdefault(canonicalize_name(requirement.name), []).append(version)
    return pins


def test_every_pin_satisfies_the_bounds_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    pins = pinned()
    for text in wanted:
        requirement = Requirement(text)
        versions = pins[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), text


def test_every_pin_carries_hashes_and_no_host() -> None:
    text = (ROOT / "requirements.txt").read_text()
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in text


def test_dlib_is_never_built_from_source() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    override = (ROOT / "overrides.txt").read_text().strip()
    assert project["tool"]["uv"]["override-dependencies"] == [override]
    assert "dlib" not in pinned()
    assert "dlib-bin" in pinned()
