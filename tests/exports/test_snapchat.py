"""Snapchat's Memories find their rows by the time in the zip, which is that of the picture."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import datetime
from pathlib import Path

from selfcheck.exports import Documents, recognise
from selfcheck.model import Member, Missing, Picture
from selfcheck.sources import gather

LIST = "json/memories_history.json"
Told = dict[str, tuple[str, float | None]]


def memory(number: int, ending: str = "jpg") -> str:
    return f"memories/2023-05-06_{number:08x}-0000-4000-8000-000000000000-main.{ending}"


def row(time: str, place: float, kind: str = "Image") -> dict[str, str]:
    return {
        "Date": f"2023-05-06 {time} UTC",
        "Media Type": kind,
        "Location": f"Latitude, Longitude: {place:.1f}, {place:.1f}",
        "Download Link": "",
        "Media Download Url": "",
    }


def moment(time: str) -> datetime:
    return datetime.fromisoformat(f"2023-05-06 {time}+00:00")


def packed(path: Path, files: dict[str, str], rows: list[dict[str, str]] | None = None) -> Path:
    """Write a zip whose files were changed at times of that day."""
    with zipfile.ZipFile(path, "w") as archive:
        if rows is not None:
            archive.writestr(LIST, json.dumps({"Saved Media": rows}))
        for name, time in files.items():
            archive.writestr(zipfile.ZipInfo(name, moment(time).timetuple()[:6]), b"picture")
    return path


def outcome(*paths: Path) -> tuple[Told, list[str]]:
    """Give time and latitude of the pictures that are listed, and what is missing."""
    (tree,) = gather(list(paths))
    docs = Documents.of(tree, [one for one in tree.members() if isinstance(one, Member)])
    told: Told = {}
    missing: list[str] = []
    for found in recognise(docs).read(docs):
        if isinstance(found, Picture) and found.context.time:
            time, place = found.context.time, found.context.place
            when = f"{time.when:%H:%M:%S} {time.precision}"
            told[found.member.path.rpartition("17/")[2]] = (when, place.latitude if place else None)
        elif isinstance(found, Missing):
            missing.append(found.path)
    return told, missing


def test_memories_of_one_day_have_the_time_and_place_of_their_row(tmp_path: Path) -> None:
    rows = [row("23:59:59", 5), row("10:00:01", 2), row("10:00:00", 1), row("09:00:00", 3)]
    burst = {memory(8): "10:00:00", memory(7): "10:00:00"}
    first = packed(tmp_path / "mydata~17.zip", burst, rows)
    second = packed(tmp_path / "mydata~17-2.zip", {memory(9): "23:59:58"})
    assert outcome(first, second) == (
        {
            memory(7): ("10:00:00 second", 1),
            memory(8): ("10:00:01 second", 2),  # both of one slot, and in order
            memory(9): ("23:59:59 second", 5),
        },
        ["memories/2023-05-06 (image)"],
    )


def test_film_and_picture_of_one_moment_are_told_apart(tmp_path: Path) -> None:
    rows = [row(f"10:00:0{n}", n + 1, kind) for n, kind in enumerate(("Image", "Video") * 2)]
    files = {memory(n, ("jpg", "mp4")[n % 2]): f"10:00:0{n // 2 * 2}" for n in range(4)}
    told, _ = outcome(packed(tmp_path / "mydata~17.zip", files, rows))
    assert told == {path: (f"10:00:0{n} second", n + 1) for n, path in enumerate(files)}


def test_memory_in_two_archives_has_one_row(tmp_path: Path) -> None:
    rows = [row("10:00:00", 1), row("10:00:01", 2)]
    first = packed(tmp_path / "mydata~17.zip", {memory(1): "10:00:00"}, rows)
    again = packed(tmp_path / "mydata~17-2.zip", {f"17/{memory(1)}": "10:00:00"})
    assert outcome(first, again) == (
        {memory(1): ("10:00:00 second", 1)},
        ["memories/2023-05-06 (image)"],
    )


def test_memory_whose_time_no_row_has_keeps_the_day(tmp_path: Path) -> None:
    rows = [row("10:00:00", 1), row("11:00:00", 2), row("12:00:00", 3)]
    files = {memory(1): "10:00:00", memory(2): "11:00:00", memory(3): "12:00:02"}
    told, missing = outcome(packed(tmp_path / "mydata~17.zip", files, rows))
    assert told[memory(2)] == ("11:00:00 second", 2)
    assert told[memory(3)] == ("00:00:00 day", None)
    assert missing == []


def test_times_of_an_archive_that_was_packed_again_are_not_trusted(tmp_path: Path) -> None:
    rows = [row(f"1{n}:00:00", n) for n in range(5)]
    files = {memory(n): f"{n}:00:00".zfill(8) for n in range(6, 10)} | {memory(5): "10:00:00"}
    told, _ = outcome(packed(tmp_path / "mydata~17.zip", files, rows))
    assert set(told.values()) == {("00:00:00 day", None)}


def test_times_of_unpacked_files_are_not_taken_for_a_zips(tmp_path: Path) -> None:
    rows = [row("10:00:00", 1), row("11:00:00", 2)]
    archive = packed(tmp_path / "a.zip", {memory(1): "10:00:00", memory(2): "11:00:00"}, rows)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "mydata~17")
    for number, time in ((1, "10:00:00"), (2, "11:00:00")):
        at = moment(time).timestamp()
        os.utime(tmp_path / "mydata~17" / memory(number), (at, at))
    told, _ = outcome(tmp_path / "mydata~17")
    assert set(told.values()) == {("00:00:00 day", None)}
