"""The summary in the terminal, narrow and wide."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from selfcheck.model import Report
from selfcheck.reports import render_terminal


def shown(report: Report, width: int = 60, *, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
    )
    render_terminal(report, console)
    return out.getvalue()


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_hostile_text_is_text_and_markup_is_not_obeyed(hostile: Report) -> None:
    text = shown(hostile, 120)
    assert "[red]markup[/red]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>alert(1)</script>" in text


def test_no_escape_sequence_comes_from_a_name_even_in_colour(hostile: Report) -> None:
    text = shown(hostile, 120, colour=True)
    assert "\x1b]8" not in text
    assert "\x1b[31mred" not in text


@pytest.mark.parametrize("name", ["hostile", "only_pending", "nothing_found", "full", "visited"])
def test_no_line_is_wider_than_a_narrow_terminal(name: str, request: pytest.FixtureRequest) -> None:
    lines = shown(request.getfixturevalue(name), 60).splitlines()
    assert max(len(line) for line in lines) <= 60


def test_the_sum_of_all_files_is_printed_as_a_sum(full: Report) -> None:
    expected = "found 3,057 = checked 2,646 + duplicate 40 + ignored 343 + skipped 3 + pending 25"
    assert expected in one_line(shown(full))


def test_nothing_found_stands_beside_what_was_not_checked(nothing_found: Report) -> None:
    text = one_line(shown(nothing_found))
    assert (
        "Nothing found so far in what was checked. 2,646 pictures and films were checked, 28 files"
        in text
    )


def test_a_scan_that_looked_at_nothing_says_so(only_pending: Report) -> None:
    text = one_line(shown(only_pending))
    assert (
        "Nothing has been checked yet. 0 pictures and films were checked, 120 files not checked"
        in text
    )
    assert "1. Run the same scan again: it goes on where it stopped." in text


def test_platforms_audiences_authors_and_false_alarms_are_there(full: Report) -> None:
    text = one_line(shown(full))
    for fact in (
        "You were found in 6 pictures.",
        "Facebook 3 1",
        "anybody 3 ·",
        "Mara Lindqvist 1 1",
        "GPS position 2 ·",
        "Strangers taken for “you”: one in about 8 scans of this size (0.12).",
        "one person in ten meets five to eight times as many",
        "2 pictures listed by an export and in none of its parts",
        "4 pictures checked that no export lists",
        "ignored 12: sound",
    ):
        assert fact in text


def test_names_beyond_the_first_five_are_counted(hostile: Report) -> None:
    assert "and 15 more" in shown(hostile)


def test_a_report_without_sources_is_still_printed(only_pending: Report) -> None:
    assert "False alarms" in shown(replace(only_pending, sources=()))


def test_what_was_told_the_network_is_told_by_host(visited: Report, full: Report) -> None:
    text = one_line(shown(visited, 100))
    for fact in (
        "7 requests to 3 hosts: 1.3 kB sent, 2.4 MB received.",
        "· img.club.example: 1 answered, 1 unchanged since it was asked before",
        "· router.home.example: 1 stopped: in a private network or on this computer",
        "skipped 1: its host shows it only to people who are logged in",
        "ignored 2: a web page, whose pictures count by themselves",
        "Pages that want a log-in: open them in your browser, save them, scan what was saved.",
    ):
        assert fact in text
    assert "Nothing: the last scan asked no web address." in one_line(shown(full))


def test_hosts_beyond_the_first_five_are_counted(hostile: Report) -> None:
    assert "· and 15 more hosts" in one_line(shown(hostile, 200))


def test_absent_parts_and_pictures_in_the_web_are_told(full: Report) -> None:
    text = one_line(shown(full, 100))
    assert "1 part of facebook-sam-2026-11-01 not given:" in text
    assert "1,200 pictures stand only in the web; no archive scan fetches them" in text
    assert "Parts of an export are absent" in text
