"""The lock that lets one process at a time use the ledger. It dies with that process."""

from __future__ import annotations

import errno
import os
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Self

from selfcheck.errors import LedgerError
from selfcheck.ledger.troubles import of_system

_held: weakref.WeakSet[Lock] = weakref.WeakSet()
_IN_USE = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_PAUSE = 0.02  # seconds between two tries, where one waits
_FAR = 1 << 30  # Windows locks a byte and hides it from readers, so it is one past the text


class Lock:
    """An exclusive lock on a file, taken by `take` and given back by `release`."""

    def __init__(self, path: Path, descriptor: int, *, left_over: bool) -> None:
        """Keep the locked descriptor. `left_over`: the last holder died without releasing."""
        self.path = path
        self.left_over = left_over
        self._descriptor: int | None = descriptor
        _held.add(self)

    @classmethod
    def take(cls, path: Path, *, what: str = "ledger", wait: float = 0.0) -> Self:
        """Take the lock or raise LedgerError, after `wait` seconds at most.

        what: what it guards, for people.
        """
        until = time.monotonic() + wait
        while True:
            descriptor = _open(path)
            try:
                _lock(descriptor, path, what, until)
                same = _is_still(path, descriptor)
                text = os.read(descriptor, 32) if same else b""
            except BaseException:
                os.close(descriptor)
                raise
            if same:
                break
            os.close(descriptor)  # its last holder destroyed it between our open and our lock
        lock = cls(path, descriptor, left_over=bool(text.strip()))
        lock._write(f"{os.getpid()}\n".encode())
        return lock

    def release(self, *, remove: bool = False) -> None:
        """Give the lock back; with `remove` the file goes too. A second call does nothing."""
        if self._descriptor is None:
            return
        self._write(b"")
        if remove and sys.platform != "win32":
            self.path.unlink(missing_ok=True)  # while held, so that nobody locks a dead file
        self._close()
        if remove and sys.platform == "win32":
            self.path.unlink(missing_ok=True)

    def _write(self, text: bytes) -> None:
        assert self._descriptor is not None
        try:
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, text)
        except OSError:
            # On a full disk the text is lost; the lock itself holds all the same.
            return

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _open(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        return os.open(path, flags, 0o600)
    except OSError as error:
        raise of_system(error, path) from error


def _lock(descriptor: int, path: Path, what: str, until: float) -> None:
    _drop_in_children()
    while not _try(descriptor, path):
        if time.monotonic() >= until:
            holder = f"lock: {path}, process {_holder(path)}"
            raise LedgerError(
                f"The {what} is in use by another selfcheck ({holder}).",
                hint="wait for the other run to end, or stop it; it can be resumed",
            )
        time.sleep(_PAUSE)


def _try(descriptor: int, path: Path) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _IN_USE:
            raise of_system(error, path) from error
        return False
    return True


def _holder(path: Path) -> str:
    try:
        text = path.read_text("ascii", "replace")[:32].strip()
    except OSError:
        text = ""
    return text if text.isdigit() else "unknown"


def _is_still(path: Path, descriptor: int) -> bool:
    ours = os.fstat(descriptor)
    try:
        named = path.stat()
    except OSError:
        return False
    return (ours.st_dev, ours.st_ino) == (named.st_dev, named.st_ino)


def _in_child() -> None:
    # A forked worker shares the lock and would hold it beyond its parent's death.
    for lock in list(_held):
        lock._close()  # noqa: SLF001 - this function is part of the lock


_registered: list[Callable[[], None]] = []


def _drop_in_children() -> None:
    if not _registered and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_in_child)
        _registered.append(_in_child)
