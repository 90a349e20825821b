"""Train the small network that proposes where faces are; the detector confirms every one.

    uv run --with torch python -m bench.train_proposals --backgrounds FOLDER [--steps 6600]

Faces: the people of the training half in SELFCHECK_FACES, and drawn ones. Backgrounds: pictures
without people, those of the training half in FOLDER, searched through for JPEG, PNG and WebP;
docs/speed.md names the ones the shipped weights were made with. Cut-out things (PNG with
transparency) in FOLDER lie about in the scenes. Half-way, what the network takes for faces on the
backgrounds is gathered, and shown to it more often from then on. Everything drawn is seeded.
Writes selfcheck/faces/proposals.onnx and prints its SHA-256, which selfcheck/faces/propose.py
names, and the recall on people and backgrounds that were set aside. Under two hours on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from bench.people import faces_folder, for_training, photos
from bench.proposal_network import Proposer, graph
from bench.proposal_scenes import (
    CELL,
    SIDE,
    Label,
    Pixels,
    Sprite,
    Stock,
    background,
    decoy,
    decoy_at,
    scene,
    sprite,
)
from selfcheck.demo.people import portrait
from selfcheck.demo.person import Glasses, Hair, Person, View
from selfcheck.faces import Engine, open_engine

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = ROOT / "selfcheck" / "faces" / "proposals.onnx"
BATCH = 24
DRAWN = 64  # heads of people who do not exist: the demo's and the tests' are like them
MINED = 3000  # places of backgrounds, at most, that are shown more often
_SURE = 0.15  # how sure the network must be of one
_KEPT = 0.998  # of the running mean of the weights, which is what is kept in the end


def targets(labels: Sequence[Label]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give (6, r, c) of heat and values, and (2, r, c) of weights for heat and values."""
    cells = SIDE // CELL
    wanted = np.zeros((6, cells, cells), np.float32)
    weight = np.zeros((2, cells, cells), np.float32)
    weight[0] = 1
    rows, columns = np.mgrid[:cells, :cells].astype(np.float32)
    for one in sorted(labels, key=lambda label: label.clear):
        x, y, width = one.x / CELL, one.y / CELL, one.width / CELL
        if not one.clear:
            weight[0][(rows - y) ** 2 + (columns - x) ** 2 < (0.6 * width) ** 2] = 0
            continue
        spread = max(0.55, 0.2 * width)
        heat = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * spread**2))
        row, column = min(round(y), cells - 1), min(round(x), cells - 1)
        heat[max(row, 0), max(column, 0)] = 1
        near = heat > np.maximum(wanted[0], 0.35)
        wanted[0] = np.maximum(wanted[0], heat)
        weight[0][heat > 0.05] = 1
        weight[1][near] = heat[near]
        wanted[1][near] = math.log(one.width)
        wanted[2][near], wanted[3][near] = (x - columns)[near], (y - rows)[near]
        wanted[4][near], wanted[5][near] = math.cos(one.turn), math.sin(one.turn)
    return wanted, weight


class Scenes(torch.utils.data.Dataset[tuple[Pixels, Any, Any]]):
    """Scenes by number: the same number and seed give the same scene."""

    def __init__(self, stock: Stock, seed: int, length: int) -> None:
        self.stock, self.seed, self.length = stock, seed, length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[Pixels, Any, Any]:
        rng = np.random.default_rng([self.seed, index])
        rgb, labels = scene(self.stock, rng)
        return (np.ascontiguousarray(rgb.transpose(2, 0, 1)), *targets(labels))


def loss(out: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    """CenterNet's focal loss on the heat (Zhou et al. 2019), L1 on the values."""
    logit, heat = out[:, 0], wanted[:, 0]
    chance = logit.sigmoid()
    hit = -functional.logsigmoid(logit) * (1 - chance) ** 2 * (heat == 1)
    miss = -functional.logsigmoid(-logit) * chance**2 * (1 - heat) ** 4 * (heat < 1)
    faces = (heat == 1).sum().clamp(min=1)
    off = (out[:, 1:] - wanted[:, 1:]).abs() * weight[:, 1:2]
    scale = torch.tensor([1.0, 0.5, 0.5, 0.5, 0.5]).view(1, 5, 1, 1)
    values = (off * scale).sum() / weight[:, 1].sum().clamp(min=1)
    total: Tensor = ((hit + miss) * weight[:, 0]).sum() / faces + values
    return total


def drawn(engine: Engine, rng: np.random.Generator) -> list[Sprite]:
    """Draw heads by lot, seen from many sides."""
    shares = ("beard", "moustache", "freckles")
    zeros = {one.name for one in fields(Person) if one.default == 0.0}
    sliders = sorted(zeros - {"seed", *shares})
    made = []
    for number in range(DRAWN):
        skin = rng.uniform(0.3, 0.95) * np.array([1.0, rng.uniform(0.65, 0.85), 0.65])
        person = Person(
            name="",
            seed=number,
            **{name: float(rng.uniform(-1, 1)) for name in sliders},  # type: ignore[arg-type]
            **{name: float(rng.uniform(0, 0.9)) for name in shares},  # type: ignore[arg-type]
            skin=(float(skin[0]), float(skin[1]), float(skin[2])),
            hair=list(Hair)[int(rng.integers(len(Hair)))],
            glasses=list(Glasses)[int(rng.integers(len(Glasses)))],
        )
        view = View(
            yaw=float(rng.uniform(-25, 25)),
            pitch=float(rng.uniform(-12, 12)),
            light=float(rng.uniform(-0.6, 0.6)),
            brightness=float(rng.uniform(0.7, 1.2)),
        )
        rgb = portrait(person, view, width=240, height=320, seed=number)
        made += named(engine, rgb)
    return made


def named(engine: Engine, rgb: Pixels) -> list[Sprite]:
    """Give the one face of a picture; none where there are more, or no face at all."""
    faces = engine.find(rgb, smallest=40)
    if len(faces) != 1:
        return []  # an unnamed second face would be taught to be none
    box, five = faces[0].box, faces[0].five
    across = five[0:2].mean(axis=0) - five[2:4].mean(axis=0)
    tilt = math.atan2(float(across[1]), float(across[0]))
    place = ((box.left + box.right) / 2, (box.top + box.bottom) / 2, float(box.width))
    return [sprite(rgb, place, tilt)]


def stocks(engine: Engine, backgrounds: Path) -> tuple[Stock, Stock]:
    """Give the stock to learn from and the one set aside: other people, other pictures."""
    known = [one for one in photos(faces_folder()) if one.of_one and for_training(one.person)]
    names = sorted({one.person for one in known})
    aside = set(random.Random(5).sample(names, len(names) // 12))
    sprites: dict[bool, list[Sprite]] = {False: [], True: []}
    scenery, things = screened(engine, backgrounds)
    for photo in known:
        with Image.open(photo.path) as image:
            rgb = np.asarray(image.convert("RGB"))
        sprites[photo.person in aside] += named(engine, rgb)
    sprites[False] += drawn(engine, np.random.default_rng(11))
    print(
        f"{len(sprites[False])} faces to learn from, {len(sprites[True])} set aside; "
        f"{len(scenery[False])} and {len(scenery[True])} backgrounds; {len(things)} things"
    )
    rng = np.random.default_rng(3)
    kept = []
    for a in (False, True):
        picks = rng.integers(0, len(scenery[a]), 400)
        decoys = [decoy(scenery[a][pick], rng) for pick in picks]
        kept.append(Stock(sprites=sprites[a], backgrounds=scenery[a], things=things, decoys=decoys))
    return kept[0], kept[1]


def screened(engine: Engine, folder: Path) -> tuple[dict[bool, list[Pixels]], list[Image.Image]]:
    """Read backgrounds (by whether they are set aside) and things; none may show a face."""
    scenery: dict[bool, list[Pixels]] = {False: [], True: []}
    things: list[Image.Image] = []
    kinds = {".jpg", ".jpeg", ".png", ".webp"}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in kinds or not for_training(path.name):
            continue
        with Image.open(path) as image:
            if image.mode == "RGBA" and 60 < min(image.size) < 1000:
                thing = image.copy()
                thing.thumbnail((160, 160))
                if not engine.find(np.asarray(thing.convert("RGB")), smallest=32):
                    things.append(thing)
                continue
            if max(image.size) < 2 * SIDE or image.mode not in {"RGB", "L"}:
                continue
        sizes = background(path)
        if sizes and not engine.find(sizes[0], smallest=40):
            held = int(hashlib.sha256(path.name.encode()).hexdigest()[8:16], 16) % 8 == 0
            scenery[held].extend(sizes)
    return scenery, things


def batches(stock: Stock, seed: int, steps: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    data = Scenes(stock, seed, steps * BATCH)
    loader = torch.utils.data.DataLoader(data, batch_size=BATCH, num_workers=2, prefetch_factor=3)
    for pixels, wanted, weight in loader:
        yield pixels.float() / 256, wanted, weight


def train(stock: Stock, engine: Engine, seed: int, steps: int) -> Proposer:
    """Train for so many steps of 24 scenes, the second half of them on harder ones."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network: Proposer = Proposer().to(memory_format=torch.channels_last)
    steady = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_KEPT), use_buffers=True
    )
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, steps, pct_start=0.08)
    began, seen, step = time.monotonic(), 0.0, 0
    for part in (0, 1):
        if part:
            stock = harder(steady.module, stock, engine)
        for pixels, wanted, weight in batches(stock, seed + part, steps // 2):
            out = network(pixels.to(memory_format=torch.channels_last))
            cost = loss(out, wanted, weight)
            optimiser.zero_grad()
            cost.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            steady.update_parameters(network)
            seen = 0.98 * seen + 0.02 * float(cost.detach())
            step += 1
            if step % 100 == 0:
                took = time.monotonic() - began
                print(f"{step} of {steps}: loss {seen:.3f}, {took:.0f} s", flush=True)
    kept: Proposer = steady.module.eval()
    return kept


def harder(network: Proposer, stock: Stock, engine: Engine) -> Stock:
    """Add what the network takes for faces where there are none, by the detector's close look."""
    network.eval()
    places: list[tuple[float, int, tuple[float, float, float]]] = []
    for which, rgb in enumerate(stock.backgrounds):
        rows, columns = (side // 16 * 16 for side in rgb.shape[:2])
        part = np.ascontiguousarray(rgb[:rows, :columns].transpose(2, 0, 1))
        with torch.no_grad():
            out = network(torch.from_numpy(part)[None].float() / 256)[0]
        places += [(chance, which, (x, y, width)) for chance, x, y, width in peaks(out, _SURE)]
    places.sort(reverse=True)
    kept = [
        (which, place)
        for _, which, place in places[:MINED]
        if not shows_face(engine, stock.backgrounds[which], place)
    ]
    print(f"{len(places)} places of backgrounds are taken for faces; {len(kept)} are kept")
    decoys = [decoy_at(stock.backgrounds[which], place) for which, place in kept[:600]]
    hard = [(which, round(x), round(y)) for which, (x, y, _) in kept]
    return replace(stock, hard=hard, decoys=[*stock.decoys, *decoys])


def shows_face(engine: Engine, rgb: Pixels, place: tuple[float, float, float]) -> bool:
    """Look at a place (centre x, y and width) so closely that a small face would be seen."""
    x, y, width = place
    reach = 1.5 * width
    around = (round(x - reach), round(y - reach), round(x + reach), round(y + reach))
    part = Image.fromarray(rgb).crop(around)
    return bool(engine.find(np.asarray(part.resize((240, 240))), smallest=56))


def peaks(out: Tensor, least: float) -> Iterator[tuple[float, float, float, float]]:
    """Give what the network answers (6, r, c) as chance, x, y and width in px."""
    chance = out[0].sigmoid()
    found = (chance == functional.max_pool2d(chance[None], 3, 1, 1)[0]) & (chance > least)
    for row, column in found.nonzero().tolist():
        one = out[:, row, column].tolist()
        x, y = (column + one[2]) * CELL, (row + one[3]) * CELL
        yield float(chance[row, column]), x, y, math.exp(one[1])


def judged(network: Proposer, stock: Stock, scenes: int) -> None:
    """Print the recall on the stock set aside, by width and turn, at several thresholds."""
    rows: list[tuple[float, float, float]] = []
    false: list[float] = []
    for index in range(scenes):
        rgb, labels = scene(stock, np.random.default_rng([99, index]))
        pixels = torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))[None].float() / 256
        with torch.no_grad():
            out = network(pixels)[0]
        found = np.array([*peaks(out, 0.02)]).reshape(-1, 4)
        score, x, y, width = found.T
        used = np.zeros(len(score), bool)
        for one in labels:
            near = (np.hypot(x - one.x, y - one.y) < 0.35 * one.width) & (
                np.abs(np.log(width / one.width)) < 0.4
            )
            used |= np.hypot(x - one.x, y - one.y) < 0.8 * one.width
            if one.clear:
                rows.append((one.width, abs(one.turn), float(score[near].max(initial=0))))
        false.extend(score[~used])
    table = np.array(rows)
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.3):
        hit = table[:, 2] > threshold
        per = [
            f"{hit[(table[:, 0] >= a) & (table[:, 0] < b)].mean():.3f}"
            for a, b in ((14, 18), (18, 25), (25, 35), (35, 46))
        ]
        turn = [
            f"{hit[(table[:, 1] >= a) & (table[:, 1] < b)].mean():.3f}"
            for a, b in ((0, 0.4), (0.4, 1), (1, 2), (2, 3.2))
        ]
        print(
            f"over {threshold}: by width 14-18-25-35-46 {per}, by turn 0-23-57-115-180 {turn}, "
            f"{(np.array(false) > threshold).sum() / scenes:.2f} false a scene"
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--backgrounds", type=Path, required=True)
    asked.add_argument("--steps", type=int, default=6600)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--out", type=Path, default=WEIGHTS)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        engine = open_engine(cache=Path(cache))
    learn, aside = stocks(engine, given.backgrounds)
    network = train(learn, engine, given.seed, given.steps)
    network = network.to(memory_format=torch.contiguous_format)
    judged(network, aside, 400)
    data = graph(network)
    given.out.write_bytes(data)
    count = sum(one.numel() for one in network.parameters())
    print(f"{count} parameters, {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
