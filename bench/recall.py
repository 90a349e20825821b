"""Faces found by size, turn, light and blur: the scan's own look, HOG, and dense mmod.

    uv run python -m bench.recall --backgrounds FOLDER [--faces 150] [--only width,turn]

Every finder sees the same scenes: heads of people on whom nothing was trained, many to a scene,
on photographs without people. HOG is face_recognition's own (1600 px, upsample 1). `mmod` is our
dense search at 1600 px from 40 px: dlib's own takes half a minute for such a picture, and --agree
shows on smaller ones that the two find the same. A face counts as found where the centre of what
was found lies in its box and the sides are within a factor of 2; what lies in no face's box is a
false find. The box is that of dense mmod in the source picture, so faces that it cannot see there
(profile above all) are not in the measure. Intervals are 95 %: Wilson's for shares, Bonett and
Price's for the paired difference to mmod. The figures go to bench/out/recall.json.
"""

from __future__ import annotations

import argparse
import io
import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from bench import studio
from bench.backgrounds import Pixels
from bench.people import write_figures
from bench.scenes import Head, Look, Truth, Wish, compose, jpeg
from selfcheck import pictures
from selfcheck.faces import LEVELS
from selfcheck.flows import looking

FINDERS = ("ours", "hog", "mmod")
PEER_SIDE = 1600
FACES_A_SCENE = 20
_FULL = 0.42  # share of a scene that heads may take: more find no room

Box = tuple[float, float, float, float]  # left, top, right, bottom; in shares of the long side


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One condition: face widths as shares of the long side, the look, and which heads."""

    section: str
    name: str
    widths: tuple[float, float] = (0.03, 0.08)
    looks: tuple[Look, ...] = (Look(),)
    yaw: tuple[float, float] | None = None
    share: float = 1.0  # of the faces asked for: large ones are alone in their scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one scene gave: the faces in it, and for each finder which it found, and what else."""

    truths: tuple[Truth, ...]
    found: dict[str, tuple[bool, ...]]
    false: dict[str, int]
    megapixels: float
    left_over: tuple[Wish, ...] = field(repr=False)


def cells() -> list[Cell]:
    """List the conditions."""
    made = [
        Cell(
            section="width",
            name=f"{share:g} %",
            widths=(share / 100, share / 100),
            share=0.4 if share > 12 else 1.0,
        )
        for share in (1, 1.5, 2, 2.5, 3, 4, 6, 8, 12, 16, 30, 60)
    ]
    made += [
        Cell(section="turn", name=f"{turn} deg", looks=(Look(turn=turn), Look(turn=-turn)))
        for turn in (0, 15, 30, 45, 60, 90, 120, 150, 180)
    ]
    made += [
        Cell(section="profile", name=name, yaw=yaw)
        for name, yaw in (("yaw 0-10", (0, 10)), ("yaw 20-35", (20, 35)), ("yaw > 35", (35, 91)))
    ]
    made += [
        Cell(section="light", name=f"x{light:g}", looks=(Look(light=light),))
        for light in (0.15, 0.3, 0.5, 0.75, 1.3, 1.6)
    ]
    made += [
        Cell(section="light", name=f"shadow {shadow:g}", looks=(Look(shadow=shadow),))
        for shadow in (0.6, 0.85)
    ]
    made += [
        Cell(section="blur", name=f"Gaussian {blur:g}", looks=(Look(blur=blur),))
        for blur in (0.02, 0.04, 0.07, 0.1)
    ]
    made += [
        Cell(section="blur", name=f"moved {shake:g}", looks=(Look(shake=shake),))
        for shake in (0.1, 0.2, 0.3)
    ]
    return made


def wishes(
    cells: Sequence[Cell], heads: Sequence[Head], faces: int, long_side: int, seed: int
) -> list[Wish]:
    """Draw the faces of every cell: the same heads in each, so that cells differ by one thing."""
    made = []
    for cell in cells:
        rng = random.Random(f"{seed} {cell.section} {cell.name}")
        fitting = heads
        if cell.yaw is not None:
            low, high = cell.yaw
            fitting = [one for one in heads if one.seen and low <= abs(one.yaw) < high]
        for number in range(round(faces * cell.share) if fitting else 0):
            low, high = cell.widths
            made.append(
                Wish(
                    head=fitting[number % len(fitting)],
                    width=long_side * math.exp(rng.uniform(math.log(low), math.log(high))),
                    look=cell.looks[number % len(cell.looks)],
                    cell=f"{cell.section}|{cell.name}",
                )
            )
    return made


def packed(left: list[Wish], size: tuple[int, int], seed: int) -> list[list[Wish]]:
    """Deal faces to scenes that have room for them, the largest first."""
    random.Random(seed).shuffle(left)
    scenes: list[list[Wish]] = []
    room: list[float] = []
    opened = 0
    for wish in sorted(left, key=lambda one: -one.width):
        needs = 2.2 * 2.4 * wish.width**2 if wish.look.turn else 1.6 * 2.2 * wish.width**2
        at = next(
            (
                index
                for index in range(opened, len(scenes))
                if room[index] >= needs and len(scenes[index]) < FACES_A_SCENE
            ),
            None,
        )
        if at is None:
            scenes.append([])
            room.append(max(_FULL * size[0] * size[1], needs))
            at = len(scenes) - 1
        scenes[at].append(wish)
        room[at] -= needs
        while opened < len(scenes) and len(scenes[opened]) >= FACES_A_SCENE:
            opened += 1
    return scenes


def look(job: tuple[int, int, int, list[Wish]]) -> Seen:
    """Make one scene and let every finder look at it."""
    seed, number, long_side, asked = job
    rng = np.random.default_rng([seed, number])
    short = long_side * 3 // 4
    size = (long_side, short) if number % 2 == 0 else (short, long_side)
    picture, truths, left_over = compose(studio.stock(), size, asked, rng)
    data = jpeg(picture)
    held = {name: finder(data) for name, finder in _finders().items()}
    found, false = {}, {}
    for name, boxes in held.items():
        found[name] = tuple(any(_is(box, truth, long_side) for box in boxes) for truth in truths)
        false[name] = sum(not any(_in(box, one, long_side) for one in truths) for box in boxes)
    return Seen(
        truths=tuple(truths),
        found=found,
        false=false,
        megapixels=PEER_SIDE * PEER_SIDE * 0.75 / 1e6,
        left_over=tuple(left_over),
    )


def _in(box: Box, truth: Truth, long_side: int) -> bool:
    x, y = (box[0] + box[2]) / 2 * long_side, (box[1] + box[3]) / 2 * long_side
    return max(abs(x - truth.x), abs(y - truth.y)) <= truth.width / 2


def _is(box: Box, truth: Truth, long_side: int) -> bool:
    side = math.sqrt((box[2] - box[0]) * (box[3] - box[1])) * long_side
    return _in(box, truth, long_side) and 0.5 <= side / truth.width <= 2


@cache
def _finders() -> dict[str, Any]:
    """Give each finder as a function from a JPEG to boxes in shares of the long side."""
    import dlib

    engine, hog = studio.networks(), dlib.get_frontal_face_detector()

    def ours(data: bytes) -> list[Box]:
        rgb = _decoded(data, looking.LONG_SIDE, 2 * looking.LONG_SIDE)
        return _shares(rgb, engine.spot([rgb, *pictures.smaller(rgb, LEVELS)]))

    def dense(data: bytes) -> list[Box]:
        rgb = _decoded(data, PEER_SIDE)
        return _shares(rgb, engine.find(rgb, smallest=40))

    def peer(data: bytes) -> list[Box]:
        # As face_recognition's command does: the whole picture, then a thumbnail by Lanczos.
        with Image.open(io.BytesIO(data)) as image:
            picture = image.convert("RGB")
        picture.thumbnail((PEER_SIDE, PEER_SIDE), Image.Resampling.LANCZOS)
        rgb = np.asarray(picture)
        scale = max(rgb.shape)
        return [
            (one.left() / scale, one.top() / scale, one.right() / scale, one.bottom() / scale)
            for one in hog(rgb, 1)
        ]

    return {"ours": ours, "hog": peer, "mmod": dense}


def _decoded(data: bytes, long_side: int, at_most: int | None = None) -> Pixels:
    still = pictures.decode(data, long_side=long_side, at_most=at_most)
    assert not isinstance(still, pictures.Unreadable)
    return still.rgb


def _shares(rgb: Pixels, faces: Sequence[Any]) -> list[Box]:
    scale = max(rgb.shape)
    boxes = [face.box for face in faces]
    return [
        (box.left / scale, box.top / scale, box.right / scale, box.bottom / scale) for box in boxes
    ]


def run(pool: ProcessPoolExecutor, left: list[Wish], long_side: int, seed: int) -> Iterator[Seen]:
    """Look at scenes until every face has been in one; what finds no room gets another scene."""
    size, number = (long_side, long_side * 3 // 4), 0
    for _ in range(6):
        scenes = packed(left, size, seed)
        jobs = [(seed, number + index, long_side, asked) for index, asked in enumerate(scenes)]
        number += len(jobs)
        left = []
        for seen in studio.spread(pool, look, jobs):
            left.extend(seen.left_over)
            yield seen
        if not left:
            return


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, z = hits / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def difference(first: Sequence[bool], second: Sequence[bool]) -> tuple[float, float, float]:
    """Give the difference of two shares of the same faces, and its 95 % interval."""
    only_first = sum(a and not b for a, b in zip(first, second, strict=True))
    only_second = sum(b and not a for a, b in zip(first, second, strict=True))
    of = len(first)
    up, down = (only_first + 1) / (of + 2), (only_second + 1) / (of + 2)
    reach = 1.96 * math.sqrt((up + down - (up - down) ** 2) / (of + 2))
    return (only_first - only_second) / max(of, 1), up - down - reach, up - down + reach


def rows(asked: Sequence[Cell], looked: Sequence[Seen]) -> list[dict[str, Any]]:
    """Count each cell: share and interval of every finder, and ours against the others."""
    by_cell: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for seen in looked:
        for index, truth in enumerate(seen.truths):
            for name in FINDERS:
                by_cell[truth.cell][name].append(seen.found[name][index])
    made = []
    for cell in asked:
        hits = by_cell.get(f"{cell.section}|{cell.name}")
        if hits is None:
            continue
        row: dict[str, Any] = {"section": cell.section, "cell": cell.name}
        row["faces"] = len(hits["ours"])
        for name in FINDERS:
            row[name] = sum(hits[name]) / row["faces"]
            row[f"{name} interval"] = wilson(sum(hits[name]), row["faces"])
        for name in ("hog", "mmod"):
            row[f"ours - {name}"] = difference(hits["ours"], hits[name])
        made.append(row)
    return made


def show(table: Sequence[dict[str, Any]], looked: Sequence[Seen]) -> None:
    print(
        f"\n{'':22} faces" + "".join(f"{name:>22}" for name in FINDERS) + "    ours - mmod, points"
    )
    for row in table:
        line = f"{row['section']:8} {row['cell']:13} {row['faces']:5}"
        for name in FINDERS:
            low, high = row[f"{name} interval"]
            line += f"{row[name]:8.1%} [{low:5.1%},{high:6.1%}]"
        gap, low, high = (100 * value for value in row["ours - mmod"])
        worse = " UNDER MMOD" if gap < -1 else ""
        worse += " UNDER HOG" if row["ours - hog"][0] < -0.01 else ""
        print(f"{line}   {gap:+5.1f} [{low:+5.1f},{high:+5.1f}]{worse}")
    area = sum(seen.megapixels for seen in looked)
    print(f"\nfalse finds in {len(looked)} scenes, {area:.0f} megapixels at {PEER_SIDE} px:")
    for name in FINDERS:
        false = sum(seen.false[name] for seen in looked)
        print(f"  {name:5} {false:5}   {false / area:.4f} a megapixel")


def agreement(pool: ProcessPoolExecutor, pictures: int, seed: int) -> dict[str, int]:
    """Compare our dense search with dlib's own run of the same network, from 80 px at 800 px."""
    counted: dict[str, int] = dict.fromkeys(("both", "ours only", "dlib only"), 0)
    for one in studio.spread(pool, _compared, [(seed, number) for number in range(pictures)]):
        for name, number in one.items():
            counted[name] += number
    return counted


def _compared(job: tuple[int, int]) -> dict[str, int]:
    import dlib

    from selfcheck.faces.weights import Weights, checked_path

    rng = np.random.default_rng([*job, 5])
    heads = _known()
    asked = [
        Wish(head=heads[int(rng.integers(len(heads)))], width=float(rng.uniform(85, 200)))
        for _ in range(6)
    ]
    picture, _, _ = compose(studio.stock(), (800, 600), asked, rng)
    rgb = np.asarray(picture)
    ours = [face.box for face in studio.networks().find(rgb, smallest=80)]
    network = dlib.cnn_face_detection_model_v1(str(checked_path(Weights.DETECTOR)))
    theirs = [one.rect for one in network(rgb, 0)]
    met = 0
    for rect in theirs:
        x, y = (rect.left() + rect.right()) / 2, (rect.top() + rect.bottom()) / 2
        met += any(box.left <= x <= box.right and box.top <= y <= box.bottom for box in ours)
    return {"both": met, "ours only": len(ours) - met, "dlib only": len(theirs) - met}


@cache
def _known() -> list[Head]:
    from bench.scenes import head

    taken = studio.measured()[:400:20]
    return [one for photo in taken if (one := head(photo, studio.networks())) is not None]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--faces", type=int, default=150, help="faces a cell; 500 takes an hour")
    asked.add_argument("--pictures", type=int, default=1500, help="pictures to take heads from")
    asked.add_argument("--long-side", type=int, default=2400, help="px of the scenes")
    asked.add_argument("--only", default="", help="sections, by commas")
    asked.add_argument("--agree", type=int, default=6, help="pictures that dlib's mmod sees too")
    studio.options(asked)
    given = asked.parse_args()
    chosen = [one for one in cells() if not given.only or one.section in given.only.split(",")]
    taken = studio.measured()
    random.Random(given.seed).shuffle(taken)
    with studio.studio(given) as pool:
        busy = studio.busyness(pool, 6, given.seed)
        studio.print_busyness(busy)
        heads = studio.find_heads(pool, taken[: given.pictures])
        print(f"{len(heads)} heads, {sum(not one.seen for one in heads)} of them unseen by mmod")
        together = agreement(pool, given.agree, given.seed)
        print(f"our dense search and dlib's own: {together}", flush=True)
        left = wishes(chosen, heads, given.faces, given.long_side, given.seed)
        looked = []
        for seen in run(pool, left, given.long_side, given.seed):
            looked.append(seen)
            if len(looked) % 50 == 0:
                print(f"{len(looked)} scenes", flush=True)
    table = rows(chosen, looked)
    show(table, looked)
    area = sum(seen.megapixels for seen in looked)
    false = {name: sum(seen.false[name] for seen in looked) for name in FINDERS}
    write_figures(
        "recall",
        {
            "options": {name: str(value) for name, value in vars(given).items()},
            "background": busy,
            "agreement": together,
            "scenes": len(looked),
            "megapixels": area,
            "false finds": false,
            "table": table,
        },
    )


if __name__ == "__main__":
    main()
