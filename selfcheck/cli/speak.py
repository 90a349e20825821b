"""Words for people: stdout carries data, stderr carries talk."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from selfcheck.privacy.text import for_terminal

if TYPE_CHECKING:
    from rich.console import Console


@cache
def talk() -> Console:
    """Give the console that people read while a command works."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


@cache
def data() -> Console:
    """Give the console that a command's result goes to."""
    from rich.console import Console

    return Console(highlight=False)


def say(text: str) -> None:
    """Say something in this program's own words (rich markup allowed, no outside text)."""
    talk().print(text)


def say_error(sentence: str, hint: str) -> None:
    """Say what went wrong, and one thing to try."""
    talk().print(f"[red]error:[/red] {for_terminal(sentence, 1000)}", soft_wrap=True)
    if hint:
        talk().print(f"[bold]try:[/bold] {for_terminal(hint, 1000)}", soft_wrap=True)
