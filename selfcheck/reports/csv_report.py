"""The report as a table for spreadsheets: docs/report-schema.md lists its columns.

One row for each time a matched picture is listed somewhere, then what was not checked and
the false alarms to expect, so that an empty table never reads as "nothing there".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from selfcheck.model import Context, Exposure, Moment, Occurrence, Report, SourceSummary
from selfcheck.privacy.text import address, for_csv
from selfcheck.reports import summary, words
from selfcheck.reports.summary import HostTally

COLUMNS = (
    "record",
    "band",
    "platform",
    "kind",
    "audience",
    "author",
    "author_name",
    "time",
    "album",
    "caption",
    "permalink",
    "permalink_derived",
    "place",
    "tagged",
    "faces",
    "second",
    "confirmed",
    "distance",
    "usefulness",
    "urgency",
    "gives_away",
    "source",
    "part",
    "path",
    "listed_in",
    "answered",
    "modified",
    "sha256",
    "copy_of",
    "note",
)


def render_csv(report: Report) -> bytes:
    """Write the report as CSV (RFC 4180) in UTF-8 with a byte order mark.

    Without the mark Excel reads accents as the characters of an older encoding. A cell that
    a spreadsheet would take for a formula starts with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(report):
        writer.writerow({column: for_csv(cell) for column, cell in row.items()})
    return text.getvalue().encode("utf-8-sig")


def _rows(report: Report) -> Iterator[dict[str, str]]:
    urgency = {sha256: str(place) for place, sha256 in enumerate(report.urgent, start=1)}
    for exposure in report.exposures:
        common = {
            "usefulness": words.grade(exposure.grade),
            "urgency": urgency.get(exposure.sha256, ""),
        }
        for each in exposure.whole:
            copy_of = {"copy_of": "" if each is exposure else exposure.sha256}
            row = _exposure(each) | common | copy_of
            for occurrence, context in summary.own_places(each):
                yield row | _occurrence(occurrence) | _context(context)
    for source in report.sources:
        yield from _source(source)
    yield {"record": "accounting", "note": words.sum_line(report.accounting)}
    yield from map(_host, summary.by_host(report.run.asked))
    for sentence in words.false_alarms(report.expectation):
        yield {"record": "false alarms", "note": sentence}


def _exposure(exposure: Exposure) -> dict[str, str]:
    match = exposure.match
    return {
        "record": "exposure",
        "band": match.band.value,
        "faces": str(match.faces),
        "second": "" if match.second is None else f"{match.second:.2f}",
        "confirmed": "yes" if match.confirmed else "",
        "distance": f"{match.distance:.4f}",
        "gives_away": "; ".join(words.finding(each) for each in match.findings),
        "sha256": exposure.sha256,
    }


def _occurrence(occurrence: Occurrence) -> dict[str, str]:
    return {"source": occurrence.source, "part": occurrence.part, "path": occurrence.path}


def _context(context: Context) -> dict[str, str]:
    link = address(context.permalink) if context.permalink else None
    return {
        "platform": context.platform,
        "kind": context.kind.value,
        "audience": context.audience.value,
        "author": context.author.value,
        "author_name": context.author_name or "",
        "time": _time(context.time),
        "album": context.album or "",
        "caption": context.caption or "",
        "permalink": link or "",
        "permalink_derived": "yes" if link and context.permalink_derived else "",
        "place": words.place(context.place) if context.place else "",
        "tagged": str(context.tagged),
        "listed_in": context.listed_in or "",
        "answered": _iso(context.answered),
        "modified": _iso(context.modified),
    }


def _time(value: Moment | None) -> str:
    return words.iso(value) if value else ""


def _iso(when: datetime | None) -> str:
    return when.isoformat(timespec="seconds") if when else ""


def _host(host: HostTally) -> dict[str, str]:
    sizes = f"{words.volume(host.sent)} sent, {words.volume(host.received)} received"
    note = f"{words.count(host.requests, 'request')}, {sizes}: {words.outcomes(host.outcomes)}"
    return {"record": "network", "path": host.host, "note": note}


def _source(source: SourceSummary) -> Iterator[dict[str, str]]:
    common = {"platform": source.platform, "source": source.label}
    for skipped in source.skipped:
        note = f"{skipped.reason.value}: {skipped.detail}" if skipped.detail else skipped.reason
        yield common | {"record": "skipped", "path": skipped.item, "note": note}
    for missing in source.missing:
        where = {"path": missing.path, "listed_in": missing.listed_in}
        yield common | {"record": "missing", "note": "listed, but in none of the parts"} | where
    for part in source.absent_parts:
        yield common | {"record": "absent part", "path": part, "note": words.ABSENT_PART}
    if source.addresses:
        yield common | {"record": "addresses", "note": words.addresses(source.addresses)}
    for rule, amount in source.ignored:
        note = f"{words.count(amount, 'file')}: {rule.value}"
        yield common | {"record": "ignored", "note": note}
    if pending := source.accounting.pending:
        note = words.count(pending, "file") + " still to do"
        yield common | {"record": "pending", "note": note}
