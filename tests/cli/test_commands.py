"""What a person types and sees: every command's help, and one sentence for each trouble."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from stage import Export, Owner, run
from typer.testing import CliRunner

from selfcheck.cli.app import app
from selfcheck.identity import Attempt, note

COMMANDS = (
    "demo",
    "enroll",
    "verify",
    "scan",
    "report",
    "review",
    "remove",
    "recheck",
    "clean",
    "status",
    "history",
    "formats",
    "doctor",
    "forget",
)


def typed(
    *words: str, home: Path, answers: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a person would: in a process of its own, so its network ban ends with it."""
    return subprocess.run(
        [sys.executable, "-m", "selfcheck", *words],
        env={**os.environ, "SELFCHECK_HOME": str(home), "COLUMNS": "100", **more},
        input=answers,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert name in shown.output


def test_the_list_of_commands_is_complete() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert [name for name in COMMANDS if name not in shown.output] == []


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    shown = subprocess.run(
        [sys.executable, "-m", "selfcheck", "formats"],
        env={**os.environ, "SELFCHECK_HOME": str(tmp_path)},
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert shown.stderr == ""


def test_an_unknown_option_is_wrong_usage(tmp_path: Path) -> None:
    assert typed("scan", "--everything", home=tmp_path).returncode == 2


def test_a_scan_without_a_profile_is_refused_with_one_sentence(tmp_path: Path) -> None:
    shown = typed("scan", str(tmp_path), home=tmp_path / "home")
    assert shown.returncode == 4
    assert shown.stderr.startswith("error: There is no profile yet.")
    assert "try: selfcheck enroll" in shown.stderr
    assert shown.stdout == ""


def test_a_report_before_any_scan_says_so(tmp_path: Path) -> None:
    shown = typed("report", home=tmp_path)
    assert (shown.returncode, shown.stdout) == (1, "")
    assert "Nothing was scanned yet" in shown.stderr


def test_without_consent_nothing_is_stored(tmp_path: Path) -> None:
    shown = typed("enroll", "me.jpg", home=tmp_path / "home", answers="n\n")
    assert shown.returncode == 4
    assert "128 numbers" in shown.stderr
    assert list((tmp_path / "home").iterdir()) == []


def test_a_minor_is_refused(tmp_path: Path) -> None:
    shown = typed("enroll", "me.jpg", home=tmp_path / "home", answers="y\nn\n")
    assert shown.returncode == 4
    assert "adults only" in shown.stderr


def test_a_home_that_others_can_read_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    shown = typed("status", home=tmp_path)
    assert shown.returncode == 1
    assert "try: chmod 700" in shown.stderr


def test_a_scan_with_unreadable_files_ends_with_three(owner: Owner, export: Export) -> None:
    home = owner.home.root
    shown = typed("scan", str(export.zip), home=home, **owner.environment())
    assert shown.returncode == 3
    assert "could not be read" in shown.stderr
    status = typed("status", home=home, **owner.environment())
    assert "Verified (filmed) until" in status.stdout
    printed = typed("report", "--json", "-", home=home, **owner.environment())
    assert json.loads(printed.stdout)["accounting"]["pending"] == 0


def test_status_names_the_last_check_and_how_it_ended(owner: Owner) -> None:
    attempt = Attempt(
        at=datetime(2026, 1, 1, 12, tzinfo=UTC),
        command="verify",
        how="camera, without turn",
        outcome="the second person [b]",
        account="ada",
        machine="here",
    )
    note(owner.home.attempts, attempt)
    shown = typed("status", home=owner.home.root, TZ="UTC", **owner.environment())
    said = "2026-01-01 12:00, camera, without turn: the second person [b]."
    assert said in shown.stdout


def copied(home: Path, to: Path) -> Path:
    """Copy a home, so that what is changed there harms no other test."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("cache"))
    to.chmod(0o700)
    return to


def test_the_history_names_a_scan_and_its_purpose_and_is_checked(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    few = export.folder(tmp_path / "few", [min(export.owner)])
    words = ("scan", str(few), "--purpose", "after [b]leaving\x1b[31m")
    assert typed(*words, home=owner.home.root, **owner.environment()).returncode == 0
    home = copied(owner.home.root, tmp_path / "home")
    given = {**owner.environment(), "SELFCHECK_HOME": str(home), "COLUMNS": "200"}
    shown = typed("history", home=home, **given)
    row = shown.stdout.strip().splitlines()[-1]
    assert all(word in row for word in ("scan", "few", "filmed", "after [b]leaving", "finished"))
    assert "\x1b" not in shown.stdout
    assert "--verify" in shown.stderr
    held = typed("history", "--verify", home=home, **given)
    assert (held.returncode, held.stdout.count("\n")) == (0, 1)
    assert held.stdout.startswith("The history holds: ")

    noted = (home / "history").read_bytes()
    (home / "history").write_bytes(noted.replace(b"leaving", b"joining"))
    changed = typed("history", "--verify", home=home, **given)
    assert (changed.returncode, changed.stdout) == (1, "")
    assert changed.stderr.startswith("error: In the history line ")
    assert "was changed." in changed.stderr
    assert "try: compare" in changed.stderr


def test_the_history_needs_no_key_to_be_shown_and_one_to_be_checked(tmp_path: Path) -> None:
    shown = typed("history", home=tmp_path / "home")
    assert (shown.returncode, shown.stdout) == (0, "")
    assert "Nothing was noted yet." in shown.stderr
    checked = typed("history", "--verify", home=tmp_path / "home")
    assert checked.returncode == 1
    assert checked.stderr.startswith("error: There is no profile yet.")


def test_a_history_that_is_a_link_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "history").symlink_to(tmp_path / "elsewhere")
    shown = typed("history", home=home)
    assert shown.returncode == 1
    assert "symbolic link" in shown.stderr


def test_a_purpose_that_is_too_long_is_wrong_usage(owner: Owner, tmp_path: Path) -> None:
    words = ("scan", str(tmp_path), "--purpose", "x" * 201)
    shown = typed(*words, home=owner.home.root, **owner.environment())
    assert shown.returncode == 2
    assert "at most 200 characters" in shown.stderr


def test_a_web_address_is_refused_after_a_film(owner: Owner) -> None:
    shown = typed("scan", "https://example.org", home=owner.home.root, **owner.environment())
    assert shown.returncode == 4
    assert "not web addresses" in shown.stderr


def test_a_passphrase_file_that_others_can_read_is_refused(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    loose = tmp_path / "loose"
    loose.write_text("people who do not exist\n")
    loose.chmod(0o644)
    given = {**owner.environment(), "SELFCHECK_PASSPHRASE_FILE": str(loose)}
    shown = typed("scan", str(export.zip), home=owner.home.root, **given)
    assert shown.returncode == 2
    assert "try: chmod 600" in shown.stderr


def test_formats_names_every_export(tmp_path: Path) -> None:
    shown = typed("formats", home=tmp_path)
    assert shown.returncode == 0
    for title in ("Facebook", "Instagram", "Google Takeout", "Folder"):
        assert title in shown.stdout


def test_doctor_finds_this_machine_fit(tmp_path: Path) -> None:
    shown = typed("doctor", home=tmp_path / "home")
    assert shown.returncode == 0, shown.stdout + shown.stderr


@pytest.mark.parametrize("words", [b"", b"\n", b"\xff\xfe\n"])
def test_a_passphrase_file_without_a_passphrase_is_refused(
    owner: Owner, tmp_path: Path, words: bytes
) -> None:
    held = tmp_path / "held"
    held.write_bytes(words)
    held.chmod(0o600)
    given = {**owner.environment(), "SELFCHECK_PASSPHRASE_FILE": str(held)}
    shown = typed("status", home=owner.home.root, **given)
    assert shown.returncode == 2
    assert "passphrase file" in shown.stderr
    assert "try:" in shown.stderr


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file")
    shown = typed("status", home=home)
    assert shown.returncode == 1
    assert "cannot be used" in shown.stderr
    assert "try: set SELFCHECK_HOME" in shown.stderr


def test_open_without_a_page_is_wrong_usage(tmp_path: Path) -> None:
    shown = typed("report", "--open", home=tmp_path / "home")
    assert shown.returncode == 2
    assert "try: add --html" in shown.stderr


@pytest.mark.parametrize("target", ["nowhere/report.json", "."])
def test_a_report_that_cannot_be_written_is_one_sentence(
    owner: Owner, export: Export, tmp_path: Path, target: str
) -> None:
    few = export.folder(tmp_path / "few", [min(export.owner)])
    run(owner, few)
    shown = typed("report", "--json", str(tmp_path / target), home=owner.home.root)
    assert shown.returncode == 1
    assert shown.stderr.startswith("error: ")
    assert "try:" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert "should not have" not in shown.stderr


def test_stopping_at_a_question_ends_with_130(tmp_path: Path) -> None:
    # The end of the input is what Ctrl-D is at a question.
    shown = typed("enroll", "me.jpg", home=tmp_path / "home", answers="")
    assert shown.returncode == 130
    assert "Stopped." in shown.stderr
