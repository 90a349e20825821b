"""List two large exports and say how quickly, and with how much memory.

    uv run python -m bench.exports [--pictures 100000] [--parts 20] [--telegram-mb 1024]

A Google Takeout of so many pictures with their sidecars, in parts, each picture and its sidecar in
any of them; and a Telegram export whose `result.json` has so many bytes. Each is listed and read as
a scan does after its pictures were examined, in a process of its own, whose peak memory is told.
The pictures are a few bytes each: what is measured is the reading of lists. Members a second count
everything: reading the archives' directories, recognising the export, and what it says of each
picture. The figures go to bench/out/exports.json.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.people import write_figures
from selfcheck import exports, sources
from selfcheck.exports.roster import Roster
from selfcheck.model import Member, Picture

MB = 1 << 20
SAYING = "Once upon a time there was a message, and nobody was on any picture of it. "


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What listing one export cost."""

    export: str
    members: int
    pictures: int
    gigabytes: float
    list_seconds: float
    read_seconds: float
    members_a_second: float
    peak_mb: float


def takeout(folder: Path, pictures: int, parts: int) -> list[Path]:
    """Write a Takeout: pictures in year folders and albums, their sidecars in any part."""
    spread = random.Random(pictures)
    paths = [folder / f"takeout-20260101T000000Z-{part + 1:03}.zip" for part in range(parts)]
    archives = [zipfile.ZipFile(path, "w") for path in paths]
    for number in range(pictures):
        year, title = 2000 + number % 25, f"IMG_{number:07}.jpg"
        place = f"Takeout/Google Photos/Photos from {year}/{title}"
        told = {
            "title": title,
            "description": SAYING if number % 7 == 0 else "",
            "photoTakenTime": {"timestamp": str(978_307_200 + number)},
            "geoData": {"latitude": 48.2, "longitude": 16.4 + number % 90},
            "url": f"https://photos.google.com/photo/{number:040}",
        }
        spread.choice(archives).writestr(place, b"\xff\xd8\xff" + bytes(8))
        spread.choice(archives).writestr(
            f"{place}.supplemental-metadata.json", json.dumps(told), zipfile.ZIP_DEFLATED
        )
    for archive in archives:
        archive.close()
    return paths


def telegram(folder: Path, megabytes: int) -> list[Path]:
    """Write an account's export in one folder: one chat of most of it, and many small ones."""
    place = folder / "DataExport"
    (place / "photos").mkdir(parents=True)
    with (place / "result.json").open("w") as file:
        head = {"user_id": 1, "first_name": "Ada", "last_name": "Example"}
        file.write(f'{{"personal_information": {json.dumps(head)}, "chats": {{"list": [')
        large = megabytes * MB * 8 // 10
        file.write(_chat(1, large))
        while file.tell() < megabytes * MB:
            file.write("," + _chat(file.tell(), MB))
        file.write("]}}")
    for number in range(1000):
        (place / "photos" / f"photo_{number}@01-01-2026_00-00-00.jpg").write_bytes(b"\xff\xd8\xff")
    return [place]


def _chat(number: int, size: int) -> str:
    messages, room = [], size
    while room > 0:
        message = {
            "id": room,
            "type": "message",
            "date": "2026-01-01T00:00:00",
            "date_unixtime": "1767225600",
            "from": "Ada Example",
            "from_id": "user1",
            "text": SAYING * 3,
        }
        if room % 20 == 0:
            message["photo"] = f"photos/photo_{room % 1000}@01-01-2026_00-00-00.jpg"
        messages.append(json.dumps(message))
        room -= len(messages[-1]) + 1
    head = f'{{"name": "Chat {number}", "type": "personal_chat", "id": {number}, "messages": ['
    return head + ",".join(messages) + "]}"


def listed(name: str, paths: list[Path]) -> Row:
    """List and read an export, in a process of its own."""
    began = time.perf_counter()
    (tree,) = sources.gather(paths)
    roster = Roster()
    for member in tree.members():
        if isinstance(member, Member):
            roster.append(member)
    listing = time.perf_counter()
    documents = exports.Documents.of(tree, roster)
    export = exports.recognise(documents)
    assert export.name == name, export.name
    found = sum(isinstance(one, Picture) for one in export.read(documents))
    ended = time.perf_counter()
    size = sum(
        f.stat().st_size
        for p in paths
        for f in ([p] if p.is_file() else p.iterdir())
        if f.is_file()
    )
    return Row(
        export=export.title,
        members=len(roster),
        pictures=found,
        gigabytes=round(size / (1 << 30), 3),
        list_seconds=round(listing - began, 2),
        read_seconds=round(ended - listing, 2),
        members_a_second=round(len(roster) / (ended - began)),
        peak_mb=_peak(),
    )


def _peak() -> int:
    """Give this process's own peak in MB: what getrusage says began before the program did."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def measured(jobs: list[tuple[str, list[Path]]]) -> Iterator[Row]:
    """Measure each export in a fresh process."""
    context = multiprocessing.get_context("spawn")
    for name, paths in jobs:
        with context.Pool(1) as pool:
            yield pool.apply(listed, (name, paths))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--pictures", type=int, default=100_000)
    asked.add_argument("--parts", type=int, default=20)
    asked.add_argument("--telegram-mb", type=int, default=1024)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="selfcheck-bench-") as place:
        folder = Path(place)
        jobs = [
            ("google_takeout", takeout(folder, given.pictures, given.parts)),
            ("telegram", telegram(folder, given.telegram_mb)),
        ]
        rows = list(measured(jobs))
    heads = ("members", "pictures", "GB", "list s", "read s", "a second", "peak MB")
    print(f"{'':16}" + "".join(f"{head:>10}" for head in heads))
    for row in rows:
        title, *figures = asdict(row).values()
        print(f"{title:16}" + "".join(f"{figure:>10}" for figure in figures))
    write_figures("exports", {"rows": [asdict(row) for row in rows]})


if __name__ == "__main__":
    main()
