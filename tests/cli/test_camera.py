"""The live check's options, before any page opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.test_commands import typed

from selfcheck.cli.camera import KINDS
from selfcheck.identity import Kind


def test_the_kinds_to_leave_out_are_those_of_the_challenge() -> None:
    assert set(KINDS) == {str(kind) for kind in Kind}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--without", "smile"], "one of turn, nod, mouth, eyes, closer"),
        (["--browser", "lynx"], "default or none"),
        (["--film", "--without", "turn"], "A film must show every kind of step."),
    ],
)
@pytest.mark.parametrize("command", [["verify"], ["enroll", "me.jpg"]])
def test_wrong_options_are_one_sentence(
    tmp_path: Path, command: list[str], options: list[str], said: str
) -> None:
    shown = typed(*command, *options, home=tmp_path / "home")
    assert shown.returncode == 2
    assert said in " ".join(shown.stderr.replace("│", "").split())


@pytest.mark.parametrize("command", ["verify", "enroll"])
def test_the_help_says_what_is_not_resisted(tmp_path: Path, command: str) -> None:
    shown = " ".join(typed(command, "--help", home=tmp_path / "home").stdout.split())
    for attack in ("virtual cameras", "masks", "twins"):
        assert attack in shown
