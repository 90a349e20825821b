"""Whether a picture's grade agrees with what it claims: how near it lies to its owner's others.

    uv run python -m bench.usefulness [--people 60]

Pictures of LFW of people with six or more, of the half that nothing was chosen on; the limits of
`exposure.usefulness` were chosen on the other half. Three pictures of each person are made smaller,
blurred, darker, brighter and lit from one side, step by step; turns are those that the pictures
have. Each picture is graded by what it shows of the face alone (the distance to the references is a
part of the grade too, and left out here: it would agree with itself), and its distance is that to
the mean of the same person's other pictures, as they are. Prints for each step the median distance
and the share of each grade, then Spearman's rank correlation of grade and distance.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.encodings import OWNERS, middle
from bench.people import by_person, faces_folder, for_training, photos, write_figures
from selfcheck.exposure.usefulness import of_face
from selfcheck.faces import Engine, Face, enlarged, open_engine, quality
from selfcheck.model import Level
from selfcheck.pictures import Unreadable, decode

Picture = NDArray[np.uint8]
MOST = 10  # pictures of one person
CHANGED = 3  # of them are degraded
STEPS = {
    "width, px": (80, 60, 45, 32, 24, 18),
    "blur, widths": (0.03, 0.06, 0.1),
    "darker, times": (0.5, 0.25, 0.1, 0.05),
    "brighter, times": (1.6, 2.5, 4.0),
    "other side, times": (0.6, 0.3, 0.1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One picture: how it was changed, its turn in degrees, its grade, and its distance."""

    change: str
    step: float
    yaw: float
    level: Level
    distance: float


def degraded(rgb: Picture, face: Face, change: str, step: float) -> tuple[Picture, Face]:
    """Change a picture; give it with the face where it now is."""
    from PIL import Image, ImageFilter

    image = Image.fromarray(rgb)
    if change == "width, px":
        scale = step / face.box.width
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        return np.asarray(image.resize(size, Image.Resampling.LANCZOS)), enlarged(face, scale)
    if change == "blur, widths":
        return np.asarray(image.filter(ImageFilter.GaussianBlur(step * face.box.width))), face
    light = rgb * np.asarray(step)
    if change == "darker, times":  # with the noise that a camera adds in the dark
        light = light + np.random.default_rng(1).normal(0, 3, rgb.shape)
    if change == "other side, times":
        across = np.clip((np.arange(rgb.shape[1]) - face.box.left) / face.box.width, 0, 1)
        light = rgb * (1 - (1 - step) * across)[None, :, None]
    return np.clip(light, 0, 255).astype(np.uint8), face


def of_person(engine: Engine, paths: list[Path]) -> Iterator[Seen]:
    """Look at a person's pictures as they are, and at some of them degraded."""
    found = []
    for path in paths[:MOST]:
        still = decode(path.read_bytes())
        face = None if isinstance(still, Unreadable) else middle(engine, still.rgb)
        if face is not None and not isinstance(still, Unreadable):
            found.append((still.rgb, face))
    if len(found) < OWNERS:
        return
    encodings = np.stack([engine.encode_both(rgb, [face])[0] for rgb, face in found])
    for number, (rgb, face) in enumerate(found):
        others = np.delete(encodings, number, axis=0).mean(axis=0)
        yield _seen(engine, (rgb, face), others, ("as it is", 0))
        for change, steps in STEPS.items() if number < CHANGED else ():
            for step in steps:
                changed = degraded(rgb, face, change, step)
                yield _seen(engine, changed, others, (change, step))


def _seen(
    engine: Engine,
    shown: tuple[Picture, Face],
    others: NDArray[np.float32],
    how: tuple[str, float],
) -> Seen:
    rgb, face = shown
    measured = quality(rgb, face)
    return Seen(
        change=how[0],
        step=how[1],
        yaw=abs(measured.yaw),
        level=min(part.level for part in of_face(measured)),
        distance=float(np.linalg.norm(engine.encode_both(rgb, [face])[0] - others)),
    )


def correlation(rows: list[Seen]) -> float:
    """Give Spearman's rank correlation of grade and distance; ties get the mean of their ranks."""
    levels = _ranks(np.array([float(row.level) for row in rows]))
    return float(np.corrcoef(levels, _ranks(np.array([row.distance for row in rows])))[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[place], np.float64)


def report(rows: list[Seen]) -> None:
    groups: dict[tuple[str, float], list[Seen]] = defaultdict(list)
    for row in rows:
        groups[row.change, row.step].append(row)
        if row.change == "as it is":
            turned = next(end for end in (10, 20, 40, 90) if row.yaw <= end)
            groups["turned, to degrees", turned].append(row)
    print(f"{'change':20}{'step':>7}{'pictures':>10}{'distance':>10}  little, some, much use")
    figures = []
    for (change, step), of in sorted(groups.items()):
        shares = [sum(row.level is level for row in of) / len(of) for level in Level]
        distance = float(np.median([row.distance for row in of]))
        figures.append((change, step, len(of), distance, *shares))
        said = ", ".join(f"{share:.0%}" for share in shares)
        print(f"{change:20}{step:7g}{len(of):10}{distance:10.3f}  {said}")
    natural = [row for row in rows if row.change == "as it is"]
    both = correlation(rows), correlation(natural)
    print(
        f"rank correlation {both[0]:.2f} over {len(rows)}, {both[1]:.2f} over {len(natural)} as is"
    )
    for level in Level:
        far = [row.distance for row in rows if row.level is level]
        print(f"{level.name.lower():6} median distance {np.median(far):.3f} of {len(far)}")
    write_figures("usefulness", {"rows": figures, "all": both[0], "as they are": both[1]})


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--people", type=int, default=60)
    given = asked.parse_args()
    people = {
        name: [photo.path for photo in of]
        for name, of in sorted(by_person(photos(faces_folder())).items())
        if len(of) >= OWNERS and not for_training(name)
    }
    rows: list[Seen] = []
    with tempfile.TemporaryDirectory() as cache:
        engine = open_engine(cache=Path(cache))
        for number, (_, paths) in enumerate(list(people.items())[: given.people], start=1):
            rows += of_person(engine, paths)
            print(f"\r{number} people", end="", flush=True)
    print("\r", end="")
    report(rows)


if __name__ == "__main__":
    main()
