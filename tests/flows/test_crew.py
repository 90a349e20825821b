"""Worker processes: where their modules come from, and what a task that does not end becomes."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pebble import ProcessPool

from selfcheck.errors import EngineError
from selfcheck.flows.crew import LOSSES_ALLOWED, Crew, Desk, Setup, WorkerDied


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


def all_answers(desk: Desk[int, int]) -> list[object]:
    answers: list[object] = []
    while not desk.empty:
        answers += desk.answers()
    return answers


def end_idle_worker(one: Crew) -> None:
    os.kill(one.call(os.getpid), signal.SIGKILL)
    while one._hands[0].pool.active:  # the pool takes a moment to see it
        time.sleep(0.01)


def end_again_and_again(one: Crew) -> None:
    for _ in range(LOSSES_ALLOWED + 2):
        end_idle_worker(one)


def test_a_worker_that_is_ended_between_two_tasks_is_replaced(tmp_path: Path) -> None:
    with crew(tmp_path) as one:
        end_idle_worker(one)
        assert one.call(os.getpid) != os.getpid()


def test_what_a_broken_pool_held_is_handed_over_again_in_its_order(tmp_path: Path) -> None:
    with crew(tmp_path) as one:
        desk: Desk[int, int] = Desk(one)
        # Before a worker has said that it is at one of these, it is gone.
        os.kill(one.call(os.getpid), signal.SIGKILL)
        for number in range(3):
            desk.hand_over(number, abs, -number, seconds=60)
        answers = all_answers(desk)
    assert answers == [(0, 0), (1, 1), (2, 2)]


def test_what_waits_behind_a_task_that_ends_its_worker_is_done_by_another(tmp_path: Path) -> None:
    """What waits is larger than a pipe holds: it is being written when the worker goes."""
    with crew(tmp_path) as one:
        desk: Desk[int, int] = Desk(one)
        desk.hand_over(0, os._exit, 1, seconds=60)
        for number in (1, 2):
            desk.hand_over(number, len, bytes(2_000_000), seconds=60)
        answers = all_answers(desk)
    assert answers == [(0, None), (1, 2_000_000), (2, 2_000_000)]


class Deadly:
    """Ends the process that receives it."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


def test_a_task_that_ends_whoever_receives_it_is_given_up(tmp_path: Path) -> None:
    with crew(tmp_path) as one:
        desk: Desk[int, int] = Desk(one)
        desk.hand_over(0, len, Deadly(), seconds=60)
        answers = all_answers(desk)
    assert answers == [(0, None)]


def test_a_worker_that_is_ended_leaves_no_other_waiting(tmp_path: Path) -> None:
    with Crew(Setup(engine="onnx", cache=tmp_path / "cache"), workers=2) as two:
        desk: Desk[int, int] = Desk(two)
        os.kill(two.call(os.getpid), signal.SIGKILL)
        for number in range(8):
            desk.hand_over(number, abs, -number, seconds=60)
        answers = all_answers(desk)
    assert sorted(map(str, answers)) == [str((number, number)) for number in range(8)]


def test_workers_ended_again_and_again_end_the_run_in_one_sentence(tmp_path: Path) -> None:
    with crew(tmp_path) as one, pytest.raises(EngineError) as raised:
        end_again_and_again(one)
    assert "goes on" in (raised.value.hint or "")


def test_where_no_process_can_be_started_it_is_said_and_none_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[ProcessPool] = []
    schedule = ProcessPool.schedule

    def second_fails(pool: ProcessPool, function: Callable[[], None]) -> object:
        started.append(pool)
        if len(started) > 1:
            raise OSError(errno.EAGAIN, "no more processes")
        return schedule(pool, function)

    monkeypatch.setattr(ProcessPool, "schedule", second_fails)
    with pytest.raises(EngineError, match="cannot be started"):
        Crew(Setup(engine="onnx", cache=tmp_path / "cache"), workers=2).__enter__()
    assert not any(pool.active for pool in started[:1])


def test_a_task_that_takes_too_long_has_lost_its_worker(tmp_path: Path) -> None:
    with crew(tmp_path) as one, pytest.raises(WorkerDied):
        one.call(time.sleep, 600, seconds=0.5)
