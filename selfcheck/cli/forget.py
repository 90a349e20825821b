"""`selfcheck forget`: destroy everything the tool knows about you."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfcheck.ledger import WrittenFile

NAME = "forget"


def command(
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask; also delete every file written elsewhere.")
    ] = False,
) -> None:
    """Destroy the key, the profile and everything found; list what was written elsewhere."""
    from selfcheck.cli import room
    from selfcheck.cli.speak import say
    from selfcheck.flows.forget import OUT_OF_REACH, forget, written_files
    from selfcheck.privacy.text import for_terminal

    home = room.home()
    room.offline()
    keys = room.keys(home)
    say("This destroys your profile, its key, and everything that was found. It cannot be undone.")
    if not (yes or typer.confirm("Destroy it?", err=True)):
        say("Nothing was changed.")
        return
    written = written_files(home)
    done = forget(home, keys)
    for name in done.gone:
        say(f"gone: {name}")
    for trouble in done.troubles:
        say(f"[yellow]note:[/yellow] {for_terminal(trouble, 500)}")
    if not done.gone:
        say("There was nothing to forget.")
    _offer(written, yes=yes)
    say("Out of this program's reach: " + "; ".join(OUT_OF_REACH) + ".")


def _offer(written: Sequence[WrittenFile], *, yes: bool) -> None:
    from selfcheck.cli.speak import say
    from selfcheck.privacy.files import remove
    from selfcheck.privacy.text import for_terminal, safe

    for file in written:
        name = for_terminal(str(file.path), 1000)
        if yes or typer.confirm(f"Delete the {file.kind} {safe(str(file.path), 1000)}?", err=True):
            remove(file.path)
            say(f"gone: {name}")
        else:
            say(f"still there: {name}")
