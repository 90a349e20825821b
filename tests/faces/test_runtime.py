"""onnxruntime tells nobody anything."""

from __future__ import annotations

import os
from pathlib import Path

from selfcheck.faces.runtime import library


def test_the_installed_library_holds_no_uploader() -> None:
    folder = Path(library().__file__).parent / "capi"
    for built in [*folder.glob("*.so"), *folder.glob("*.pyd"), *folder.glob("*.dylib")]:
        held = built.read_bytes()
        assert b"events.data.microsoft.com" not in held, built.name


def test_telemetry_is_turned_off_before_the_library_is_loaded() -> None:
    library()
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
