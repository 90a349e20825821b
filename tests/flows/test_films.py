"""Films in a scan: looked at frame by frame, and settled like stills wherever they lie."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from film_files import index_first, sound
from stage import Owner, compared, drawn, places, report, run, write_tar

from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.demo.people import View, portrait
from selfcheck.errors import Interrupted
from selfcheck.flows.report import make_report
from selfcheck.model import Accounting, Band, Event, Match, Member, Reason, Rule, Stage
from selfcheck.pictures import Budget, Format, KeyFrames, key_frames, save, write_film
from selfcheck.sources import gather

RATE = 5
COMES, GOES = 6, 12  # seconds at which the owner comes and goes
MINE, COPY, CUT = "films/mine.mp4", "films/copy of mine.mp4", "films/cut.mp4"


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Draw a film in which the owner comes second, one of strangers, and what is wrong with films.

    The cut film still shows the owner; of the one that is cut earlier, nobody can tell.
    """
    folder = tmp_path_factory.mktemp("films")
    stranger, owner, other = (
        portrait(person, view, width=320, height=240, seed=seed)
        for seed, (person, view) in enumerate(
            ((OTHERS[0], View(yaw=5)), (OWNER, View(yaw=6)), (OTHERS[1], View(yaw=-4)))
        )
    )
    scenes = [stranger] * COMES * RATE + [owner] * (GOES - COMES) * RATE + [other] * 4 * RATE
    write_film(folder / "mine.mp4", scenes, RATE)
    write_film(folder / "theirs.mp4", [stranger] * 3 * RATE + [other] * 3 * RATE, RATE)
    mine, theirs = ((folder / name).read_bytes() for name in ("mine.mp4", "theirs.mp4"))
    first = index_first(mine)
    return {
        MINE: mine,
        COPY: mine,
        "films/theirs.mov": theirs,
        CUT: first[: len(first) * 9 // 10],
        "films/too early.mp4": first[: len(first) * 3 // 10],
        "films/broken.mp4": mine[: len(mine) // 2],
        "films/song.mp4": sound(),
        "films/old.mpg": b"\0\0\x01\xba" + bytes(5000),
        "stills/theirs.jpg": save(stranger, Format.JPEG),
    }


def write_zip(path: Path, files: dict[str, bytes], method: int) -> Path:
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def matches(owner: Owner) -> dict[str, Match]:
    """Give each match by the name of its first place, its sealed crop left out."""
    found = report(owner).exposures
    return {one.occurrences[0].path: replace(one.match, crop=b"") for one in found}


def test_films_are_examined_and_every_one_is_accounted_for(
    owner: Owner, films: dict[str, bytes], tmp_path: Path
) -> None:
    outcome = run(owner, write_zip(tmp_path / "a.zip", films, zipfile.ZIP_STORED))
    assert outcome.accounting == Accounting(
        found=9, checked=4, duplicate=1, ignored=1, skipped=3, pending=0
    )
    found = report(owner)
    assert places(found) == {MINE, COPY, CUT}
    (source,) = found.sources
    assert dict(source.ignored) == {Rule.SOUND: 1}
    reasons = {Path(one.item).name: one.reason for one in source.skipped}
    assert reasons == {
        "too early.mp4": Reason.TRUNCATED,
        "broken.mp4": Reason.TRUNCATED,
        "old.mpg": Reason.UNSUPPORTED,
    }
    # The strangers of every frame count: two in the film, one before the cut, two, and the still.
    assert found.expectation.faces_compared == 2 + 1 + 2 + 1

    match = matches(owner)[MINE]
    assert match.band is Band.YOU
    assert match.second is not None
    assert COMES - 0.1 <= match.second <= GOES
    assert (match.faces, match.picture_width, match.picture_height) == (1, 320, 240)
    assert match.fingerprint == b""

    opened = make_report(home=owner.home, keys=owner.keys)
    crops = [one.match.crop for one in opened.exposures if one.match.band is Band.YOU]
    assert len(crops) == 2
    assert all(crop.startswith(b"\xff\xd8\xff") for crop in crops)


def test_what_is_named_wrongly_or_without_an_ending_is_known_by_its_content(
    owner: Owner, films: dict[str, bytes], tmp_path: Path
) -> None:
    still, film = "17900000000000001.heic", "AQNoEnding17900000000000002"
    (tmp_path / still).write_bytes(drawn(OWNER, View(yaw=8), 0, Format.JPEG))
    (tmp_path / film).write_bytes(films[MINE])
    outcome = run(owner, tmp_path)
    assert (outcome.accounting.found, outcome.accounting.checked) == (2, 2)
    assert places(report(owner)) == {still, film}


def test_a_film_is_found_alike_wherever_it_lies_and_by_however_many_workers(
    owner: Owner, films: dict[str, bytes], tmp_path: Path
) -> None:
    stored = write_zip(tmp_path / "a.zip", films, zipfile.ZIP_STORED)
    run(owner, stored, workers=1)
    alone, found = compared(owner), matches(owner)

    owner.forget_scans()
    run(owner, stored, workers=2)
    assert compared(owner) == alone

    owner.forget_scans()
    run(owner, write_zip(tmp_path / "b.zip", films, zipfile.ZIP_DEFLATED))
    assert matches(owner) == found


def test_a_packed_film_larger_than_what_is_kept_of_it_is_read_with_its_index_last(
    films: dict[str, bytes], tmp_path: Path
) -> None:
    mine, gap = films[MINE], 70 << 20
    index = mine.index(b"moov") - 4
    large = b"".join(
        (mine[:index], (gap + 8).to_bytes(4, "big"), b"free", os.urandom(gap), mine[index:])
    )
    (tree,) = gather([write_zip(tmp_path / "a.zip", {MINE: large}, zipfile.ZIP_DEFLATED)])
    (member,) = (one for one in tree.members() if isinstance(one, Member))
    with tree.open_seekable(member) as raw:
        film = key_frames(raw)
        assert isinstance(film, KeyFrames)
        seen = [frame.second for frame in film.frames(long_side=96, budget=Budget())]
    assert len(seen) == 3
    assert film.left_out is None


def test_a_stream_stopped_among_films_goes_on_to_the_same_end(
    owner: Owner, films: dict[str, bytes], tmp_path: Path
) -> None:
    tar = write_tar(tmp_path / "a.tar.gz", films)
    done: list[Event] = []

    def examined() -> int:
        return max((one.done for one in done if one.stage is Stage.EXAMINING), default=0)

    with pytest.raises(Interrupted):
        run(owner, tar, on_event=done.append, stop=lambda: examined() >= 2)
    assert report(owner).accounting.balances()
    outcome = run(owner, tar)
    assert (outcome.accounting.checked, outcome.accounting.duplicate) == (4, 1)
    assert places(report(owner)) == {MINE, COPY, CUT}
