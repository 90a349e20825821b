"""`selfcheck report`: what was found, in the terminal or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

NAME = "report"


def command(
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page.")] = None,
    json: Annotated[
        Path | None, typer.Option(help="Write JSON (schema in docs/report-schema.md); - is stdout.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write a table for a spreadsheet; - is stdout.")
    ] = None,
    redact: Annotated[
        bool,
        typer.Option("--redact", help="Leave out names, texts, addresses, places and file names."),
    ] = False,
    open_: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser (needs --html).")
    ] = False,
) -> None:
    """Show what was found and where; works without the archives."""
    from selfcheck.cli import room
    from selfcheck.cli.opener import opener
    from selfcheck.cli.speak import data, say
    from selfcheck.errors import UsageError
    from selfcheck.flows.report import make_report, write_report
    from selfcheck.privacy.syncing import synced_by
    from selfcheck.privacy.text import for_terminal
    from selfcheck.reports import redacted
    from selfcheck.reports.terminal import render_terminal

    if open_ and html is None:
        raise UsageError("--open opens the page that --html writes.", hint="add --html report.html")
    home = room.home()
    # A browser is started by a process that keeps its network; this one gives it up.
    show = opener() if open_ else None
    room.offline()
    # Only the page shows crops, so only the page needs the key.
    keys = room.keys(home) if html else None
    report = make_report(home=home, keys=keys)
    if redact:
        report = redacted(report)
    wanted = {"html": html, "json": json, "csv": csv}
    for name, path in wanted.items():
        if path is None:
            continue
        if str(path) != "-" and (program := synced_by(path)):
            say(
                f"[yellow]{program} copies this folder to other computers[/yellow], the report too."
            )
        written = write_report(report, name, path, home=home)
        if written:
            *further, first = written
            where = for_terminal(str(first), 1000)
            more = f" and {len(further):,} more pages beside it" if further else ""
            say(f"Written: [bold]{where}[/bold]{more}. It is about you: keep it to yourself.")
    if not any(wanted.values()):
        render_terminal(report, data())
    if show is not None and html is not None:
        show(html.expanduser().absolute().as_uri())
