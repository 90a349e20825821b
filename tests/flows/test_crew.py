"""Worker processes: where their modules come from, and what a task that does not end becomes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from selfcheck.errors import EngineError
from selfcheck.flows.crew import Crew, Setup, WorkerDied


def crew(tmp_path: Path) -> Crew:
    return Crew(Setup(engine="onnx", cache=tmp_path / "cache"), workers=1)


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


def test_starting_workers_loads_nothing_heavy_into_the_process_that_starts_them() -> None:
    program = (
        "import sys, selfcheck.flows.crew; print(*{name.split('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"numpy", "PIL", "cryptography", "onnxruntime", "av"} & set(loaded) == set()


def test_a_worker_that_is_ended_between_two_tasks_ends_the_run_in_one_sentence(
    tmp_path: Path,
) -> None:
    with crew(tmp_path) as one:
        os.kill(one.call(os.getpid), signal.SIGKILL)
        for _ in range(2):  # the pool stays broken
            with pytest.raises(EngineError) as raised:
                one.call(os.getpid)
    assert "goes on" in (raised.value.hint or "")


def test_a_task_that_takes_too_long_has_lost_its_worker(tmp_path: Path) -> None:
    with crew(tmp_path) as one, pytest.raises(WorkerDied):
        one.call(time.sleep, 600, seconds=0.5)
