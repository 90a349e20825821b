"""Asking for the film of a challenge."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from selfcheck.cli.challenge import ask_for_film
from selfcheck.identity import draw


def test_a_mistyped_path_is_asked_for_again_and_quotes_are_taken_off(tmp_path: Path) -> None:
    film = tmp_path / "my film.mp4"
    film.write_bytes(b"a film")
    with CliRunner().isolation(input=f"{tmp_path}/nowhere.mp4\n'{film}'\n"):
        assert ask_for_film(draw()) == film
