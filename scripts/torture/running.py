"""Commands run as a person runs them, and the report that two ways of getting there must share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from scripts.torture.row import Row, Stage
from selfcheck.flows.report import make_report
from selfcheck.reports import row as kind

UNREADABLE = 3  # the exit code of a scan in which something could not be read, as here


def environment(owner: Stage) -> dict[str, str]:
    """Give the variables of a command in this home."""
    return {**os.environ, **owner.environment()}


def ended(owner: Stage, command: tuple[str, ...]) -> int:
    """Run a command to its end and give its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "selfcheck", *command],
        env=environment(owner),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=600,
    ).returncode


def left_alone(row: Row, owner: Stage, command: tuple[str, ...], code: int) -> float:
    """Run a command to its end, which should have this exit code; give the seconds it took."""
    began = time.monotonic()
    found = ended(owner, command)
    row.require(found == code, f"{command[0]} ended with {found} and not {code}")
    return time.monotonic() - began


def report(owner: Stage) -> bytes:
    """Give the JSON report without how and when it was made."""
    return without_run(kind("json").render(make_report(home=owner.home)))


def without_run(data: bytes) -> bytes:
    """Leave out of a JSON report how and when it was made."""
    whole = json.loads(data)
    del whole["run"]
    return json.dumps(whole, indent=1).encode()
