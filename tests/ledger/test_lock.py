"""One process at a time, and no lock outlives its process."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from selfcheck.errors import LedgerError
from selfcheck.ledger import Ledger, lock
from selfcheck.ledger.lock import Lock
from selfcheck.ledger.troubles import of_system

HOLDING = """
import sys, time
from pathlib import Path
from selfcheck.ledger import Ledger

ledger = Ledger.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""

FORKING = """
import os, signal, sys, time
from pathlib import Path
from selfcheck.ledger import Ledger

ledger = Ledger.open(Path(sys.argv[1]))
child = os.fork()
if child == 0:
    os.write(1, b"alive\\n")
    time.sleep(600)
    os._exit(0)
os.write(1, f"{child}\\n".encode())
sys.stdin.read()
"""


def start(program: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_process_is_refused_and_told_which_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with start(HOLDING, path) as holder:
        assert line(holder) == "open"
        with pytest.raises(LedgerError, match=f"in use.*process {holder.pid}") as caught:
            Ledger.open(path)
        assert caught.value.hint
        with pytest.raises(LedgerError, match="in use"):
            Ledger.discard(path)
        assert path.exists()
        holder.communicate("")
    Ledger.open(path).close()


def test_a_second_opening_in_the_same_process_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with Ledger.open(path), pytest.raises(LedgerError, match="in use"):
        Ledger.open(path)


def test_the_lock_dies_with_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with start(HOLDING, path) as holder:
        assert line(holder) == "open"
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    Ledger.open(path).close()


def test_a_worker_that_outlives_its_killed_parent_does_not_hold_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with start(FORKING, path) as parent:
        lines = {line(parent), line(parent)}
        child = int((lines - {"alive"}).pop())
        try:
            parent.send_signal(signal.SIGKILL)
            parent.wait()
            os.kill(child, 0)  # it lives
            Ledger.open(path).close()
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_clean_end_leaves_no_suspicion_and_a_killed_one_does(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    first = Lock.take(path)
    assert not first.left_over
    first.release()
    first.release()
    path.write_text("4711\n")
    second = Lock.take(path)
    assert second.left_over
    second.release(remove=True)
    assert not path.exists()


def test_a_failed_opening_gives_the_lock_back(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"no database at all")
    for _ in range(2):
        with pytest.raises(LedgerError, match="not a ledger"):
            Ledger.open(path)


def test_the_lock_may_stand_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    elsewhere = tmp_path / "locks" / "my.lock"
    with (
        Ledger.open(tmp_path / "a.sqlite3", lock=elsewhere),
        pytest.raises(LedgerError, match="in use"),
    ):
        Ledger.open(tmp_path / "b.sqlite3", lock=elsewhere)
    assert not (tmp_path / "a.lock").exists()


def test_a_lock_in_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(tmp_path / "nowhere" / "ledger.sqlite3")


def test_a_lock_file_destroyed_while_it_was_taken_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real, calls = tmp_path / "a.lock", lock._lock, [1, 2]

    def lock_late(descriptor: int, where: Path, what: str, until: float) -> None:
        if calls:  # its last holder ran `forget` just now, and somebody else may have come
            where.unlink()
            if calls.pop() == 1:
                where.touch()
        real(descriptor, where, what, until)

    monkeypatch.setattr(lock, "_lock", lock_late)
    held = Lock.take(path)
    assert calls == []
    with pytest.raises(LedgerError, match="in use"):
        Lock.take(path)
    held.release()


def test_whoever_waits_for_a_lock_has_it_when_it_is_given_back(tmp_path: Path) -> None:
    first = Lock.take(tmp_path / "a.lock")
    giving_back = threading.Timer(0.2, first.release)
    giving_back.start()
    second = Lock.take(tmp_path / "a.lock", wait=30)
    giving_back.join()
    second.release()


def test_whoever_has_waited_long_enough_is_told_what_is_in_use(tmp_path: Path) -> None:
    held = Lock.take(tmp_path / "a.lock")
    with pytest.raises(LedgerError, match="The history is in use by another selfcheck"):
        Lock.take(tmp_path / "a.lock", what="history", wait=0.05)
    held.release()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.ENOLCK, "disk failed"),
        (errno.EIO, "disk failed"),
        (errno.EACCES, "cannot be opened"),
    ],
)
def test_what_the_system_says_is_put_into_words(number: int, words: str) -> None:
    error = of_system(OSError(number, os.strerror(number)), Path("/home/me/ledger.lock"))
    assert words in error.sentence
    assert "/home/me/ledger.lock" in error.sentence
    assert error.hint
