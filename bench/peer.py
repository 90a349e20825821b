"""Run the peer: the command face_recognition, as it is installed, on a folder of photos.

The installed command has no choice of model. With the library's `cnn` model it is run as the same
program with face_locations(model="cnn") in the place of HOG, without enlarging, as the library's
own `face_detection --model cnn` runs it; enlarged once, as the library does for HOG, it would take
four times as long and gigabytes.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_WITH_CNN = """
import face_recognition.api as api

locate, encode = api.face_locations, api.face_encodings
api.face_encodings = lambda image: encode(image, locate(image, 0, "cnn"))

from face_recognition.face_recognition_cli import main

if __name__ == "__main__":
    main()
"""


class Peer(StrEnum):
    """Which of the peer's two ways to find faces."""

    HOG = "face_recognition"
    CNN = "face_recognition, cnn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the command took and told: seconds, the photos with the owner, and faces in all."""

    seconds: float
    matched: frozenset[str]
    faces: int


def ask(peer: Peer, known: Path, album: Path, *, workers: int) -> Told:
    """Run the command over a folder, with as many processes, and read what it prints."""
    command = [str(Path(sys.executable).with_name("face_recognition"))]
    if peer is Peer.CNN:
        program = known.parent / "with_cnn.py"
        program.write_text(_WITH_CNN)
        command = [sys.executable, str(program)]
    began = time.monotonic()
    done = subprocess.run(
        [*command, "--cpus", str(workers), str(known), str(album)],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f"{peer}: {done.stderr[-2000:]}")
    return _told(done.stdout.splitlines(), seconds)


def _told(lines: Sequence[str], seconds: float) -> Told:
    """Read lines of `path,name`; one face may match several references, one line each."""
    matched, faces = set(), 0
    last: tuple[str, str] | None = None
    for line in lines:
        path, found, name = line.rpartition(",")
        if not found or name == "no_persons_found" or line.startswith("WARNING"):
            continue
        if name == "unknown_person":
            faces += 1
        else:
            # The references come in one order, so a name that goes back begins another face.
            if last is None or last[0] != path or name <= last[1]:
                faces += 1
            matched.add(Path(path).name)
        last = (path, name)
    return Told(seconds=seconds, matched=frozenset(matched), faces=faces)
