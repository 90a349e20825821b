"""Hostile files of every kind in one folder, with sound ones among them."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random

from bench.machine import Watch
from scripts.torture.mutations import mutants
from scripts.torture.row import Row, stage
from scripts.torture.seeds import Seed, seeds
from selfcheck.flows.report import make_report
from selfcheck.flows.scan import Options, scan
from selfcheck.model import Band, Reason, Report

FILES, FEW = 2_200, 200
CONTROLS = 3  # sound files of each kind
MOST_MEMORY = 1_000_000_000  # bytes, of all processes together
SECONDS_EACH = 2.0  # on average: a file that hangs costs a worker its limit
# Why a file may be given up whose blocks were put together wrongly: no decoder may crash or hang.
RIGHT = frozenset(
    {
        Reason.TRUNCATED,
        Reason.DAMAGED,
        Reason.NOT_A_PICTURE,
        Reason.UNSUPPORTED,
        Reason.TOO_LARGE,
        Reason.HOSTILE,
        Reason.ENCRYPTED,
        Reason.NESTED,
        Reason.LINK,
    }
)


def run(folder: Path, small: bool) -> Row:  # noqa: FBT001 - every row's form
    """Scan them all and compare what is said of each with what it is."""
    row = Row(name="bad inputs")
    owner = stage(folder)
    heap = folder / "heap"
    heap.mkdir()
    sound = seeds()
    each = -(-(FEW if small else FILES) // len(sound))
    for seed in sound:
        row.tried += _lay(heap, seed, each)
    began = time.monotonic()
    with Watch(owner.home.ledger) as watch:
        outcome = scan([heap], home=owner.home, keys=owner.keys, options=Options(workers=2))
    took = time.monotonic() - began
    report = make_report(home=owner.home)
    accounting = outcome.accounting
    row.require(accounting.balances(), f"the accounting does not balance: {accounting}")
    row.require(accounting.pending == 0, f"{accounting.pending} files are left pending")
    row.require(took < SECONDS_EACH * row.tried, f"it took {took:.0f} s")
    most = max(sample.total for sample in watch.samples)
    row.require(most < MOST_MEMORY, f"{most / 1e6:.0f} MB were held")
    reasons = _reasons(report)
    for reason in set(reasons) - RIGHT:
        row.failures.append(f"{reasons[reason]} files skipped because: {reason.value}")
    _controls(row, report, sound)
    _breaks(row, report, heap, sound)
    row.seen += [
        f"{accounting.found} files, {accounting.checked} checked, {accounting.skipped} skipped",
        ", ".join(f"{reason.name.lower()} {n}" for reason, n in reasons.most_common()),
        f"{took:.0f} s, {most / 1e6:.0f} MB at the most",
    ]
    return row


def _lay(heap: Path, seed: Seed, amount: int) -> int:
    """Write a kind's mutants and its sound controls, and give the number of the mutants."""
    place = heap / seed.suffix
    place.mkdir()
    random = Random(seed.suffix)
    for n, (name, data) in enumerate(mutants(seed.suffix, seed.data, amount, random)):
        (place / f"{n:04} {name}.{seed.suffix}").write_bytes(data)
    for n in range(CONTROLS):
        (place / f"sound {n}.{seed.suffix}").write_bytes(seed.control(n))
    return amount


def _reasons(report: Report) -> Counter[Reason]:
    return Counter(each.reason for source in report.sources for each in source.skipped)


def _found(report: Report) -> Counter[str]:
    """Count by file, as it is named in the heap, in how many of its pictures she was found."""
    return Counter(
        # An archive in a folder is a source of its own, or a part of one.
        Path(occurrence.path).name if occurrence.source == "heap" else occurrence.part
        for exposure in report.exposures
        for one in exposure.whole
        if one.match.band is Band.YOU
        for occurrence in one.occurrences
    )


def _controls(row: Row, report: Report, sound: tuple[Seed, ...]) -> None:
    """Require that the owner was found in every sound file."""
    found = _found(report)
    for seed in sound:
        for n in range(CONTROLS):
            name = f"sound {n}.{seed.suffix}"
            row.require(
                found[name] == seed.holds, f"{name}: found {found[name]} times and not {seed.holds}"
            )


def _breaks(row: Row, report: Report, heap: Path, sound: tuple[Seed, ...]) -> None:
    """Count the cut archives and films that gave what came before the break."""
    found = _found(report)
    gave = Counter[bool]()
    for seed in (each for each in sound if each.archive or each.film):
        for path in (heap / seed.suffix).glob("* cut.*"):
            gave[found[path.name] > 0] += 1
    share = gave[True] / max(1, gave.total())
    row.require(share >= 0.5, f"only {share:.0%} of the cut archives and films gave anything")  # noqa: PLR2004
    row.seen.append(f"{share:.0%} of {gave.total()} cut archives and films gave what came before")
