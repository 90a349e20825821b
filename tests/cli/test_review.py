"""`selfcheck review` as a person meets it: refusals in one sentence, and pictures in a terminal."""

from __future__ import annotations

import os
import pty
import select
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pytest
from cli.test_commands import typed
from review_stage import crop, sha, uncertain
from rich.console import Console
from stage import Owner

from selfcheck.cli.blocks import Blocks, keys, page
from selfcheck.flows.asking import Answer, Fact, Question, Tally
from selfcheck.flows.shrinking import Pixels, shrink
from selfcheck.ledger import Ledger
from selfcheck.model import Decision

QUESTION = Question(picture=crop(), facts=(), place=0, total=2, tally=Tally(left=2))


def decisions(owner: Owner) -> dict[str, Decision]:
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        return ledger.decisions()


# --- refused


def test_without_a_verification_it_is_refused(tmp_path: Path) -> None:
    shown = typed("review", "--browser", "none", home=tmp_path / "home")
    assert shown.returncode == 4
    assert "There is no profile yet." in shown.stderr
    assert shown.stdout == ""


def test_without_a_terminal_there_is_nobody_to_press_a_key(tmp_path: Path) -> None:
    shown = typed("review", "--terminal", home=tmp_path / "home")
    assert shown.returncode == 2
    assert "no terminal here" in shown.stderr
    assert "ssh -t" in shown.stderr


def test_with_nothing_uncertain_it_says_so(owner: Owner) -> None:
    uncertain(owner, 1, you=(1,))
    home = owner.home.root
    shown = typed("review", "--browser", "none", home=home, **owner.environment())
    assert shown.returncode == 0, shown.stderr
    assert "No uncertain picture is left" in shown.stderr
    assert shown.stdout == ""


# --- drawn


def test_half_a_block_is_a_pixel_in_its_own_colour() -> None:
    rgb = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9, 1, 2, 3, 4, 5, 6])
    console = Console(width=40, force_terminal=True, color_system="truecolor", no_color=False)
    with console.capture() as capture:
        console.print(Blocks(Pixels(width=2, height=3, rgb=rgb)))
    first, second, _ = capture.get().split("\n")
    assert first.startswith("\x1b[38;2;255;0;0;48;2;0;0;255m▀")
    assert second.startswith("\x1b[38;2;1;2;3m▀")
    assert (first.count("▀"), second.count("▀")) == (2, 2)


@pytest.mark.parametrize(("width", "beside"), [(80, True), (40, False)])
def test_strangers_words_are_words_and_the_keys_stand_above_them(
    width: int, *, beside: bool
) -> None:
    facts = (Fact(name="Caption", text="[red]x[/red] [link=http://x]y[/link] " * 9),)
    question = Question(picture=crop(), facts=facts, place=0, total=2, tally=Tally())
    console = Console(width=width, height=24, force_terminal=True, color_system="truecolor")
    with console.capture() as capture:
        console.print(page(question, shrink(crop(), 30), beside=beside))
    lines = capture.get().split("\n")
    assert "[red]x" in capture.get()
    assert "\x1b]8" not in capture.get()
    assert "y me" in lines[1] + lines[2]


def test_only_what_makes_sense_can_be_answered() -> None:
    assert keys(QUESTION) == {Answer.ME, Answer.NOT_ME, Answer.UNSURE, Answer.STOP}
    last = Question(place=2, total=2, tally=Tally(), undo=Decision.ME)
    assert keys(last) == {Answer.UNDO, Answer.STOP}


# --- in a terminal


@dataclass(slots=True)
class Terminal:
    """The command in a terminal of 100 by 30 characters; what it wrote is kept."""

    process: subprocess.Popen[bytes]
    master: int
    wrote: bytes = b""
    seen: int = field(default=0)

    @classmethod
    def start(cls, owner: Owner, words: Sequence[str], **more: str) -> Terminal:
        master, slave = pty.openpty()
        ioctl(slave, TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        process = subprocess.Popen(
            [sys.executable, "-m", "selfcheck", "review", "--terminal", *words],
            env={**os.environ, **owner.environment(), **colours, **more},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        return cls(process, master)

    def until(self, words: str, seconds: float = 60.0) -> str:
        """Read until the words come, after those that were read before."""
        end = time.monotonic() + seconds
        while words.encode() not in self.wrote[self.seen :]:
            assert time.monotonic() < end, self.wrote[self.seen :].decode(errors="replace")[-2000:]
            self._read(0.1)
        # The rest of the screen; what is typed before a key is waited for is dropped.
        while self._read(0.5):
            pass
        text = self.wrote[self.seen :].decode(errors="replace")
        self.seen = len(self.wrote)
        return text

    def press(self, key: str) -> None:
        os.write(self.master, key.encode())

    def ended(self) -> int:
        end = time.monotonic() + 30
        while self.process.poll() is None:
            if time.monotonic() > end:
                self.process.kill()
            self._read(0.1)
        while self._read(0.1):
            pass
        os.close(self.master)
        return self.process.returncode

    def _read(self, within: float) -> bool:
        """Take in what was written; say whether there was anything."""
        ready, _, _ = select.select([self.master], [], [], within)
        if not ready:
            return False
        try:
            came = os.read(self.master, 2**16)
        except OSError:  # nobody writes any more
            return False
        self.wrote += came
        return bool(came)


def test_pictures_are_shown_and_answered_in_a_terminal(owner: Owner) -> None:
    uncertain(owner, 4)
    terminal = Terminal.start(owner, ())
    first = terminal.until("Picture 1 of 4")
    assert first.count("▀") > 1000
    assert "At the lake" in first
    for key, words in (("y", "2 of 4"), ("n", "3 of 4"), ("z", "2 of 4"), ("u", "3 of 4")):
        terminal.press(key)
        terminal.until(f"Picture {words}")
    terminal.press("x")
    time.sleep(1)  # so that it is not dropped with what is typed ahead
    terminal.press("q")
    assert terminal.ended() == 0
    said = terminal.wrote.decode(errors="replace")
    assert "Answered: 1 me, 0 not me, 1 not sure. Left: 2 pictures." in said
    # The pictures were on the second screen, which leaves nothing behind.
    assert said.index("\x1b[?1049h") < said.index("▀")
    assert said.rindex("▀") < said.rindex("\x1b[?1049l")
    assert decisions(owner) == {sha(1): Decision.ME, sha(2): Decision.UNSURE}


def test_ctrl_c_keeps_what_was_decided(owner: Owner) -> None:
    uncertain(owner, 3)
    terminal = Terminal.start(owner, ())
    terminal.until("Picture 1 of 3")
    terminal.press("n")
    terminal.until("Picture 2 of 3")
    terminal.press("\x03")
    assert terminal.ended() == 130
    assert decisions(owner) == {sha(1): Decision.NOT_ME}
    with Ledger.open(owner.home.ledger, lock=owner.home.lock) as ledger:
        assert [each.sha256 for each in ledger.exposures()] == [sha(2), sha(3)]


def test_a_terminal_without_colours_is_told_of(owner: Owner) -> None:
    terminal = Terminal.start(owner, (), NO_COLOR="1")
    assert terminal.ended() == 2
    assert b"no colours" in terminal.wrote
