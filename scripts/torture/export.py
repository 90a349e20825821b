"""A small export of the drawn owner and others, with files that cannot be read."""

from __future__ import annotations

import zipfile
from pathlib import Path

from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.demo.people import View, portrait
from selfcheck.pictures import Format, film_bytes, save


def write_export(path: Path, *, pictures: int) -> Path:
    """Write a zip of so many pictures, every other one of the owner, a film and two broken ones."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(pictures):
            person = OTHERS[n % len(OTHERS)] if n % 2 else OWNER
            drawn = portrait(person, View(yaw=n % 15 - 7), width=320, height=400, seed=n)
            archive.writestr(f"photos/{n:03}.jpg", save(drawn, Format.JPEG))
        archive.writestr("photos/broken.jpg", save(drawn, Format.JPEG)[:4000])
        archive.writestr("photos/words.jpg", b"not a picture at all, but words")
        frames = [portrait(OWNER, View(yaw=4), width=320, height=240, seed=9)] * 10
        archive.writestr("films/mine.mp4", film_bytes(frames, 5))
    return path
