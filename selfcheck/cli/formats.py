"""`selfcheck formats`: which exports are read, and how to ask each platform for one."""

from __future__ import annotations

NAME = "formats"


def command() -> None:
    """List the exports that are read, and how to get each."""
    from rich.table import Column, Table

    from selfcheck.cli.speak import data
    from selfcheck.exports import EXPORTS

    # Folded, so that no address is cut short.
    how = Column("how to get it", overflow="fold")
    table = Table("export", "what is read", how, show_lines=True)
    for export in EXPORTS:
        table.add_row(export.title, export.reads, export.how)
    data().print(table)
