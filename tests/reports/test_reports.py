"""The contract that each row of REPORTS keeps, and how a report gets to disk."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfcheck import reports
from selfcheck.errors import SelfcheckError
from selfcheck.model import Band, Report
from selfcheck.privacy import files
from selfcheck.reports import REPORTS, Row, write

each_report = pytest.mark.parametrize("row", REPORTS, ids=lambda row: row.name)


def test_names_and_suffixes_are_unique() -> None:
    assert len({row.name for row in REPORTS}) == len(REPORTS)
    assert len({row.suffix for row in REPORTS}) == len(REPORTS)
    assert all(row.suffix == f".{row.name}" for row in REPORTS)


@each_report
def test_hostile_text_does_not_stop_a_report(row: Row, hostile: Report) -> None:
    assert row.render(hostile)


@each_report
def test_no_report_carries_a_raw_control_or_bidi_character(row: Row, hostile: Report) -> None:
    text = row.render(hostile).decode("utf-8-sig")
    allowed = {"\n"} | ({"\r"} if row.name == "csv" else set())
    controls = {each for each in text if ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0}
    assert controls <= allowed
    assert not {*"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"} & {*text}


@each_report
def test_equal_values_give_equal_bytes(row: Row, full: Report) -> None:
    same = replace(full, exposures=tuple(replace(each) for each in full.exposures))
    assert row.render(full) == row.render(same)


@each_report
def test_every_report_says_what_was_not_checked(row: Row, nothing_found: Report) -> None:
    text = row.render(nothing_found).decode()
    assert "pending" in text
    assert "skipped" in text
    assert "posts/media/a/2.jpg" in text


@each_report
def test_every_report_says_which_false_alarms_to_expect(row: Row, full: Report) -> None:
    text = row.render(full).decode()
    assert "0.12" in text
    assert "2.3" in text


@each_report
def test_no_report_holds_the_picture_of_a_maybe(row: Row, full: Report) -> None:
    you = next(each for each in full.exposures if each.match.band is Band.YOU)
    # A crop where none may be: the report must not trust its maker.
    maybe = replace(you, match=replace(you.match, band=Band.MAYBE))
    empty = replace(maybe, match=replace(maybe.match, crop=b""))
    given = row.render(replace(full, exposures=(maybe,)))
    assert given == row.render(replace(full, exposures=(empty,)))


@each_report
def test_a_copy_is_reported_with_its_own_place_and_findings(row: Row, resized: Report) -> None:
    (copy,) = resized.exposures[2].copies
    text = row.render(resized).decode()
    assert copy.occurrences[0].path in text
    assert "46.55834, 7.98360" in text


@each_report
def test_no_report_holds_a_picture_of_a_copy(row: Row, resized: Report) -> None:
    first, second, third, *rest = resized.exposures
    (copy,) = third.copies
    empty = replace(third, copies=(replace(copy, match=replace(copy.match, crop=b"")),))
    without = replace(resized, exposures=(first, second, empty, *rest))
    assert row.render(resized) == row.render(without)


@each_report
def test_an_exposure_without_contexts_is_still_reported(row: Row, full: Report) -> None:
    first = full.exposures[0]
    bare = replace(first, occurrences=(replace(first.occurrences[0], contexts=()),))
    nowhere = replace(first, occurrences=())
    assert first.occurrences[0].path.encode() in row.render(replace(full, exposures=(bare,)))
    assert row.render(replace(full, exposures=(nowhere,)))


@each_report
def test_a_report_of_nothing_at_all_is_still_a_report(row: Row, only_pending: Report) -> None:
    nothing = replace(only_pending.accounting, found=0, pending=0)
    assert row.render(replace(only_pending, accounting=nothing, sources=()))


@each_report
def test_a_report_is_written_for_its_owner_only(row: Row, full: Report, tmp_path: Path) -> None:
    path = tmp_path / f"report{row.suffix}"
    write(full, path, row)
    assert path.read_bytes() == row.render(full)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@each_report
def test_a_full_disk_leaves_the_old_report_and_no_part_of_the_new(
    row: Row, full: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"report{row.suffix}"
    path.write_bytes(b"old")

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_sync", full_disk)
    with pytest.raises(SelfcheckError, match="No space left"):
        write(full, path, row)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_that_cannot_be_made_writes_nothing(full: Report, tmp_path: Path) -> None:
    def broken(report: Report) -> bytes:
        raise ValueError(report.run.version)

    with pytest.raises(ValueError, match=r"0\.1\.0"):
        write(full, tmp_path / "report", Row(name="x", suffix=".x", render=broken))
    assert not list(tmp_path.iterdir())


@each_report
def test_no_report_shows_an_encoding_or_the_bytes_of_a_value(row: Row, full: Report) -> None:
    text = row.render(full).decode()
    assert "encoding" not in text.replace('decoding="async"', "")
    assert "Exposure(" not in text
    assert "Audience." not in text


def test_render_terminal_is_offered_beside_the_rows() -> None:
    offered = {"REPORTS", "Row", "is_further_page", "redacted", "render_terminal", "row", "write"}
    assert {*reports.__all__} == offered


def test_a_kind_of_report_is_found_by_its_name() -> None:
    assert [reports.row(each.name) for each in REPORTS] == [*REPORTS]
    with pytest.raises(KeyError):
        reports.row("pdf")


def test_the_time_of_making_shows_in_html_only_as_a_date(full: Report) -> None:
    row = next(row for row in REPORTS if row.name == "html")
    later = replace(full, run=replace(full.run, created=datetime(2026, 11, 22, 23, 59, tzinfo=UTC)))
    assert row.render(full) == row.render(later)
