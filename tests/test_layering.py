"""Imports point down only, and each outside library has one door (DESIGN.md, section 3)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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
    "selectolax": "pages",
    "sqlite3": "ledger",
    "cryptography": "identity",
    "keyring": "identity",
    "typer": "cli",
    "starlette": "web",
    "uvicorn": "web",
}
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
    return [name for name in _imported(tree) if DOORS.get(name.split(".")[0], package) != package]


def test_the_rule_fires_on_an_import_that_points_up_or_sideways() -> None:
    tree = ast.parse("def f():\n    from selfcheck import flows\n    import selfcheck.faces.engine")
    assert _breaches_of_rows("pictures", tree) == ["selfcheck.flows", "selfcheck.faces.engine"]
    assert _breaches_of_rows("cli", tree) == []


def test_the_rule_fires_on_a_library_that_comes_in_by_another_door() -> None:
    tree = ast.parse("from PIL import Image\nimport numpy")
    assert _breaches_of_doors("reports", tree) == ["PIL.Image"]
    assert _breaches_of_doors("pictures", tree) == []


def test_every_package_has_its_row() -> None:
    assert {package for _, package, _ in _modules()} <= set(ROW)


def test_imports_point_down_only() -> None:
    breaches = {path: _breaches_of_rows(package, tree) for path, package, tree in _modules()}
    assert {path: names for path, names in breaches.items() if names} == {}


def test_each_outside_library_has_one_door() -> None:
    breaches = {path: _breaches_of_doors(package, tree) for path, package, tree in _modules()}
    assert {path: names for path, names in breaches.items() if names} == {}


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    script = "import sys, selfcheck.cli; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()) & HEAVY == set()
