"""The small process that opens a report in the browser, the only one that keeps its network."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from selfcheck.cli.opener import opener


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a stand-in for the browser in place; give the file in which it notes addresses."""
    note, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "asked for $1" >> "{note}"\n')
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.chdir(tmp_path)
    return note


def test_it_opens_nothing_when_there_is_no_report_after_all(opened: Path) -> None:
    opener()("")
    assert not opened.exists()


def test_it_takes_no_module_from_the_folder_the_user_stands_in(opened: Path) -> None:
    (opened.parent / "webbrowser.py").write_text("raise SystemExit\n")
    opener()("file:///report.html")
    assert soon(opened) == "asked for file:///report.html\n"


def test_a_browser_that_stays_is_not_waited_for(opened: Path) -> None:
    browser, go = opened.parent / "browser", opened.parent / "go"
    browser.write_text(
        f'#!/bin/sh\nuntil [ -e "{go}" ]; do sleep 0.05; done\necho so >"{opened}"\n'
    )
    opener()("file:///report.html")
    assert not opened.exists()
    go.touch()
    assert soon(opened) == "so\n"


def soon(path: Path) -> str:
    """Wait for what a browser writes."""
    for _ in range(600):
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.05)
    raise AssertionError("no browser was started")
