"""Codes in a terminal: drawn so that a camera reads them, and changed in time."""

from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console
from rich.live import Live
from rich.text import Text

from selfcheck.cli.codes import drawn, turn
from selfcheck.identity import CodeSeries
from selfcheck.pictures import code_modules, read_codes

INK = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def photographed(text: Text, *, cell: tuple[int, int] = (8, 17)) -> np.ndarray:
    """Give what a terminal shows as a picture, dark around, its characters of so many pixels."""
    wide, high = cell
    rows = []
    for line in text.plain.split("\n"):
        halves = np.array([INK[character] for character in line]).T
        rows += [np.repeat(halves[0], wide)] * (high // 2)
        rows += [np.repeat(halves[1], wide)] * (high - high // 2)
    picture = np.where(np.array(rows) == 1, 0, 255).astype(np.uint8)
    return np.pad(picture, 40, constant_values=12)


class Waiting:
    """Waits in no time, and says after so many waits that it is enough."""

    def __init__(self, enough: int) -> None:
        self.enough = enough
        self.waited: list[float] = []

    def __call__(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return len(self.waited) >= self.enough


class Shown(Live):
    """Keeps what would be shown."""

    def __init__(self) -> None:
        super().__init__(auto_refresh=False)
        self.console_texts: list[str] = []

    def update(self, renderable: object, *, refresh: bool = False) -> None:
        console = Console(width=80, color_system=None)
        with console.capture() as capture:
            console.print(renderable)
        assert refresh
        self.console_texts.append(capture.get())


def test_after_the_five_minutes_no_code_is_shown() -> None:
    codes, live = CodeSeries(), Shown()
    turn(live, codes, ("steps",), longest=300, wait=Waiting(1000))
    assert len(codes.shown) == 150
    assert "five minutes are over" in live.console_texts[-1]
    assert "█" not in live.console_texts[-1]


def test_the_code_changes_every_two_seconds_until_it_is_enough() -> None:
    codes, live, waiting = CodeSeries(), Shown(), Waiting(4)
    turn(live, codes, ("first words", "second words"), longest=300, wait=waiting)
    assert waiting.waited == [2.0] * 4
    assert len(codes.shown) == len(set(live.console_texts)) == 4
    assert "second words" in live.console_texts[0]


def test_code_and_words_fit_into_a_terminal_of_80_by_24() -> None:
    live = Shown()
    turn(live, CodeSeries(), ["turn the camera to your face:"] * 13, longest=300, wait=Waiting(1))
    lines = live.console_texts[0].rstrip("\n").split("\n")
    assert len(lines) <= 18
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("cell", [(7, 14), (8, 16), (8, 17), (9, 20)])
def test_a_camera_reads_the_code_from_the_terminal(cell: tuple[int, int]) -> None:
    text = CodeSeries().show()
    picture = photographed(drawn(code_modules(text)), cell=cell)
    assert read_codes(picture) == (text,)
    assert read_codes(255 - picture) == (text,)


def test_the_code_is_black_on_white_in_any_terminal() -> None:
    console = Console(width=80, force_terminal=True, color_system="truecolor", no_color=False)
    with console.capture() as capture:
        console.print(drawn(code_modules(CodeSeries().show())))
    assert "\x1b[38;2;0;0;0;48;2;255;255;255m" in capture.get()


def test_a_white_margin_of_four_modules_is_around_the_code() -> None:
    lines = drawn(code_modules(CodeSeries().show())).plain.split("\n")
    assert len(lines) == 15
    assert {len(line) for line in lines} == {29}
    assert {lines[0], lines[1], lines[13], lines[14]} == {" " * 29}
    assert {line[:4] + line[-4:] for line in lines} == {" " * 8}
