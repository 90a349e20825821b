"""Scan many pages with their pictures in an internet of one computer: pace, memory, processor time.

    uv run python -m bench.web [--pages 500] [--workers 2] [--latency 0.05]

The pages stand on 20 hosts and show ten pictures each, five of their own host and five of the next.
The command that everybody types asks them, in namespaces of its own (tests/small_internet.py): root
and Linux. The way there and back takes 50 ms. Where the kernel has no netem, as here, the servers
wait: once for a look-up, twice for a request, whose connection is made without them. One picture
in twenty shows the owner, a person who does not exist, enrolled by film and verified by camera like
anybody else. The figures go to bench/out/web.json.

The servers run on the same processors, so their share is told as well.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

from bench.machine import children
from bench.people import ROOT, write_figures
from bench.scale import commented, flat

sys.path.append(str(ROOT / "tests"))  # its owner and its internet are those of the tests

from small_internet import Record, missing, watched
from stage import Filming, Footage, drawn, willing

from selfcheck.demo.impostors import Living
from selfcheck.demo.owner import OTHERS, OWNER, write_references
from selfcheck.demo.people import View
from selfcheck.demo.viewfinder import before
from selfcheck.flows.enrol import enrol, verify
from selfcheck.flows.live import LiveCheck
from selfcheck.flows.report import make_report
from selfcheck.identity import Consent, PassphraseKeys, key_file
from selfcheck.privacy.paths import Home

HOSTS = tuple(f"host-{number:02}.example" for number in range(20))
PICTURES = 10  # of a page
OWNER_IN = 20  # one picture in so many shows the owner
BASES = 20  # pictures really drawn; the others are these with another comment inside
EVERY = 0.5  # seconds between two looks
AIM = 20  # pictures a second
PASSPHRASE = "people who do not exist"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The resident bytes of the command's own process and of the fetcher at one time."""

    at: float
    parent: int
    fetcher: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """One quarter of the time between the first request and the last."""

    pictures_a_second: float
    requests_a_second: float
    parent_mb: float
    fetcher_mb: float


@dataclass(slots=True)
class Watch:
    """Looks at the processes of a scan while a block runs."""

    looks: list[Look] = field(default_factory=list)
    processor: dict[str, dict[int, float]] = field(default_factory=dict)  # by part and process
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Begin."""
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._over.set()
        assert self._thread is not None
        self._thread.join()

    def seconds(self) -> dict[str, float]:
        """Give the processor time of each part."""
        return {part: round(sum(of.values()), 1) for part, of in self.processor.items()}

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            parts = dict(_parts())
            for part, processes in parts.items():
                used = self.processor.setdefault(part, {})
                used |= {one: _processor(one) or used.get(one, 0) for one in processes}
            if parts.get("fetcher"):
                parent, fetcher = parts["parent"][0], parts["fetcher"][0]
                look = Look(
                    at=time.monotonic(), parent=_resident(parent), fetcher=_resident(fetcher)
                )
                self.looks.append(look)


def _parts() -> Iterator[tuple[str, list[int]]]:
    """Tell the processes below this one by what they do."""
    told = {one: _words(one) for one in _below(os.getpid())}
    yield "servers", [one for one, words in told.items() if words[1:2] and "small_int" in words[1]]
    for parent in [one for one, words in told.items() if words[1:4] == ["-m", "selfcheck", "scan"]]:
        spawned = sorted(one for one in children(parent) if "spawn_main" in str(told.get(one)))
        yield "parent", [parent]
        yield "fetcher", spawned[:1]  # it is started first
        yield "workers", spawned[1:]


def _below(process: int) -> Iterator[int]:
    try:
        found = children(process)
    except OSError:  # it has ended
        return
    for child in found:
        yield child
        yield from _below(child)


def _words(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").split("\0")
    except OSError:
        return []


def _resident(process: int) -> int:
    try:
        words = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(words[1]) * os.sysconf("SC_PAGE_SIZE")


def _processor(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS


def enrolled(folder: Path) -> tuple[Home, dict[str, str]]:
    """Enrol and verify the demo's owner through the gate; give the home and what opens it."""
    home, film = Home(root=folder / "home"), folder / "film.mp4"
    home.prepare()
    passphrase = folder / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n")
    passphrase.chmod(0o600)
    keys = PassphraseKeys(key_file(home.profile), lambda *, new: PASSPHRASE)  # noqa: ARG005
    filming = Filming(film, willing(Footage(OWNER)))
    enrol(
        write_references(folder / "photos"),
        home=home,
        keys=keys,
        consent=Consent(text="benchmark", given=datetime.now(UTC), adult=True),
        check=filming,
        clock=filming.clock,
        cache=home.root / "cache",
    )
    check = LiveCheck(viewfinder=partial(before, Living(OWNER)))
    verify(home=home, keys=keys, check=check, cache=home.root / "cache")
    opens = {"SELFCHECK_HOME": str(home.root), "SELFCHECK_PASSPHRASE_FILE": str(passphrase)}
    return home, opens


def write_web(folder: Path, pages: int) -> Path:
    """Write the pages and their pictures, all different; give the list of the pages' addresses."""
    people = [OWNER, *(OTHERS[number % len(OTHERS)] for number in range(BASES - 1))]
    bases = [drawn(one, View(yaw=number - 9), number) for number, one in enumerate(people)]
    spread, addresses = random.Random(1), []
    for page in range(pages):
        shown = []
        for number in range(PICTURES):
            all_before = page * PICTURES + number
            host = HOSTS[(page + number % 2) % len(HOSTS)]
            base = bases[0 if all_before % OWNER_IN == 0 else 1 + all_before % (BASES - 1)]
            comment = f"{all_before:010}".encode() + b"." * spread.randrange(4000)
            file = _file(folder, host, f"{page}-{number}.jpg")
            file.write_bytes(commented(base, comment))
            shown.append(f'<img src="http://{host}/{file.name}">')
        at = HOSTS[page % len(HOSTS)]
        text = f"<!doctype html><title>Page {page}</title>{''.join(shown)}"
        _file(folder, at, f"page-{page}").write_text(text)
        addresses.append(f"http://{at}/page-{page}\n")
    listed = folder / "addresses.txt"
    listed.write_text("".join(addresses))
    return listed


def _file(folder: Path, host: str, name: str) -> Path:
    (folder / host).mkdir(parents=True, exist_ok=True)
    return folder / host / name


def quarters(record: Record, looks: list[Look]) -> list[Quarter]:
    """Give the pace and the memory of each quarter of the time."""
    times = sorted(one.at for one in record.requests)
    shown = [one.at for one in record.requests if one.address.endswith(".jpg")]
    span = (times[-1] - times[0]) / 4
    found = []
    for number in range(4):
        begin = times[0] + number * span
        end = begin + span
        here = [one for one in looks if begin <= one.at <= end]
        count = max(1, len(here))
        found.append(
            Quarter(
                pictures_a_second=round(sum(begin <= at <= end for at in shown) / span, 1),
                requests_a_second=round(sum(begin <= at <= end for at in times) / span, 1),
                parent_mb=round(sum(one.parent for one in here) / count / 1e6, 1),
                fetcher_mb=round(sum(one.fetcher for one in here) / count / 1e6, 1),
            )
        )
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--pages", type=int, default=500)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--latency", type=float, default=0.05)
    given = asked.parse_args()
    if (lacking := missing()) is not None:
        raise SystemExit(f"This bench makes an internet of its own: {lacking}.")
    with tempfile.TemporaryDirectory(prefix="selfcheck-bench-") as place:
        folder = Path(place)
        home, opens = enrolled(folder)
        listed = write_web(folder / "web", given.pages)
        print("enrolled; the scan begins", flush=True)
        began = time.monotonic()
        scan = ["-m", "selfcheck", "scan", str(listed), "--workers", str(given.workers)]
        with Watch() as watch:
            record = watched(
                [sys.executable, *scan],
                folder=folder,
                web=folder / "web",
                names={host: f"93.184.215.{n}" for n, host in enumerate(HOSTS, start=14)},
                environment=opens,
                seconds=given.pages * PICTURES + 120,
                latency=given.latency,
            )
        seconds = time.monotonic() - began
        assert record.code == 0, record.output
        accounting = make_report(home=home).accounting
    count = given.pages * PICTURES
    assert accounting.checked == count, accounting
    figures = {
        "options": vars(given),
        "seconds": round(seconds, 1),
        "first_request_after": round(min(one.at for one in record.requests) - began, 1),
        "pictures_a_second": round(count / seconds, 1),
        "requests": len(record.requests),
        "processor_seconds": watch.seconds(),
        "quarters": [asdict(one) for one in quarters(record, watch.looks)],
    }
    _print(figures, quarters(record, watch.looks))
    write_figures("web", figures)


def _print(figures: dict[str, object], by_quarter: list[Quarter]) -> None:
    print("quarter | pictures/s | requests/s | parent MB | fetcher MB")
    for number, one in enumerate(by_quarter, start=1):
        print(
            f"{number:7} | {one.pictures_a_second:10} | {one.requests_a_second:10} | "
            f"{one.parent_mb:9} | {one.fetcher_mb:10}"
        )
    for name in ("seconds", "first_request_after", "requests", "processor_seconds"):
        print(f"{name.replace('_', ' ')}: {figures[name]}")
    print(f"{figures['pictures_a_second']} pictures a second end to end; the aim is {AIM}")
    # After the first quarter, in which libraries are loaded.
    for part in ("parent_mb", "fetcher_mb"):
        second, last = (getattr(by_quarter[number], part) for number in (1, 3))
        print(f"{part[:-3]}, last quarter against the second: {flat(round(last / second, 2))}")


if __name__ == "__main__":
    main()
