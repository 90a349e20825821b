"""`selfcheck remove` as a person meets it: from the list to a finished letter."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from removal_stage import BY_OTTO, LOOSE, ON_A_PAGE, OWN, home_with

from selfcheck.model import Audience, Context, PictureKind

HOSTILE = "[bold]x[/bold]\x1b[31m\u202e<script>"


def typed(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, so that its network ban ends with it."""
    return subprocess.run(
        [sys.executable, "-m", "selfcheck", "remove", *words],
        env={**os.environ, "SELFCHECK_HOME": str(home), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_from_the_list_to_a_finished_letter_without_reading_docs(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,), (OWN,)).root
    listed = typed(home)
    assert listed.returncode == 0, listed.stderr
    assert "11111111" in listed.stdout
    assert "selfcheck remove PICTURE" in listed.stderr
    steps = typed(home, "11111111")
    assert "Facebook" in steps.stdout
    assert "--letters FOLDER" in steps.stderr
    words = ("--letters", str(tmp_path), "--law", "gdpr", "--name", "Ada Example")
    written = typed(home, "111111", *words)
    assert written.returncode == 0, written.stderr
    letter = (tmp_path / "11111111-facebook-erasure.md").read_text()
    assert "Ada Example" in letter
    assert "legal advice" in (tmp_path / "11111111-facebook-note.md").read_text()
    assert typed(home, "111111", "--asked", "erasure", "--on", "2026-11-27").returncode == 0
    assert "answer due 2026-12-27" in typed(home).stdout
    assert typed(home, "111111", "--became", "gone", "--on", "2026-12-01").returncode == 0
    assert "gone" in typed(home).stdout


UNKNOWN = replace(BY_OTTO, audience=Audience.UNKNOWN)


@pytest.mark.parametrize("context", [ON_A_PAGE, BY_OTTO, UNKNOWN], ids=["page", "public", "post"])
def test_what_was_public_is_asked_of_search_engines_as_well(
    tmp_path: Path, context: Context
) -> None:
    shown = typed(home_with(tmp_path / "home", (context,)).root, "111111").stdout
    steps, _, search = shown.partition("A search engine's cached copy or outdated result")
    assert "search.google.com" not in steps
    said = search.partition("Will be asked for")[0].splitlines()
    assert (
        "- Google Search, gone or changed there: tool for outdated content: "
        "https://search.google.com/search-console/remove-outdated-content"
    ) in said
    assert [line for line in said if line.startswith("- Bing, gone or changed there: ")]
    for engine in ("Google Search", "Bing"):
        assert [line for line in said if line.startswith(f"- {engine}, still there")]
    for engine in ("Brave Search", "Internet Archive", "Yandex"):
        assert [line for line in said if line.startswith(f"- {engine}, ")]
    assert [line for line in said if line.startswith("- ") and "search engines" in line]


@pytest.mark.parametrize(
    "context",
    [replace(BY_OTTO, audience=Audience.FRIENDS), replace(UNKNOWN, kind=PictureKind.MESSAGE)],
    ids=["friends", "message"],
)
def test_what_few_could_see_is_not_asked_of_search_engines(
    tmp_path: Path, context: Context
) -> None:
    shown = typed(home_with(tmp_path / "home", (context,)).root, "111111").stdout
    assert "Will be asked for" in shown
    assert "cached copy" not in shown


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("999999",), "selfcheck remove lists them"),
        (("111111", "--asked", "ransom"), "one of access"),
        (("111111", "--became", "answered"), "possible are"),
        (("111111", "--at", "myspace"), "--at facebook"),
        (("222222",), "delete the file"),
        (("--engine", "facebook"), "one of clearview"),
        (("111111", "--letters", "/nowhere/at/all"), "mkdir"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_one_thing_to_try(
    tmp_path: Path, words: tuple[str, ...], hint: str
) -> None:
    home = home_with(tmp_path / "home", (BY_OTTO,), (LOOSE,)).root
    shown = typed(home, *words)
    assert shown.returncode == 2
    assert "try:" in shown.stderr
    assert hint in shown.stderr
    assert "Traceback" not in shown.stderr


def test_before_any_scan_it_says_so(tmp_path: Path) -> None:
    shown = typed(tmp_path)
    assert shown.returncode == 1
    assert "Nothing was scanned yet." in shown.stderr


def test_hostile_words_of_an_export_appear_as_text(tmp_path: Path) -> None:
    context = replace(BY_OTTO, author_name=HOSTILE, caption=HOSTILE * 500)
    home = home_with(tmp_path / "home", (context,)).root
    shown = typed(home, "111111", "--letters", str(tmp_path), "--law", "gdpr")
    assert shown.returncode == 0, shown.stderr
    for path in tmp_path.glob("*-uploader.*"):
        text = path.read_text()
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "<script>" not in text
    assert typed(home, "111111", "--asked", "uploader").returncode == 0
    calendar = tmp_path / "due.ics"
    assert typed(home, "--calendar", str(calendar)).returncode == 0
    assert b"\x1b" not in calendar.read_bytes()
    assert "\x1b[31m" not in typed(home).stdout
