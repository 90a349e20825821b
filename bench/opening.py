"""How long a browser takes to open the HTML report, by how much was found.

    uv run python -m bench.opening [--exposures 0 1 300 10000] [--rounds 3] [--whole]

Opens each page of the report in Debian's Chromium, from a fresh profile, until it is loaded and
drawn for the second time, and prints the median of the rounds for the first page and for the
slowest of the others. `--whole` opens the same as one page too. The exposures are invented and
their crops drawn people, each 480 pixels high and none the same as another.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from selfcheck import exposure
from selfcheck.demo.people import PEOPLE, portrait
from selfcheck.model import (
    Accounting,
    Audience,
    Author,
    Band,
    Box,
    Context,
    Expectation,
    Exposure,
    FaceQuality,
    Finding,
    Leak,
    Match,
    Moment,
    Occurrence,
    PictureKind,
    Report,
    RunSummary,
)
from selfcheck.reports import row, write

ARGUMENTS = ("--no-sandbox", "--disable-gpu")
PLATFORMS = ("Facebook", "Instagram", "Google Takeout", "Telegram", "WhatsApp")
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Print one line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--exposures", type=int, nargs="+", default=[0, 1, 300, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", action="store_true")
    arguments = parser.parse_args()
    crops = _crops()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(ARGUMENTS)
        )
        for amount in arguments.exposures:
            made = report(amount, crops)
            path = Path(folder, f"{amount}.html")
            began = time.monotonic()
            files = write(made, path, row("html"))
            wrote = time.monotonic() - began
            took = [_opened(browser, file, arguments.rounds) for file in files]
            size = sum(file.stat().st_size for file in files) / 1e6
            line = (
                f"{amount:6,} exposures: {len(files)} files, {size:.1f} MB, written in {wrote:.1f} "
                f"s; first page open after {took[-1]:.2f} s"
            )
            if took[:-1]:
                line += f", the slowest other after {max(took[:-1]):.2f} s"
            if arguments.whole:
                path.write_bytes(row("html").render(made))
                line += f"; as one page after {_opened(browser, path, 1):.2f} s"
            print(line, flush=True)
        browser.close()


def report(amount: int, crops: list[bytes]) -> Report:
    """Invent a report of so many exposures, one in twenty of them a `maybe`."""
    found = tuple(exposure.graded(_exposure(n, crops[n % len(crops)])) for n in range(amount))
    return Report(
        run=RunSummary(
            created=NOW, version="0", last_scan=NOW, runs=1, assurance="-", isolation=()
        ),
        accounting=Accounting(
            found=2 * amount, checked=2 * amount, duplicate=0, ignored=0, skipped=0, pending=0
        ),
        expectation=Expectation(
            references=5, faces_compared=amount, you=0, maybe=0, you_limit=0.42, maybe_limit=0.5
        ),
        sources=(),
        exposures=found,
        urgent=exposure.order(found),
        rule=exposure.RULE,
    )


def _exposure(n: int, crop: bytes) -> Exposure:
    band = Band.MAYBE if n % 20 == 19 else Band.YOU
    context = Context(
        platform=PLATFORMS[n % len(PLATFORMS)],
        kind=PictureKind.POST,
        audience=[*Audience][n % len(Audience)],
        author=[*Author][n % len(Author)],
        author_name=f"Somebody {n % 70}",
        caption="Three days at the lake, and not one of them dry. " * (1 + n % 3),
        time=Moment(when=NOW - timedelta(days=n % 4000)),
        permalink=f"https://example.org/p/{n}",
    )
    return Exposure(
        sha256=hashlib.sha256(str(n).encode()).hexdigest(),
        match=Match(
            band=band,
            distance=0.3 if band is Band.YOU else 0.47,
            box=Box(left=10, top=10, right=150, bottom=170),
            picture_width=4000,
            picture_height=3000,
            faces=1 + n % 4,
            # What follows the picture makes it another one for the browser.
            crop=crop + n.to_bytes(4, "big") if band is Band.YOU else b"",
            quality=FaceQuality(
                width=140, sharpness=0.04, yaw=n % 40, pitch=0, contrast=0.3, evenness=0.9, drawn=1
            ),
            findings=(Finding(leak=Leak.GPS, value="59.33, 18.07"),) if n % 3 == 0 else (),
        ),
        occurrences=(
            Occurrence(source="a", part=f"part{n % 20}.zip", path=f"{n}.jpg", contexts=(context,)),
        ),
    )


def _crops() -> list[bytes]:
    crops = []
    for n, person in enumerate(PEOPLE):
        out = io.BytesIO()
        Image.fromarray(portrait(person, width=360, height=480, seed=n)).save(out, "JPEG")
        crops.append(out.getvalue())
    return crops


def _opened(browser: Browser, path: Path, rounds: int) -> float:
    took = []
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        began = time.monotonic()
        page.goto(path.as_uri(), timeout=120_000)
        page.evaluate(DRAWN)
        took.append(time.monotonic() - began)
        context.close()
    return median(took)


if __name__ == "__main__":
    os.umask(0o077)
    main()
