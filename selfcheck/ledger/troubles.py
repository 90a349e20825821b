"""What SQLite and the system say when the ledger cannot be used, put into words for people."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from selfcheck.errors import LedgerError

_AGAIN = "scanning again is all it costs"


def damaged(path: Path) -> LedgerError:
    """Say that the file is no readable ledger."""
    return LedgerError(
        f"The ledger {path} is damaged.",
        hint=f"move {path.name} to another folder and scan again; {_AGAIN}",
    )


def foreign(path: Path) -> LedgerError:
    """Say that the file belongs to something else."""
    return LedgerError(
        f"{path} is not a ledger of selfcheck; it was left as it is.",
        hint=f"move {path.name} to another folder and run the command again",
    )


def newer(path: Path, version: int) -> LedgerError:
    """Say that a later version of selfcheck wrote the file."""
    return LedgerError(
        f"The ledger {path} was written by a newer selfcheck (ledger version {version}).",
        hint="install the newer selfcheck again",
    )


def full(path: Path) -> LedgerError:
    """Say that the disk is full."""
    return LedgerError(
        f"The disk is full: the ledger {path} cannot grow.",
        hint="free some space and run the same command again; what was done is kept",
    )


def forbidden(path: Path) -> LedgerError:
    """Say that the file cannot be opened or written."""
    return LedgerError(
        f"The ledger {path} cannot be opened for writing.",
        hint=f"check that {path.parent} is a folder of yours and not read-only",
    )


def busy(path: Path) -> LedgerError:
    """Say that another program has the file."""
    return LedgerError(
        f"The ledger {path} is in use by another program.",
        hint="close the program that has it open, then run the same command again",
    )


def failing(path: Path) -> LedgerError:
    """Say that reading or writing failed. SQLite says so of some full disks, too."""
    return LedgerError(
        f"The disk failed to read or write the ledger {path}.",
        hint="check that it has free space and is sound, then run the same command again; "
        "what was done is kept",
    )


def of_sqlite(error: sqlite3.Error, path: Path) -> LedgerError:
    """Translate an exception of sqlite3 by its primary result code."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return full(path)
        case sqlite3.SQLITE_IOERR:
            return failing(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return busy(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return forbidden(path)
        case _:
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            return LedgerError(
                f"The ledger {path} could not be used ({name}).",
                hint="run the same command again with --debug and report what it shows",
            )


def of_system(error: OSError, path: Path) -> LedgerError:
    """Translate an error of the system while the ledger's files were opened."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return full(path)
        case errno.EIO | errno.ENOLCK:
            return failing(path)
        case _:
            return forbidden(path)
