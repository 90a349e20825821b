"""Reports written as files: what the ledger remembers of them, and what an older one leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reports.conftest import RUN, accounting, exposure
from reports.conftest import context as place

from selfcheck.errors import LedgerError
from selfcheck.flows.report import FURTHER_PAGE, _unsealed, write_report
from selfcheck.identity import new_key, seal
from selfcheck.ledger import Ledger
from selfcheck.model import Expectation, Report
from selfcheck.privacy.paths import Home
from selfcheck.reports import html_report

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(root=tmp_path / "home")
    found.prepare()
    return found


def holding(amount: int) -> Report:
    return Report(
        run=replace(RUN, created=NOW),
        accounting=accounting(checked=amount),
        expectation=Expectation(
            references=1, faces_compared=1, you=0, maybe=0, you_limit=0.4, maybe_limit=0.5
        ),
        sources=(),
        exposures=tuple(exposure(place(), seed=n + 1) for n in range(amount)),
        urgent=(),
        rule=(),
    )


def noted(home: Home) -> dict[str, str]:
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        return {one.path.name: one.kind for one in ledger.written()}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "PAGE", 2)


def test_every_page_of_a_large_report_is_remembered(home: Home, tmp_path: Path) -> None:
    files = write_report(holding(5), "html", tmp_path / "r.html", home=home)
    assert [file.name for file in files] == ["r.page-2.html", "r.page-3.html", "r.html"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert noted(home) == {
        "r.page-2.html": FURTHER_PAGE,
        "r.page-3.html": FURTHER_PAGE,
        "r.html": "report (html)",
    }


def test_pages_of_an_older_and_larger_report_go(home: Home, tmp_path: Path) -> None:
    write_report(holding(6), "html", tmp_path / "r.html", home=home)
    write_report(holding(6), "html", tmp_path / "other.html", home=home)
    own = tmp_path / "r.page-9.html"
    own.write_text("of somebody else")
    files = write_report(holding(3), "html", tmp_path / "r.html", home=home)
    assert [file.name for file in files] == ["r.page-2.html", "r.html"]
    assert sorted(path.name for path in tmp_path.glob("*.html")) == [
        "other.html",
        "other.page-2.html",
        "other.page-3.html",
        "r.html",
        "r.page-2.html",
        "r.page-9.html",
    ]
    assert own.read_text() == "of somebody else"


def test_a_report_on_stdout_is_one_page(
    home: Home, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert write_report(holding(5), "html", Path("-"), home=home) == ()
    assert capfdbinary.readouterr().out.count(b"<article") == 5
    assert not list(tmp_path.glob("*.html"))


def test_a_damaged_crop_is_told_of_and_nobody_is_told_to_forget_everything() -> None:
    key = new_key()
    sealed = bytearray(seal(key, b"a crop", "crop"))
    sealed[-1] ^= 1
    with pytest.raises(LedgerError, match="does not open") as refused:
        _unsealed(key, bytes(sealed), "crop")
    assert "forget" not in str(refused.value.hint)
    assert _unsealed(key, seal(key, b"a crop", "crop"), "crop") == b"a crop"
