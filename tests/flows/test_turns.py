"""One heavy picture at a time among several processes, whatever becomes of them."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from selfcheck.flows import turns

# Goes in, says so, and stays until it is told to leave.
GO_IN = """
import sys
from pathlib import Path
from selfcheck.flows import turns
with turns.turns(Path(sys.argv[1]))():
    print("in", flush=True)
    sys.stdin.readline()
"""


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", GO_IN, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


def test_a_second_waits_for_the_first(tmp_path: Path) -> None:
    with start(tmp_path) as first, start(tmp_path) as second:
        assert first.stdout is not None
        assert second.stdout is not None
        said = {first.stdout.fileno(): first, second.stdout.fileno(): second}
        inside = select.select(list(said), [], [])[0]
        assert len(inside) == 1
        near = said.pop(inside[0])
        ((waits, far),) = said.items()
        assert not select.select([waits], [], [], 0.5)[0]
        near.communicate("leave\n")
        assert far.communicate("leave\n")[0] == "in\n"


def test_one_that_is_killed_leaves_the_way_free(tmp_path: Path) -> None:
    with start(tmp_path) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "in\n"
        first.send_signal(signal.SIGKILL)
        first.wait()
    with turns.turns(tmp_path)():
        pass


def test_whoever_has_waited_long_enough_goes_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_LONGEST_WAIT", 0.1)
    with start(tmp_path) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "in\n"
        with turns.turns(tmp_path)():
            assert first.poll() is None
        first.communicate("leave\n")


def test_who_has_the_turn_may_take_it_again_and_keeps_it_to_the_end(tmp_path: Path) -> None:
    with turns.turns(tmp_path)():
        with turns.turns(tmp_path)():
            pass
        with start(tmp_path) as second:
            assert second.stdout is not None
            assert not select.select([second.stdout.fileno()], [], [], 0.5)[0]
            second.terminate()


def test_where_no_lock_can_be_made_nobody_waits(tmp_path: Path) -> None:
    gone = turns.turns(tmp_path / "nowhere")
    with gone(), gone():
        pass
