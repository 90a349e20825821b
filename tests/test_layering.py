"""Imports point down only, and each outside library has one door (DESIGN.md, section 3)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import selfcheck

ROOT = Path(selfcheck.__file__).parent

ROWS = (
    {"model", "errors"},
    {"privacy"},
    {
        "sources",
        "pages",
        "exports",
        "pictures",
        "faces",
        "identity",
        "ledger",
        "exposure",
        "reports",
        "removal",
    },
    {"flows"},
    {"web", "demo"},
    {"cli"},
    {"__main__"},
)
ROW = {package: height for height, row in enumerate(ROWS) for package in row}

DOORS = {
    "dlib": "faces",
    "face_recognition": "faces",
    "face_recognition_models": "faces",
    "onnxruntime": "faces",
    "onnx": "faces",
    "PIL": "pictures",
    "pillow_heif": "pictures",
    "simplejpeg": "pictures",
    "av": "pictures",
    "zxingcpp": "pictures",
    "httpx": "sources",
    "httpcore": "sources",
    "idna": "sources",
    "selectolax": "pages",
    "sqlite3": "ledger",
    "cryptography": "identity",
    "keyring": "identity",
    "typer": "cli",
    "starlette": "web",
    "uvicorn": "web",
}
# Reports and letters are both written with it.
TWO_DOORS = {"jinja2": {"reports", "removal"}, "markupsafe": {"reports", "removal"}}
HEAVY = {
    "numpy",
    "PIL",
    "simplejpeg",
    "onnxruntime",
    "onnx",
    "dlib",
    "av",
    "zxingcpp",
    "cryptography",
    "sqlite3",
    "httpx",
    "httpcore",
    "anyio",
}


@cache
def _modules() -> tuple[tuple[str, str, ast.Module], ...]:
    """Give each module's path below the package, the package it belongs to, and its tree."""
    paths = [path.relative_to(ROOT) for path in sorted(ROOT.rglob("*.py"))]
    return tuple(
        (str(path), path.parts[0].removesuffix(".py"), ast.parse((ROOT / path).read_bytes()))
        for path in paths
        if path != Path("__init__.py")
    )


def _imported(tree: ast.Module) -> Iterator[str]:
    """Give the full name of everything imported anywhere in a module, functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _breaches_of_rows(package: str, tree: ast.Module) -> list[str]:
    return [
        name
        for name in _imported(tree)
        if name.startswith("selfcheck.")
        and (target := name.split(".")[1]) != package
        and ROW.get(target, -1) >= ROW[package]
    ]


def _breaches_of_doors(package: str, tree: ast.Module) -> list[str]:
    libraries = {name: name.split(".")[0] for name in _imported(tree)}
    return [
        name
        for name, library in libraries.items()
        if package not in TWO_DOORS.get(library, {DOORS.get(library, package)})
    ]


def test_the_rule_fires_on_an_import_that_points_up_or_sideways() -> None:
    tree = ast.parse("def f():\n    from selfcheck import flows\n    import selfcheck.faces.engine")
    assert _breaches_of_rows("pictures", tree) == ["selfcheck.flows", "selfcheck.faces.engine"]
    assert _breaches_of_rows("cli", tree) == []


def test_the_rule_fires_on_a_library_that_comes_in_by_another_door() -> None:
    tree = ast.parse("from PIL import Image\nimport numpy")
    assert _breaches_of_doors("reports", tree) == ["PIL.Image"]
    assert _breaches_of_doors("pictures", tree) == []
    letters = ast.parse("from jinja2 import Environment")
    assert _breaches_of_doors("removal", letters) == _breaches_of_doors("reports", letters) == []
    assert _breaches_of_doors("flows", letters) == ["jinja2.Environment"]


def test_every_package_has_its_row() -> None:
    assert {package for _, package, _ in _modules()} <= set(ROW)


def test_imports_point_down_only() -> None:
    breaches = {path: _breaches_of_rows(package, tree) for path, package, tree in _modules()}
    assert {path: names for path, names in breaches.items() if names} == {}


def test_each_outside_library_has_one_door() -> None:
    breaches = {path: _breaches_of_doors(package, tree) for path, package, tree in _modules()}
    assert {path: names for path, names in breaches.items() if names} == {}


@pytest.mark.parametrize("module", ["selfcheck.cli", "selfcheck.sources.web"])
def test_importing_the_command_line_or_what_addresses_are_loads_nothing_heavy(module: str) -> None:
    script = f"import sys, {module}; print(*{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()) & HEAVY == set()
