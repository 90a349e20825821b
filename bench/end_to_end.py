"""Scan a Google Takeout of one owner's pictures among 500 strangers', and count what was found.

    uv run python -m bench.end_to_end [--owners 3] [--strangers 500] [--references 5]

For each owner it builds an export of Google Photos in two zips, the pictures in one part and their
sidecars in the other, from the pictures in SELFCHECK_FACES (default: ../shared/faces beside the
checkout), scans it with the program's own scan flow, and prints found, missed, false alarms at both
bands, and photos a second. The figures go to bench/out/end_to_end.json.

There is no live person here: the profile is written straight into a temporary home, below the
gate, with a key that lives in memory. This file is not installed with the package. No picture and
no encoding outlives the run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.people import Photo, by_person, faces_folder, photos, write_figures
from selfcheck import identity, pictures
from selfcheck.faces import mirrored, open_engine
from selfcheck.flows.report import make_report
from selfcheck.flows.scan import Options, scan
from selfcheck.identity import MemoryKeys
from selfcheck.model import Band, Box
from selfcheck.privacy.paths import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one scan found of one owner."""

    owner_pictures: int
    found_you: int
    found_maybe: int
    missed: int
    false_you: int
    false_maybe: int
    strangers: int
    faces_compared: int
    expected_you: float
    expected_maybe: float
    seconds: float
    photos_per_second: float


def drawn_from(taken: Sequence[Photo]) -> tuple[list[list[Path]], list[Path]]:
    """Give the pictures of each owner of LFW, and one picture of each stranger of it."""
    people = by_person(taken)
    owners = [[one.path for one in theirs] for theirs in people.values() if theirs[0].owner]
    strangers = [theirs[0].path for theirs in people.values() if not theirs[0].owner]
    return owners, strangers


def write_takeout(folder: Path, pictures: list[Path]) -> list[Path]:
    """Write two parts: every picture in the first, every sidecar in the second."""
    parts = [folder / f"takeout-20260101T000000Z-00{number}.zip" for number in (1, 2)]
    with zipfile.ZipFile(parts[0], "w") as images, zipfile.ZipFile(parts[1], "w") as sidecars:
        for number, picture in enumerate(pictures):
            name = f"Takeout/Google Photos/Photos from 2020/IMG_{number:05}.jpg"
            images.write(picture, name)
            sidecar = {
                "title": Path(name).name,
                "photoTakenTime": {"timestamp": str(1_577_836_800 + number * 3600)},
            }
            sidecars.writestr(f"{name}.supplemental-metadata.json", json.dumps(sidecar))
    return parts


def make_profile(home: Home, keys: MemoryKeys, references: list[Path], cache: Path) -> None:
    """Write a profile and a verification below the gate: there is no live person here."""
    engine = open_engine("onnx", cache=cache)
    rows, turned, names = [], [], []
    for path in references:
        data = path.read_bytes()
        still = pictures.decode(data)
        if isinstance(still, pictures.Unreadable):
            raise SystemExit(f"{path}: {still.detail}")
        faces = engine.find(still.rgb)
        # Press photos show others at the edge; the person is the one nearest to the middle.
        middle = min(faces, key=lambda face: off_centre(face.box, still.rgb.shape))
        rows.append(engine.encode(still.rgb, [middle])[0])
        turned.append(engine.encode(*mirrored(still.rgb, [middle]))[0])
        names.append(hashlib.sha256(data).hexdigest())
    profile_id, key, now = identity.new_id(), identity.new_key(), datetime.now(UTC)
    keys.put(profile_id, key)
    profile = identity.Profile(
        profile_id=profile_id,
        created=now,
        engine=engine.signature,
        consent=identity.Consent(text="benchmark", given=now, adult=True),
        photos=tuple(names),
        encodings=np.stack(rows),
        mirrored=np.stack(turned),
    )
    identity.save(home.profile, profile, key)
    passed = identity.Acceptance(
        verdict=identity.Verdict(), assurance=identity.Assurance.FILMED, at=now
    )
    identity.record(
        home.verification, profile=home.profile, profile_id=profile_id, key=key, acceptance=passed
    )


def off_centre(box: Box, shape: tuple[int, ...]) -> float:
    across = (box.left + box.right - shape[1]) ** 2
    down = (box.top + box.bottom - shape[0]) ** 2
    return float(across + down)


def measure(owner: list[Path], strangers: list[Path], references: int, workers: int) -> Row:
    """Enrol one owner, scan the export, and compare what was found with what is in it."""
    planted = owner[references:]
    mixed = planted + strangers
    random.Random(len(mixed)).shuffle(mixed)
    names = {f"IMG_{number:05}.jpg" for number, one in enumerate(mixed) if one in set(planted)}
    with tempfile.TemporaryDirectory(prefix="selfcheck-bench-") as place:
        folder = Path(place)
        home, keys = Home(root=folder / "home"), MemoryKeys()
        home.prepare()
        cache = folder / "cache"
        cache.mkdir()
        make_profile(home, keys, owner[:references], cache)
        parts = write_takeout(folder, mixed)
        options = Options(workers=workers, cache=cache)
        began = time.monotonic()
        scan(parts, home=home, keys=keys, options=options)
        seconds = time.monotonic() - began
        found = make_report(home=home)
    hits: dict[Band, set[str]] = {Band.YOU: set(), Band.MAYBE: set()}
    for exposure in found.exposures:
        for spot in exposure.occurrences:
            assert spot.contexts[0].time is not None, "a sidecar of the other part was not read"
            hits[exposure.match.band].add(Path(spot.path).name)
    you, maybe = hits[Band.YOU], hits[Band.MAYBE]
    return Row(
        owner_pictures=len(planted),
        found_you=len(you & names),
        found_maybe=len(maybe & names),
        missed=len(names - you - maybe),
        false_you=len(you - names),
        false_maybe=len(maybe - names),
        strangers=len(strangers),
        faces_compared=found.expectation.faces_compared,
        expected_you=round(found.expectation.you, 3),
        expected_maybe=round(found.expectation.maybe, 3),
        seconds=round(seconds, 1),
        photos_per_second=round(len(mixed) / seconds, 1),
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--owners", type=int, default=3)
    asked.add_argument("--strangers", type=int, default=500)
    asked.add_argument("--references", type=int, default=5)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    owners, strangers = drawn_from(photos(faces_folder()))
    # Those with most pictures have most to find; drawn once, by their number of pictures.
    most = sorted(owners, key=len, reverse=True)[: given.owners]
    drawn = random.Random(1).sample(strangers, given.strangers)
    rows = [measure(owner, drawn, given.references, given.workers) for owner in most]
    print(f"{given.references} references, {given.strangers} strangers, {given.workers} workers")
    columns = list(asdict(rows[0]))
    print(" | ".join(columns))
    for row in rows:
        print(" | ".join(str(value) for value in asdict(row).values()))
    write_figures("end_to_end", {"options": vars(given), "rows": [asdict(row) for row in rows]})


if __name__ == "__main__":
    main()
