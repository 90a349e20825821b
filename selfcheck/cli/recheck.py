"""`selfcheck recheck`: ask the known addresses again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from selfcheck.flows.recheck import Result

NAME = "recheck"


def command(
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Say what changed since that day, and not the last time."
        ),
    ] = None,
    allow_private: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="A host of your own in a private network."),
    ] = None,
) -> None:
    """Ask the known web addresses again whether each picture is there, changed or gone.

    Exit code 10 says that something changed. It looks at no face, so it needs no verification.
    """
    from selfcheck.cli import room
    from selfcheck.cli.progress import progress
    from selfcheck.cli.scan import private_hosts, stopping
    from selfcheck.flows.fetching import Courier
    from selfcheck.flows.recheck import recheck

    home = room.home()
    with stopping() as stop, Courier(private_hosts=private_hosts(allow_private)) as courier:
        room.offline()  # this process; the one that asks was started before
        with progress() as show:
            then = since.astimezone() if since else None
            result = recheck(home=home, courier=courier, since=then, stop=stop, on_event=show)
    _tell(result)


def _tell(result: Result) -> None:
    from rich.box import SIMPLE
    from rich.table import Column, Table

    from selfcheck.cli.speak import data, say
    from selfcheck.errors import ChangeSeen
    from selfcheck.privacy.text import for_terminal
    from selfcheck.reports.words import count

    if not result.rechecked:
        say("No picture of you is known at a web address.")
        return
    table = Table(
        Column("now", no_wrap=True),
        Column("before", no_wrap=True),
        Column("picture, and its page", overflow="fold"),
        box=SIMPLE,
    )
    for one in result.rechecked:
        where = [one.known.address, one.known.page]
        if one.now.detail:
            where.append(f"({one.now.detail})")
        table.add_row(
            ("[bold]" if one.changed else "") + one.now.standing.value,
            one.before.standing.value,
            "\n".join(for_terminal(line, 1000) for line in dict.fromkeys(where)),
        )
    data().print(table)
    if result.left:
        left = count(result.left, "address", "addresses")
        say(f"No more than 2,000 addresses are asked in a day: {left} are left for another day.")
    changed = [one for one in result.rechecked if one.changed]
    if changed:
        raise ChangeSeen(
            f"Something changed at {count(len(changed), 'address', 'addresses')}.",
            hint=f"selfcheck scan {changed[0].known.page}",
        )
