"""A redacted report tells no name, no text, no address, no place and no file's name."""

from __future__ import annotations

import pytest

from selfcheck.model import Band, Report
from selfcheck.reports import REPORTS, Row, redacted

TELLING = (
    "author_name",
    "album",
    "caption",
    "permalink",
    "listed_in",
)


def told(report: Report) -> set[str]:
    """Give every text of a report that is somebody's, in pieces of some length."""
    found: set[str | None] = set()
    for source in report.sources:
        found |= {source.label, *source.parts, *source.absent_parts}
        found |= {one.item for one in source.skipped} | {one.path for one in source.missing}
    for exposure in report.exposures:
        for each in (exposure, *exposure.copies):
            found |= {finding.value for finding in each.match.findings}
            for occurrence in each.occurrences:
                found |= {occurrence.part, occurrence.path, occurrence.source}
                for context in occurrence.contexts:
                    found |= {getattr(context, name) for name in TELLING}
                    found.add(context.place.name if context.place else None)
    for one in report.run.asked:
        found |= {one.host, one.address}
    return {text for text in found if text and len(text) > 4}


@pytest.mark.parametrize("row", REPORTS, ids=lambda row: row.name)
@pytest.mark.parametrize("name", ["full", "resized", "filmed", "visited"])
def test_nothing_that_tells_of_others_or_of_places_is_in_a_redacted_report(
    row: Row, name: str, request: pytest.FixtureRequest
) -> None:
    report: Report = request.getfixturevalue(name)
    text = row.render(redacted(report)).decode()
    whole = row.render(report).decode()
    words = told(report)
    assert any(word in whole for word in words)
    assert not [word for word in words if word in text]


def test_what_is_counted_stays_and_so_do_the_pictures(full: Report) -> None:
    found = redacted(full)
    assert found.accounting == full.accounting
    assert [one.sha256 for one in found.exposures] == [one.sha256 for one in full.exposures]
    for one, before in zip(found.exposures, full.exposures, strict=True):
        assert one.match.crop == before.match.crop
        assert [f.leak for f in one.match.findings] == [f.leak for f in before.match.findings]
        assert len(one.occurrences) == len(before.occurrences)
    assert any(one.match.band is Band.YOU and one.match.crop for one in found.exposures)


def test_one_archive_has_one_name_all_through(full: Report) -> None:
    found = redacted(full)
    names = {one.label for one in found.sources}
    assert names == {"source 1", "source 2", "source 3"}
    parts = [part for one in found.sources for part in one.parts]
    standing = [o.part for one in found.exposures for o in one.occurrences]
    before = [o.part for one in full.exposures for o in one.occurrences]
    assert len(set(standing)) == len(set(before))
    assert len(set(parts)) == len({part for one in full.sources for part in one.parts})
