"""`selfcheck clean` as a person types it: tables on stdout, talk on stderr, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from selfcheck.pictures import Format, save

GREY = np.full((48, 64, 3), 128, np.uint8)
PHOTO = save(GREY, Format.JPEG, gps=(48.1, 11.5))


def typed(*words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "selfcheck", "clean", *map(str, words)],
        env={**os.environ, "SELFCHECK_HOME": str(home), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_picture_it_is_wrong_usage(tmp_path: Path) -> None:
    assert typed(home=tmp_path / "home").returncode == 2


def test_a_folder_for_the_copies_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    shown = typed(tmp_path / "a.jpg", "--to", tmp_path / "none", home=tmp_path / "home")
    assert shown.returncode == 2
    assert "none is no folder." in shown.stderr
    assert "try: mkdir" in shown.stderr


def test_what_cannot_be_cleaned_ends_with_three_and_the_rest_is_cleaned(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.jpg", tmp_path / "good.jpg"
    bad.write_bytes(b"")
    good.write_bytes(PHOTO)
    shown = typed(bad, good, home=tmp_path / "home")
    assert shown.returncode == 3
    assert "bad.jpg was not cleaned: the file ends too early" in shown.stderr
    assert "try: copy it again" in shown.stderr
    assert "1 of 2 pictures could not be cleaned" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert (tmp_path / "good (clean).jpg").exists()
    assert not (tmp_path / "bad (clean).jpg").exists()


def test_what_was_removed_is_on_stdout_and_talk_on_stderr(tmp_path: Path) -> None:
    photo = tmp_path / "IMG_20240531.jpg"
    photo.write_bytes(PHOTO)
    shown = typed(photo, home=tmp_path / "home")
    assert shown.returncode == 0
    assert str(tmp_path / "IMG_20240531 (clean).jpg") in shown.stdout
    assert "48.10000, 11.50000" in shown.stdout
    assert "note" not in shown.stdout
    assert "its name tells a date" in shown.stderr


def test_nothing_is_said_to_be_nothing(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(save(GREY, Format.JPEG))
    shown = typed(photo, home=tmp_path / "home")
    assert shown.returncode == 0
    assert "nothing" in shown.stdout


def test_text_from_a_picture_cannot_steer_the_terminal(tmp_path: Path) -> None:
    comment = "\x1b[2J[bold]loud[/bold]\u202egpj".encode()
    photo = tmp_path / "photo.jpg"
    body = (len(comment) + 2).to_bytes(2, "big") + comment
    photo.write_bytes(PHOTO[:2] + b"\xff\xfe" + body + PHOTO[2:])
    shown = typed(photo, home=tmp_path / "home")
    assert "[bold]loud[/bold]gpj" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "\u202e" not in shown.stdout
