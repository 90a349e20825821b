"""The reports: HTML, JSON and CSV, one row each in REPORTS, and a summary in the terminal.

They take values and give bytes; they never ask the ledger and never open the archives. A
new report is one module here and one row in REPORTS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from selfcheck.model import Report
from selfcheck.privacy.files import write_atomically
from selfcheck.reports.csv_report import render_csv
from selfcheck.reports.html_report import render_html
from selfcheck.reports.json_report import render_json
from selfcheck.reports.redacting import redacted
from selfcheck.reports.terminal import render_terminal

__all__ = ["REPORTS", "Row", "redacted", "render_terminal", "row", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of report: its name, the suffix of its file, and what makes its bytes."""

    name: str
    suffix: str
    render: Callable[[Report], bytes]


REPORTS = (
    Row(name="html", suffix=".html", render=render_html),
    Row(name="json", suffix=".json", render=render_json),
    Row(name="csv", suffix=".csv", render=render_csv),
)


def row(name: str) -> Row:
    """Give the kind of report of that name, one of those in REPORTS; KeyError for any other."""
    return {each.name: each for each in REPORTS}[name]


def write(report: Report, path: Path, kind: Row) -> None:
    """Write one report to `path`, whole or not at all, readable by its owner only.

    Raises SelfcheckError where it cannot be written (disk full, no permission); what stood
    at `path` before is then still there.
    """
    write_atomically(path, kind.render(report))
