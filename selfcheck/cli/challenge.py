"""Asks for the film of a challenge: what to do, in which order, and where the file is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from selfcheck.cli.speak import say, say_points
from selfcheck.model import Event, Stage
from selfcheck.privacy.text import for_terminal

if TYPE_CHECKING:
    from selfcheck.identity import Challenge


def ask_for_film(challenge: Challenge) -> Path:
    """Say the steps and wait for the path of the film."""
    from selfcheck.identity import BEFORE, words

    say(
        "\n[bold]Now film yourself[/bold], with a phone or any camera program, within five minutes."
    )
    say_points(BEFORE)
    say("\n[bold]The steps, in this order:[/bold]")
    say_points(
        (f"[bold]{step.value.capitalize()}.[/bold] {words(step)}" for step in challenge.steps),
        numbered=True,
    )
    say("\nThen bring the file to this computer, within twenty minutes from now.")
    path = _ask_path()
    # A slip of the keyboard must not cost the film: its steps hold for this challenge only.
    while not path.is_file():
        say(f"There is no file [bold]{for_terminal(str(path), 1000)}[/bold].")
        path = _ask_path()
    return path


def _ask_path() -> Path:
    answer = typer.prompt("Path of the film (or drag the file here)", err=True)
    # A file dragged into a terminal arrives in quotes.
    return Path(str(answer).strip().strip("'\"")).expanduser()


def tell_of_film(event: Event) -> None:
    """Say that the film is being watched, which takes as long as a person would need."""
    if event.stage is Stage.FILM:
        say("Watching the film; this takes about a minute.")
