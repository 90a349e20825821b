"""A small process that opens one address in the browser, the only one that keeps its network."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from typing import Final

_STARTING: Final = 3.0  # seconds


def opener() -> Callable[[str], None]:
    """Start it; it opens the one address it is told.

    Told nothing, because nothing came of it after all, it opens nothing.
    """
    program = "import sys, webbrowser; told = sys.stdin.read(); told and webbrowser.open(told)"
    process = subprocess.Popen(  # noqa: S603 -- our own interpreter and program
        # -I: without it the folder the user stands in could bring a `webbrowser` of its own.
        [sys.executable, "-I", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is meant for the command
        text=True,
    )

    def tell(address: str) -> None:
        # Some browsers stay with whoever started them, and those are not waited for.
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            process.communicate(address, timeout=_STARTING)

    return tell
