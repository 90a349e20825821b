"""Which public reports of other tools' trouble with exports are reproduced, and where.

`reports.json` names each report as `owner/repository#number` or by its short name, then each
quirk worth a test under a plain name, with what the export does and the fixtures and tests that
reproduce it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
REPORTS: list[dict[str, str | list[str]]] = json.loads(
    (Path(__file__).parent / "reports.json").read_text("utf-8")
)


def places() -> set[str]:
    return {place for report in REPORTS for place in report["at"]}


def test_every_report_is_named_once_with_what_the_export_does_and_where() -> None:
    names = [report["report"] for report in REPORTS]
    assert len({str(name).casefold() for name in names}) == len(names)
    for report in REPORTS:
        assert list(report) == ["report", "export", "at"]
        assert str(report["export"]).endswith(".")
        assert report["at"]
        assert len(set(report["at"])) == len(report["at"])


def test_every_place_is_there() -> None:
    for place in places():
        path, _, test = place.partition("::")
        if test:
            text = (TESTS / path).read_text("utf-8")
            assert re.search(rf"^def {re.escape(test)}\(", text, re.MULTILINE), place
        else:
            assert (TESTS / "exports/fixtures" / place / "expected.json").is_file(), place
