"""A scan killed at any moment and run on ends with the report of one that was left alone."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from stage import Export, Owner, compared

pytestmark = pytest.mark.system

KILLS = 10


def scanning(owner: Owner, export: Export, workers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "selfcheck", "scan", str(export.zip), "--workers", str(workers)],
        env={**os.environ, **owner.environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def left_alone(owner: Owner, export: Export, workers: int) -> float:
    """Scan to the end and give the seconds that took: the moments to kill at lie within."""
    began = time.monotonic()
    # Two of the export's pictures cannot be read, by design: that is exit code 3.
    assert scanning(owner, export, workers).wait() == 3
    return time.monotonic() - began


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_at_random_moments_it_ends_with_the_same_report(
    owner: Owner, export: Export, workers: int
) -> None:
    seconds = left_alone(owner, export, workers)
    alone = compared(owner)
    owner.forget_scans()
    moments = random.Random(workers)
    for _ in range(KILLS):
        process = scanning(owner, export, workers)
        time.sleep(moments.uniform(0.1, seconds))
        # The parent alone is killed; its workers must notice and end by themselves.
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    left_alone(owner, export, workers)
    assert compared(owner) == alone
