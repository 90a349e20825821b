"""The reports: HTML, JSON and CSV, one row each in REPORTS, and a summary in the terminal.

They take values and give bytes; they never ask the ledger and never open the archives. A
new report is one module here and one row in REPORTS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from selfcheck.model import Report
from selfcheck.privacy.files import write_together
from selfcheck.reports.csv_report import render_csv
from selfcheck.reports.html_report import is_further_page, render_html, render_pages
from selfcheck.reports.json_report import render_json
from selfcheck.reports.redacting import redacted
from selfcheck.reports.terminal import render_terminal

__all__ = ["REPORTS", "Row", "is_further_page", "redacted", "render_terminal", "row", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of report: its name, the suffix of its file, and what makes its bytes.

    `pages` makes files of it instead, by their names, where one would be too large to open.
    """

    name: str
    suffix: str
    render: Callable[[Report], bytes]
    pages: Callable[[Report, str], Iterator[tuple[str, bytes]]] | None = None


REPORTS = (
    Row(name="html", suffix=".html", render=render_html, pages=render_pages),
    Row(name="json", suffix=".json", render=render_json),
    Row(name="csv", suffix=".csv", render=render_csv),
)


def row(name: str) -> Row:
    """Give the kind of report of that name, one of those in REPORTS; KeyError for any other."""
    return {each.name: each for each in REPORTS}[name]


def write(report: Report, path: Path, kind: Row) -> tuple[Path, ...]:
    """Write one report to `path`, whole or not at all, readable by its owner only.

    A large one gets further pages beside it; gives all its files, the one at `path` last.
    Raises SelfcheckError where it cannot be written (disk full, no permission); what stood
    at `path` before is then still there.
    """
    if kind.pages is None:
        return write_together([(path, kind.render(report))])
    pages = kind.pages(report, path.name)
    return write_together((path.with_name(name), data) for name, data in pages)
