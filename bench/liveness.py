"""How the live check answers drawn people and drawn attacks, each doing the right steps.

    uv run python -m bench.liveness [--films 60] [--kinds living "photo, tilted" ...]

Rendered heads, not people: of people these figures say nothing. Each film is a whole check of some
12 to 25 seconds at eight pictures a second, led by the real director through the real networks. Its
landmarks, encodings and light are kept in bench/out/liveness (of people who do not exist), where
other limits are judged in seconds; how each was judged is kept in bench/liveness_judged.json, with
a digest of all that decides it, so that a run that was stopped goes on, on another machine too.

Every film shows somebody else, drawn at random and moderate in shape. Where two people must be told
apart they are of the demo's cast, without the three whose shapes or glasses lead the 68 landmarks
astray: they are refused whatever they do, which would flatter the attacks' figures. Glasses have a
row of their own, because the drawn ones have frames so heavy that lids and mouth are lost beside
them.

Attacks are led on past the test that is to refuse them, so that they show all they can. Prints, by
kind, the share that was accepted with its 95 % upper bound (Clopper and Pearson, 1934), why the
others were refused, and how many pass when only the named test is left out. A film takes a core 15
seconds: two hours on two cores for sixty of each.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import pickle
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.people import OUT, ROOT, write_figures
from selfcheck.demo.impostors import (
    Accompanied,
    Held,
    Living,
    OnScreen,
    Photo,
    Subject,
    Swapped,
    mixture,
)
from selfcheck.demo.owner import REFERENCES
from selfcheck.demo.people import PEOPLE, Glasses, Hair, Person, portrait
from selfcheck.demo.viewfinder import DrawnViewfinder
from selfcheck.flows import live_witness, worker
from selfcheck.flows.crew import Setup
from selfcheck.identity import Aspect, Challenge, Phase, Session, accept_live, draw

PLACE = OUT / "liveness"
JUDGED = ROOT / "bench" / "liveness_judged.json"
# What a film depends on: the renderer, the networks and the director. And what its verdict does.
FILMED = ("demo", "faces", "identity/director.py", "identity/steps.py", "identity/pose.py",
          "flows/live_witness.py")  # fmt: skip
DECIDING = ("demo", "faces", "identity", "flows/live_witness.py")
# Lies among them and measures references and matches: no film passes through it.
UNSEEN = frozenset({"faces/__init__.py", "faces/quality.py"})
PER_SECOND = 8
NOW = datetime(2026, 1, 1, tzinfo=UTC)


Job = tuple[str, int]  # kind, seed
Judged = tuple[str, bool, float]  # why refused, passed without the named test, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of film: what stands there, and the test that is to refuse it (None: nobody is)."""

    made: Callable[[Random, int], tuple[Subject, Person]]  # and whose profile it is held against
    refused_by: Aspect | None
    light: bool = False


# The cast without those whom the landmarks lose.
TOLD_APART = tuple(one for one in PEOPLE if one.name not in {"Dora", "Emil", "Imani"})
# The sliders of skull and features.
SHAPES = tuple(one.name for one in fields(Person) if one.type == "float")[:-5]
SPREAD = 0.4  # standard deviation of a shape's sliders, which run from -1 to 1
SKINS = tuple({one.skin: None for one in PEOPLE})
HAIRS = tuple({one.hair_colour: None for one in PEOPLE})
IRISES = tuple({one.iris: None for one in PEOPLE})


def anyone(seed: int, *, glasses: bool = False) -> Person:
    """Draw somebody at random."""
    random = Random(f"person {seed}")
    sliders: Any = {name: max(-1.0, min(1.0, random.gauss(0, SPREAD))) for name in SHAPES}
    bearded = random.random() < 0.2
    return Person(
        name=f"No. {seed}",
        seed=random.randrange(100_000),
        **sliders,
        skin=random.choice(SKINS),
        hair_colour=random.choice(HAIRS),
        iris=random.choice(IRISES),
        rouge=random.uniform(0.2, 0.7),
        age=random.uniform(0, 0.8),
        beard=random.uniform(0.3, 0.9) if bearded else 0.0,
        hair=random.choice(tuple(Hair)),
        glasses=random.choice((Glasses.ROUND, Glasses.SQUARE)) if glasses else Glasses.NONE,
    )


def _living(random: Random, seed: int, person: Person, *, lit: bool = True) -> Living:
    found = Living(person, seed, soonest=0.3, latest=0.6)
    if lit:
        found.light, found.brightness = random.uniform(-0.6, 0.6), random.uniform(0.7, 1.15)
    return found


def _two(random: Random, seed: int) -> tuple[Person, Person]:
    one = TOLD_APART[seed % len(TOLD_APART)]
    return one, random.choice([other for other in TOLD_APART if other is not one])


def _photo(**how: float | bool) -> Callable[[Random, int], tuple[Subject, Person]]:
    def made(_random: Random, seed: int) -> tuple[Subject, Person]:
        return Photo(anyone(seed), seed, **how), anyone(seed)  # type: ignore[arg-type]

    return made


def _earlier(random: Random, seed: int) -> tuple[Subject, Person]:
    """Film another challenge of the same person, and play it on a screen whatever is asked."""
    other = draw(random).steps
    times = {2.0 + 2.6 * number: step.value for number, step in enumerate(other)}
    return OnScreen(_living(random, seed, anyone(seed)), asked=times), anyone(seed)


def _swapped(random: Random, seed: int) -> tuple[Subject, Person]:
    one, other = _two(random, seed)
    return Swapped(one, other, seed, after=random.randint(1, 4)), one


def _beside(random: Random, seed: int) -> tuple[Subject, Person]:
    one, other = _two(random, seed)
    return Accompanied(one, other, seed, joins=random.uniform(4, 9)), one


def _wrong(random: Random, seed: int) -> tuple[Subject, Person]:
    one, other = _two(random, seed)
    return _living(random, seed, other), one


def _mixed(random: Random, seed: int) -> tuple[Subject, Person]:
    one, other = _two(random, seed)
    return _living(random, seed, mixture(one, other)), one


KINDS = {
    "living": Kind(
        made=lambda random, seed: (_living(random, seed, anyone(seed)), anyone(seed)),
        refused_by=None,
        light=True,
    ),
    "living, in heavy glasses": Kind(
        made=lambda random, seed: (
            _living(random, seed, anyone(seed, glasses=True)),
            anyone(seed, glasses=True),
        ),
        refused_by=None,
        light=True,
    ),
    "photos of every pose": Kind(
        made=lambda _random, seed: (Held(anyone(seed), seed), anyone(seed)),
        refused_by=Aspect.CONTINUOUS,
    ),
    "photo, tilted": Kind(made=_photo(), refused_by=Aspect.DEPTH),
    "photo, waved": Kind(made=_photo(waved=True), refused_by=Aspect.DEPTH),
    "photo, bent to 150 mm": Kind(made=_photo(bend=150), refused_by=Aspect.DEPTH),
    "photo, bent to 75 mm": Kind(made=_photo(bend=75), refused_by=Aspect.DEPTH),
    "photo, eyes and mouth cut out": Kind(made=_photo(cut=True), refused_by=Aspect.DEPTH),
    "earlier film on a screen": Kind(made=_earlier, refused_by=Aspect.STEPS, light=True),
    "film on a screen, steps on demand": Kind(
        made=lambda random, seed: (OnScreen(_living(random, seed, anyone(seed))), anyone(seed)),
        refused_by=Aspect.LIGHT,
        light=True,
    ),
    "swapped midway": Kind(made=_swapped, refused_by=Aspect.SAME),
    "two people": Kind(made=_beside, refused_by=Aspect.ALONE),
    "wrong person": Kind(made=_wrong, refused_by=Aspect.PERSON),
    "mixture of two heads": Kind(made=_mixed, refused_by=Aspect.PERSON),
}


def judged(job: Job) -> tuple[Job, Judged]:
    """Make one film, unless it is there already, and judge it."""
    name, seed = job
    kind, path = KINDS[name], PLACE / _version(FILMED) / f"{re.sub('[ ,]+', '-', name)}-{seed}.film"
    if path.exists():
        session, references = pickle.loads(path.read_bytes())
    else:
        random = Random(f"{name} {seed}")
        subject, person = kind.made(random, seed)
        challenge = replace(draw(random, now=NOW), pauses=(0.3,) * 6)
        references = _references(person)
        session = _sat(subject, challenge, references, kind)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(pickle.dumps((session, references)))
        temporary.replace(path)
    found = accept_live(session, references=references, now=NOW)
    refusal = found.verdict.refusal
    left_out = () if kind.refused_by is None else (kind.refused_by,)
    without = accept_live(session, references=references, now=NOW, left_out=left_out)
    seconds = session.frames[-1].seconds - (session.script.begins or 0.0)
    return job, (refusal.name if refusal else "", without.passed, round(seconds, 1))


def _sat(
    subject: Subject, challenge: Challenge, references: NDArray[np.float32], kind: Kind
) -> Session:
    left_out = () if kind.refused_by is None else (kind.refused_by,)
    finder = DrawnViewfinder(subject, per_second=PER_SECOND)
    finder.show(live_witness.begin(challenge, references, kind.light, left_out))
    for shot in finder.frames():
        cue = live_witness.look(shot.data, shot.seconds)
        finder.show(cue)
        if cue.phase is Phase.JUDGING:
            break
    return live_witness.session()


@cache
def _references(person: Person) -> NDArray[np.float32]:
    eyes = worker.engine()
    found = []
    for seed, view in enumerate(REFERENCES):
        rgb = portrait(person, view, seed=100 + seed)
        found.append(eyes.encode(rgb, eyes.find(rgb))[0])
    return np.stack(found)


@cache
def _version(sources: tuple[str, ...]) -> str:
    """Name a state of these files and folders."""
    digest = hashlib.sha256()
    for name in sources:
        path = ROOT / "selfcheck" / name
        for each in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if each.relative_to(ROOT / "selfcheck").as_posix() not in UNSEEN:
                digest.update(each.read_bytes())
    return digest.hexdigest()[:12]


def _enter(cache_folder: str) -> None:
    worker._setup = Setup(engine="onnx", cache=Path(cache_folder))  # noqa: SLF001 -- as a worker is set up


def upper_bound(accepted: int, films: int) -> float:
    """Give the 95 % upper bound of a share (Clopper and Pearson), one-sided, by bisection."""
    if accepted >= films:
        return 1.0
    low, high = accepted / films, 1.0
    for _ in range(60):
        share = (low + high) / 2
        low, high = (share, high) if _at_most(accepted, films, share) > 0.05 else (low, share)
    return high


def _at_most(count: int, films: int, share: float) -> float:
    from math import comb

    return sum(comb(films, k) * share**k * (1 - share) ** (films - k) for k in range(count + 1))


def report(names: Sequence[str], rows: Mapping[Job, Judged]) -> None:
    """Print a line for each kind, and write the figures down."""
    print(
        "\nRendered heads, not people.\n"
        f"{'':36}{'films':>6}{'accepted':>9}{'bound':>8}  without the test named for it; refused by"
    )
    figures = {}
    for name in names:
        found = [row for (kind, _), row in rows.items() if kind == name]
        if not found:
            continue
        figures[name] = row = _row(found, KINDS[name])
        named = KINDS[name].refused_by
        without = f"{row['without']:3} pass without {named.name.lower()}" if named else ""
        print(
            f"{name:36}{row['films']:6}{row['accepted']:9}{row['bound']:8.1%}  {without}; "
            + ", ".join(f"{count} {reason}" for reason, count in row["reasons"])
        )
    write_figures("liveness", {"version": _version(DECIDING), "kinds": figures})


def _row(found: Sequence[Judged], kind: Kind) -> dict[str, Any]:
    reasons = Counter(reason for reason, _, _ in found)
    accepted = reasons.pop("", 0)
    counted = accepted if kind.refused_by else len(found) - accepted
    return {
        "films": len(found),
        "accepted": accepted,
        "bound": upper_bound(counted, len(found)),
        "without": sum(passed for _, passed, _ in found),
        "reasons": reasons.most_common(),
        "seconds, median": float(np.median([seconds for _, _, seconds in found])),
    }


def known() -> dict[Job, Judged]:
    """Read how films were judged by this very state of the program."""
    if not JUDGED.exists():
        return {}
    kept = json.loads(JUDGED.read_text())
    if kept["version"] != _version(DECIDING):
        return {}
    return {
        (name, int(seed)): tuple(row)
        for name, of in kept["films"].items()
        for seed, row in of.items()
    }


def keep(rows: Mapping[Job, Judged]) -> None:
    """Write down how films were judged: a line a kind."""
    lines = []
    for name in KINDS:
        of = {seed: row for (kind, seed), row in sorted(rows.items()) if kind == name}
        if of:
            lines.append(f"{json.dumps(name)}: {json.dumps(of, separators=(',', ':'))}")
    text = f'{{"version": "{_version(DECIDING)}", "films": {{\n' + ",\n".join(lines) + "\n}}\n"
    temporary = JUDGED.with_suffix(".new")
    temporary.write_text(text)
    temporary.replace(JUDGED)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--films", type=int, default=60)
    asked.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    asked.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = asked.parse_args()
    (PLACE / _version(FILMED)).mkdir(parents=True, exist_ok=True)
    rows = known()
    jobs = [
        (name, seed)
        for seed in range(given.films)
        for name in given.kinds
        if (name, seed) not in rows
    ]
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as cache_folder,
        ProcessPoolExecutor(
            given.workers, mp_context=context, initializer=_enter, initargs=(cache_folder,)
        ) as pool,
    ):
        for number, (job, row) in enumerate(pool.map(judged, jobs), start=1):
            rows[job] = row
            keep(rows)
            print(f"\r{number} of {len(jobs)}: {job[0]} {job[1]}      ", end="", flush=True)
    report(given.kinds, {job: row for job, row in rows.items() if job[1] < given.films})


if __name__ == "__main__":
    main()
