"""Scan exports of many small, all different files, and say what grows with their number.

    uv run python -m bench.scale [--members 10000 200000] [--kind mixed|equal|stream] [--workers 2]

It draws an export of Google Photos in several parts: pictures of 48 to 96 px of noise, JPEG and PNG
by turns, and a sidecar for every third of them. It scans it with the program's own scan flow and
prints, for each tenth of the way, the time a member took, the memory of the parent and of the
workers (PSS: shared pages are counted once) and the size of the ledger; then whether each is flat
or linear: the slope over the last fifth against that over the first. Two numbers of members show
whether listing and placing, which come once, are linear too. `equal` makes all pictures of
one size in bytes, `stream` a tar.gz. The figures go to bench/out/scale.json.

Nobody is on the pictures. The profile is written straight into a temporary home, below the gate.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.machine import Sample, Watch, enrol_nobody
from bench.people import write_figures
from selfcheck import pictures
from selfcheck.flows.report import make_report
from selfcheck.flows.scan import Options, scan
from selfcheck.identity import MemoryKeys
from selfcheck.model import Event, Stage
from selfcheck.pictures import Format
from selfcheck.privacy.paths import Home

BASES = 200  # pictures really drawn; the others are these with another comment inside
PART = 25_000  # members of one archive; a Takeout of 50 GB holds about as many
TENTHS = 10
LINEAR = 1.25  # the last fifth's slope against the first's, and one size's against another's


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The state when so many members were settled."""

    settled: int
    milliseconds_a_member: float
    parent_mb: float
    workers_mb: float
    ledger_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Seconds of each stage, of a report, and of the same scan again."""

    listing: float
    examining: float
    placing: float
    report: float
    again: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How slope or level changed on the way, and what a member costs in bytes."""

    time_ratio: float
    parent_ratio: float
    parent_bytes_a_member: float
    workers_ratio: float
    ledger_ratio: float
    ledger_bytes_a_member: float
    most_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one scan cost."""

    members: int
    kind: str
    pictures: int
    spans: Spans
    growth: Growth
    steps: tuple[Step, ...]


def drawn(seed: int) -> list[bytes]:
    """Draw the base pictures: noise, which no encoder makes small and nobody is on."""
    noise = np.random.default_rng(seed)
    found = []
    for number in range(BASES):
        height, width = noise.integers(48, 97, 2)
        rgb = noise.integers(0, 256, (height, width, 3), dtype=np.uint8)
        found.append(pictures.save(rgb, Format.PNG if number % 2 else Format.JPEG))
    return found


def commented(picture: bytes, text: bytes) -> bytes:
    """Give the same picture with a comment inside: other bytes, other SHA-256, equal pixels."""
    if picture.startswith(b"\xff\xd8"):
        segment = b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text
        return picture[:2] + segment + picture[2:]
    body = b"tEXtComment\0" + text
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    end = picture.rindex(b"IEND") - 4
    return picture[:end] + chunk + picture[end:]


def export(members: int, kind: str, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an export: three pictures, then a sidecar for the last of them."""
    bases = drawn(seed)
    spread = random.Random(seed)
    largest = max(map(len, bases)) + 400
    for number in range(members):
        folder = f"Takeout/Google Photos/Photos from {2000 + number // 10_000}"
        if number % 4 == 3:
            title = f"IMG_{number - 1:07}.jpg"
            sidecar = {"title": title, "photoTakenTime": {"timestamp": str(978_307_200 + number)}}
            name = f"{folder}/{title}.supplemental-metadata.json"
            yield name, json.dumps(sidecar).encode()
            continue
        base = bases[spread.randrange(BASES)]
        comment = f"{number:010}".encode() + b"." * spread.randrange(300)
        if kind == "equal":
            # The two formats frame a comment differently.
            frame = 4 if base.startswith(b"\xff\xd8") else 20
            comment = f"{number:010}".encode().ljust(largest - len(base) - frame, b".")
        yield f"{folder}/IMG_{number:07}.jpg", commented(base, comment)


def write(folder: Path, members: int, kind: str, seed: int) -> tuple[list[Path], int]:
    """Write the export in parts; return them and how many pictures they hold."""
    parts: list[Path] = []
    rest = export(members, kind, seed)
    for number in range(-(-members // PART)):
        stem = folder / f"takeout-20260101T000000Z-{number + 1:03}"
        files = (file for _, file in zip(range(PART), rest, strict=False))
        parts.append(_tar(stem, files) if kind == "stream" else _zip(stem, files))
    return parts, members - members // 4


def _zip(stem: Path, files: Iterator[tuple[str, bytes]]) -> Path:
    path = stem.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def _tar(stem: Path, files: Iterator[tuple[str, bytes]]) -> Path:
    path = stem.with_suffix(".tgz")
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, BytesIO(data))
    return path


def measure(members: int, kind: str, workers: int, cache: Path) -> Row:
    """Make an export, scan it twice, and report."""
    with tempfile.TemporaryDirectory(prefix="selfcheck-bench-") as place:
        folder = Path(place)
        home, keys = Home(root=folder / "home"), MemoryKeys()
        home.prepare()
        enrol_nobody(home, keys)
        parts, shown = write(folder, members, kind, seed=members)
        options = Options(workers=workers, cache=cache)
        with Watch(home.ledger) as watch:
            stages: dict[Stage, float] = {}

            def heard(event: Event) -> None:
                stages.setdefault(event.stage, time.monotonic())
                if event.stage is Stage.EXAMINING:
                    watch.done = event.done

            outcome = scan(parts, home=home, keys=keys, options=options, on_event=heard)
            ended = time.monotonic()
        found = outcome.accounting
        assert (found.found, found.checked) == (members, shown), found
        spans = Spans(
            listing=stages[Stage.EXAMINING] - stages[Stage.LISTING],
            examining=stages[Stage.PLACING] - stages[Stage.EXAMINING],
            placing=ended - stages[Stage.PLACING],
            report=_seconds(lambda: make_report(home=home)),
            again=_seconds(lambda: scan(parts, home=home, keys=keys, options=options)),
        )
    return Row(
        members=members,
        kind=kind,
        pictures=shown,
        spans=spans,
        growth=_growth(watch.samples, members),
        steps=tuple(_steps(watch.samples, members, stages[Stage.EXAMINING])),
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _growth(samples: list[Sample], members: int) -> Growth:
    on_the_way = [one for one in samples if 0 < one.done < members]
    done = np.array([one.done for one in on_the_way], float)
    return Growth(
        time_ratio=_ratio(done, np.array([one.at for one in on_the_way])),
        parent_ratio=level(np.array([one.parent for one in on_the_way], float)),
        parent_bytes_a_member=round(max(one.parent for one in samples) / members),
        workers_ratio=level(np.array([sum(one.workers) for one in on_the_way], float)),
        ledger_ratio=_ratio(done, np.array([one.ledger for one in on_the_way], float)),
        ledger_bytes_a_member=round(samples[-1].ledger / members),
        most_mb=round(max(one.total for one in samples) / 1e6, 1),
    )


def _steps(samples: list[Sample], members: int, began: float) -> Iterator[Step]:
    """Give the state at each tenth, and the time a member took since the tenth before."""
    before, last = 0, began
    samples = [one for one in samples if one.done]
    for tenth in range(1, TENTHS + 1):
        near = min(samples, key=lambda one: abs(one.done - members * tenth / TENTHS))
        if near.done <= before:
            continue
        yield Step(
            settled=near.done,
            milliseconds_a_member=round((near.at - last) * 1000 / (near.done - before), 2),
            parent_mb=round(near.parent / 1e6, 1),
            workers_mb=round(sum(near.workers) / 1e6, 1),
            ledger_mb=round(near.ledger / 1e6, 2),
        )
        before, last = near.done, near.at


def _ratio(done: NDArray[np.float64], value: NDArray[np.float64]) -> float:
    """Give the slope over the last fifth of the way against that over the first."""
    edge = done[-1] / 5
    first, last = done <= edge, done >= done[-1] - edge
    slopes = [np.polyfit(done[part], value[part], 1)[0] for part in (first, last)]
    return round(float(slopes[1] / slopes[0]), 2)


def level(value: NDArray[np.float64]) -> float:
    """Give the level over the last fifth against that over the second: after what comes once."""
    fifth = max(1, len(value) // 5)
    return round(float(np.mean(value[-fifth:]) / np.mean(value[fifth : 2 * fifth])), 2)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--members", type=int, nargs="+", default=[10_000, 200_000])
    asked.add_argument("--kind", choices=("mixed", "equal", "stream"), default="mixed")
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="selfcheck-bench-") as cache:
        rows = [measure(count, given.kind, given.workers, Path(cache)) for count in given.members]
    for row in rows:
        _print(row)
    _compare(rows)
    write_figures("scale", {"options": vars(given), "rows": [asdict(row) for row in rows]})


def _print(row: Row) -> None:
    print(f"\n{row.members:,} members ({row.kind}), {row.pictures:,} pictures")
    print("  settled | ms a member | parent MB | workers MB | ledger MB")
    for step in row.steps:
        print(
            f"{step.settled:9,} | {step.milliseconds_a_member:11.2f} | {step.parent_mb:9.1f} | "
            f"{step.workers_mb:10.1f} | {step.ledger_mb:9.2f}"
        )
    print("seconds:", ", ".join(f"{k} {v:.1f}" for k, v in asdict(row.spans).items()))
    grown = row.growth
    print(f"time a member, last fifth / first fifth: {_linear(grown.time_ratio)}")
    print(
        f"parent while examining: {flat(grown.parent_ratio)}; "
        f"at its most {grown.parent_bytes_a_member} bytes a member"
    )
    print(f"workers: {flat(grown.workers_ratio)}")
    print(f"ledger: {_linear(grown.ledger_ratio)}, {grown.ledger_bytes_a_member} bytes a member")
    print(f"all processes together at most {grown.most_mb} MB")


def _linear(ratio: float) -> str:
    return f"x {ratio} ({'linear' if ratio <= LINEAR else 'NOT LINEAR'})"


def flat(ratio: float) -> str:
    """Word a ratio of two levels."""
    return f"x {ratio} ({'flat' if ratio <= LINEAR else 'NOT FLAT'})"


def _compare(rows: list[Row]) -> None:
    """Print what a member costs in the largest export against the smallest, step by step."""
    small, large = rows[0], rows[-1]
    if small.members == large.members:
        return
    print(f"\na member of {large.members:,} against one of {small.members:,}")
    spans = [asdict(row.spans) for row in (small, large)]
    for stage in spans[0]:
        costs = [span[stage] / row.members for span, row in zip(spans, (small, large), strict=True)]
        print(f"{stage:>10}: {_linear(round(costs[1] / max(costs[0], 1e-9), 2))}")


if __name__ == "__main__":
    main()
