"""Scan 12-megapixel pictures, one in twenty as large as is read at all, and watch the memory.

    uv run python -m bench.memory [--pictures 1000] [--workers 2]

First each kind of near-limit picture is decoded once in a process of its own: the peak over what
the process held before. Then an export of many pictures is scanned with the program's own scan
flow: the parent and all workers are summed up (PSS), at each tenth of the way and at the most, and
the level over the last fifth is set against that over the second. 10,000 pictures need 20 GB of
disk and the better part of an hour. The figures go to bench/out/memory.json.

The people on the pictures are drawn and belong to nobody. The large pictures are drawn once each;
the copies hold another comment or a few more bytes, so that none is known from before.
"""

from __future__ import annotations

import argparse
import multiprocessing
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.machine import Sample, Watch, enrol_nobody, most_held
from bench.people import write_figures
from bench.scale import TENTHS, commented, flat, level
from selfcheck import pictures
from selfcheck.demo.owner import OTHERS
from selfcheck.demo.people import View, portrait
from selfcheck.flows.scan import Options, scan
from selfcheck.identity import MemoryKeys
from selfcheck.model import Event, Stage
from selfcheck.pictures import Format
from selfcheck.privacy.paths import Home

Rgb = NDArray[np.uint8]
T = TypeVar("T")

AIM = 700  # MB, of two workers and the parent
NEAR_LIMIT_EVERY = 20
PLAIN = (4000, 3000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """What decoding one near-limit picture took."""

    kind: str
    megapixels: float
    file_mb: float
    peak_mb: float  # over what the process held before, the file included
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The memory when so many pictures were settled, and the most since the step before."""

    settled: int
    parent_mb: float
    workers_mb: float
    most_mb: float


def drawn(width: int, height: int, seed: int) -> Rgb:
    """Draw something with large shapes and some grain, quickly and with little memory."""
    noise = np.random.default_rng(seed)
    coarse = noise.integers(0, 200, (height // 64 + 1, width // 64 + 1, 3), dtype=np.uint8)
    rgb = np.repeat(np.repeat(coarse, 64, axis=0)[:height], 64, axis=1)[:, :width]
    rgb[::3, ::2] += noise.integers(0, 40, dtype=np.uint8)
    return np.ascontiguousarray(rgb)


def plain(heads: int) -> bytes:
    """Draw a picture of 12 megapixels with so many people on it."""
    rgb = drawn(*PLAIN, seed=heads)
    for number in range(heads):
        head = portrait(OTHERS[number], View(yaw=5), width=480, height=640, seed=number)
        rgb[800:1440, 300 + 800 * number : 780 + 800 * number] = head
    return pictures.save(rgb, Format.JPEG, quality=90)


def near_limit() -> Iterator[tuple[str, bytes]]:
    """Draw one picture of each kind, as large as is still read."""
    large = Image.fromarray(drawn(17_400, 14_200, seed=1))  # 247 MP
    yield "JPEG", _saved(large, "JPEG", quality=85)
    yield "JPEG, CMYK", _saved(large.crop((0, 0, 12_000, 9_000)).convert("CMYK"), "JPEG")
    middle = large.crop((0, 0, 11_500, 8_600))  # 99 MP
    del large
    yield "JPEG, progressive", _saved(middle.crop((0, 0, 11_000, 8_200)), "JPEG", progressive=True)
    grey = middle.convert("L")
    yield "PNG, grey", _saved(grey, "PNG", compress_level=1)
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    yield "PNG, grey of 16 bits", _saved(deep, "PNG", compress_level=1)
    palette = grey.convert("P")
    yield "PNG, palette with a clear entry", _saved(palette, "PNG", transparency=3)
    yield "GIF", _saved(grey, "GIF")
    colour = middle.crop((0, 0, 9_400, 7_200))  # 68 MP
    del middle, grey, deep, palette
    yield "PNG", _saved(colour, "PNG", compress_level=1)
    yield "PNG, transparent", _saved(colour.convert("RGBA"), "PNG", compress_level=1)
    yield "TIFF", _saved(colour, "TIFF", compression="tiff_deflate")
    full = colour.crop((0, 0, 8_192, 6_048))  # 50 MP
    whole = full.crop((0, 0, 8_192, 5_464))  # 45 MP
    yield "JPEG, progressive 4:4:4", _saved(whole, "JPEG", progressive=True, subsampling=0)
    del colour
    yield "HEIC", pictures.save(np.asarray(full.crop((0, 0, 8_064, 6_048))), Format.HEIC)  # 49 MP
    yield "AVIF", pictures.save(np.asarray(full.crop((0, 0, 6_200, 4_800))), Format.AVIF)  # 30 MP
    yield "WebP", pictures.save(np.asarray(full.crop((0, 0, 4_700, 3_550))), Format.WEBP)  # 17 MP


def _saved(image: Image.Image, form: str, **how: int | str | bool) -> bytes:
    out = BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def varied(picture: bytes, number: int) -> bytes:
    """Give the same picture in other bytes."""
    mark = f"{number:010}".encode()
    if picture.startswith((b"\xff\xd8", b"\x89PNG")):
        return commented(picture, mark)
    if picture[4:8] == b"ftyp":
        return picture + struct.pack(">I", 8 + len(mark)) + b"free" + mark
    return picture + mark + (b";" if picture.startswith(b"GIF8") else b"")


def peak(kind: str, picture: bytes) -> Peak:
    """Decode a picture in a process of its own."""
    taken, width, height, read = in_a_process(_decode, picture)
    return Peak(
        kind=kind,
        megapixels=round(width * height / 1e6, 1),
        file_mb=round(len(picture) / 1e6, 1),
        peak_mb=round(taken / 1e6, 1),
        read=read,
    )


def in_a_process(work: Callable[..., T], *args: object) -> T:
    """Run a function in a fresh process, so that nothing of it stays in this one's memory."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_answer, args=(there, work))
    process.start()
    here.send(args)
    answer: T = here.recv()
    process.join()
    return answer


def _answer(told: Connection, work: Callable[..., object]) -> None:
    told.send(work(*told.recv()))


def _decode(picture: bytes) -> tuple[int, int, int, str]:
    for form in (Format.HEIC, Format.AVIF, Format.WEBP):  # every library is loaded
        pictures.decode(pictures.save(np.zeros((64, 64, 3), np.uint8), form))
    before = most_held()
    still = pictures.decode(picture)
    if isinstance(still, pictures.Unreadable):
        return most_held() - before, 0, 0, f"NO: {still.detail}"
    return most_held() - before, still.width, still.height, "yes"


def prepare(path: Path, count: int) -> tuple[list[Peak], int]:
    """Measure each kind near the limit, and write an export; return how many of it are such."""
    Image.MAX_IMAGE_PIXELS = None  # we draw them ourselves
    kinds = list(near_limit())
    peaks = [peak(kind, picture) for kind, picture in kinds]
    small, near = [plain(heads) for heads in (0, 1, 2, 4)], 0
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(count):
            base = small[number % len(small)]
            if number % NEAR_LIMIT_EVERY == NEAR_LIMIT_EVERY - 1:
                base = kinds[near % len(kinds)][1]
                near += 1
            archive.writestr(f"pictures/{number:06}.jpg", varied(base, number))
    return peaks, near


def measure(path: Path, count: int, workers: int) -> list[Sample]:
    """Scan an export while its memory is watched."""
    home, keys = Home(root=path.parent / "home"), MemoryKeys()
    home.prepare()
    enrol_nobody(home, keys)
    with Watch(home.ledger) as watch:

        def heard(event: Event) -> None:
            if event.stage is Stage.EXAMINING:
                watch.done = event.done

        options = Options(workers=workers, cache=path.parent / "cache")
        outcome = scan([path], home=home, keys=keys, options=options, on_event=heard)
    assert outcome.accounting.checked == count, outcome.accounting
    return watch.samples


def steps(samples: list[Sample], count: int) -> Iterator[Step]:
    before = 0
    for tenth in range(1, TENTHS + 1):
        until = count * tenth // TENTHS
        here = [one for one in samples if before <= one.done <= until]
        before = until
        if here:
            last = here[-1]
            yield Step(
                settled=last.done,
                parent_mb=round(last.parent / 1e6, 1),
                workers_mb=round(sum(last.workers) / 1e6, 1),
                most_mb=round(max(one.total for one in here) / 1e6, 1),
            )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--pictures", type=int, default=1000)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="selfcheck-bench-") as place:
        path = Path(place) / "export.zip"
        peaks, near = in_a_process(prepare, path, given.pictures)
        print("near the limit | MP | file MB | peak MB, file included | read")
        for one in peaks:
            print(f"{one.kind} | {one.megapixels} | {one.file_mb} | {one.peak_mb} | {one.read}")
        samples = measure(path, given.pictures, given.workers)
    way = list(steps(samples, given.pictures))
    print(f"\n{given.pictures:,} pictures, {near} of them near the limit, {given.workers} workers")
    print("  settled | parent MB | workers MB | most MB since the step before")
    for step in way:
        print(
            f"{step.settled:9,} | {step.parent_mb:9.1f} | {step.workers_mb:10.1f} | "
            f"{step.most_mb:8.1f}"
        )
    most = max(one.total for one in samples) / 1e6
    ratio = level(np.array([one.total for one in samples if one.done], float))
    print(f"all processes over the way: {flat(ratio)}")
    print(f"at the most {most:.0f} MB; the aim is under {AIM} MB for two workers and the parent")
    figures = {
        "options": vars(given),
        "near_limit": [asdict(one) for one in peaks],
        "steps": [asdict(step) for step in way],
        "most_mb": round(most, 1),
        "level_ratio": ratio,
    }
    write_figures("memory", figures)


if __name__ == "__main__":
    main()
