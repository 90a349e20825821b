"""A scan killed at any moment and run on ends with the report of one that was left alone."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from stage import Export, Owner, compared, write_zip

from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.demo.people import View, portrait
from selfcheck.pictures import film_bytes

pytestmark = pytest.mark.system

KILLS = 10


def scanning(owner: Owner, archive: Path, workers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "selfcheck", "scan", str(archive), "--workers", str(workers)],
        env={**os.environ, **owner.environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def left_alone(owner: Owner, archive: Path, workers: int) -> float:
    """Scan to the end and give the seconds that took: the moments to kill at lie within."""
    began = time.monotonic()
    # Some of each archive's files cannot be read, by design: that is exit code 3.
    assert scanning(owner, archive, workers).wait() == 3
    return time.monotonic() - began


def kill_and_run_on(owner: Owner, archive: Path, workers: int) -> None:
    """Scan once undisturbed, then kill again and again, and compare the two ends."""
    seconds = left_alone(owner, archive, workers)
    alone = compared(owner)
    owner.forget_scans()
    moments = random.Random(workers)
    for _ in range(KILLS):
        process = scanning(owner, archive, workers)
        time.sleep(moments.uniform(0.1, seconds))
        # The parent alone is killed; its workers must notice and end by themselves.
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    left_alone(owner, archive, workers)
    assert compared(owner) == alone


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_at_random_moments_it_ends_with_the_same_report(
    owner: Owner, export: Export, workers: int
) -> None:
    kill_and_run_on(owner, export.zip, workers)


def test_killed_among_films_it_ends_with_the_same_report(owner: Owner, tmp_path: Path) -> None:
    people = (OWNER, *OTHERS[:2])
    shown = [portrait(one, View(yaw=5), width=320, height=240, seed=3) for one in people]
    mine, theirs = (
        film_bytes((rgb for rgb in takes for _ in range(10)), 5)
        for takes in ((*shown[1:], shown[0]), shown[1:])
    )
    # A zero behind its end makes another file of a film that shows the same.
    files = {f"{n}.mp4": mine + bytes(n) for n in range(4)}
    films = {"cut.mp4": mine[: len(mine) // 2], "copy.mp4": mine, "theirs.mp4": theirs}
    kill_and_run_on(owner, write_zip(tmp_path / "films.zip", files | films), 2)
