"""How rough the rough networks are, and the ranges that they are made with.

    uv run python -m bench.rough [--pictures 1200] [--write]

Ranges come from pictures of the training half in SELFCHECK_FACES: faces as they are and mirrored
for the encoder, places that may hold a face for the detector. How far rough answers lie off the
true ones is measured on the other half: distances between all faces and fifty templates of one
picture each, where they may decide (nearer than 0.8), and the detector's best score of each place.
`--write` writes selfcheck/faces/ranges.py.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.people import ROOT, Photo, faces_folder, for_training, photos, write_figures
from selfcheck import pictures
from selfcheck.faces import LEVELS, ROUGHLY, align, confirm, detect, mirrored, propose
from selfcheck.faces.dlib_format import Layer, Network, read_detector, read_encoder
from selfcheck.faces.graphs import Graph, detector_graph, encoder_graph, filled, folded
from selfcheck.faces.onnx_engine import OnnxEngine
from selfcheck.faces.rough import Range, held, rough_detector_graph, rough_encoder_graph
from selfcheck.faces.runtime import runner
from selfcheck.faces.weights import Weights, read

PLACE = ROOT / "selfcheck" / "faces" / "ranges.py"
BATCH = 16
_DECIDES = 0.8
_PARTS = {"0.01 %": 0.01, "1 %": 1.0, "median": 50.0, "99 %": 99.0, "99.99 %": 99.99}
_WRITTEN = '''"""The ranges over which values flow in the networks, by bench/rough.py on {date}.

Least and largest value on {faces} faces and {places} places of pictures of people on whom nothing
is measured. They tell of the networks, not of a face.
"""

from __future__ import annotations

from typing import Final

# fmt: off
ENCODER: Final = (
{encoder}
)
DETECTOR: Final = (
{detector}
)
# fmt: on
'''
Pixels: TypeAlias = NDArray[np.uint8]
Run: TypeAlias = Callable[[Pixels], NDArray[np.float32]]


def gathered(engine: OnnxEngine, taken: Sequence[Photo]) -> tuple[Pixels, Pixels]:
    """Cut faces out of pictures (n, 150, 150, 3), and places that may hold one (n, 124, 124, 3)."""
    chips, crops = [], []
    for photo in taken:
        with Image.open(photo.path) as image:
            rgb = np.asarray(image.convert("RGB"))
        faces = engine.find(rgb)
        if len(faces) == 1:
            chips.append(align.chips(rgb, faces)[0])
            chips.append(align.chips(*mirrored(rgb, faces))[0])
        levels = [rgb, *pictures.smaller(rgb, LEVELS)]
        size = (rgb.shape[0], rgb.shape[1])
        places = propose.propose(engine.proposer, size, levels[1:], likely=propose.UNLIKELY)
        crops += [confirm.crop(levels, place, 124, 124 / 79) for place in places]
    return np.stack(chips), np.stack(crops)


def measured(layers: Sequence[Layer], side: int, pixels: Pixels) -> list[Range]:
    """Give the least and the largest value that flows out of each layer that is held."""
    ranges: list[Range] = []
    for number, holds in enumerate(held(layers)):
        if holds:
            graph = Graph(side=side)
            for layer in layers[: number + 1]:
                graph.append(layer)
            run = runner(graph.finished(["n", side, side, 3], "values", ["n", "c", "h", "w"]))
            values = list(batched(run, pixels))
            low, high = min(one.min() for one in values), max(one.max() for one in values)
            ranges.append((float(low), float(high)))
    return ranges


def batched(run: Run, pixels: Pixels) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(pixels), BATCH):
        yield run(pixels[start : start + BATCH])


def seconds(run: Run, pixels: Pixels) -> float:
    """Give the median seconds of twenty runs."""
    took = []
    for _ in range(22):
        began = time.perf_counter()
        run(pixels)
        took.append(time.perf_counter() - began)
    return float(np.median(took[2:]))


def distances(full: Run, rough: Run, chips: Pixels) -> NDArray[np.floating]:
    """Give rough distances less true ones, where they may decide."""
    true, near = (np.concatenate(list(batched(run, chips))) for run in (full, rough))
    templates = true[:: max(1, len(true) // 50)]
    apart = np.stack([np.linalg.norm(true - one, axis=1) for one in templates])
    off = np.stack([np.linalg.norm(near - one, axis=1) for one in templates]) - apart
    # A face's distance from itself has no use.
    return np.asarray(off[(apart > 0) & (apart < _DECIDES)])


def scores(full: Run, rough: Run, crops: Pixels) -> NDArray[np.floating]:
    """Give rough best scores less true ones."""
    best = [
        np.concatenate([one.max(axis=(1, 2)) for one in batched(run, crops)])
        for run in (full, rough)
    ]
    return np.asarray(best[1] - best[0])


def shown(name: str, off: NDArray[np.floating], allowed: float) -> dict[str, float]:
    found = {part: float(np.percentile(off, value)) for part, value in _PARTS.items()}
    found |= {"count": len(off), "least": float(off.min()), "most": float(off.max())}
    found["beyond"] = int((np.abs(off) > allowed).sum())
    print(f"\n{name}: {len(off):,}, rough less true; {found['beyond']} beyond {allowed}")
    for part in (*_PARTS, "least", "most"):
        print(f"  {part:>8} {found[part]:+.4f}")
    return found


def timed(name: str, full: Run, rough: Run, pixels: Pixels) -> dict[str, float]:
    took = {"ms": seconds(rough, pixels), "ms in full": seconds(full, pixels)}
    took = {what: 1000 * value / len(pixels) for what, value in took.items()}
    print(
        f"{name} in a batch of {len(pixels)}: {took['ms']:.2f} ms, in full {took['ms in full']:.2f}"
    )
    return took


def rows(ranges: Sequence[Range]) -> str:
    return "\n".join(f"    ({low:.4f}, {high:.4f})," for low, high in ranges)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--pictures", type=int, default=1200)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    known = [one for one in photos(faces_folder()) if one.of_one]
    known = [known[index] for index in np.random.default_rng(5).permutation(len(known))]
    halves = [[one for one in known if for_training(one.person) == half] for half in (True, False)]
    with tempfile.TemporaryDirectory() as cache:
        engine = OnnxEngine.open(cache=Path(cache))
        (faces, places), (chips, crops) = (
            gathered(engine, half[: given.pictures // 2]) for half in halves
        )
    encoder, detector = read_encoder(read(Weights.ENCODER)), read_detector(read(Weights.DETECTOR))
    of_encoder = measured(folded(encoder), encoder.side, faces)
    of_detector = measured(filled(folded(detector))[:-1], 124, places)
    if given.write:
        PLACE.write_text(
            _WRITTEN.format(
                date=np.datetime64("today"),
                faces=len(faces),
                places=len(places),
                encoder=rows(of_encoder),
                detector=rows(of_detector),
            )
        )
    compare(encoder, detector, (of_encoder, of_detector), (chips, crops))


def compare(
    encoder: Network,
    detector: Network,
    ranges: tuple[Sequence[Range], Sequence[Range]],
    pixels: tuple[Pixels, Pixels],
) -> None:
    chips, crops = pixels
    full, rough = runner(encoder_graph(encoder)), runner(rough_encoder_graph(encoder, ranges[0]))
    figures: dict[str, object] = {
        "distances": shown("distances", distances(full, rough, chips), ROUGHLY),
        "encoder": timed("a face", full, rough, chips[:4]),
    }
    full = runner(detector_graph(detector))
    rough = runner(rough_detector_graph(detector, ranges[1]))
    figures |= {
        "scores": shown("scores", scores(full, rough, crops), detect.ROUGHLY),
        "detector": timed("a place", full, rough, crops[:8]),
    }
    write_figures("rough", figures)


if __name__ == "__main__":
    main()
