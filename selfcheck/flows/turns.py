"""What the workers share of the machine's memory: one heavy picture at a time, the rest given back.

Owns no limit: what is heavy and what is too large, `pictures` decides.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

# Somebody else's picture takes seconds. After a minute two at once are the lesser trouble.
_LONGEST_WAIT = 60.0
_LOOK_AGAIN = 0.05
_ours: set[Path] = set()  # the folders whose turn this process has


def turns(folder: Path) -> Callable[[], AbstractContextManager[None]]:
    """Give the context in which one process at a time may be, of those that name this folder.

    Whoever waits a minute goes in all the same. The lock is the kernel's and ends with its
    process, killed or not. Where there is none (Windows, a folder that cannot be written to)
    nobody waits. What was freed goes back to the system at the beginning and at the end. Who has
    the turn may take it again within.
    """

    @contextmanager
    def turn() -> Iterator[None]:
        if folder in _ours:
            yield
            return
        lock = _open(folder / "heavy.lock")
        try:
            if lock is not None:
                _wait(lock)
            give_back()
            _ours.add(folder)
            yield
        finally:
            _ours.discard(folder)
            if lock is not None:
                os.close(lock)
            give_back()

    return turn


def give_back() -> None:
    """Give what this process has freed back to the system, where its C library can (glibc).

    Loading the networks leaves some 45 MB of freed memory behind, a large picture as much.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _open(path: Path) -> int | None:
    if sys.platform == "win32":
        return None
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None


def _wait(lock: int) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    until = time.monotonic() + _LONGEST_WAIT
    while time.monotonic() < until:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK_AGAIN)
        except OSError:  # a file system without locks
            return
        else:
            return
