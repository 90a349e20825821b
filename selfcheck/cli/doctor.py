"""`selfcheck doctor`: what works on this machine, and what mends the rest."""

from __future__ import annotations

NAME = "doctor"


def command() -> None:
    """Check what works on this machine, and name the command that mends what does not."""
    from rich.table import Column, Table

    from selfcheck.cli.speak import data
    from selfcheck.errors import SelfcheckError
    from selfcheck.flows.doctor import examine
    from selfcheck.privacy.paths import Home
    from selfcheck.privacy.text import for_terminal

    table = Table("what", "works", Column("seen", overflow="fold"), Column("try", overflow="fold"))
    broken = 0
    for check in examine(Home.find()):
        broken += not check.works
        sign = "[green]yes[/green]" if check.works else "[red]no[/red]"
        table.add_row(check.name, sign, for_terminal(check.seen), check.mend)
    data().print(table)
    if broken:
        raise SelfcheckError(
            f"{broken} of these {'does' if broken == 1 else 'do'} not work.",
            hint="the command in the table",
        )
