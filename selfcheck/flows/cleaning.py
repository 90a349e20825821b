"""What a worker does to clean a picture: it opens, rewrites and proves; it writes nothing.

The parent keeps the copy, and asks again once it lies on the disk.
"""

from __future__ import annotations

import os
from pathlib import Path

from selfcheck import pictures
from selfcheck.model import Member, PartInfo, Reason, Skipped, Unreadable
from selfcheck.pictures import Clean
from selfcheck.sources import Limits, reopen

# A picture is held whole, and its copy beside it.
_LIMIT = 200 << 20


def clean(path: Path) -> Clean | Skipped:
    """Make a copy of a picture without metadata; the answer is a value whatever the bytes are."""
    try:
        made = pictures.clean(_read(path))
    except Unreadable as trouble:
        return _skip(path, trouble.reason, trouble.detail)
    except MemoryError:
        return _skip(path, Reason.TOO_LARGE, "not enough memory to decode it")
    except Exception as error:  # noqa: BLE001 -- the outermost frame of a worker
        return _skip(path, Reason.CRASHED, type(error).__name__)
    if isinstance(made, Clean):
        return made
    return _skip(path, made.reason, made.detail)


def fault(original: Path, copy: Path) -> str:
    """Read a copy from the disk and say what is wrong with it; nothing where it may be kept."""
    try:
        return pictures.copy_fault(_read(original), _read(copy))
    except Unreadable as trouble:
        return trouble.reason.value
    except MemoryError:
        return "there is not enough memory to compare them"
    except Exception as error:  # noqa: BLE001 -- the outermost frame of a worker
        return f"comparing them failed ({type(error).__name__})"


def _read(path: Path) -> bytes:
    """Read a file that is no link, device or folder, and within the limit; raise Unreadable."""
    # A folder on the way may be a link, as on a Mac the one for what is temporary.
    real = Path(os.path.realpath(path.parent)) / path.name
    file = PartInfo(path=str(real), kind="folder", fingerprint="", name=path.name)
    itself = Member(part=0, locator="", path="", shown=path.name, size=0)
    with reopen((file,), Limits(member=_LIMIT)).open(itself) as stream:
        return stream.read()


def _skip(path: Path, reason: Reason, detail: str) -> Skipped:
    return Skipped(item=str(path), reason=reason, detail=detail)
