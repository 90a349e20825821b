"""What a live check makes of pictures that show nobody, or are none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck import pictures
from selfcheck.errors import VerificationFailed
from selfcheck.flows import live_witness, worker
from selfcheck.flows.crew import Setup
from selfcheck.identity import Phase, Trouble, draw


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.getbasetemp() / "graphs"
    monkeypatch.setattr(worker, "_setup", Setup(engine="onnx", cache=cache))
    monkeypatch.setattr(live_witness, "_check", None)
    live_witness.begin(draw(Random(1)), np.zeros((1, 128), np.float32), light=True)


def jpeg(level: float, noise: float = 0) -> bytes:
    random = np.random.default_rng(1)
    values = level + noise * random.standard_normal((480, 640, 3))
    rgb: NDArray[np.uint8] = np.clip(values, 0, 255).astype(np.uint8)
    return pictures.save(rgb, pictures.Format.JPEG)


@pytest.mark.parametrize(("level", "noise"), [(0, 0), (4, 6), (10, 4)])
def test_a_covered_camera_is_named(level: float, noise: float) -> None:
    cue = live_witness.look(jpeg(level, noise), 0.1)
    assert (cue.phase, cue.trouble) == (Phase.PLACE, Trouble.BLACK)


@pytest.mark.parametrize("level", [40, 128, 255])
def test_an_empty_room_is_no_covered_camera(level: float) -> None:
    assert live_witness.look(jpeg(level, 3), 0.1).trouble is Trouble.NO_FACE


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"no picture" * 1000, b"\xff" * (live_witness.LARGEST_FRAME + 1)]
)
def test_what_is_no_picture_changes_nothing_and_is_no_frame(data: bytes) -> None:
    before = live_witness.look(jpeg(128), 0.1)
    assert live_witness.look(data, 0.2) == before
    assert len(live_witness.session().frames) == 1


def test_a_check_that_another_worker_had_is_said_to_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_witness, "_check", None)
    with pytest.raises(VerificationFailed, match="lost"):
        live_witness.look(jpeg(128), 0.1)


def test_more_pictures_than_a_check_needs_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_witness, "MOST_FRAMES", 2)
    for number in range(2):
        live_witness.look(jpeg(128), number / 10)
    with pytest.raises(VerificationFailed, match="more pictures"):
        live_witness.look(jpeg(128), 0.2)


def test_who_sits_there_for_minutes_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    director = live_witness._running().director
    monkeypatch.setattr(director, "pace", replace(director.pace, kept=3))
    for number in range(9):
        live_witness.look(jpeg(128), number / 10)
    assert len(live_witness.session().frames) == 3


def test_a_picture_cut_short_ends_nothing(tmp_path: Path) -> None:
    live_witness.look(jpeg(128)[:3000], 0.1)
    assert live_witness.look(jpeg(128), 0.2).phase is Phase.PLACE
