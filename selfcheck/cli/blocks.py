"""Pictures in a terminal, drawn with coloured half blocks, and the keys that answer them.

On the terminal's second screen, which leaves nothing in its history. A worker decodes the crop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

import typer

from selfcheck.cli.codes import forget_typed
from selfcheck.cli.speak import talk
from selfcheck.flows.asking import Answer, Question, Tally
from selfcheck.flows.crew import Crew, Setup, WorkerDied
from selfcheck.flows.shrinking import Pixels, shrink

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.measure import Measurement
    from rich.text import Text

KEYS: Final = {
    "y": Answer.ME,
    "n": Answer.NOT_ME,
    "u": Answer.UNSURE,
    "z": Answer.UNDO,
    "q": Answer.STOP,
}
MOST: Final = 96  # columns of a picture; crops have no more to show than five times that
_SECONDS = 30.0
_WORDS = 36  # columns for what is said beside it
_LEAST = 12  # columns of a picture on which anybody could be told
_FRAME = 4  # lines above and below


class Blocks:
    """A small picture as text: one character shows two pixels, one above the other."""

    def __init__(self, pixels: Pixels) -> None:
        """Draw nothing yet."""
        self._pixels = pixels

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give a line for each two rows of pixels."""
        from rich.color import Color
        from rich.segment import Segment
        from rich.style import Style

        wide, high, rgb = self._pixels.width, self._pixels.height, self._pixels.rgb

        def colour(x: int, y: int) -> Color:
            place = 3 * (y * wide + x)
            return Color.from_rgb(*rgb[place : place + 3])

        for y in range(0, high, 2):
            for x in range(wide):
                below = colour(x, y + 1) if y + 1 < high else None
                yield Segment("▀", Style(color=colour(x, y), bgcolor=below))
            yield Segment.line()

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Say how wide it is."""
        from rich.measure import Measurement

        return Measurement(self._pixels.width, self._pixels.width)


def demand_terminal() -> None:
    """Raise UsageError where pictures cannot be shown or nobody can press a key."""
    from selfcheck.errors import UsageError

    console = talk()
    if not (sys.stdin.isatty() and console.is_terminal) or console.is_dumb_terminal:
        raise UsageError(
            "The pictures are answered by key, and there is no terminal here to press one in.",
            hint="run the same command in a terminal (over SSH: ssh -t), or leave out --terminal",
        )
    if console.color_system is None or console.no_color:
        raise UsageError(
            "This terminal is set to show no colours, so it can show no picture.",
            hint="unset NO_COLOR, or leave out --terminal",
        )


class TerminalReviewer:
    """Shows one picture at a time in the terminal and waits for a key."""

    def __init__(self, crew: Crew, show: Callable[[RenderableType], None]) -> None:
        """Keep who decodes, and where to show."""
        self._crew = crew
        self._show = show

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """Start a worker that looks at no face, and turn to the second screen."""
        from selfcheck.privacy.paths import cache_folder

        with (
            Crew(Setup(engine=None, cache=cache_folder()), workers=1) as crew,
            talk().screen() as screen,
        ):
            yield cls(crew, screen.update)

    def ask(self, question: Question) -> Answer:
        """Show a question and wait for a key that answers it."""
        console = talk()
        possible = keys(question)
        self._show(self._page(question, console.width, console.height))
        # What was typed before the picture was there is no answer to it.
        forget_typed()
        while True:
            answer = _pressed()
            if answer in possible:
                return answer

    def tell(self, tally: Tally) -> None:
        """Leave that to the command, which speaks on the first screen."""

    def _page(self, question: Question, wide: int, high: int) -> RenderableType:
        beside = wide >= _WORDS + _LEAST
        columns = wide - _WORDS if beside else wide
        lines = high - _FRAME - (0 if beside else len(question.facts))
        side = max(_LEAST, min(columns, 2 * lines, MOST))
        return page(question, self._small(question, side), beside=beside)

    def _small(self, question: Question, side: int) -> Pixels | None:
        if not question.picture:
            return None
        try:
            return self._crew.call(shrink, question.picture, side, seconds=_SECONDS)
        except WorkerDied:
            return None


def keys(question: Question) -> frozenset[Answer]:
    """Give what may be answered."""
    undo = {Answer.UNDO} if question.undo else set()
    shown = {Answer.ME, Answer.NOT_ME, Answer.UNSURE} if question.picture else set()
    return frozenset({Answer.STOP} | undo | shown)


def page(question: Question, pixels: Pixels | None, *, beside: bool) -> RenderableType:
    """Lay out a question: how far it is, the picture, what is said of it, the keys."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    if not question.picture:
        return Group(Text("That was the last picture.\n", style="bold"), Text(_keys(question)))
    left = question.total - question.place - 1
    far = f"Is this you?  Picture {question.place + 1} of {question.total}, {left} left after it"
    # Text takes no markup, and the facts were made safe: a stranger's words are only words.
    facts = [Text(f"{fact.name}: {fact.text}", overflow="fold") for fact in question.facts]
    if question.before:
        facts.append(Text(f"Before, you said: {question.before.value}"))
    shown = Blocks(pixels) if pixels else Text("This picture cannot be shown.")
    grid = Table.grid(padding=(0, 2, 0, 0))
    if beside:
        grid.add_row(shown, Group(*facts))
    else:
        grid.add_row(shown)
        grid.add_row(Group(*(_short(fact) for fact in facts)))
    # The keys before the rest: a long caption may reach below the terminal's last line.
    return Group(Text(far, style="bold"), Text(f"{_keys(question)}\n"), grid)


def _short(fact: Text) -> Text:
    fact.no_wrap, fact.overflow = True, "ellipsis"
    return fact


def _keys(question: Question) -> str:
    undo = f"  z undo “{question.undo.value}”" if question.undo else ""
    if not question.picture:
        return f"q finish{undo}"
    return f"y me  n not me  u not sure{undo}  q stop"


def _pressed() -> Answer | None:
    """Wait for a key; Ctrl-C raises KeyboardInterrupt, Ctrl-D stops."""
    try:
        return KEYS.get(typer.getchar().lower())
    except EOFError:
        return Answer.STOP
