"""Sound files that show the owner, one of each kind that is read: what mutations begin with."""

from __future__ import annotations

import io
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.demo.people import View, portrait
from selfcheck.pictures import Format, save

Rgb = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A sound file. `suffix` is how it is named; `holds` says how many of its members show her."""

    suffix: str
    data: bytes
    holds: int = 1

    def control(self, n: int) -> bytes:
        """Give it as it is, or, where that makes another sound file, with something added."""
        if self.archive:
            return _archive(dict(_pictures()) | {f"note-{n}.txt": bytes(n)}, self.suffix)
        behind = self.suffix in {"jpeg", "png", "gif", "bmp", "tiff", "mp4"}
        return self.data + bytes(n) if behind else self.data

    @property
    def archive(self) -> bool:
        """Say whether it holds files."""
        return self.suffix in {"zip", "tar", "tar.gz"}

    @property
    def film(self) -> bool:
        """Say whether it moves."""
        return self.suffix in {"mp4", "mov", "mkv", "webm", "avi", "3gp"}


def seeds() -> tuple[Seed, ...]:
    """Draw one file of each kind."""
    return tuple(_all())


def _all() -> Iterator[Seed]:
    mine = portrait(OWNER, View(yaw=6), width=320, height=400, seed=7)
    for form in (form for form in Format if form.is_picture):
        yield Seed(suffix=form.value.lower(), data=save(mine, form))
    frames = [portrait(OWNER, View(yaw=yaw), width=320, height=240, seed=3) for yaw in (0, 5, 9)]
    film = [frame for frame in frames for _ in range(5)]
    for suffix, box, codec in (
        ("mp4", "mp4", "libx264"),
        ("mov", "mov", "libx264"),
        ("3gp", "3gp", "libx264"),
        ("mkv", "matroska", "libx264"),
        ("webm", "webm", "libvpx-vp9"),
        ("avi", "avi", "mpeg4"),
    ):
        yield Seed(suffix=suffix, data=_film(film, box, codec))
    files = dict(_pictures())
    holds = sum(name.startswith("mine") for name in files)
    for suffix in ("zip", "tar", "tar.gz"):
        yield Seed(suffix=suffix, data=_archive(files, suffix), holds=holds)


@cache
def _pictures() -> tuple[tuple[str, bytes], ...]:
    return tuple(_members())


def _members() -> Iterator[tuple[str, bytes]]:
    """Give six pictures, every other one of the owner."""
    for n in range(6):
        person = OTHERS[n % 2] if n % 2 else OWNER
        drawn = portrait(person, View(yaw=3 * n - 8), width=240, height=300, seed=40 + n)
        yield f"{'theirs' if n % 2 else 'mine'}-{n}.jpg", save(drawn, Format.JPEG)


def _film(frames: list[Rgb], form: str, codec: str) -> bytes:
    # With the index in front, as servers send films: what comes before a break can be seen then.
    options = {"movflags": "faststart"} if form in {"mp4", "mov", "3gp"} else {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film")
        with av.open(str(path), "w", format=form, options=options) as container:
            stream: Any = container.add_stream(codec, rate=5)
            stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
            stream.gop_size = 5
            for rgb in frames:
                container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, "rgb24")))
            container.mux(stream.encode())
        return path.read_bytes()


def _archive(files: dict[str, bytes], suffix: str) -> bytes:
    out = io.BytesIO()
    if suffix == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, data in files.items():
                zipped.writestr(zipfile.ZipInfo(name, (2021, 5, 2, 12, 0, 0)), data)
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w:gz" if suffix == "tar.gz" else "w") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()
