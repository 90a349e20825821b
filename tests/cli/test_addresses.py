"""Web addresses from the command line on: `scan`, and `recheck` with its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from site_of_tests import HOST, Answer, site
from stage import Export, Owner

pytestmark = pytest.mark.system


def said(owner: Owner, *words: str) -> tuple[int, str, str]:
    """Run a command; give its exit code, its data and its talk, each in one line."""
    done = subprocess.run(
        [sys.executable, "-m", "selfcheck", *words],
        env={**os.environ, **owner.environment(), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, " ".join(done.stdout.split()), " ".join(done.stderr.split())


def test_a_page_is_scanned_and_asked_again(
    seen_owner: Owner, export: Export, tmp_path: Path
) -> None:
    (name, *_) = sorted(export.owner)
    with site() as club:
        club.picture("/me.jpg", export.files[name])
        addresses = tmp_path / "addresses.txt"
        addresses.write_text(f"# mine\n{club.page('/team', '/me.jpg')}\n")
        private = ("--allow-private", HOST)
        code, _, talk = said(seen_owner, "scan", str(addresses), *private)
        assert (code, "found 2 = checked 1" in talk) == (0, True), talk
        code, table, talk = said(seen_owner, "recheck", *private)
        assert (code, "still there" in table) == (0, True), talk
        club.answers["/me.jpg"] = Answer(status=404)
        code, table, talk = said(seen_owner, "recheck", *private)
        assert (code, "gone" in table) == (10, True), talk
        assert f"try: selfcheck scan {club.at('/team')}" in talk
        assert said(seen_owner, "recheck", *private)[0] == 0
        assert said(seen_owner, "recheck", "--since", "2020-01-01", *private)[0] == 10


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://a.example/[1-9].jpg", "ranges and patterns are not expanded"),
        ("https://me:secret@a.example/", "user name or password"),
    ],
)
def test_an_address_that_cannot_be_asked_for_is_one_sentence(
    seen_owner: Owner, address: str, words: str
) -> None:
    code, _, talk = said(seen_owner, "scan", address)
    assert (code, words in talk) == (2, True), talk


def test_a_film_unlocks_no_web_address(owner: Owner) -> None:
    with site() as club:
        code, _, talk = said(owner, "scan", club.page("/"), "--allow-private", HOST)
        assert code == 4, talk
        assert "selfcheck verify" in talk
        assert club.asked == []


def test_before_any_scan_recheck_is_one_sentence(seen_owner: Owner) -> None:
    code, _, talk = said(seen_owner, "recheck")
    assert (code, "Nothing was scanned yet." in talk) == (1, True)
