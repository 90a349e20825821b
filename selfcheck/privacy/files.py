"""Files that only their owner can read, written whole or not at all.

Owns writing and removing; where things lie is `paths`, what is in them is the caller's.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from selfcheck.errors import SelfcheckError

OWNER_ONLY = 0o600
HALF_WRITTEN = ".selfcheck-*.tmp"  # what a process that was killed leaves behind


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves either the old content or the new, never a part.

    The file is readable by its owner only, whatever was there before; a symbolic link
    at `path` is replaced, not followed. Raises SelfcheckError where it cannot be written.
    """
    write_together([(path, data)])


def write_together(wanted: Iterable[tuple[Path, bytes]]) -> tuple[Path, ...]:
    """Write files as `write_atomically` does, none before there was room for all; give their paths.

    They get their names in the order given. Raises SelfcheckError where one cannot be written.
    """
    drafts: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in wanted:
            temporary = path.with_name(f".selfcheck-{secrets.token_hex(8)}.tmp")
            drafts[temporary] = path
            _write_new(temporary, data)
        for temporary, path in drafts.items():
            temporary.replace(path)
        for folder in {path.parent for path in drafts.values()}:
            _sync_folder(folder)
    except OSError as error:
        raise _failure(path, "written", error) from error
    finally:
        # Gone already when all went well; after a failure no half file may stay behind.
        for temporary in drafts:
            with contextlib.suppress(OSError):
                temporary.unlink()
    return tuple(drafts.values())


def append(path: Path, data: bytes) -> None:
    """Write at the end of a file, the whole of it or nothing; on the disk when this returns.

    A new file is readable by its owner only. A symbolic link is refused. Raises SelfcheckError
    where it cannot be written.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        with _held(path, flags) as descriptor:
            before = os.fstat(descriptor).st_size
            try:
                left = memoryview(data)
                while left:
                    left = left[os.write(descriptor, left) :]
                _sync(descriptor)
            except OSError:
                os.ftruncate(descriptor, before)
                raise
        if not before:
            _sync_folder(path.parent)
    except OSError as error:
        raise _failure(path, "written", error) from error


def cut(path: Path, size: int) -> None:
    """Drop what stands in a file after so many bytes; raise SelfcheckError where it stays."""
    try:
        with _held(path, os.O_WRONLY) as descriptor:
            os.ftruncate(descriptor, size)
            _sync(descriptor)
    except OSError as error:
        raise _failure(path, "written", error) from error


@contextlib.contextmanager
def _held(path: Path, flags: int) -> Iterator[int]:
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, OWNER_ONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def draft(folder: Path, data: bytes) -> Iterator[Path]:
    """Write a file under a hidden name, to be looked at; afterwards it is gone.

    `settle` gives it a name that stays. Readable by its owner only; raises SelfcheckError where
    it cannot be written.
    """
    path = folder / f".selfcheck-{secrets.token_hex(8)}.tmp"
    try:
        try:
            _write_new(path, data)
        except OSError as error:
            raise _failure(folder, "written to", error) from error
        yield path
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def settle(path: Path, name: Path) -> bool:
    """Give a draft a name in its folder, whole or not at all; False where the name is taken.

    Nothing is ever replaced, not even a link that leads nowhere. Raises SelfcheckError where
    the name cannot be given.
    """
    try:
        _name(path, name)
        _sync_folder(name.parent)
    except FileExistsError:
        return False
    except OSError as error:
        raise _failure(name, "written", error) from error
    return True


def _name(path: Path, name: Path) -> None:
    try:
        os.link(path, name, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # Memory cards know no second name of a file: the name is taken first, then filled.
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        try:
            path.replace(name)
        except OSError:
            name.unlink()
            raise


def remove(path: Path) -> bool:
    """Remove a file or link and say whether there was one; raise SelfcheckError if it stays."""
    try:
        path.unlink()
        _sync_folder(path.parent)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _failure(path, "removed", error) from error
    return True


def _write_new(path: Path, data: bytes) -> None:
    # O_EXCL and O_NOFOLLOW: in a folder that others may write to, nobody can lay a
    # link or a file of their own under the name beforehand.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, OWNER_ONLY), "wb") as file:
        file.write(data)
        file.flush()
        _sync(file.fileno())


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        # On macOS fsync stops at the drive's cache.
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    # Without this a crash may lose the new name although the content is on the disk.
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    # Some network file systems cannot sync a folder; the file itself is safe by then.
    with contextlib.suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)


def _failure(path: Path, deed: str, error: OSError) -> SelfcheckError:
    return SelfcheckError(
        f"{path} could not be {deed}: {error.strerror or error}",
        hint="check that the folder exists, is yours to write to and has room",
    )
