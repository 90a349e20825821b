from __future__ import annotations

import sys
from pathlib import Path

import pytest

from selfcheck.errors import EngineError
from selfcheck.faces import align, open_engine
from selfcheck.faces.weights import Weights, checked_path, models_folder, read


def test_a_missing_file_of_weights_is_named_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(
        EngineError, match=r"mmod_human_face_detector\.dat cannot be read"
    ) as refusal:
        read(Weights.DETECTOR, tmp_path)
    assert refusal.value.hint


@pytest.mark.parametrize("content", [b"", b"garbage", bytes(range(256)) * 1000])
def test_weights_that_are_not_the_published_file_are_refused(
    tmp_path: Path, content: bytes
) -> None:
    for weights in Weights:
        (tmp_path / weights).write_bytes(content)
        with pytest.raises(EngineError, match="not the published file"):
            checked_path(weights, tmp_path)


def test_truncated_weights_open_no_engine(tmp_path: Path) -> None:
    for weights in (Weights.ENCODER, Weights.DETECTOR, Weights.POINTS_5):
        (tmp_path / weights).write_bytes(read(weights)[:-1])
    with pytest.raises(EngineError, match="damaged"):
        open_engine(cache=tmp_path / "cache", models=tmp_path)
    with pytest.raises(EngineError, match="damaged"):
        open_engine("reference", cache=tmp_path / "cache", models=tmp_path)
    with pytest.raises(EngineError, match="damaged"):
        align.predictor(Weights.POINTS_5, tmp_path)


def test_weights_that_are_not_installed_are_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(EngineError, match="not installed") as refusal:
        models_folder()
    assert "face-recognition-models" in refusal.value.hint


def test_the_installed_weights_are_the_published_ones() -> None:
    for weights in Weights:
        assert checked_path(weights).is_file()
