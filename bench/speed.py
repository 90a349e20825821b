"""How fast a scan is, against face_recognition's command and against its own floor.

    uv run python -m bench.speed --backgrounds FOLDER [--quick] [--rounds 3]

Two albums, 12 MP scenes and pictures of all sizes, both of people on whom nothing was trained. In
every round another person is the owner, enrolled with five pictures, and on one photo in three. In
turns, the scan and the peer go over the same photos with as many processes: the scan over all of
them, the peer over a part, because it takes so long. Each is a process of its own, started anew,
and each is timed on one tiny picture too, which is its start-up; photos a second are given without
it, and with it for an album of a thousand. Ratios are medians over the rounds. Figures go to
bench/out/speed.json; pictures, profiles and ledgers lie in a temporary folder until the end.

There is no live person here: profiles are written below the gate, as in bench/end_to_end.py.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PIL import Image

from bench import steps, studio
from bench.albums import Kind, Shot, write_album
from bench.end_to_end import make_profile
from bench.peer import Peer, ask
from bench.people import by_person, write_figures
from bench.scenes import Head
from selfcheck import identity
from selfcheck.flows.report import make_report
from selfcheck.flows.scan import Options, scan
from selfcheck.identity import MemoryKeys
from selfcheck.model import Band
from selfcheck.privacy.paths import Home

REFERENCES = 5
LARGE = 1000  # photos of the album for which start-up is counted in
OURS = "selfcheck scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run over one album by one program."""

    kind: Kind
    round: int
    program: str
    photos: int
    seconds: float
    startup: float
    owner_photos: int
    found_you: int  # the peer has one band
    found_maybe: int
    false_you: int
    false_maybe: int
    strangers: int  # strangers' faces that were compared
    missed: tuple[float, ...]  # widths of the owner's faces that were missed
    parent: float  # CPU seconds a photo of our parent process, which lists and settles

    @property
    def rate(self) -> float:
        """Photos a second once it runs."""
        # Runs so short that start-up is most of them say nothing; they must not divide by nought.
        return self.photos / max(self.seconds - self.startup, 0.05 * self.seconds)

    @property
    def whole(self) -> float:
        """Photos a second over a large album, start-up and all."""
        return LARGE / (self.startup + LARGE / self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The owner of one round: pictures to enrol with, heads for the photos, and the profile."""

    references: tuple[Path, ...]
    heads: tuple[Head, ...]


def owners(pool: ProcessPoolExecutor, rounds: int, seed: int) -> list[Owner]:
    """Choose owners among those with most pictures, by lot."""
    people = by_person(studio.measured())
    many = [taken for taken in people.values() if taken[0].owner and len(taken) >= 12]
    drawn = random.Random(seed).sample(many, min(rounds, len(many)))
    chosen = []
    for taken in drawn:
        heads = [one for one in studio.find_heads(pool, taken) if one.seen]
        references, rest = heads[:REFERENCES], heads[REFERENCES:]
        chosen.append(Owner(references=tuple(one.path for one in references), heads=tuple(rest)))
    return chosen


def strangers(
    pool: ProcessPoolExecutor, count: int, owners: Sequence[Owner], seed: int
) -> list[Head]:
    """Choose strangers: pictures of anybody but the owners, the same number of people first."""
    mine = {one.person for owner in owners for one in owner.heads}
    people = by_person(studio.measured())
    first = [taken[0] for name, taken in people.items() if name not in mine]
    more = [photo for name, taken in people.items() if name not in mine for photo in taken[1:]]
    lot = random.Random(seed)
    lot.shuffle(first)
    lot.shuffle(more)
    return studio.find_heads(pool, (first + more)[:count])


def _scan(home: Home, keys: MemoryKeys, album: Path, options: Options, tell: Connection) -> None:
    """Scan in a process of its own: what the command does once it has parsed its arguments."""
    scan([album], home=home, keys=keys, options=options)
    tell.send(time.process_time())


def run_ours(
    home: Home, keys: MemoryKeys, album: Path, workers: int, cache: Path
) -> tuple[float, float]:
    """Start a new Python, scan; give the seconds until it has ended, and its own CPU seconds.

    The workers' CPU seconds are not among these: they are the parent's, who lists and settles.
    """
    # A ledger knows what was scanned: each run starts without one.
    for path in home.root.glob(f"{home.ledger.name}*"):
        path.unlink()
    context = multiprocessing.get_context("spawn")
    began = time.monotonic()
    told, tell = context.Pipe(duplex=False)
    options = Options(workers=workers, cache=cache)
    process = context.Process(target=_scan, args=(home, keys, album, options, tell))
    process.start()
    process.join()
    seconds = time.monotonic() - began
    if process.exitcode:
        raise SystemExit(f"the scan ended with {process.exitcode}")
    return seconds, told.recv()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What the runs of one round share."""

    number: int
    kind: Kind
    place: Path
    known: Path
    tiny: Path
    album: Path
    home: Home
    keys: MemoryKeys
    workers: int
    shots: tuple[Shot, ...]


def ours(one: Round) -> Result:
    """Scan the whole album, and count."""
    cache = one.place / "cache"
    startup, idle = run_ours(one.home, one.keys, one.tiny, one.workers, cache)
    seconds, busy = run_ours(one.home, one.keys, one.album, one.workers, cache)
    found = make_report(home=one.home)
    hits: dict[Band, set[str]] = {Band.YOU: set(), Band.MAYBE: set()}
    for exposure in found.exposures:
        hits[exposure.match.band] |= {Path(spot.path).name for spot in exposure.occurrences}
    you, maybe = hits[Band.YOU], hits[Band.MAYBE]
    own = {shot.name for shot in one.shots if shot.owner is not None}
    compared = found.expectation.faces_compared - len((you | maybe) & own)
    heard = Heard(
        shots=one.shots,
        seconds=seconds,
        startup=startup,
        you=you,
        maybe=maybe,
        strangers=compared,
        parent=(busy - idle) / len(one.shots),
    )
    return _result(one, OURS, heard)


def peer(one: Round, name: Peer, count: int) -> Result:
    """Let the peer go over part of the album: every so-manieth photo, the owner's among them."""
    part = _part(one.shots, count)
    folder = one.place / "part"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for shot in part:
        (folder / shot.name).hardlink_to(one.album / shot.name)
    startup = ask(name, one.known, one.tiny, workers=one.workers).seconds
    told = ask(name, one.known, folder, workers=one.workers)
    own = {shot.name for shot in part if shot.owner is not None}
    heard = Heard(
        shots=part,
        seconds=told.seconds,
        startup=startup,
        you=set(told.matched),
        maybe=set(),
        strangers=told.faces - len(told.matched & own),
    )
    return _result(one, name, heard)


def _part(shots: Sequence[Shot], count: int) -> list[Shot]:
    own = [shot for shot in shots if shot.owner is not None]
    rest = [shot for shot in shots if shot.owner is None]
    of_own = max(1, round(count * len(own) / len(shots)))
    return (
        own[:: max(1, len(own) // of_own)][:of_own]
        + rest[:: max(1, len(rest) // max(1, count - of_own))][: count - of_own]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one program said of some photos: those it took for the owner's, and faces compared."""

    shots: Sequence[Shot]
    seconds: float
    startup: float
    you: set[str]
    maybe: set[str]
    strangers: int
    parent: float = 0.0


def _result(one: Round, program: str, heard: Heard) -> Result:
    shots, you, maybe = heard.shots, heard.you, heard.maybe
    own = {shot.name: shot.owner for shot in shots if shot.owner is not None}
    missed = [width for name, width in own.items() if name not in you | maybe]
    return Result(
        kind=one.kind,
        round=one.number,
        program=program,
        photos=len(shots),
        seconds=heard.seconds,
        startup=heard.startup,
        owner_photos=len(own),
        found_you=len(you & own.keys()),
        found_maybe=len(maybe & own.keys()),
        false_you=len(you - own.keys()),
        false_maybe=len(maybe - own.keys()),
        strangers=heard.strangers,
        missed=tuple(sorted(round(width, 3) for width in missed)),
        parent=heard.parent,
    )


def prepare(owner: Owner, place: Path) -> tuple[Home, MemoryKeys, Path, Path]:
    """Enrol the owner, and lay out what the peer needs: known pictures, and a tiny one."""
    home, keys = Home(root=place / "home"), MemoryKeys()
    home.prepare()
    cache = place / "cache"
    cache.mkdir()
    make_profile(home, keys, list(owner.references), cache)
    known, tiny = place / "known", place / "tiny"
    known.mkdir()
    tiny.mkdir()
    for number, path in enumerate(owner.references):
        shutil.copyfile(path, known / f"owner_{number}.jpg")
    Image.new("RGB", (96, 96), (90, 120, 150)).save(tiny / "tiny.jpg")
    return home, keys, known, tiny


def play(
    pool: ProcessPoolExecutor,
    given: argparse.Namespace,
    number: int,
    owner: Owner,
    others: Sequence[Head],
) -> tuple[list[Result], list[Shot], dict[str, dict[str, float]]]:
    """Play one round: both albums, every program on each, in another order each time."""
    results: list[Result] = []
    shown: list[Shot] = []
    where: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="selfcheck-bench-") as root:
        place = Path(root)
        home, keys, known, tiny = prepare(owner, place)
        for kind, count in ((Kind.SCENES, given.scenes), (Kind.PLAIN, given.plain)):
            album = place / f"album-{kind.name.lower()}"
            shots = write_album(
                pool,
                kind=kind,
                folder=album,
                count=count,
                owner=owner.heads,
                strangers=others,
                seed=given.seed + number,
            )
            shown += shots
            one = Round(
                number=number,
                kind=kind,
                place=place,
                known=known,
                tiny=tiny,
                album=album,
                home=home,
                keys=keys,
                workers=given.workers,
                shots=tuple(shots),
            )
            turns = [partial(ours, one), partial(peer, one, Peer.HOG, given.peer_photos)]
            results += [turn() for turn in (turns if number % 2 == 0 else turns[::-1])]
            if number == 0 and given.cnn_photos:
                results.append(peer(one, Peer.CNN, given.cnn_photos))
            if number == 0:
                profile = identity.load(home.profile, _key(home, keys))
                photos = sorted(album.iterdir())[: given.step_photos]
                where[kind] = steps.measure(pool, photos, profile, given.workers)
            for result in results[-3:]:
                if result.kind is kind:
                    print(_line(result), flush=True)
            shutil.rmtree(album)
    return results, shown, where


def _key(home: Home, keys: MemoryKeys) -> bytes:
    key = keys.get(identity.profile_id(home.profile))
    assert key is not None
    return key


def _line(one: Result) -> str:
    return (
        f"  round {one.round + 1}, {one.kind:13} {one.program:23} {one.photos:4} photos "
        f"{one.seconds:7.1f} s, start-up {one.startup:5.1f} s, {one.rate:6.2f} photos/s"
    )


def ratios(results: Sequence[Result], kind: Kind, program: str) -> dict[str, Any]:
    """Compare a program with ours, round by round: medians, and the least and the most."""
    by_round = {one.round: one for one in results if one.kind is kind and one.program == OURS}
    pairs = [
        (by_round[one.round], one) for one in results if one.kind is kind and one.program == program
    ]
    steady = [mine.rate / theirs.rate for mine, theirs in pairs]
    whole = [mine.whole / theirs.whole for mine, theirs in pairs]
    return {
        "kind": kind,
        "peer": program,
        "ours, photos/s": statistics.median(mine.rate for mine, _ in pairs),
        "peer, photos/s": statistics.median(theirs.rate for _, theirs in pairs),
        "ratio": statistics.median(steady),
        "ratio, least and most": [min(steady), max(steady)],
        f"ratio with start-up, {LARGE} photos": statistics.median(whole),
    }


def show(results: Sequence[Result], compared: Sequence[dict[str, Any]]) -> None:
    print(f"\n{'':14}{'':24}photos/s    ratio  (least, most)   with start-up, {LARGE} photos")
    for row in compared:
        low, high = row["ratio, least and most"]
        print(
            f"{row['kind']:14}{row['peer']:24}{row['peer, photos/s']:7.2f} "
            f"against {row['ours, photos/s']:6.2f}: {row['ratio']:6.2f} ({low:.2f}, {high:.2f})"
            f"   {row[f'ratio with start-up, {LARGE} photos']:6.2f}"
        )
    print("\nowner found (you + maybe) of photos with the owner; false alarms; strangers' faces")
    total: dict[tuple[Kind, str], Counter[str]] = {}
    for one in results:
        total.setdefault((one.kind, one.program), Counter()).update(
            {name: value for name, value in asdict(one).items() if isinstance(value, int)}
        )
    for (kind, program), sums in total.items():
        print(
            f"{kind:14}{program:24}{sums['found_you']:4} + {sums['found_maybe']:3} of "
            f"{sums['owner_photos']:4};  you {sums['false_you']}, maybe {sums['false_maybe']}, "
            f"of {sums['photos'] - sums['owner_photos']} photos;  {sums['strangers']} faces"
        )
    for one in results:
        if one.missed:
            print(f"  missed, {one.kind}, {one.program}, round {one.round + 1}: {one.missed}")


def floors(
    where: dict[str, dict[str, float]], results: Sequence[Result], workers: int
) -> dict[str, dict[str, float]]:
    """Hold the steps against what a photo takes a worker in the scan; print the shares."""
    made = {}
    for kind, spent in where.items():
        # The round whose photos were walked through.
        mine = next(one for one in results if one.kind == kind and one.program == OURS)
        whole = workers / mine.rate
        row = spent | {"list, settle (parent)": mine.parent}
        row["hand over, wait"] = whole - sum(row.values())
        print(f"\n{kind}: {1000 * whole:.1f} ms of a worker's time a photo")
        for name, seconds in row.items():
            print(f"  {name:26}{1000 * seconds:8.1f} ms {seconds / whole:7.1%}")
        floor = sum(spent[name] for name in steps.FLOOR)
        print(
            f"  floor (decode, networks)  {1000 * floor:8.1f} ms: {floor / whole:.0%} of its speed"
        )
        made[kind] = row | {"floor": floor, "share of the floor's speed": floor / whole}
    return made


def options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--scenes", type=int, default=240, help="photos of 12 MP a round")
    asked.add_argument("--plain", type=int, default=150, help="photos of all sizes a round")
    asked.add_argument("--peer-photos", type=int, default=16)
    asked.add_argument("--cnn-photos", type=int, default=4, help="in the first round only")
    asked.add_argument("--step-photos", type=int, default=60)
    asked.add_argument("--strangers", type=int, default=1400, help="pictures of strangers")
    asked.add_argument("--quick", action="store_true", help="one small round")
    studio.options(asked)
    if asked.parse_args().quick:
        asked.set_defaults(rounds=1, scenes=40, plain=40, strangers=100)
        asked.set_defaults(peer_photos=8, cnn_photos=2, step_photos=16)
    return asked.parse_args()


def main() -> None:
    given = options()
    results: list[Result] = []
    shots: list[Shot] = []
    where: dict[str, dict[str, float]] = {}
    with studio.studio(given) as pool:
        busy = studio.busyness(pool, 6, given.seed)
        studio.print_busyness(busy)
        chosen = owners(pool, given.rounds, given.seed)
        others = strangers(pool, given.strangers, chosen, given.seed)
        people = len({one.person for one in others})
        print(f"{len(others)} pictures of {people} strangers", flush=True)
        for number, owner in enumerate(chosen):
            played, shown, walked = play(pool, given, number, owner, others)
            results += played
            shots += shown
            where |= walked
    area, size = sum(one.megapixels for one in shots), sum(one.bytes for one in shots)
    print(f"{len(shots)} photos, {area:.0f} megapixels, {size / len(shots) / 1e6:.1f} MB each")
    programs = [(kind, one) for kind in Kind for one in Peer]
    compared = [
        ratios(results, kind, one)
        for kind, one in programs
        if any(result.kind is kind and result.program == one for result in results)
    ]
    show(results, compared)
    write_figures(
        "speed",
        {
            "options": {name: str(value) for name, value in vars(given).items()},
            "background": busy,
            "photos": len(shots),
            "megapixels": area,
            "ratios": compared,
            "steps": floors(where, results, given.workers),
            "runs": [asdict(one) for one in results],
        },
    )


if __name__ == "__main__":
    main()
