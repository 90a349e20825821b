"""What a worker answers about one member, and what it must not answer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.demo.people import View, portrait, scene
from selfcheck.errors import ProfileError
from selfcheck.flows import looking, witness, worker
from selfcheck.flows.crew import Crew, Setup
from selfcheck.identity import Best, ReferenceSeen
from selfcheck.model import (
    Band,
    Box,
    Examined,
    FaceQuality,
    Member,
    Reason,
    Skipped,
    Unreadable,
)
from selfcheck.pictures import Format, Frame, KeyFrames, Still, decode, save
from selfcheck.pictures import Unreadable as FilmFault

QUALITY = FaceQuality(
    width=9, sharpness=0.04, yaw=0.0, pitch=0.0, contrast=0.3, evenness=0.9, drawn=1.0
)
NOBODY = worker.Owner(profile=Path("none"), key=bytes(32))


def task(data: bytes, name: str, owner: worker.Owner = NOBODY) -> worker.Task:
    member = Member(part=0, locator=name, path=name, shown=name, size=len(data))
    return worker.Task(owner=owner, parts=(), member=member, known=frozenset(), data=data)


def test_a_film_out_of_a_stream_that_is_too_large_says_what_to_do() -> None:
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(worker.MEMBER_LIMIT)
    verdict = worker.examine(task(film, "holiday.mp4"))
    assert isinstance(verdict, Skipped)
    assert verdict.reason is Reason.TOO_LARGE
    assert "unpack it" in verdict.detail


@pytest.mark.parametrize("name", ["memory.mp4", "memory.jpg"])
def test_a_zip_named_like_a_film_or_a_picture_says_what_to_do(name: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("1-main.mp4", b"film")
    verdict = worker.examine(task(held.getvalue(), name))
    assert isinstance(verdict, Skipped)
    assert verdict.reason is Reason.NOT_A_PICTURE
    assert verdict.detail == "a zip archive: take it out and name it in a scan of its own"


def test_a_web_page_named_like_a_film_is_no_document() -> None:
    verdict = worker.examine(task(b"<!DOCTYPE html><p>log in", "memory.mp4"))
    assert verdict == Skipped(item="memory.mp4", reason=Reason.NOT_A_PICTURE, detail="a web page")


def test_a_profile_that_does_not_open_ends_the_run_and_skips_no_picture(tmp_path: Path) -> None:
    setup = Setup(engine="onnx", cache=tmp_path / "cache")
    owner = worker.Owner(profile=tmp_path / "none", key=bytes(32))
    picture = save(portrait(OWNER, View()), Format.JPEG)
    with Crew(setup, workers=1) as crew, pytest.raises(ProfileError):
        crew.call(worker.examine, task(picture, "one.jpg", owner))


def test_where_a_picture_cannot_be_held_larger_what_was_seen_has_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = save(portrait(OWNER, View(), width=1600, height=1200), Format.JPEG)
    still = decode(data, long_side=400)
    assert isinstance(still, Still)
    setup = Setup(engine="onnx", cache=tmp_path)
    monkeypatch.setattr(worker, "_setup", setup)
    whole, cut = worker._closer(still, data), worker._closer(still, data[:100])
    assert whole is not None
    assert cut is not None
    assert max(whole().shape) > max(still.rgb.shape)
    assert cut() is still.rgb


def test_a_film_that_turns_out_to_be_undecodable_is_skipped_and_not_called_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Film:
        findings = ()
        left_out: object = None

        def frames(self, **_: object) -> Iterator[Frame]:
            self.left_out = FilmFault(reason=Reason.DAMAGED, detail="nothing was decoded")
            yield from ()

    verdict = worker._watch(task(b"x", "a.mp4"), cast("KeyFrames", Film()), "0" * 64)
    assert isinstance(verdict, Skipped)
    assert verdict.reason is Reason.DAMAGED


@pytest.mark.parametrize("broken_off", [False, True])
def test_of_a_film_the_owner_counts_once_and_what_was_seen_before_a_fault_counts(
    monkeypatch: pytest.MonkeyPatch,
    *,
    broken_off: bool,
) -> None:
    """The owner is on three frames, a stranger on the second; then the file cannot be read."""
    box = Box(left=0, top=0, right=9, bottom=9)
    rgb = np.zeros((9, 9, 3), np.uint8)
    frames = [Frame(rgb=rgb, second=second, width=9, height=9) for second in (1.0, 2.0, 3.0)]
    looks = iter(
        looking.Look(
            boxes=(box,) * faces,
            best=Best(index=0, distance=0.3, band=Band.YOU),
            small=rgb,
            quality=QUALITY,
        )
        for faces in (1, 2, 1)
    )

    class Film:
        findings, left_out = (), None

        def frames(self, **_: object) -> Iterator[Frame]:
            yield from frames
            if broken_off:
                raise Unreadable(Reason.TRUNCATED, "it ends")

    monkeypatch.setattr(looking, "look", lambda *_: next(looks))
    monkeypatch.setattr(worker, "engine", lambda: None)
    monkeypatch.setattr(worker, "_matcher", lambda _: None)
    verdict = worker._watch(task(b"x", "a.mp4"), cast("KeyFrames", Film()), "0" * 64)
    assert isinstance(verdict, Examined)
    assert verdict.match is not None
    assert verdict.match.second == 1.0
    assert verdict.faces == 2


def test_of_several_people_on_a_reference_nobody_is_encoded(tmp_path: Path) -> None:
    pair = [(OWNER, View(), (0.3, 0.5, 0.25)), (OTHERS[0], View(), (0.7, 0.5, 0.25))]
    both = tmp_path / "both.jpg"
    both.write_bytes(save(scene(pair, width=640, height=480), Format.JPEG))
    setup = Setup(engine="onnx", cache=tmp_path / "cache")
    with Crew(setup, workers=1) as crew:
        seen = crew.call(witness.look_at_reference, both)
    assert isinstance(seen, ReferenceSeen)
    assert len(seen.faces) == 2
    assert not any(face.encoding.any() for face in seen.faces)


@pytest.mark.parametrize(("large", "turns_taken"), [(10, 1), (10**6, 0)])
def test_a_large_file_is_in_hand_by_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, large: int, turns_taken: int
) -> None:
    taken: list[Path] = []

    @contextmanager
    def turn() -> Iterator[None]:
        taken.append(tmp_path)
        yield

    monkeypatch.setattr(worker, "_setup", Setup(engine="onnx", cache=tmp_path))
    monkeypatch.setattr(worker, "_turn", lambda: turn)
    monkeypatch.setattr(worker, "_LARGE_FILE", large)
    half = save(portrait(OWNER, View()), Format.PNG)[:2000]
    assert isinstance(worker.examine(task(half, "half.png")), Skipped)
    assert len(taken) == turns_taken
