"""The generated documents are those that the program makes now."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from selfcheck import errors
from selfcheck.exports import EXPORTS

SCRIPT = Path(__file__).parents[2] / "scripts" / "generate_docs.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_document_that_differs_is_named_and_left_alone(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([], tmp_path) == 0
    (tmp_path / "formats.md").write_text("old")
    capsys.readouterr()
    assert script.main(["--check"], tmp_path) == 1
    assert "formats.md differs" in capsys.readouterr().out
    assert (tmp_path / "formats.md").read_text() == "old"


def test_missing_document_is_a_difference(script: ModuleType, tmp_path: Path) -> None:
    assert script.main(["--check"], tmp_path) == 1
    assert script.main([], tmp_path) == 0
    assert script.main(["--check"], tmp_path) == 0


def test_every_export_and_every_exit_code_is_told(script: ModuleType) -> None:
    assert all(f"## {export.title}" in script.formats() for export in EXPORTS)
    told = script.exit_codes()
    assert all(f"| {code} |" in told for code in (0, 1, 2, 3, 4, 130))
    assert errors.NotVerified.__name__ in told


def test_documents_of_the_repository_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], check=False, capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"")
