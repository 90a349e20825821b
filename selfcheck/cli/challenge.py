"""Asks for the film of a challenge: what to do, in which order, and where the file is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from selfcheck.cli.speak import say

if TYPE_CHECKING:
    from selfcheck.identity import Challenge


def ask_for_film(challenge: Challenge) -> Path:
    """Say the steps and wait for the path of the film."""
    from selfcheck.identity import BEFORE, words

    say(
        "\n[bold]Now film yourself[/bold], with a phone or any camera program, within five minutes."
    )
    for sentence in BEFORE:
        say(f"  · {sentence}")
    say("\n[bold]The steps, in this order:[/bold]")
    for number, step in enumerate(challenge.steps, start=1):
        say(f"  [bold]{number}. {step.value.capitalize()}.[/bold] {words(step)}")
    say("\nThen bring the file to this computer, within twenty minutes from now.")
    answer = typer.prompt("Path of the film", err=True)
    # A file dragged into a terminal arrives in quotes.
    return Path(str(answer).strip().strip("'\"")).expanduser()
