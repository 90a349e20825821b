"""Takes away the right to write files from this thread and all it starts, for good.

Owns one layer, Linux's Landlock; reading stays as it was.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Final

LANDLOCK = "landlock"

# Numbers of linux/landlock.h, the same on x86-64 and ARM64.
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_WRITE_FILE = 1 << 1
# Remove folders and files, make devices, folders, files, sockets, pipes and links.
_CHANGE_FOLDER = sum(1 << bit for bit in range(4, 13))
_MOVE = 1 << 13
_TRUNCATE = 1 << 14
# What later versions of the interface can tell apart.
_SINCE: Final = {2: _MOVE, 3: _TRUNCATE}
_MACHINES = frozenset({"x86_64", "aarch64"})


class _Ruleset(ctypes.Structure):
    _fields_: ClassVar = [("handled", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_: ClassVar = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def forbid_writing(allowed: Iterable[Path] = ()) -> tuple[str, ...]:
    """Forbid writing anywhere but below the `allowed` folders; name the layer if it engaged.

    Files that are open already and pipes stay writable, and so does /dev/null. It holds
    for the calling thread and what it starts, so call it before there are others.
    """
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    version = _call(libc, _CREATE, None, 0, _ASK_VERSION)
    if version < 1 or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return ()
    later = sum(right for since, right in _SINCE.items() if version >= since)
    everything = _WRITE_FILE | _CHANGE_FOLDER | later
    rules = _Ruleset(everything)
    ruleset = _call(libc, _CREATE, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if ruleset < 0:
        return ()
    try:
        for folder in allowed:
            _allow(libc, ruleset, folder, everything)
        _allow(libc, ruleset, Path(os.devnull), (_WRITE_FILE | _TRUNCATE) & everything)
        return (LANDLOCK,) if _call(libc, _RESTRICT, ruleset, 0) == 0 else ()
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    # A rule that cannot be made leaves less allowed, which is the safe side.
    try:
        descriptor = os.open(path, os.O_PATH)
    except OSError:
        return
    beneath = _Beneath(rights, descriptor)
    _call(libc, _ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0)
    os.close(descriptor)


def _call(libc: ctypes.CDLL, number: int, *arguments: object) -> int:
    whole = (ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)
    answer: int = libc.syscall(ctypes.c_long(number), *whole)
    return answer
