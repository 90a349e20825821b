"""Train the small network that proposes where faces are; the detector confirms every one.

    uv run --with torch python -m bench.train_proposals --backgrounds FOLDER [--steps 3300]

Faces: the people of the training half in SELFCHECK_FACES. Backgrounds: pictures without people,
those of the training half in FOLDER, searched through for JPEG, PNG and WebP; docs/speed.md names
the ones the shipped weights were made with. Cut-out things (PNG with transparency) in FOLDER lie
about in the scenes. Everything drawn is seeded. Writes selfcheck/faces/proposals.onnx and
prints its SHA-256, which selfcheck/faces/propose.py names, and the recall on people and backgrounds
that were set aside. About an hour on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from bench.people import faces_folder, for_training, photos
from bench.proposal_scenes import (
    CELL,
    SIDE,
    Label,
    Pixels,
    Sprite,
    Stock,
    background,
    decoy,
    scene,
    sprite,
)
from selfcheck.faces import Engine, open_engine

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = ROOT / "selfcheck" / "faces" / "proposals.onnx"
BATCH = 24
CHANNELS = 80
BLOCKS = 5
_OPSET, _IR = 17, 8


def depthwise(channels: int, out: int, stride: int, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, channels, size, stride, size // 2, groups=channels, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Conv2d(channels, out, 1, bias=False),
        nn.BatchNorm2d(out),
    )


class Proposer(nn.Module):
    """Pixels / 256 (n, 3, h, w) to (n, 6, h/8, w/8): face here, log width, dx, dy, cos, sin."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()
        )
        self.down = nn.Sequential(
            depthwise(16, 32, 2),
            nn.ReLU(),
            depthwise(32, 32, 1),
            nn.ReLU(),
            depthwise(32, CHANNELS, 2),
            nn.ReLU(),
        )
        self.blocks = nn.ModuleList(
            depthwise(CHANNELS, CHANNELS, 1, 5 if index % 2 else 3) for index in range(BLOCKS)
        )
        self.head = nn.Conv2d(CHANNELS, 6, 1)
        nn.init.zeros_(self.head.weight)
        with torch.no_grad():
            self.head.bias.copy_(torch.tensor([-4.0, math.log(26.0), 0.0, 0.0, 1.0, 0.0]))

    def forward(self, x: Tensor) -> Tensor:
        """Give logits and values for every cell."""
        x = self.down(self.stem(x))
        for block in self.blocks:
            x = functional.relu(x + block(x))
        out: Tensor = self.head(x)
        return out


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


def stocks(backgrounds: Path) -> tuple[Stock, Stock]:
    """Give the stock to learn from and the one set aside: other people, other pictures."""
    known = [one for one in photos(faces_folder()) if one.of_one and for_training(one.person)]
    names = sorted({one.person for one in known})
    aside = set(random.Random(5).sample(names, len(names) // 12))
    sprites: dict[bool, list[Sprite]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as cache:
        engine = open_engine(cache=Path(cache))
        scenery, things = screened(engine, backgrounds)
        for photo in known:
            with Image.open(photo.path) as image:
                rgb = np.asarray(image.convert("RGB"))
            faces = engine.find(rgb, smallest=40)
            if len(faces) != 1:
                continue  # an unnamed second face would be taught to be none
            box, five = faces[0].box, faces[0].five
            across = five[0:2].mean(axis=0) - five[2:4].mean(axis=0)
            tilt = math.atan2(float(across[1]), float(across[0]))
            place = ((box.left + box.right) / 2, (box.top + box.bottom) / 2, float(box.width))
            sprites[photo.person in aside].append(sprite(rgb, place, tilt))
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


def train(stock: Stock, seed: int, steps: int) -> Proposer:
    """Train for so many steps of 24 scenes."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network: Proposer = Proposer().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, steps, pct_start=0.08)
    began, seen = time.monotonic(), 0.0
    for step, (pixels, wanted, weight) in enumerate(batches(stock, seed, steps)):
        out = network(pixels.to(memory_format=torch.channels_last))
        cost = loss(out, wanted, weight)
        optimiser.zero_grad()
        cost.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        seen = 0.98 * seen + 0.02 * float(cost.detach())
        if step % 100 == 99:
            print(
                f"{step + 1} of {steps}: loss {seen:.3f}, {time.monotonic() - began:.0f} s",
                flush=True,
            )
    network.eval()
    return network


def graph(network: Proposer) -> bytes:
    """Write the network as ONNX: `pixels` uint8 (n, h, w, 3) to `cells` float32 (n, 6, r, c)."""
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[Any] = []
    constants: list[Any] = []

    def node(kind: str, inputs: list[str], **attributes: Any) -> str:  # noqa: ANN401 -- onnx
        nodes.append(helper.make_node(kind, inputs, [f"flow{len(nodes)}"], **attributes))
        return f"flow{len(nodes) - 1}"

    def constant(values: Tensor) -> str:
        constants.append(
            numpy_helper.from_array(values.detach().contiguous().numpy(), f"c{len(constants)}")
        )
        return f"c{len(constants) - 1}"

    def convolution(
        flow: str, conv: nn.Conv2d, norm: nn.BatchNorm2d | None, scale: float = 1.0
    ) -> str:
        weight = conv.weight * scale
        bias = conv.bias if conv.bias is not None else torch.zeros(conv.out_channels)
        if norm is not None:
            assert norm.running_var is not None
            assert norm.running_mean is not None
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight, bias = weight * gain.view(-1, 1, 1, 1), norm.bias - norm.running_mean * gain
        edge = int(conv.padding[0])
        return node(
            "Conv",
            [flow, constant(weight), constant(bias)],
            kernel_shape=list(conv.kernel_size),
            strides=list(conv.stride),
            pads=[edge] * 4,
            group=conv.groups,
        )

    def separable(flow: str, part: nn.Sequential) -> str:
        flow = node("Relu", [convolution(flow, part[0], part[1])])
        return convolution(flow, part[3], part[4])

    flow = node("Cast", [node("Transpose", ["pixels"], perm=[0, 3, 1, 2])], to=1)
    flow = node("Relu", [convolution(flow, network.stem[0], network.stem[1], 1 / 256)])
    for part in network.down:
        flow = node("Relu", [flow]) if isinstance(part, nn.ReLU) else separable(flow, part)
    for block in network.blocks:
        flow = node("Relu", [node("Add", [flow, separable(flow, block)])])
    convolution(flow, network.head, None)
    nodes[-1].output[0] = "cells"
    shown = helper.make_tensor_value_info
    whole = helper.make_graph(
        nodes,
        "proposals",
        [shown("pixels", TensorProto.UINT8, ["n", "h", "w", 3])],
        [shown("cells", TensorProto.FLOAT, ["n", 6, "rows", "columns"])],
        constants,
    )
    model = helper.make_model(
        whole, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR
    )
    return bytes(model.SerializeToString(deterministic=True))


def judged(network: Proposer, stock: Stock, scenes: int) -> None:
    """Print the recall on the stock set aside, by width and turn, at several thresholds."""
    rows: list[tuple[float, float, float]] = []
    false: list[float] = []
    for index in range(scenes):
        rgb, labels = scene(stock, np.random.default_rng([99, index]))
        pixels = torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))[None].float() / 256
        with torch.no_grad():
            out = network(pixels)[0]
        chance = out[0].sigmoid()
        peak = functional.max_pool2d(chance[None], 3, 1, 1)[0]
        found = (chance == peak) & (chance > 0.02)
        r, c = found.nonzero(as_tuple=True)
        score = chance[r, c].numpy()
        x = (c + out[2, r, c]).numpy() * CELL
        y = (r + out[3, r, c]).numpy() * CELL
        width = out[1, r, c].exp().numpy()
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
    asked.add_argument("--steps", type=int, default=3300)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--out", type=Path, default=WEIGHTS)
    given = asked.parse_args()
    learn, aside = stocks(given.backgrounds)
    network = train(learn, given.seed, given.steps).to(memory_format=torch.contiguous_format)
    judged(network, aside, 400)
    data = graph(network)
    given.out.write_bytes(data)
    count = sum(one.numel() for one in network.parameters())
    print(f"{count} parameters, {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
