"""A report to show to others: without names, words, addresses, places and file names.

Works on values, so it holds for every kind of report. Pictures stay: they show the owner alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from selfcheck.model import (
    Asked,
    Context,
    Exposure,
    Finding,
    Occurrence,
    Report,
    SourceSummary,
)

LEFT_OUT: Final = "left out"


class _Aliases:
    """A name of ours for each name of theirs: `archive 2` stays `archive 2` all through."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        return self._known.setdefault(name, f"{self._word} {len(self._known) + 1}")


def redacted(report: Report) -> Report:
    """Give the same report without what tells of other people, of places and of whose files."""
    source, part, host = _Aliases("source"), _Aliases("archive"), _Aliases("host")
    sources = tuple(_source(one, source, part) for one in report.sources)
    return replace(
        report,
        run=replace(report.run, asked=tuple(_asked(one, host) for one in report.run.asked)),
        sources=sources,
        exposures=tuple(_exposure(one, source, part) for one in report.exposures),
    )


def _asked(one: Asked, host: _Aliases) -> Asked:
    return replace(one, host=host(one.host), address=LEFT_OUT)


def _source(one: SourceSummary, source: _Aliases, part: _Aliases) -> SourceSummary:
    return replace(
        one,
        label=source(one.label),
        parts=tuple(map(part, one.parts)),
        skipped=tuple(replace(each, item=LEFT_OUT, detail="") for each in one.skipped),
        missing=tuple(replace(each, path=LEFT_OUT, listed_in=LEFT_OUT) for each in one.missing),
        absent_parts=tuple(map(part, one.absent_parts)),
    )


def _exposure(one: Exposure, source: _Aliases, part: _Aliases) -> Exposure:
    return replace(
        one,
        match=replace(one.match, findings=tuple(_findings(one.match.findings))),
        occurrences=tuple(_occurrence(each, source, part) for each in one.occurrences),
        copies=tuple(_exposure(each, source, part) for each in one.copies),
    )


def _findings(findings: Iterable[Finding]) -> Iterable[Finding]:
    # That a picture gives away where it was taken may be told, and not where that was.
    return (replace(each, value=LEFT_OUT) for each in findings)


def _occurrence(one: Occurrence, source: _Aliases, part: _Aliases) -> Occurrence:
    return replace(
        one,
        source=source(one.source),
        part=part(one.part),
        path=LEFT_OUT,
        contexts=tuple(map(_context, one.contexts)),
    )


def _context(one: Context) -> Context:
    """Keep platform, kind, time, audience, whether the owner posted it, and how many are tagged."""
    return Context(
        platform=one.platform,
        kind=one.kind,
        time=one.time,
        author=one.author,
        audience=one.audience,
        tagged=one.tagged,
        answered=one.answered,
        modified=one.modified,
    )
