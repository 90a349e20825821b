from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

# Opens the reference engine as a worker would, with whatever packages lie in argv[1].
SCRIPT = """
import json, sys
from pathlib import Path
if sys.argv[1]:
    sys.path.insert(0, sys.argv[1])
import PIL.ImageFile
PIL.ImageFile.LOAD_TRUNCATED_IMAGES = "as it was"
from selfcheck.errors import EngineError
from selfcheck.faces import open_engine
said = None
try:
    open_engine("reference", cache=Path("unused"))
except EngineError as error:
    said = [error.sentence, error.hint]
print(json.dumps({
    "said": said,
    "pillow": PIL.ImageFile.LOAD_TRUNCATED_IMAGES,
    "stdin": sys.stdin.read(),
}))
"""


def opened(packages: Path | None) -> dict[str, object]:
    """Open the reference engine in a process of its own and give what it left behind."""
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(packages or "")]
    done = subprocess.run(command, input="typed", capture_output=True, text=True, check=True)
    left: dict[str, object] = json.loads(done.stdout)  # and so nothing else went to stdout
    return left


def fake_library(folder: Path, source: str) -> Path:
    package = folder / "face_recognition"
    package.mkdir()
    (package / "__init__.py").write_text(source)
    return folder


def test_a_library_that_quits_on_import_is_an_engine_error(tmp_path: Path) -> None:
    source = (
        'import PIL.ImageFile\nPIL.ImageFile.LOAD_TRUNCATED_IMAGES = True\nprint("Please")\nquit()'
    )
    left = opened(fake_library(tmp_path, source))
    said = left.pop("said")
    assert isinstance(said, list)
    assert said[0] == "face_recognition cannot load its models"
    assert "face-recognition-models" in said[1]
    assert left == {"pillow": "as it was", "stdin": "typed"}


def test_models_that_dlib_cannot_read_are_an_engine_error(tmp_path: Path) -> None:
    left = opened(fake_library(tmp_path, 'raise RuntimeError("unexpected version")'))
    assert "unexpected version" in str(left["said"])


def test_a_library_that_is_missing_is_an_engine_error(tmp_path: Path) -> None:
    source = 'raise ModuleNotFoundError("No module named dlib", name="dlib")'
    left = opened(fake_library(tmp_path, source))
    assert "dlib cannot be loaded" in str(left["said"])
    assert "selfcheck doctor" in str(left["said"])


def test_the_real_library_leaves_pillow_stdin_and_stdout_as_they_were() -> None:
    assert opened(None) == {"said": None, "pillow": "as it was", "stdin": "typed"}
