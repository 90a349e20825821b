"""Asking for the film of a challenge."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from selfcheck.cli.challenge import ask_for_film, ask_path
from selfcheck.errors import UsageError
from selfcheck.identity import CodeSeries, draw

SCRIPT = """
from selfcheck.cli.challenge import ask_for_film
from selfcheck.identity import CodeSeries, draw
codes = CodeSeries()
path = ask_for_film(draw(), codes)
print("got", path.name, "after", *(code.text for code in codes.shown))
"""


def test_where_there_is_no_terminal_no_film_is_asked_for() -> None:
    codes = CodeSeries()
    with CliRunner().isolation(), pytest.raises(UsageError, match="no terminal") as caught:
        ask_for_film(draw(), codes)
    assert "terminal window" in caught.value.hint
    assert codes.shown == ()


def test_a_mistyped_path_is_asked_for_again_and_quotes_are_taken_off(tmp_path: Path) -> None:
    film = tmp_path / "my film.mp4"
    film.write_bytes(b"a film")
    with CliRunner().isolation(input=f"{tmp_path}/nowhere.mp4\n'{film}'\n"):
        assert ask_path() == film


@pytest.mark.parametrize("slip", ["~nobody-of-this-name/film.mp4", "x" * 300, "a\0b"])
def test_no_slip_at_the_question_costs_the_film(tmp_path: Path, slip: str) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"a film")
    with CliRunner().isolation(input=f"{slip}\n{film}\n"):
        assert ask_path() == film


@pytest.mark.skipif(os.name != "posix", reason="a backslash is no escape there")
def test_a_path_that_a_terminal_has_escaped_is_understood(tmp_path: Path) -> None:
    film = tmp_path / "my film (1).mp4"
    film.write_bytes(b"a film")
    escaped = str(film).replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)")
    with CliRunner().isolation(input=f"{escaped}\n"):
        assert ask_path() == film


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo-terminals")
def test_in_a_terminal_codes_are_shown_until_enter_and_then_the_path_is_asked_for(
    tmp_path: Path,
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"a film")
    said = in_terminal(rows=24, answers=[("Press", "\n"), ("Path of the film", f"{film}\n")])
    assert "in this order" in said
    assert said.count("▀▀▀▀▀") >= 1
    assert "got film.mp4 after SC-" in said.splitlines()[-1]


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo-terminals")
def test_a_terminal_too_small_for_a_code_is_refused() -> None:
    said = in_terminal(rows=12, answers=[])
    assert "do not fit into this terminal" in said
    assert "▀▀▀▀▀" not in said


def in_terminal(*, rows: int, answers: list[tuple[str, str]]) -> str:
    """Run the script in a terminal of its own; type each answer when its question was asked."""
    import pty
    import subprocess
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (rows, 80))
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    os.close(theirs)
    said = b""
    while chunk := _read(ours):
        said += chunk
        if answers and answers[0][0].encode() in said:
            os.write(ours, answers.pop(0)[1].encode())
    os.close(ours)
    process.wait(timeout=30)
    return said.decode().replace("\r\n", "\n").rstrip()


def _read(ours: int) -> bytes:
    """Read what was said; nothing once the other side is closed."""
    try:
        return os.read(ours, 65536)
    except OSError:  # Linux's word for it
        return b""
