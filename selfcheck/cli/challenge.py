"""Asks for the film of a challenge: what to do, in which order, and where the file is."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from selfcheck.cli.codes import show_codes
from selfcheck.cli.speak import say, say_points
from selfcheck.model import Event, Stage
from selfcheck.privacy.text import for_terminal

if TYPE_CHECKING:
    from selfcheck.identity import Challenge, CodeSeries

_SCREEN: Final = (
    "Start to film with the camera on the code below, so near that it fills half the picture.",
    "Wait until it has changed three times, about six seconds.",
    "Without stopping, turn the camera to your face, in two or three seconds.",
)


def ask_for_film(challenge: Challenge, codes: CodeSeries) -> Path:
    """Say the steps, show the codes, and wait for the path of the film.

    Raises UsageError where there is no terminal to show codes in.
    """
    from selfcheck.identity import BEFORE, TO_FILM, words

    say(
        "\n[bold]Now film yourself[/bold], with a phone or any camera program, within five"
        " minutes, in one go: first this screen, then your face."
    )
    say("\n[bold]The screen:[/bold]")
    say_points(_SCREEN)
    say("\n[bold]Your face:[/bold]")
    say_points(BEFORE)
    say("\n[bold]The steps, in this order:[/bold]")
    say_points(
        (f"[bold]{step.value.capitalize()}.[/bold] {words(step)}" for step in challenge.steps),
        numbered=True,
    )
    say("")
    show_codes(codes, _beside(challenge), longest=TO_FILM.total_seconds())
    say("Now bring the file to this computer, within twenty minutes from the start.")
    return ask_path()


def _beside(challenge: Challenge) -> list[str]:
    """Say beside the code what somebody needs to see who is filming."""
    steps = (f"  {number}. {step.value}" for number, step in enumerate(challenge.steps, start=1))
    return [
        "[bold]Film this code[/bold] until it",
        "has changed three times.",
        "Then, without stopping,",
        "[bold]turn the camera to your face[/bold]:",
        "",
        "  look straight",
        *steps,
        "",
        "Done? Press [bold]Enter[/bold].",
    ]


def ask_path() -> Path:
    """Ask for the path of the film until it is one of a file."""
    while True:
        # A slip of the keyboard must not cost the film: its steps hold for this challenge only.
        answer = str(typer.prompt("Path of the film (or drag the file here)", err=True)).strip()
        for path in _meant(answer):
            with contextlib.suppress(OSError, RuntimeError, ValueError):
                if path.expanduser().is_file():
                    return path.expanduser()
        say(f"There is no file [bold]{for_terminal(answer, 1000)}[/bold].")


def _meant(answer: str) -> Iterator[Path]:
    """Give what a typed path may mean: a dragged file comes in quotes, or escaped."""
    yield Path(answer.strip("'\""))
    if os.name == "posix":
        yield Path(re.sub(r"\\(.)", r"\1", answer))


def tell_of_film(event: Event) -> None:
    """Say that the film is being watched, which takes as long as a person would need."""
    if event.stage is Stage.FILM:
        say("Watching the film; this takes about a minute.")
