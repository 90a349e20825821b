"""Shows the codes that a film begins with, in the terminal, until Enter is pressed.

Owns how they look there, and when the next one comes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from selfcheck.cli.speak import talk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console, RenderableType
    from rich.live import Live
    from rich.text import Text

    from selfcheck.identity import CodeSeries

QUIET: Final = 4  # modules of white around a code, as readers want it
# Characters a terminal needs: the code's 29 modules, two to a line, and what is said beside it.
_WIDE, _HIGH = 72, 18
_OVER = "\nThe five minutes are over. If you have filmed, press Enter."
# One character shows two modules, the upper and the lower: dark is ink.
_INK: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def show_codes(codes: CodeSeries, beside: Sequence[str], *, longest: float) -> None:
    """Show a code that changes every two seconds, with words beside it, until Enter is pressed.

    longest: seconds after which no more codes are shown. Raises UsageError where there is no
    terminal, or too small a one.
    """
    from rich.live import Live

    console = talk()
    _demand_terminal(console)
    forget_typed()
    done = Event()
    # Drawn anew only when the code changes: a terminal erases before it draws, and a camera may
    # see that. So the display has a thread of its own, and this one waits for the key.
    with Live(console=console, auto_refresh=False, transient=True) as live:
        turning = Thread(
            target=turn, args=(live, codes, beside), kwargs={"longest": longest, "wait": done.wait}
        )
        turning.start()
        try:
            sys.stdin.readline()
        finally:
            done.set()
            turning.join()


def turn(
    live: Live,
    codes: CodeSeries,
    beside: Sequence[str],
    *,
    longest: float,
    wait: Callable[[float], bool],
) -> None:
    """Show one code after the other; `wait` waits so many seconds, and says when it is enough."""
    from selfcheck import pictures
    from selfcheck.identity import EVERY

    each = EVERY.total_seconds()
    for _ in range(int(longest / each)):
        code = drawn(pictures.code_modules(codes.show()))
        live.update(_side_by_side(code, "\n".join(beside)), refresh=True)
        if wait(each):
            return
    live.update(_OVER, refresh=True)


def forget_typed() -> None:
    """Drop what was typed before there was anything to answer: an Enter would end the codes."""
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
    else:
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _side_by_side(code: Text, words: str) -> RenderableType:
    from rich.padding import Padding
    from rich.table import Table

    grid = Table.grid(padding=(0, 3, 0, 0))
    grid.add_row(code, words)
    # Enter moves everything up by a line, which then stays behind: an empty one.
    return Padding(grid, (1, 0, 0, 0))


def drawn(modules: NDArray[np.bool_]) -> Text:
    """Draw a code's dark modules (n, n) with half blocks, black on white, quiet zone included."""
    import numpy as np
    from rich.text import Text

    height = len(modules) + 2 * QUIET
    whole = np.pad(modules, ((QUIET, QUIET + height % 2), (QUIET, QUIET)))
    lines = (
        "".join(_INK[bool(upper), bool(lower)] for upper, lower in zip(*pair, strict=True))
        for pair in zip(whole[::2], whole[1::2], strict=True)
    )
    return Text("\n".join(lines), style="#000000 on #ffffff", no_wrap=True, end="")


def _demand_terminal(console: Console) -> None:
    from selfcheck.errors import UsageError

    if not (console.is_terminal and sys.stdin.isatty()) or console.is_dumb_terminal:
        raise UsageError(
            "The film begins with codes on this screen, and there is no terminal to show them in.",
            hint="run the same command in a terminal window",
        )
    if console.width < _WIDE or console.height < _HIGH:
        raise UsageError(
            "The codes that the film begins with do not fit into this terminal.",
            hint="make the window 80 by 24 characters or larger, and run the same command again",
        )
