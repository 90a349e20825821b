"""The table for spreadsheets: nothing in it is a formula, and it is never silently empty."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from selfcheck.model import Report
from selfcheck.reports.csv_report import COLUMNS, render_csv


def rows(report: Report) -> list[dict[str, str]]:
    text = render_csv(report).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_no_cell_is_a_formula(hostile: Report) -> None:
    cells = [cell for row in rows(hostile) for cell in row.values()]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert "'=cmd|' /C calc'!A0" in cells


def test_text_stays_in_its_cell(hostile: Report) -> None:
    table = rows(hostile)
    assert all({*row} == {*COLUMNS} and None not in row.values() for row in table)
    assert '"><img src=x onerror=alert(1)>' in {row["caption"] for row in table}
    assert "name  Set-Cookie: x" in {row["caption"] for row in table}


def test_one_row_for_each_time_a_picture_is_listed(full: Report) -> None:
    listed = sum(len(o.contexts) for each in full.exposures for o in each.occurrences)
    table = [row for row in rows(full) if row["record"] == "exposure"]
    assert len(table) == listed == 9
    assert table[0]["sha256"] == table[1]["sha256"]
    assert table[0]["platform"] == "Facebook"
    assert table[0]["time"] == "2019-07-14T18:32:00+02:00"
    assert table[0]["distance"] == "0.3400"
    assert table[0]["gives_away"] == "GPS position: 59.32931, 18.06858; camera: Pixel 3a"
    assert table[1]["place"] == "Stockholm · 59.32931, 18.06858"
    assert table[2]["permalink_derived"] == "yes"
    assert table[2]["time"] == "2021-05-02"


def test_a_copy_has_its_own_row_and_names_the_picture_it_is_a_copy_of(resized: Report) -> None:
    table = [row for row in rows(resized) if row["record"] == "exposure"]
    (copy,) = [row for row in table if row["copy_of"]]
    picture = resized.exposures[2]
    assert copy["copy_of"] == picture.sha256
    assert copy["sha256"] == picture.copies[0].sha256
    assert (copy["band"], copy["platform"]) == ("maybe", "Folder")
    assert copy["gives_away"] == "GPS position: 46.55834, 7.98360"
    (row,) = [row for row in table if row["sha256"] == picture.sha256]
    assert row["gives_away"] == ""


def test_a_table_without_exposures_says_what_was_not_checked(nothing_found: Report) -> None:
    table = rows(nothing_found)
    kinds = {row["record"] for row in table}
    assert kinds == {
        "skipped",
        "missing",
        "absent part",
        "addresses",
        "ignored",
        "pending",
        "accounting",
        "false alarms",
    }
    assert [row["path"] for row in table if row["record"] == "absent part"] == [
        "facebook-sam-2026-11-01-part3.zip"
    ]
    sums = [row["note"] for row in table if row["record"] == "accounting"]
    assert sums == [
        "found 3,057 = checked 2,646 + duplicate 40 + ignored 343 + skipped 3 + pending 25"
    ]


def test_the_file_begins_with_a_byte_order_mark_and_its_lines_end_as_the_standard_says(
    full: Report,
) -> None:
    data = render_csv(full)
    assert data.startswith(b"\xef\xbb\xbfrecord,band,")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_the_documented_columns_are_the_columns() -> None:
    document = Path(__file__).parents[2] / "docs" / "report-schema.md"
    listed = ", ".join(f"`{column}`" for column in COLUMNS)
    assert f"Columns: {listed}." in document.read_text(encoding="utf-8")


def test_hosts_that_were_asked_have_a_row_each(visited: Report, hostile: Report) -> None:
    table = [row for row in rows(visited) if row["record"] == "network"]
    assert [row["path"] for row in table] == [
        "club.example",
        "img.club.example",
        "router.home.example",
    ]
    assert table[1]["note"] == (
        "2 requests, 424 bytes sent, 2.3 MB received: 1 answered, "
        "1 unchanged since it was asked before"
    )
    hosts = {row["path"] for row in rows(hostile) if row["record"] == "network"}
    assert "'=cmd|' /C calc'!A0" in hosts
    assert "name  Set-Cookie: x" in hosts


def test_when_a_picture_was_seen_at_its_address_is_told(visited: Report) -> None:
    (row,) = [row for row in rows(visited) if row["platform"] == "Web" and row["sha256"]]
    assert row["answered"] == "2026-11-22T14:00:30+00:00"
    assert row["modified"] == "2019-05-03T08:00:00+00:00"
