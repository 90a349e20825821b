"""What many tests play with: an enrolled synthetic owner, a small export, and how to scan it."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from selfcheck.demo.camera import perform
from selfcheck.demo.owner import FRAMES_PER_SECOND, OTHERS, OWNER
from selfcheck.demo.people import Head, Person, View, portrait
from selfcheck.demo.screen import Clock, opening
from selfcheck.flows.report import make_report
from selfcheck.flows.scan import Options, Outcome, never, now, scan
from selfcheck.identity import Challenge, CodeSeries, PassphraseKeys, Step
from selfcheck.model import Band, OnEvent, Report, quiet
from selfcheck.pictures import Format, code_modules, save, write_film
from selfcheck.privacy.paths import Home
from selfcheck.reports import row

Frame = NDArray[np.uint8]
FOLDER = "Takeout/Google Photos"


@dataclass(frozen=True, slots=True)
class Owner:
    """A home in which the demo's owner is enrolled and verified, and what opens it."""

    home: Home
    keys: PassphraseKeys
    photos: tuple[Path, ...]
    film: Path
    passphrase_file: Path
    cache: Path

    def environment(self) -> dict[str, str]:
        """Give the variables with which a command works in this home."""
        return {
            "SELFCHECK_HOME": str(self.home.root),
            "SELFCHECK_PASSPHRASE_FILE": str(self.passphrase_file),
        }

    def forget_scans(self) -> None:
        """Remove the ledger, so that the next scan begins with none."""
        for suffix in ("", "-journal"):
            self.home.ledger.with_name(self.home.ledger.name + suffix).unlink(missing_ok=True)


class Footage:
    """Each step of a challenge filmed once, and films cut together from them.

    Drawing takes most of a test's time, and every challenge is made of the same seven steps.
    """

    def __init__(self, person: Person) -> None:
        """Draw nothing yet."""
        self._head = Head(person)
        self._steps: dict[Step, list[Frame]] = {}

    def frames(self, steps: Sequence[Step]) -> list[Frame]:
        """Give the frames of these steps in their order, calm before, between and after."""
        return [frame for step in steps for frame in self._step(step)]

    def screen(self, codes: CodeSeries) -> Iterator[Frame]:
        """Film a screen that shows the next codes, and the way from there to the person."""
        return opening(self._head, lambda: code_modules(codes.show()), per_second=FRAMES_PER_SECOND)

    def _step(self, step: Step) -> list[Frame]:
        if step not in self._steps:
            seed = list(Step).index(step)
            self._steps[step] = list(perform(self._head, [step], seed=1000 * seed))
        return self._steps[step]


# Makes a film of what is asked for: its frames, one after the other.
Play = Callable[[Challenge, CodeSeries], Iterable[Frame]]


@dataclass(slots=True)
class Filming:
    """Answers a challenge with a film, made by a clock of its own without waiting.

    created: what the file says, when it was made if nothing else. late: how long it takes from the
    film's end until it is handed over.
    """

    path: Path
    play: Play
    created: datetime | None = None
    late: timedelta = timedelta(0)
    clock: Clock = field(default_factory=lambda: Clock(now() - timedelta(minutes=1)))

    def __call__(self, challenge: Challenge, codes: CodeSeries) -> Path:
        """Make the film and give its path."""
        begun = self.clock()
        frames = self.clock.during(self.play(challenge, codes), FRAMES_PER_SECOND)
        write_film(self.path, frames, FRAMES_PER_SECOND, created=self.created or begun)
        self.clock.wait(self.late.total_seconds())
        return self.path


def willing(footage: Footage) -> Play:
    """Play somebody who does what is asked for."""
    return lambda challenge, codes: chain(footage.screen(codes), footage.frames(challenge.steps))


@dataclass(frozen=True, slots=True)
class Export:
    """One export in several wrappings, and where its owner stands."""

    files: dict[str, bytes]
    zip: Path
    tar: Path
    owner: frozenset[str]

    def folder(self, place: Path, names: Iterable[str] | None = None) -> Path:
        """Write the files (or some of them) out as a folder."""
        for name in self.files if names is None else names:
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.files[name])
        return place


def run(
    owner: Owner,
    *paths: Path,
    workers: int = 2,
    engine: str = "onnx",
    clock: Callable[[], datetime] = now,
    stop: Callable[[], bool] = never,
    on_event: OnEvent = quiet,
) -> Outcome:
    """Scan as this owner."""
    return scan(
        paths,
        home=owner.home,
        keys=owner.keys,
        options=Options(workers=workers, engine=engine, cache=owner.cache),
        clock=clock,
        stop=stop,
        on_event=on_event,
    )


def report(owner: Owner) -> Report:
    """Read everything a report may say."""
    return make_report(home=owner.home)


def compared(owner: Owner) -> bytes:
    """Give the JSON report without its `run` object: what two ways of scanning must agree on."""
    whole = json.loads(row("json").render(report(owner)))
    del whole["run"]
    return json.dumps(whole, indent=1).encode()


def places(found: Report) -> frozenset[str]:
    """Give every member where a `you` match stands, copies included."""
    return frozenset(
        place.path
        for exposure in found.exposures
        for each in (exposure, *exposure.copies)
        if each.match.band is Band.YOU
        for place in each.occurrences
    )


def drawn(person: Person, view: View, seed: int, kind: Format = Format.JPEG) -> bytes:
    return save(portrait(person, view, width=240, height=320, seed=seed), kind)


def sidecar(name: str, **more: object) -> bytes:
    return json.dumps(
        {"title": name, "photoTakenTime": {"timestamp": "1577836800"}, **more}
    ).encode()


def draw_export(folder: Path) -> Export:
    """Draw four pictures of the owner, one of them in two places, and three of others.

    What the export says of the others is marked SECRET: it must never be kept.
    """
    mine = [
        drawn(OWNER, view, seed)
        for seed, view in enumerate(
            (View(yaw=8), View(yaw=-10, light=-0.4), View(pitch=6, scale=1.2), View(roll=5))
        )
    ]
    theirs = [drawn(person, View(yaw=5), 50 + n) for n, person in enumerate(OTHERS[:3])]
    files: dict[str, bytes] = {}
    for number, data in enumerate(mine):
        name = f"mine-{number}.jpg"
        files[f"{FOLDER}/Photos from 2020/{name}"] = data
        files[f"{FOLDER}/Photos from 2020/{name}.supplemental-metadata.json"] = sidecar(
            name, description=f"my own caption {number}"
        )
    files[f"{FOLDER}/Garden party/mine-0.jpg"] = mine[0]
    for number, data in enumerate(theirs):
        name = f"theirs-{number}.jpg"
        files[f"{FOLDER}/Photos from 2020/{name}"] = data
        files[f"{FOLDER}/Photos from 2020/{name}.supplemental-metadata.json"] = sidecar(
            name,
            description="SECRET-CAPTION of a stranger",
            geoData={"latitude": 48.137154, "longitude": 11.576124},
            people=[{"name": "SECRET-NAME"}],
        )
    files[f"{FOLDER}/Photos from 2020/broken.jpg"] = theirs[0][: len(theirs[0]) // 2]
    files[f"{FOLDER}/Photos from 2020/words.jpg"] = b"not a picture at all, but words"
    files[f"{FOLDER}/Garden party/metadata.json"] = b'{"title": "Garden party"}'
    return Export(
        files=files,
        zip=write_zip(folder / "takeout-20260101T000000Z-001.zip", files),
        tar=write_tar(folder / "takeout-20260101T000000Z-001.tgz", files),
        owner=frozenset(name for name in files if "/mine-" in name and name.endswith(".jpg")),
    )


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def write_tar(path: Path, files: dict[str, bytes]) -> Path:
    # The sidecars come after their pictures: a stream must lose nothing by that.
    ordered = sorted(files, key=lambda name: name.endswith(".json"))
    with tarfile.open(path, "w:gz") as archive:
        for name in ordered:
            entry = tarfile.TarInfo(name)
            entry.size = len(files[name])
            archive.addfile(entry, BytesIO(files[name]))
    return path
