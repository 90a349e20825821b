"""How far copies of a picture and different pictures lie apart in bits of their fingerprints.

    uv run python -m bench.duplicates [--copies 400] [--large 40]

Copies: pictures of LFW, and larger scenes made of several of them, saved again, resized, cropped
and brightened; the share within the distance at which two pictures count as one. Different
pictures: every pair of LFW, of one person and of two, with the nearest pairs counted by distance;
views of one drawn head before one background; and bursts, one scene taken again with the camera
moved a little or its people replaced. Last, how long grouping takes. The figures go to
bench/out/duplicates.json; no picture and no fingerprint of one is written.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from bench.people import Photo, faces_folder, photos, write_figures
from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.demo.people import View, portrait
from selfcheck.exposure import group
from selfcheck.exposure.copies import NEAR
from selfcheck.model import Band, Box, Exposure, Finding, Leak, Match
from selfcheck.pictures import fingerprint

Picture: TypeAlias = Image.Image
Bits: TypeAlias = NDArray[np.uint64]  # (n, 4)
SEED = 20261122
NEAREST = 2 * NEAR + 20  # pairs up to this distance are counted one by one
TOGETHER = 500  # rows compared at once


def saved(picture: Picture, kind: str, quality: int) -> Picture:
    out = io.BytesIO()
    picture.save(out, kind, quality=quality)
    return Image.open(out).convert("RGB")


def sized(picture: Picture, share: float) -> Picture:
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return picture.resize(size, Image.Resampling.BICUBIC)


def cropped(picture: Picture, share: float) -> Picture:
    across, down = round(picture.width * share), round(picture.height * share)
    return picture.crop((across, down, picture.width - across, picture.height - down))


def moved(picture: Picture, share: float) -> Picture:
    """Take the scene again with the camera turned a little: the frame, shifted by so much."""
    across, down = round(picture.width * share), round(picture.height * share)
    return picture.crop((across, down, picture.width, picture.height))


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "JPEG 95": lambda picture: saved(picture, "JPEG", 95),
    "JPEG 70": lambda picture: saved(picture, "JPEG", 70),
    "JPEG 40": lambda picture: saved(picture, "JPEG", 40),
    "WebP 50": lambda picture: saved(picture, "WEBP", 50),
    "half the size": lambda picture: sized(picture, 0.5),
    "a quarter": lambda picture: sized(picture, 0.25),
    "twice the size": lambda picture: sized(picture, 2),
    "half, JPEG 60": lambda picture: saved(sized(picture, 0.5), "JPEG", 60),
    "a quarter, JPEG 60": lambda picture: saved(sized(picture, 0.25), "JPEG", 60),
    "brighter by 15 %": lambda picture: ImageEnhance.Brightness(picture).enhance(1.15),
    "darker by 20 %": lambda picture: ImageEnhance.Brightness(picture).enhance(0.8),
    "cropped by 1 % a side": lambda picture: cropped(picture, 0.01),
    "cropped by 2 % a side": lambda picture: cropped(picture, 0.02),
    "cropped by 5 % a side": lambda picture: cropped(picture, 0.05),
}
# Other pictures, as near as they come: what must not be joined.
BURSTS: dict[str, Callable[[Picture], Picture]] = {
    "burst, moved by 1 %": lambda picture: moved(picture, 0.01),
    "burst, moved by 2 %": lambda picture: moved(picture, 0.02),
    "burst, moved by 4 %": lambda picture: moved(picture, 0.04),
}


def bits_of(pictures: Sequence[Picture]) -> Bits:
    """Give the fingerprints as four numbers each."""
    whole = b"".join(fingerprint(np.asarray(picture)) for picture in pictures)
    return np.frombuffer(whole, np.uint64).reshape(-1, 4)


def apart(one: Bits, other: Bits) -> NDArray[np.int64]:
    far: NDArray[np.int64] = np.bitwise_count(one ^ other).sum(axis=-1, dtype=np.int64)
    return far


def scenes(pictures: Sequence[Path], count: int) -> Iterator[Picture]:
    """Make large pictures out of sixteen small ones each: 2,000 pixels a side, much detail."""
    chance = np.random.default_rng(SEED)
    for _ in range(count):
        scene = Image.new("RGB", (2000, 2000))
        for place, chosen in enumerate(chance.choice(len(pictures), 16, replace=False)):
            tile = Image.open(pictures[chosen]).convert("RGB").resize((500, 500))
            scene.paste(tile, (place % 4 * 500, place // 4 * 500))
        yield scene


def measure_changes(
    taken: Sequence[Picture], changes: dict[str, Callable[[Picture], Picture]]
) -> dict[str, dict[str, float]]:
    """Change every picture in each way; give the spread of the distances, and how many join."""
    before = bits_of(taken)
    table: dict[str, dict[str, float]] = {}
    for name, change in changes.items():
        far = apart(before, bits_of([change(picture) for picture in taken]))
        table[name] = {
            "median": float(np.median(far)),
            "p99": float(np.quantile(far, 0.99)),
            "most": float(far.max()),
            "joined": float((far <= NEAR).mean()),
        }
    return table


def measure_pairs(taken: Sequence[Photo]) -> dict[str, object]:
    """Compare every picture of LFW with every other one."""
    bits = bits_of([Image.open(photo.path).convert("RGB") for photo in taken])
    people = np.array([photo.person for photo in taken])
    counts = {True: np.zeros(NEAREST + 1, np.int64), False: np.zeros(NEAREST + 1, np.int64)}
    pairs = {True: 0, False: 0}
    for start in range(0, len(bits), TOGETHER):
        rows = bits[start : start + TOGETHER]
        far = apart(rows[:, None, :], bits[None, :, :])
        later = np.arange(len(bits))[None, :] > np.arange(start, start + len(rows))[:, None]
        same = people[None, :] == people[start : start + len(rows), None]
        for of_one in (True, False):
            chosen = later & (same == of_one)
            pairs[of_one] += int(chosen.sum())
            near = far[chosen & (far <= NEAREST)]
            counts[of_one] += np.bincount(near, minlength=NEAREST + 1)
    return {
        "pairs_of_one_person": pairs[True],
        "pairs_of_two": pairs[False],
        "near_of_one_person": spread(counts[True]),
        "near_of_two": spread(counts[False]),
    }


def spread(counts: NDArray[np.int64]) -> dict[str, int]:
    return {str(far): int(count) for far, count in enumerate(counts) if count}


def measure_drawn() -> dict[str, int]:
    """Compare views of drawn heads: one person in several poses, and several in one pose."""
    views = [View(yaw=yaw, pitch=pitch) for yaw in (-6, -3, 0, 3, 6) for pitch in (-4, 0, 4)]
    heads = [(OWNER, view) for view in views] + [(person, View()) for person in OTHERS]
    drawn = [Image.fromarray(portrait(person, view, seed=1)) for person, view in heads]
    bits = bits_of(drawn)
    far = apart(bits[:, None, :], bits[None, :, :])[np.triu_indices(len(bits), 1)]
    return {"pairs": len(far), "nearest": int(far.min()), "joined": int((far <= NEAR).sum())}


def exposure(number: int, bits: bytes, *, second: int | None = None, left: int = 40) -> Exposure:
    recorded = "" if second is None else str(datetime(2019, 6, 21) + timedelta(seconds=second))  # noqa: DTZ001 -- cameras' clocks have no zone
    match = Match(
        band=Band.YOU,
        distance=0.3,
        box=Box(left=left, top=30, right=left + 20, bottom=50),
        picture_width=160,
        picture_height=120,
        faces=1,
        fingerprint=bits,
        findings=(Finding(leak=Leak.TIME, value=recorded),) if recorded else (),
    )
    return Exposure(sha256=f"{number:064x}", match=match, occurrences=())


def unlike_ones(count: int) -> list[Exposure]:
    """Make matches of random bits, of which every fourth is a copy of one before it."""
    chance = np.random.default_rng(SEED)
    every: list[Exposure] = []
    for number in range(count):
        bits = chance.bytes(32)
        if number % 4 == 3:
            bits = every[int(chance.integers(len(every)))].match.fingerprint
            bits = bytes([bits[0] ^ 0b101, *bits[1:30], bits[30] ^ 0b11, bits[31]])
        every.append(exposure(number, bits))
    return every


def one_scene(count: int, flipped: int, *, timed: bool) -> list[Exposure]:
    """Make matches from a tripod: of 40 bits so many differ, and the owner walks about."""
    chance = np.random.default_rng(SEED)
    scene = chance.integers(0, 2, 256, np.uint8)
    every: list[Exposure] = []
    for number in range(count):
        bits = scene.copy()
        bits[chance.choice(40, flipped, replace=False) * 6] ^= 1
        left = int(chance.integers(140))
        second = number if timed else None
        every.append(exposure(number, np.packbits(bits).tobytes(), second=second, left=left))
    return every


def time_grouping(every: Sequence[Exposure]) -> float:
    began = time.process_time()
    groups = group(every)
    taken = time.process_time() - began
    assert sum(1 + len(one.copies) for one in groups) == len(every)
    return taken


def measure_grouping() -> dict[str, float]:
    return {
        "10,000 unlike ones": time_grouping(unlike_ones(10_000)),
        "100,000 unlike ones": time_grouping(unlike_ones(100_000)),
        "20,000 of one scene, each of its own second": time_grouping(
            one_scene(20_000, 4, timed=True)
        ),
        "20,000 of one scene without times": time_grouping(one_scene(20_000, 4, timed=False)),
        "the same, further apart in bits": time_grouping(one_scene(20_000, 16, timed=False)),
    }


def show(title: str, table: dict[str, dict[str, float]]) -> None:
    print(f"{title:28} {'median':>7} {'99 %':>6} {'most':>6} {'joined':>8}")
    for name, row in table.items():
        share = f"{row['joined']:.1%}"
        print(f"{name:28} {row['median']:7.0f} {row['p99']:6.0f} {row['most']:6.0f} {share:>8}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--copies", type=int, default=400)
    parser.add_argument("--large", type=int, default=40)
    wanted = parser.parse_args()
    lfw = [photo for photo in photos(faces_folder()) if photo.of_one]
    chance = np.random.default_rng(SEED)
    some = [lfw[place].path for place in chance.choice(len(lfw), wanted.copies, replace=False)]
    small = [Image.open(path).convert("RGB") for path in some]
    large = list(scenes(some, wanted.large))
    figures = {
        "near": NEAR,
        "copies_of_lfw": measure_changes(small, CHANGES),
        "copies_of_scenes": measure_changes(large, CHANGES),
        "bursts_of_lfw": measure_changes(small, BURSTS),
        "bursts_of_scenes": measure_changes(large, BURSTS),
        "lfw": measure_pairs(lfw),
        "drawn_heads": measure_drawn(),
        "seconds_to_group": measure_grouping(),
    }
    for name, table in figures.items():
        if name.startswith(("copies", "bursts")):
            show(name.replace("_", " "), table)  # type: ignore[arg-type] # chosen by name
        else:
            print(f"{name.replace('_', ' ')}: {table}")
    print(f"written: {write_figures('duplicates', figures)}")


if __name__ == "__main__":
    main()
