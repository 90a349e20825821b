"""The report for programs: docs/report-schema.md says what each field means.

Equal values give equal bytes; all that may differ between two runs with the same result
is in `run`. It holds no picture and no encoding.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from selfcheck.model import (
    Accounting,
    Asked,
    Context,
    Expectation,
    Exposure,
    FaceQuality,
    Grade,
    Match,
    Occurrence,
    Place,
    Report,
    RunSummary,
    SourceSummary,
)
from selfcheck.privacy.text import address
from selfcheck.reports import words

SCHEMA = 1
"""Goes up when a field changes its meaning or goes away; a new field leaves it as it is."""

# Digits kept of the expected numbers of false alarms: enough for any use of them.
_DIGITS = 6

# An object on its way out; it is made and written here and crosses no package.
_Object = dict[str, Any]


def render_json(report: Report) -> bytes:
    """Write the report as JSON: fixed order of fields, two spaces, ASCII, one newline last.

    Everything beyond ASCII is escaped, so that no control or bidi character of a caption
    reaches a terminal and any program reads the text as it was.
    """
    document = {
        "schema": SCHEMA,
        "run": _run(report.run),
        "accounting": _accounting(report.accounting),
        "expected_false_alarms": _expectation(report.expectation),
        "sources": [_source(source) for source in report.sources],
        "exposures": [_exposure(exposure) for exposure in report.exposures],
        "deal_with_first": {"rule": list(report.rule), "exposures": list(report.urgent)},
    }
    text = json.dumps(_clean(document), indent=2, ensure_ascii=True, allow_nan=False)
    return text.encode("ascii") + b"\n"


def _run(run: RunSummary) -> _Object:
    return {
        "created": run.created.isoformat(timespec="seconds"),
        "version": run.version,
        "last_scan": _iso(run.last_scan),
        "runs": run.runs,
        "assurance": run.assurance,
        "isolation": list(run.isolation),
        "asked": [_asked(one) for one in run.asked],
    }


def _asked(one: Asked) -> _Object:
    return {
        "at": one.at.isoformat(timespec="seconds"),
        "host": one.host,
        "method": one.method,
        "address": one.address,
        "outcome": one.outcome,
        "status": one.status,
        "sent": one.sent,
        "received": one.received,
    }


def _accounting(files: Accounting) -> _Object:
    return {
        "found": files.found,
        "checked": files.checked,
        "duplicate": files.duplicate,
        "ignored": files.ignored,
        "skipped": files.skipped,
        "pending": files.pending,
    }


def _expectation(value: Expectation) -> _Object:
    return {
        "references": value.references,
        "faces_compared": value.faces_compared,
        "you": round(value.you, _DIGITS),
        "maybe": round(value.maybe, _DIGITS),
        "you_limit": round(value.you_limit, 4),
        "maybe_limit": round(value.maybe_limit, 4),
    }


def _source(source: SourceSummary) -> _Object:
    return {
        "label": source.label,
        "platform": source.platform,
        "parts": list(source.parts),
        "accounting": _accounting(source.accounting),
        "ignored": [
            {"rule": rule.name.lower(), "files": amount} for rule, amount in sorted(source.ignored)
        ],
        "skipped": [
            {"item": each.item, "reason": each.reason.name.lower(), "detail": each.detail}
            for each in source.skipped
        ],
        "missing": [{"path": each.path, "listed_in": each.listed_in} for each in source.missing],
        "unlisted": source.unlisted,
        "absent_parts": list(source.absent_parts),
        "addresses": source.addresses,
    }


def _exposure(exposure: Exposure) -> _Object:
    return {
        "sha256": exposure.sha256,
        **_match(exposure.match),
        "grade": _grade(exposure.grade),
        "occurrences": [_occurrence(each) for each in exposure.occurrences],
        "copies": [_exposure(each) for each in exposure.copies],
    }


def _grade(grade: Grade) -> _Object:
    return {
        "usefulness": grade.usefulness.name.lower(),
        "parts": [
            {"name": part.name, "level": part.level.name.lower(), "words": part.words}
            for part in grade.parts
        ],
    }


def _match(match: Match) -> _Object:
    box = match.box
    return {
        "band": match.band.value,
        "confirmed": match.confirmed,
        "distance": round(match.distance, 4),
        "box": {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom},
        "picture": {"width": match.picture_width, "height": match.picture_height},
        "faces": match.faces,
        "second": match.second,
        "quality": _quality(match.quality) if match.quality else None,
        "findings": [
            {"leak": each.leak.name.lower(), "value": each.value} for each in match.findings
        ],
    }


def _quality(quality: FaceQuality) -> _Object:
    return {
        "width": quality.width,
        "sharpness": round(quality.sharpness, 4),
        "yaw": round(quality.yaw, 1),
        "pitch": round(quality.pitch, 1),
        "contrast": round(quality.contrast, 3),
        "evenness": round(quality.evenness, 3),
        "drawn": round(quality.drawn, 3),
    }


def _occurrence(occurrence: Occurrence) -> _Object:
    return {
        "source": occurrence.source,
        "part": occurrence.part,
        "path": occurrence.path,
        "contexts": [_context(context) for context in occurrence.contexts],
    }


def _context(context: Context) -> _Object:
    time = context.time
    return {
        "platform": context.platform,
        "kind": context.kind.name.lower(),
        "audience": context.audience.value,
        "author": context.author.name.lower(),
        "author_name": context.author_name,
        "time": {"when": words.iso(time), "precision": time.precision.value} if time else None,
        "album": context.album,
        "caption": context.caption,
        # What is no plain web address is no link, whatever the export calls it.
        "permalink": address(context.permalink) if context.permalink else None,
        "permalink_derived": context.permalink_derived,
        "place": _place(context.place) if context.place else None,
        "tagged": context.tagged,
        "listed_in": context.listed_in,
        "answered": _iso(context.answered),
        "modified": _iso(context.modified),
    }


def _place(place: Place) -> _Object:
    return {"name": place.name, "latitude": place.latitude, "longitude": place.longitude}


def _iso(when: datetime | None) -> str | None:
    return when.isoformat(timespec="seconds") if when else None


def _clean(value: Any) -> Any:  # noqa: ANN401 - whatever json.dumps takes
    """Replace lone surrogates, which strict readers of JSON refuse, by U+FFFD."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {key: _clean(each) for key, each in value.items()}
        case list():
            return [_clean(each) for each in value]
        case _:
            return value
