"""Photographs without people, and cut-out things, that scenes are built on.

Read from a folder into which packages of free pictures were unpacked (--backgrounds, or
SELFCHECK_BACKGROUNDS; docs/speed.md names the packages). Flat graphics are left out by a measure,
pictures with people by dense mmod. The proposal network was trained on some of these files: a
picture that is there in any size or variant is not used here.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.people import OUT, for_training
from selfcheck.faces import Engine

LONG_SIDE = 2000  # px; larger ones are kept this large
_KINDS = {".jpg", ".jpeg", ".png", ".webp"}
# Graphics have few bytes a pixel as JPEG, or runs of pixels that are exactly equal.
_LEAST_BYTES, _MOST_EQUAL = 0.10, 0.35
_LEAST_PIXELS = 480 * 300
_MOST_BYTES = 60 * 2**20
_MOST_THINGS = 160
_GRAPHICS = -1
# Of GCompris: places and animals. Its concerts and paintings show people too small for mmod.
_RESOURCES = {
    "clickgame",
    "erase",
    "explore_farm_animals",
    "explore_monuments",
    "explore_world_animals",
}

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backgrounds:
    """Photographs (h, w, 3) and things (RGBA) of the measuring half, and what was left out."""

    photographs: tuple[Pixels, ...]
    things: tuple[Image.Image, ...]
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    name: str
    read: Callable[[], bytes]


def backgrounds_folder(given: Path | None = None) -> Path:
    """Find the folder, or stop with a word on where it should be."""
    folder = given or Path(os.environ.get("SELFCHECK_BACKGROUNDS", "backgrounds"))
    if not folder.is_dir():
        raise SystemExit(f"No folder {folder}. Name one by --backgrounds or SELFCHECK_BACKGROUNDS.")
    return folder


def load(folder: Path, engine: Engine) -> Backgrounds:
    """Read the photographs and things of the measuring half that show no face."""
    counts = dict.fromkeys(("files", "graphics", "with faces", "photographs", "things"), 0)
    seen = _Seen(OUT / "backgrounds.json")
    photographs: list[Pixels] = []
    things: list[Image.Image] = []
    for file in _files(folder):
        counts["files"] += 1
        data = file.read()
        picture = None
        if not seen.is_graphics(data):
            picture = _opened(data, things=len(things) < _MOST_THINGS)
        if picture is None:
            counts["graphics"] += 1
            seen.note_graphics(data, unless=len(things) >= _MOST_THINGS)
        elif picture.mode == "RGBA":
            if not seen.faces(data, partial(_faces, engine, _over_grey(picture), 640)):
                things.append(picture)
        elif seen.faces(data, partial(_faces, engine, picture, 1600)):
            counts["with faces"] += 1
        else:
            photographs.append(np.asarray(picture))
    seen.keep()
    if len(photographs) < 10:
        raise SystemExit(f"{folder}: only {len(photographs)} photographs without people.")
    counts |= {"photographs": len(photographs), "things": len(things)}
    return Backgrounds(photographs=tuple(photographs), things=tuple(things), counts=counts)


def _files(folder: Path) -> Iterator[_File]:
    """List pictures of which no size or variant was trained on, and those inside resource files.

    The training does not open resource files, so all that they hold is for measuring.
    """
    groups: dict[str, list[Path]] = {}
    resources = []
    for place, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        for path in (Path(place) / name for name in sorted(names)):
            if path.suffix.lower() in _KINDS:
                groups.setdefault(_variant(path), []).append(path)
            elif path.suffix == ".rcc" and path.stem in _RESOURCES:
                resources.append(path)
    for variant, paths in sorted(groups.items()):
        if not any(for_training(path.name) for path in paths):
            best = max(paths, key=lambda path: path.stat().st_size)
            yield _File(name=variant, read=best.read_bytes)
    for path in resources:
        for number, data in enumerate(_carved(path.read_bytes())):
            yield _File(name=f"{path.stem} {number}", read=partial(bytes, data))


def _variant(path: Path) -> str:
    """Name a picture whatever its size: Elephants_3840x2160.jpg and Altai/.../5120x2880.png."""
    parts = path.parts
    name = parts[parts.index("contents") - 1] if "contents" in parts else path.stem
    return re.sub(r"[-_]?\d{3,4}x\d{3,4}|[-_]portrait$|-[dl]$", "", name.lower())


def _carved(data: bytes) -> Iterator[bytes]:
    """Find the WebP and JPEG pictures that a Qt resource file holds as they are."""
    for found in re.finditer(rb"RIFF(....)WEBP|\xff\xd8\xff", data, re.DOTALL):
        start = found.start()
        if found[1] is not None:
            end = start + 8 + int.from_bytes(found[1], "little")
        else:
            end = data.find(b"\xff\xd9", start) + 2
        if 15_000 < end - start < _MOST_BYTES:
            yield data[start:end]


def _opened(data: bytes, *, things: bool) -> Image.Image | None:
    """Open a photograph as RGB, or a cut-out thing as RGBA; None for graphics and the rest."""
    if len(data) > _MOST_BYTES:
        return None
    try:
        with Image.open(io.BytesIO(data)) as image:
            if not things and image.mode != "RGB":
                return None
            image.draft("RGB", (LONG_SIDE, LONG_SIDE))
            picture = image.convert("RGBA" if image.mode in {"RGBA", "LA", "P"} else "RGB")
    except (OSError, Image.DecompressionBombError, SyntaxError, ValueError):
        return None
    if picture.mode == "RGBA":
        if _cut_out(picture):
            picture.thumbnail((700, 700))
            return picture if min(picture.size) >= 60 else None
        picture = picture.convert("RGB")
    if picture.width * picture.height < _LEAST_PIXELS or not _busy(picture):
        return None
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    return picture


def _cut_out(picture: Image.Image) -> bool:
    """Tell whether a good part of a picture is transparent, and a good part is not."""
    solid = float((np.asarray(picture.getchannel("A")) > 127).mean())
    return 0.08 < solid < 0.99


def _busy(picture: Image.Image) -> bool:
    small = picture.copy()
    small.thumbnail((1000, 1000))
    held = io.BytesIO()
    small.save(held, "JPEG", quality=75)
    rgb = np.asarray(picture)[::4]
    equal = float((rgb[:, 1:] == rgb[:, :-1]).all(axis=2).mean())
    return held.tell() / (small.width * small.height) >= _LEAST_BYTES and equal <= _MOST_EQUAL


def _over_grey(thing: Image.Image) -> Image.Image:
    grey = Image.new("RGB", thing.size, (128, 128, 128))
    grey.paste(thing, mask=thing.getchannel("A"))
    return grey


def _faces(engine: Engine, picture: Image.Image, long_side: int) -> int:
    """Count the faces from 40 px that dense mmod finds in a picture of this long side."""
    scale = long_side / max(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    return len(engine.find(np.asarray(picture.resize(size)), smallest=40))


class _Seen:
    """What was seen in a file, kept from run to run by its SHA-256: graphics, or so many faces."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}

    def is_graphics(self, data: bytes) -> bool:
        return self._known.get(_sha256(data)) == _GRAPHICS

    def note_graphics(self, data: bytes, *, unless: bool) -> None:
        """Remember graphics, unless it may be a thing that there was no need to open."""
        if not unless:
            self._known[_sha256(data)] = _GRAPHICS

    def faces(self, data: bytes, count: Callable[[], int]) -> int:
        name = _sha256(data)
        if name not in self._known:
            self._known[name] = count()
        return self._known[name]

    def keep(self) -> None:
        self._path.parent.mkdir(exist_ok=True)
        self._path.write_text(json.dumps(self._known, indent=0) + "\n")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
