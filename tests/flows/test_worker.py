"""What a worker answers about one member, and what it must not answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from selfcheck.demo.owner import OTHERS, OWNER
from selfcheck.demo.people import View, portrait, scene
from selfcheck.errors import ProfileError
from selfcheck.flows import witness, worker
from selfcheck.flows.crew import Crew, Setup
from selfcheck.identity import ReferenceSeen
from selfcheck.model import Member, Reason, Skipped
from selfcheck.pictures import Format, Still, decode, save

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
