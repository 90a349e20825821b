"""`selfcheck history`: who used the profile when, for what and why; and whether that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from selfcheck.ledger.chain import Entry, Line
    from selfcheck.ledger.history import Recent

NAME = "history"


def command(
    verify: Annotated[
        bool, typer.Option("--verify", help="Check that no line was changed, removed or cut off.")
    ] = False,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="So many of the newest.")] = 100,
) -> None:
    """Show every enrolment, verification, scan and review: when, of what, why and by whom.

    With --verify it says whether all lines are as they were written; the exit code is 1 where they
    are not. Both files put back to an older state together cannot be seen (docs/history.md).
    """
    from selfcheck.cli import room
    from selfcheck.cli.speak import data
    from selfcheck.flows import history

    home = room.home()
    room.offline()
    if verify:
        found = history.verify(home=home, keys=room.keys(home))
        data().print(found.sentence, soft_wrap=True)
        return
    _show(history.recent(home=home, most=last))


def _show(found: Recent) -> None:
    from selfcheck.cli.speak import data, say
    from selfcheck.reports.words import count

    if found.left_out:
        say(f"{count(found.left_out, 'earlier event')} left out: --last {found.left_out + 100}")
    if found.lines:
        data().print(_table(found.lines))
    else:
        say("Nothing was noted yet.")
    if found.unreadable:
        say(f"[yellow]note:[/yellow] {count(found.unreadable, 'line')} cannot be read.")
    say("Whether this is all as it was written: [bold]selfcheck history --verify[/bold]")


def _table(lines: Iterable[Line]) -> Table:
    from rich.box import SIMPLE
    from rich.table import Column, Table

    table = Table(
        Column("line", justify="right", no_wrap=True),
        Column("when", no_wrap=True),
        Column("what", no_wrap=True),
        Column("of", overflow="fold"),
        Column("verified", overflow="fold"),
        Column("by", overflow="fold"),
        Column("purpose", overflow="fold"),
        Column("outcome", no_wrap=True),
        box=SIMPLE,
    )
    for line in lines:
        table.add_row(str(line.number), *_cells(line.entry))
    return table


def _cells(entry: Entry) -> tuple[str, ...]:
    from selfcheck.ledger.chain import Outcome
    from selfcheck.privacy.text import for_terminal

    # A scan without an end was killed, or goes on.
    outcome = "no end" if entry.outcome is Outcome.BEGUN else entry.outcome.value
    return (
        f"{entry.at.astimezone():%Y-%m-%d %H:%M}",
        entry.what.value,
        for_terminal(", ".join(entry.scope)),
        for_terminal(entry.assurance),
        for_terminal(f"{entry.account} on {entry.machine}"),
        for_terminal(entry.purpose),
        outcome,
    )
