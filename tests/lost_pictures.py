"""What a worker that cleans pictures is asked in tests: it has to find it by a module's name."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import replace
from pathlib import Path

from selfcheck.model import Skipped
from selfcheck.pictures import Clean, clean


def tampers(path: Path) -> Clean | Skipped:
    """Stand for a rewriter that leaves something in."""
    made = clean(path.read_bytes())
    assert isinstance(made, Clean)
    return replace(made, data=made.data[:2] + b"\xff\xfe\0\7Anna!" + made.data[2:])


def looks(path: Path) -> Clean | Skipped:
    """Stand for a decoder that a picture makes crash."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError(path)


def writes(path: Path) -> bool:
    """Try to write a file."""
    try:
        path.write_bytes(b"x")
    except OSError:
        return False
    return True


def calls(port: int) -> bool:
    """Try to reach a listener on this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
    except Exception:  # noqa: BLE001 -- whatever it is, nothing was reached
        return False
