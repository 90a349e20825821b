"""A match in a film: every report says at which second, and none takes a still for a film."""

from __future__ import annotations

import csv
import io
import json

import pytest

from selfcheck.model import Report
from selfcheck.reports import sentences, words
from selfcheck.reports.csv_report import render_csv
from selfcheck.reports.html_report import render_html
from selfcheck.reports.json_report import render_json


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0:00"), (42.99, "0:42"), (60, "1:00"), (3599.9, "59:59"), (3723.5, "1:02:03")],
)
def test_a_place_in_a_film_is_written_as_people_do(seconds: float, said: str) -> None:
    assert words.second(seconds) == said


def test_films_are_counted_beside_pictures(full: Report, filmed: Report) -> None:
    assert sentences.title(full) == "You were found in 6 pictures."
    assert sentences.title(filmed) == "You were found in 5 pictures and 1 film."


def test_the_page_says_at_which_second(full: Report, filmed: Report) -> None:
    page = render_html(filmed).decode()
    assert "You in this film, at 0:42; all but your head is blurred" in page
    assert "at 0:42 · distance" in page
    assert "at 1:02:03 · distance" in page
    assert "in this film" not in render_html(full).decode()


def test_the_json_gives_the_second_and_null_for_stills(filmed: Report) -> None:
    seconds = [each["second"] for each in json.loads(render_json(filmed))["exposures"]]
    assert seconds[0] == 42.04
    assert sorted(each for each in seconds if each is not None) == [42.04, 3723.5]


def test_the_table_gives_the_second_and_nothing_for_stills(filmed: Report) -> None:
    text = render_csv(filmed).decode("utf-8-sig")
    table = csv.DictReader(io.StringIO(text, newline=""))
    seconds = {row["second"] for row in table if row["record"] == "exposure"}
    assert seconds == {"", "42.04", "3723.50"}
