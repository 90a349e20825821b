"""A small process that opens one address in the browser, the only one that keeps its network."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from typing import Final

# Some browsers stay with whoever started them, so that is a process of its own where it can be.
_PROGRAM: Final = """
import os, sys, webbrowser
told = sys.stdin.read()
if told and not (hasattr(os, "fork") and os.fork()):
    webbrowser.open(told)
"""


def opener() -> Callable[[str], None]:
    """Start it; it opens the one address it is told.

    Told nothing, because nothing came of it after all, it opens nothing.
    """
    process = subprocess.Popen(  # noqa: S603 -- our own interpreter and program
        # -I: without it the folder the user stands in could bring a `webbrowser` of its own.
        [sys.executable, "-I", "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is meant for the command
        text=True,
    )

    def tell(address: str) -> None:
        with contextlib.suppress(OSError):  # it is gone already
            process.communicate(address)

    return tell
