"""How long `selfcheck --help` takes beside an empty Typer program, and a scan until it looks.

    uv run python -m bench.startup [--runs 25] [--files 2000]

First: `selfcheck --help`, and a Typer program of as many commands that do nothing, turn about in
one run; medians and their ratio (aim: at most 1.3). Then `selfcheck scan` of a folder of drawn
pictures, with the cache of graphs warm: from the start of the process to the moment a worker opens
the first picture (aim: 2 s), and to the moment it comes for another one, so the first is done. The
kernel tells when files are opened (inotify, Linux only), so nothing in the program takes part.

Python keeps the byte code of what it has imported, as on any computer on which the program ran
before, whatever this shell says about that; in a folder of this run's own, which the first runs,
not counted, fill. Without it every start compiles 500 modules, and takes twice as long.

The profile is near no face, written below the gate into a temporary home and locked by a
passphrase, as on a computer without a key store: opening it costs what it costs there. The figures
go to bench/out/startup.json.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from bench.machine import enrol_nobody
from bench.people import write_figures
from selfcheck import pictures
from selfcheck.faces import open_engine
from selfcheck.flows.crew import default_workers
from selfcheck.identity import PassphraseKeys
from selfcheck.privacy.paths import Home

PASSPHRASE = "for this run only"
HELP = 1.3
FIRST = 2.0
IN_OPEN, IN_ISDIR = 0x20, 0x40000000
EVENT = struct.Struct("iIII")  # watch, mask, cookie, length of the name that follows


def empty_program(commands: Sequence[str]) -> str:
    """Write a Typer program with these commands, each with a line of help and nothing else."""
    lines = ["import typer", "app = typer.Typer(help='Does nothing.', add_completion=False)"]
    for number, name in enumerate(commands):
        lines += [f"@app.command(name='{name}')", f"def command_{number}() -> None:"]
        lines += ['    """Does nothing, and says so in a sentence of some length."""']
    return "\n".join([*lines, "app()", ""])


def seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a command to its end."""
    began = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def run_before(root: Path) -> dict[str, str]:
    """Give the variables of programs that keep their byte code from one run to the next."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(root / "bytecode"), "COLUMNS": "100"}


def measure_help(
    folder: Path, runs: int, environment: Mapping[str, str]
) -> tuple[list[float], list[float]]:
    """Time both programs turn about, after one run of each that fills the caches."""
    from selfcheck.cli.app import app

    names = [info.name or "" for info in app.registered_commands]
    program = folder / "empty.py"
    program.write_text(empty_program(names))
    both = (
        [str(Path(sys.executable).with_name("selfcheck")), "--help"],
        [sys.executable, str(program), "--help"],
    )
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 1):
        for command, times in zip(both, taken, strict=True):
            spent = seconds(command, environment)
            if turn:
                times.append(spent)
    return taken


class Opened:
    """Tells when files below a folder are opened, as the kernel sees it."""

    def __init__(self, folder: Path) -> None:
        """Watch every folder there."""
        if sys.platform != "linux":
            raise SystemExit("Opened files are watched by inotify: this runs on Linux only.")
        library = ctypes.CDLL(None, use_errno=True)
        self._descriptor = library.inotify_init1(os.O_CLOEXEC)
        for place in (folder, *(one for one in folder.rglob("*") if one.is_dir())):
            library.inotify_add_watch(self._descriptor, os.fsencode(place), IN_OPEN)

    def close(self) -> None:
        """Stop watching."""
        os.close(self._descriptor)

    def files(self, patience: float) -> Iterator[float]:
        """Yield the moment of each opening of a file; end when nothing happens for so long."""
        while select.select([self._descriptor], [], [], patience)[0]:
            now = time.perf_counter()
            data, at = os.read(self._descriptor, 65536), 0
            while at < len(data):
                _, mask, _, length = EVENT.unpack_from(data, at)
                at += EVENT.size + length
                if not mask & IN_ISDIR:
                    yield now


def draw_folder(folder: Path, files: int) -> None:
    """Draw small pictures of nothing, each different, a hundred to a folder."""
    rows, columns = np.indices((240, 320))
    for number in range(files):
        place = folder / f"album_{number // 100:02}"
        place.mkdir(parents=True, exist_ok=True)
        layers = ((rows + number) % 256, (columns + 3 * number) % 256, (rows * columns) % 251)
        rgb = np.stack(layers, axis=-1).astype(np.uint8)
        (place / f"{number:04}.jpg").write_bytes(pictures.save(rgb, pictures.Format.JPEG))


def make_home(root: Path) -> dict[str, str]:
    """Make a home with a profile and a verification; give the variables that lead to it."""
    home = Home(root=root / "home")
    home.prepare()
    word = root / "passphrase"
    word.write_text(PASSPHRASE)
    word.chmod(0o600)
    enrol_nobody(home, PassphraseKeys(home.root / "key", told))
    open_engine("onnx", cache=home.root / "cache")  # builds the graphs
    return {"SELFCHECK_HOME": str(home.root), "SELFCHECK_PASSPHRASE_FILE": str(word)}


def told(*, new: bool) -> str:
    """Give the passphrase, as if somebody had typed it."""
    del new
    return PASSPHRASE


def measure_scan(folder: Path, environment: Mapping[str, str]) -> tuple[float, float]:
    """Start a scan afresh; give the seconds to the first picture opened and to the first done.

    With n workers, one of them is done with its first when a picture is opened for the n+1st time.
    """
    ledger = Path(environment["SELFCHECK_HOME"]) / "ledger.sqlite3"
    ledger.unlink(missing_ok=True)
    opened = Opened(folder)
    program = str(Path(sys.executable).with_name("selfcheck"))
    began = time.perf_counter()
    scan = subprocess.Popen(
        [program, "scan", str(folder)],
        env=environment,
        stderr=subprocess.PIPE,
    )
    try:
        moments = opened.files(patience=60)
        opened_at = [next(moments, None) for _ in range(default_workers() + 1)]
    finally:
        scan.send_signal(signal.SIGINT)
        _, said = scan.communicate(timeout=60)
        opened.close()
    first, last = opened_at[0], opened_at[-1]
    if first is None or last is None:
        raise SystemExit(f"The scan opened no picture:\n{said.decode()}")
    return first - began, last - began


def row(name: str, times: Sequence[float]) -> str:
    """Write one line of a table, in milliseconds."""
    low, middle, high = (1000 * value for value in (min(times), median(times), max(times)))
    return f"{name:34} {middle:9.0f} {low:9.0f} {high:9.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=25)
    parser.add_argument("--files", type=int, default=2000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        environment = run_before(root)
        ours, empty = measure_help(root, wanted.runs, environment)
        folder = root / "export"
        draw_folder(folder, wanted.files)
        environment |= make_home(root)
        scans = [measure_scan(folder, environment) for _ in range(max(3, wanted.runs // 5) + 1)][1:]
    opened, done = [scan[0] for scan in scans], [scan[1] for scan in scans]
    ratio = median(ours) / median(empty)
    pairs = median(one / other for one, other in zip(ours, empty, strict=True))
    print(f"{'milliseconds':34} {'median':>9} {'least':>9} {'most':>9}")
    print(row("selfcheck --help", ours))
    print(row("an empty Typer program --help", empty))
    print(row("scan: first picture opened", opened))
    print(row("scan: first picture done", done))
    print(f"ratio of the medians {ratio:.2f}, median of the ratios {pairs:.2f} (aim: {HELP})")
    print(f"first picture being examined after {median(opened):.2f} s (aim: {FIRST:.0f})")
    figures = {
        "runs": wanted.runs,
        "files": wanted.files,
        "help_seconds": ours,
        "empty_program_seconds": empty,
        "ratio_of_medians": ratio,
        "median_of_ratios": pairs,
        "scan_first_opened_seconds": opened,
        "scan_first_done_seconds": done,
    }
    print(f"written: {write_figures('startup', figures)}")


if __name__ == "__main__":
    main()
