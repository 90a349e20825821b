"""Importing costs nothing: `--help` loads no network, no codec, no database, no cryptography."""

import subprocess
import sys

HEAVY = (
    "numpy",
    "PIL",
    "onnxruntime",
    "onnx",
    "dlib",
    "av",
    "cryptography",
    "sqlite3",
    "pebble",
    "keyring",
    "starlette",
    "uvicorn",
    "zxingcpp",
    "asyncio",
)


def test_the_command_line_loads_nothing_heavy() -> None:
    program = "import sys, selfcheck.cli.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [name for name in HEAVY if name in loaded] == []
