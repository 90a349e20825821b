"""What a worker may be lost with: here, because a worker has to find it by its module's name."""

from __future__ import annotations

import os
import signal
import time


def dies(data: bytes, address: str, charset: str | None) -> None:
    """Stand for a library that a page makes crash."""
    if data == b"deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60 if data == b"endless" else 0)


def fails(data: bytes, address: str, charset: str | None) -> None:
    """Stand for a library that a page makes raise."""
    raise MemoryError
