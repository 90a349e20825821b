"""Worker processes: where their modules come from, and what a task that does not end becomes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from selfcheck.flows import worker
from selfcheck.flows.crew import Crew, WorkerDied


def crew(tmp_path: Path) -> Crew:
    setup = worker.Setup(engine="onnx", cache=tmp_path / "cache", profile=None)
    return Crew(setup, workers=1)


def test_no_worker_takes_a_module_from_the_folder_the_user_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked, mark = tmp_path / "unpacked", tmp_path / "mark"
    unpacked.mkdir()
    # It leaves its mark and then hands over to the real one.
    (unpacked / "pickle.py").write_text(
        f"import sys\nopen({str(mark)!r}, 'w').close()\nsys.path.remove('')\n"
        "del sys.modules['pickle']\nimport pickle\n"
    )
    monkeypatch.chdir(unpacked)
    with crew(tmp_path) as one:
        assert one.call(os.getpid) != os.getpid()
    assert not mark.exists()


def test_a_task_that_takes_too_long_has_lost_its_worker(tmp_path: Path) -> None:
    with crew(tmp_path) as one, pytest.raises(WorkerDied):
        one.call(time.sleep, 600, seconds=0.5)
