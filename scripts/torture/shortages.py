"""A full disk, few file descriptors, a clock that jumps back, workers killed by hand.

Each must end with a sentence, without a traceback, and the next run with the report of one that was
left alone. Disks are small file systems in memory, which only root may mount.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bench.machine import children
from scripts.torture.export import write_export
from scripts.torture.row import Row, Stage, stage
from scripts.torture.running import UNREADABLE, environment, left_alone, report
from selfcheck.flows.scan import Options, scan

POINTS, FEW_POINTS = 50, 3
WORKERS_KILLED, FEW_KILLED = 50, 2
DESCRIPTORS = 64
GIVEN_UP = {1, UNREADABLE}  # exit codes: a clear end, or finished
DAY = timedelta(days=1)
ROOM = 100 * 2**20  # bytes: enough for everything


def run(folder: Path, small: bool) -> Row:  # noqa: FBT001 - every row's form
    """Try the four shortages, one after the other."""
    row = Row(name="shortages")
    archive = write_export(folder / "takeout.zip", pictures=12)
    command = ("scan", str(archive), "--workers", "2")
    with _disk(folder / "disk") as resize:
        owner = stage(folder / "disk")
        left_alone(row, owner, command, UNREADABLE)
        trial = Trial(row=row, owner=owner, command=command, alone=report(owner))
        _full_disks(trial, FEW_POINTS if small else POINTS, resize)
        _few_descriptors(trial)
        _clock_back(trial, archive)
        _workers_killed(trial, FEW_KILLED if small else WORKERS_KILLED)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A scan, and the report of one that was left alone."""

    row: Row
    owner: Stage
    command: tuple[str, ...]
    alone: bytes

    def runs_on(self, after: str) -> None:
        """Scan to the end, and require the report of one that was left alone."""
        left_alone(self.row, self.owner, self.command, UNREADABLE)
        self.same(after)

    def same(self, after: str) -> None:
        """Require that report."""
        self.row.require(report(self.owner) == self.alone, f"another report after {after}")


@contextmanager
def _disk(place: Path) -> Iterator[Callable[[int], None]]:
    """Mount a file system of its own; what is given sets its size in bytes."""
    place.mkdir()
    options = f"size={ROOM},mode=700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
    try:
        yield lambda size: _resize(place, size)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _resize(place: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)


def _full_disks(trial: Trial, amount: int, resize: Callable[[int], None]) -> None:
    """Scan and report on a disk that is full sooner or later, then with room again."""
    row, owner, command = trial.row, trial.owner, trial.command
    disk = owner.home.root.parent
    page = disk / "report.html"
    reporting = ("report", "--html", str(page))
    left_alone(row, owner, reporting, 0)
    page.unlink()
    owner.forget_scans()
    bare = _used(disk)
    left_alone(row, owner, command, UNREADABLE)
    needed = _used(disk) - bare
    gave_up = 0
    for n in range(amount):
        page.unlink(missing_ok=True)
        owner.forget_scans()
        resize(bare + needed * (n + 1) // amount)
        for one in (command, reporting):
            code, said = _said(owner, one)
            gave_up += code == 1
            row.require("Traceback" not in said, f"a full disk gave a traceback: {said[-300:]}")
            row.require(code in GIVEN_UP | {0}, f"a full disk ended {one[0]} with {code}: {said}")
        resize(ROOM)
        trial.runs_on("a full disk")
        row.tried += 1
    row.seen.append(f"full disk: {amount} sizes; {gave_up} of {2 * amount} commands gave up")


def _used(disk: Path) -> int:
    """Give what is taken of a file system, in bytes."""
    found = os.statvfs(disk)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def _few_descriptors(trial: Trial) -> None:
    row, owner = trial.row, trial.owner
    owner.forget_scans()
    done = subprocess.run(
        [sys.executable, "-m", "selfcheck", *trial.command],
        env=environment(owner),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=_limit,
    )
    row.require("Traceback" not in done.stderr, f"few descriptors: {done.stderr[-300:]}")
    row.require(done.returncode in GIVEN_UP, f"few descriptors ended with {done.returncode}")
    trial.runs_on("few descriptors")
    row.tried += 1
    row.seen.append(f"{DESCRIPTORS} descriptors: ended with {done.returncode}")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


def _clock_back(trial: Trial, archive: Path) -> None:
    """Let the clock jump back a day midway; the gate has been passed by then."""
    owner = trial.owner
    owner.forget_scans()
    asked = 0

    def clock() -> datetime:
        nonlocal asked
        asked += 1
        return datetime.now(UTC) - (DAY if asked > 2 else timedelta(0))  # noqa: PLR2004

    options = Options(workers=2)
    scan([archive], home=owner.home, keys=owner.keys, options=options, clock=clock)
    trial.same("a clock that jumped back")
    trial.row.tried += 1
    trial.row.seen.append(f"clock: jumped back a day after 2 of {asked} looks at it")


def _workers_killed(trial: Trial, amount: int) -> None:
    """Kill one worker at a random moment of each of so many scans."""
    row, owner = trial.row, trial.owner
    random = Random(5)
    hit = 0
    for _ in range(amount):
        owner.forget_scans()
        process = subprocess.Popen(
            [sys.executable, "-m", "selfcheck", *trial.command],
            env=environment(owner),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(random.uniform(1.0, 4.0))
        if process.poll() is None and (workers := children(process.pid)):
            os.kill(random.choice(workers), signal.SIGKILL)
            hit += 1
        row.require(process.wait(300) == UNREADABLE, "a scan did not outlive its worker")
        trial.same("a killed worker")
        row.tried += 1
    row.seen.append(f"workers: {hit} killed in {amount} scans")


def _said(owner: Stage, command: tuple[str, ...]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "selfcheck", *command],
        env=environment(owner),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stderr
