"""SIGKILL at random moments of a scan, a review, an enrolment and a report.

Each time the next run must end as one that was left alone: the report byte for byte, and every
decision kept that was there when the next picture was shown.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from scripts.torture.doings import ANSWERS, look
from scripts.torture.export import write_export
from scripts.torture.row import Row, Stage, opened, stage
from scripts.torture.running import (
    UNREADABLE,
    ended,
    environment,
    left_alone,
    report,
    without_run,
)
from selfcheck.ledger import Ledger
from selfcheck.model import Decision

KILLS = {"scan": 110, "review": 40, "report": 40, "enrol": 10}
FEW = {"scan": 4, "review": 2, "report": 2, "enrol": 0}
DECISIONS = (Decision.ME, Decision.UNSURE, Decision.NOT_ME)


def run(folder: Path, small: bool) -> Row:  # noqa: FBT001 - every row's form
    """Kill each of the four as often as is due, and compare."""
    row = Row(name="kills")
    owner = stage(folder)
    archive = write_export(folder / "takeout.zip", pictures=24)
    rows: dict[str, Callable[[Row, Stage, Path, int], None]] = {
        "scan": _scans,
        "review": _reviews,
        "report": _reports,
        "enrol": _enrolments,
    }
    for name, kill in rows.items():
        amount = (FEW if small else KILLS)[name]
        kill(row, owner, archive, amount)
        row.tried += amount
        row.seen.append(f"{name}: {amount} kills")
    return row


def _scans(row: Row, owner: Stage, archive: Path, amount: int) -> None:
    command = ("scan", str(archive), "--workers", "2")
    seconds = left_alone(row, owner, command, UNREADABLE)
    alone = report(owner)
    random = Random(1)
    # A scan takes a handful of kills; then it is run on, compared and begun again.
    for begun in range(0, amount, 10):
        owner.forget_scans()
        for _ in range(min(10, amount - begun)):
            _killed(owner, ("-m", "selfcheck", *command), random.uniform(0.1, seconds))
        left_alone(row, owner, command, UNREADABLE)
        row.require(report(owner) == alone, "a scan that was killed ended with another report")


def _reports(row: Row, owner: Stage, archive: Path, amount: int) -> None:
    folder = archive.parent / "written"
    folder.mkdir()
    files = tuple(folder / f"report.{kind}" for kind in ("html", "json", "csv"))
    command = ("report", *(part for file in files for part in (f"--{file.suffix[1:]}", str(file))))
    seconds = left_alone(row, owner, command, 0)
    alone = [_shown(file) for file in files]
    random = Random(2)
    for _ in range(amount):
        _killed(owner, ("-m", "selfcheck", *command), random.uniform(0.1, seconds))
        # What stands there is whole at any time.
        now = [_shown(file) for file in files]
        row.require(now == alone, "a report that was killed left something else behind")
    left_alone(row, owner, command, 0)
    left = {path.name for path in folder.iterdir()} - {file.name for file in files}
    row.seen.append(f"half-written files left behind by kills: {len(left)}")


def _reviews(row: Row, owner: Stage, archive: Path, amount: int) -> None:
    command = ("scan", str(archive), "--workers", "2")
    random = Random(3)
    look_at = ("-m", "scripts.torture.doings", "review", str(owner.home.root.parent))
    for _ in range(amount):
        owner.forget_scans()
        left_alone(row, owner, command, UNREADABLE)
        said = _killed(owner, look_at, random.uniform(0.6, 2.0))
        taken = int(said[-1]) if said else 0
        row.require(_decided(owner) >= taken, f"of {taken} decisions {_decided(owner)} were kept")
        look(owner)
        with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
            kept = list(ledger.decisions().values())
        wrong = [one for one in kept if one not in DECISIONS]
        row.require(not wrong and len(kept) >= len(ANSWERS), "decisions were lost for good")


def _enrolments(row: Row, owner: Stage, archive: Path, amount: int) -> None:
    random = Random(4)
    for n in range(amount):
        folder = owner.home.root.parent / f"enrol-{n}"
        folder.mkdir()
        doing = ("-m", "scripts.torture.doings", "enrol", str(folder))
        _killed(owner, doing, random.uniform(2, 45))
        again = subprocess.run(
            [sys.executable, *doing],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        said = again.stderr[-300:]
        row.require(again.returncode == 0, f"no enrolment after one was killed: {said}")
        if again.returncode == 0:
            code = ended(opened(folder), ("scan", str(archive), "--workers", "1"))
            row.require(code == UNREADABLE, f"a scan after a killed enrolment ended with {code}")


def _decided(owner: Stage) -> int:
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        return len(ledger.decisions())


def _killed(owner: Stage, command: tuple[str, ...], after: float) -> list[str]:
    """Start Python with these words, kill it after so many seconds, and give what it said."""
    process = subprocess.Popen(
        [sys.executable, *command],
        env=environment(owner),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    time.sleep(after)
    # The parent alone is killed; its workers must notice and end by themselves.
    os.kill(process.pid, signal.SIGKILL)
    said, _ = process.communicate(timeout=60)
    return said.split()


def _shown(file: Path) -> bytes:
    """Read a report without how and when it was made; a page shows no more of that than the day."""
    return without_run(file.read_bytes()) if file.suffix == ".json" else file.read_bytes()
