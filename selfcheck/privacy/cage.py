"""What a worker process gives up before it touches a stranger's bytes.

Owns limits and rights of the process; what a worker does is in `flows`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from selfcheck.privacy import network
from selfcheck.privacy.writing import forbid_writing

MEMORY_LIMIT = "memory limit"

GIB = 1 << 30
# Address space, not memory: the networks and their threads reserve 2 to 3 GiB before the
# first picture, and 8 still stops a picture that unpacks to more than the machine holds.
_ADDRESS_SPACE = 8 * GIB
# Pipes to the parent, a few archives, the libraries; a leak ends in an error, not a standstill.
_OPEN_FILES = 512
_PR_SET_PDEATHSIG = 1


def enter_worker(*, may_write: Iterable[Path] | None = None) -> tuple[str, ...]:
    """Give up the network, core dumps, endless memory and writing; name what engaged.

    Call it first thing in a worker's process. `may_write` are the folders, existing ones,
    in which files may still be written; None leaves writing as it is. On Linux the worker
    also ends with the process that started it. A layer that a platform does not offer is
    left out of the answer.
    """
    os.umask(0o077)
    _end_with_parent()
    limits = (MEMORY_LIMIT,) if _limit() else ()
    files = () if may_write is None else forbid_writing(may_write)
    return (*network.forbid(), *files, *limits)


def enter_fetcher() -> tuple[str, ...]:
    """Give up everything but the network, for the process that asks web addresses.

    It may read, and write no file; a layer that a platform does not offer is left out.
    """
    os.umask(0o077)
    _end_with_parent()
    limits = (MEMORY_LIMIT,) if _limit() else ()
    return (*forbid_writing(), *limits)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _limit() -> bool:
    if sys.platform == "win32":
        return False
    import resource

    _lower(resource.RLIMIT_CORE, 0)  # a core dump would hold faces and the profile
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    return _lower(resource.RLIMIT_AS, _ADDRESS_SPACE)


def _lower(kind: int, limit: int) -> bool:
    if sys.platform == "win32":
        return False
    import resource

    _, hard = resource.getrlimit(kind)
    allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    try:
        # Both limits: what only the soft one forbids, code could take back.
        resource.setrlimit(kind, (allowed, allowed))
    except (ValueError, OSError):  # macOS refuses RLIMIT_AS
        return False
    return True
