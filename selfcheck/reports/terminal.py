"""The summary in the terminal: what was found, where, what was not checked, what next.

Counts and sentences only; the pictures one by one are in the other reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from selfcheck.model import Report
from selfcheck.privacy.text import for_terminal, safe
from selfcheck.reports import sentences, summary, words
from selfcheck.reports.summary import Tally

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# More names than this fill a screen without helping anybody choose whom to ask.
_NAMES = 5

# What fits beside two columns of figures at 60 columns.
_LABEL = 34

# A host may call itself anything; the names of honest ones are shorter.
_HOST = 60


def render_terminal(report: Report, console: Console) -> None:
    """Print a summary of the report; readable from 60 columns on."""
    console.print()
    console.print(f"[bold]{for_terminal(sentences.title(report))}[/bold]", highlight=False)
    _indented(console, sentences.headline(report), mark="")
    if report.exposures:
        _counts(report, console)
    _files(report, console)
    _network(report, console)
    _section(console, "False alarms to expect")
    _indented(console, words.false_alarms(report.expectation))
    _section(console, "What to do next")
    _indented(console, sentences.next_steps(report), mark="{}.")
    console.print()


def _counts(report: Report, console: Console) -> None:
    from rich.padding import Padding
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("Pictures", min_width=26, max_width=36)
    table.add_column("you", justify="right", min_width=7)
    table.add_column("maybe", justify="right", min_width=7)
    authors = summary.by_author(report.exposures)
    _rows(table, "Where they stand", summary.by_platform(report.exposures))
    _rows(table, "Who could see them", summary.by_audience(report.exposures))
    _rows(table, "Who posted them", authors[:_NAMES])
    if len(authors) > _NAMES:
        table.add_row(f"  [dim]and {words.number(len(authors) - _NAMES)} more[/dim]")
    _rows(table, "To a face-search engine", summary.by_usefulness(report.exposures))
    _rows(table, "What the files give away", summary.by_leak(report.exposures))
    console.print(Padding(table, (1, 0, 0, 0)))


def _rows(table: Table, title: str, rows: Sequence[Tally]) -> None:
    if rows:
        table.add_row(f"[bold]{title}[/bold]")
    for row in rows:
        label = for_terminal(row.label, _LABEL)
        table.add_row(f"  {label}", _cell(row.you, "green"), _cell(row.maybe, "yellow"))


def _cell(value: int, colour: str) -> str:
    return f"[{colour}]{words.number(value)}[/{colour}]" if value else "[dim]·[/dim]"


def _files(report: Report, console: Console) -> None:
    _section(console, "Files")
    _indented(console, (words.sum_line(report.accounting),), mark="")
    _indented(console, _troubles(report))


def _network(report: Report, console: Console) -> None:
    _section(console, sentences.NETWORK)
    _indented(console, sentences.network(report), mark="")
    hosts = summary.by_host(report.run.asked)
    named = [
        f"{safe(host.host, _HOST)}: {words.outcomes(host.outcomes)}" for host in hosts[:_NAMES]
    ]
    if len(hosts) > _NAMES:
        named.append(f"and {words.count(len(hosts) - _NAMES, 'more host', 'more hosts')}")
    _indented(console, named)


def _troubles(report: Report) -> Iterator[str]:
    skipped = Counter(each.reason.value for source in report.sources for each in source.skipped)
    yield from (f"skipped {words.number(n)}: {why}" for why, n in skipped.most_common())
    ignored: Counter[str] = Counter()
    for source in report.sources:
        ignored.update({rule.value: amount for rule, amount in source.ignored})
    yield from (f"ignored {words.number(n)}: {why}" for why, n in ignored.most_common())
    if missing := summary.not_checked(report).missing:
        yield f"{words.count(missing, 'picture')} listed by an export and in none of its parts"
    for source in report.sources:
        if source.absent_parts:
            parts = words.count(len(source.absent_parts), "part")
            yield f"{parts} of {source.label} not given: {words.some(source.absent_parts)}"
    if addresses := sum(source.addresses for source in report.sources):
        yield words.addresses(addresses)
    if unlisted := sum(source.unlisted for source in report.sources):
        yield f"{words.count(unlisted, 'picture')} checked that no export lists"


def _section(console: Console, title: str) -> None:
    console.print(f"\n[bold]{title}[/bold]", highlight=False)


def _indented(console: Console, lines: Iterable[str], *, mark: str = "·") -> None:
    from rich.padding import Padding
    from rich.table import Table

    # A grid keeps the second line of a long sentence under its first.
    grid = Table.grid(padding=(0, 1, 0, 0))
    for order, line in enumerate(lines, start=1):
        cells = (mark.format(order), for_terminal(line))
        grid.add_row(*(cell for cell in cells if cell))
    if grid.row_count:
        console.print(Padding(grid, (0, 0, 0, 2)))
