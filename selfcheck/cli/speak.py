"""Words for people: stdout carries data, stderr carries talk."""

from __future__ import annotations

from collections.abc import Iterable
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


def say_points(sentences: Iterable[str], *, numbered: bool = False) -> None:
    """Say one sentence a line, indented, each with a mark or a number (markup as in `say`)."""
    from rich.padding import Padding
    from rich.table import Table

    # A grid keeps the second line of a long sentence under its first.
    grid = Table.grid(padding=(0, 1, 0, 0))
    for number, sentence in enumerate(sentences, start=1):
        grid.add_row(f"[bold]{number}.[/bold]" if numbered else "·", sentence)
    talk().print(Padding(grid, (0, 0, 0, 2)))


def say_error(sentence: str, hint: str, *, label: str = "[red]error:[/red] ") -> None:
    """Say what went wrong, and one thing to try."""
    _say_whole(label + for_terminal(sentence, 1000))
    if hint:
        _say_whole(f"[bold]try:[/bold] {for_terminal(hint, 1000)}")


def _say_whole(line: str) -> None:
    """Say a line with its words, and so the paths in it, in one piece."""
    out = talk()
    if out.is_terminal:
        out.print(line, overflow="ignore", crop=False)
    else:
        out.print(line, soft_wrap=True)
