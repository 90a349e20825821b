"""The one door to SQLite: opens the file safely, runs statements, translates every error."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

from selfcheck.ledger import troubles
from selfcheck.ledger.schema import APPLICATION_ID, CHANGES, NAMES, TABLES, VERSION

Row: TypeAlias = tuple[Any, ...]
Values: TypeAlias = Sequence[str | bytes | int | float | None]

_MAGIC: Final = b"SQLite format 3\0"
_HEADER: Final = 100
# A commit waits for the disk, 1 to 30 ms, and a small picture takes less. So many transactions,
# or so many seconds of them, may be lost when the process is killed; they are done again.
_GROUP: Final = 500
_GROUP_SECONDS: Final = 1.0
_SETTINGS: Final = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA journal_mode = TRUNCATE",  # one writer needs no write-ahead log
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -32768",  # KiB; holds the inner pages of a million items
)


class Database:
    """One connection to one file. Every method raises LedgerError and nothing of sqlite3's."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Keep the connection; `Database.open` makes one."""
        self._connection = connection
        self.path = path
        self._clock: Callable[[], float] | None = None  # None: every transaction is committed
        self._waiting = 0  # transactions of the open group
        self._due = 0.0  # when the group must be committed

    @classmethod
    def open(cls, path: Path, *, suspicious: bool = False) -> Database:
        """Open the ledger, or make it where there is none, readable by its owner alone.

        A ledger of an older version is brought up to this one. A file that is damaged, of
        something else or of a newer version is left untouched.
        `suspicious` has every page checked, about a second for a million items.
        """
        _inspect(path)
        with _translated(path):
            connection = sqlite3.connect(path, isolation_level=None)
        database = cls(connection, path)
        try:
            database._prepare(suspicious=suspicious)
        except BaseException:
            connection.close()
            raise
        return database

    def _prepare(self, *, suspicious: bool) -> None:
        for setting in _SETTINGS:
            self.run(setting)
        if self.first("PRAGMA user_version") == (0,):  # new, or killed while it was made
            self._become(VERSION, TABLES)
        if suspicious and self.first("PRAGMA quick_check(1)") != ("ok",):
            raise troubles.damaged(self.path)
        if self.first("SELECT COUNT(*) FROM state") != (1,):
            raise troubles.damaged(self.path)
        self._renew()

    def _renew(self) -> None:
        """Bring a sound ledger of an older version up to this one, version by version."""
        row = self.first("PRAGMA user_version")
        assert row is not None
        for version in range(row[0], VERSION):
            self._become(version + 1, CHANGES[version])

    def _become(self, version: int, statements: Sequence[str]) -> None:
        with self.transaction():
            self.run(f"PRAGMA application_id = {APPLICATION_ID}")
            self.run(f"PRAGMA user_version = {version}")
            for statement in statements:
                self.run(statement)

    def run(self, statement: str, values: Values = ()) -> int:
        """Run one statement; return the id of the row it inserted, if it did."""
        with _translated(self.path):
            return self._connection.execute(statement, values).lastrowid or 0

    def change(self, statement: str, values: Values = ()) -> int:
        """Run one statement; return how many rows it changed."""
        with _translated(self.path):
            return self._connection.execute(statement, values).rowcount

    def run_each(self, statement: str, rows: Iterable[Values]) -> None:
        """Run one statement for each row of values."""
        with _translated(self.path):
            self._connection.executemany(statement, rows)

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        """Fetch all rows."""
        with _translated(self.path):
            return self._connection.execute(statement, values).fetchall()

    def first(self, statement: str, values: Values = ()) -> Row | None:
        """Fetch the first row, None where there is none."""
        with _translated(self.path):
            row: Row | None = self._connection.execute(statement, values).fetchone()
            return row

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block does, all or nothing; on disk when the block is left.

        Inside `grouped` it is all or nothing too, and on disk with its group.
        """
        if self._clock is not None:
            with self._member_of_group(self._clock):
                yield
            return
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            # SQLite has already rolled back after some errors of the disk.
            if self._connection.in_transaction:
                self.run("ROLLBACK")
            raise

    @contextmanager
    def grouped(self, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
        """Commit the block's transactions many at a time, and what is left at its end.

        A reader of this connection sees each of them at once. A group is committed when it is
        full or a second old, which is looked at with every transaction and by `commit_due`.
        """
        assert self._clock is None, "a group within a group"
        self._clock = clock
        try:
            yield
        finally:
            self._clock = None
            self.commit()

    @contextmanager
    def _member_of_group(self, clock: Callable[[], float]) -> Iterator[None]:
        if not self._connection.in_transaction:
            self.run("BEGIN IMMEDIATE")
            self._waiting, self._due = 0, clock() + _GROUP_SECONDS
        self.run("SAVEPOINT member")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self.run("ROLLBACK TO member")
                self.run("RELEASE member")
            raise
        self.run("RELEASE member")
        self._waiting += 1
        if self._waiting >= _GROUP:
            self.commit()
        self.commit_due()

    def commit_due(self) -> None:
        """Commit the open group if its time is up."""
        if self._clock is not None and self._clock() >= self._due:
            self.commit()

    def commit(self) -> None:
        """Commit the open group, if there is one."""
        if self._connection.in_transaction:
            self.run("COMMIT")

    def empty(self) -> None:
        """Overwrite every row with zeros and shrink the file; there is no way back."""
        self.run("PRAGMA foreign_keys = OFF")
        self.run("PRAGMA journal_mode = OFF")  # a journal would copy the rows once more
        for name in NAMES:
            self.run(f"DELETE FROM {name}")  # noqa: S608 - names of our own tables
        self.run("VACUUM")

    def close(self) -> None:
        """Close the connection. A second call does nothing."""
        with _translated(self.path):
            self._connection.close()


def files(path: Path) -> tuple[Path, ...]:
    """Name the ledger's file and every file that SQLite may put beside it."""
    return tuple(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm", ""))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise troubles.of_sqlite(error, path) from error


def _inspect(path: Path) -> None:
    """Make the file where there is none; raise LedgerError where it is no usable ledger.

    Reads the header by itself, because SQLite may write to whatever it opens.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags, 0o600), "rb") as file:
            header = file.read(_HEADER)
    except OSError as error:
        raise troubles.of_system(error, path) from error
    if header:
        _check(header, path)


def _check(header: bytes, path: Path) -> None:
    if not header.startswith(_MAGIC[: len(header)]):
        raise troubles.foreign(path)
    if len(header) < _HEADER:
        raise troubles.damaged(path)
    if _number(header, 68) != APPLICATION_ID:
        raise troubles.foreign(path)
    version = _number(header, 60)
    if version > VERSION:
        raise troubles.newer(path, version)
    if not version:
        raise troubles.damaged(path)


def _number(header: bytes, offset: int) -> int:
    return int.from_bytes(header[offset : offset + 4], "big")
