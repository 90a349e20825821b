"""`selfcheck clean`: copies of pictures without metadata, for posting again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from selfcheck.flows.clean import CleanCopy

NAME = "clean"


def command(
    picture: Annotated[
        list[Path], typer.Argument(metavar="PICTURE...", help="Pictures of your own.")
    ],
    to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the copies go; beside each picture otherwise."),
    ] = None,
) -> None:
    """Write a copy without metadata of each picture, and show what was removed.

    Pictures keep their pixels, which way is up and their colours; HEIC, AVIF, TIFF and BMP are
    saved anew as JPEG, or as PNG where they can be seen through. Each copy is read again before
    it is kept. Originals are left as they are.
    """
    from datetime import UTC, datetime

    from selfcheck.cli import room
    from selfcheck.cli.speak import say, say_error
    from selfcheck.errors import UnreadableFiles, UsageError
    from selfcheck.flows.clean import CleanCopy, clean_copies
    from selfcheck.flows.crew import Crew, Setup
    from selfcheck.privacy.paths import cache_folder
    from selfcheck.reports.words import count

    if to is not None and not to.is_dir():
        raise UsageError(f"{to} is no folder.", hint=f"mkdir '{to}'")
    home = room.home()
    room.offline()
    written = left = 0
    with Crew(Setup(engine=None, cache=cache_folder()), workers=1) as crew:
        for done in clean_copies(picture, home=home, crew=crew, now=datetime.now(UTC), to=to):
            if isinstance(done, CleanCopy):
                written += 1
                _show(done)
            else:
                left += 1
                say_error(done.sentence, done.hint)
    if written:
        say("Metadata only: what a picture shows, such as a street sign, is in the copy as well.")
    if left:
        pictures = count(written + left, "picture")
        raise UnreadableFiles(
            f"Finished, but {left} of {pictures} could not be cleaned.",
            hint="what is said of each above",
        )


def _show(done: CleanCopy) -> None:
    from rich.box import SIMPLE
    from rich.table import Column, Table

    from selfcheck.cli.speak import data, say
    from selfcheck.privacy.text import for_terminal

    table = Table("removed", Column("value", overflow="fold"), box=SIMPLE)
    for one in done.removed:
        table.add_row(for_terminal(one.what), for_terminal(one.value))
    if not done.removed:
        table.add_row("nothing", "it held no metadata")
    data().print(f"[bold]{for_terminal(str(done.copy), 1000)}[/bold]", soft_wrap=True)
    data().print(table)
    for note in done.notes:
        say(f"[yellow]note:[/yellow] {for_terminal(note)}")
