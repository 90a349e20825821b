"""The ledger: one file, one connection, one process.

What a method wrote is on disk when it returns, or within a second where writes are grouped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from selfcheck.ledger import items, listing, placing, reading, runs, sources, verdicts
from selfcheck.ledger.database import Database, files
from selfcheck.ledger.listing import Listing
from selfcheck.ledger.lock import Lock
from selfcheck.ledger.values import Item, RunRow, WrittenFile
from selfcheck.model import (
    Accounting,
    Context,
    Exposure,
    Member,
    Missing,
    PartInfo,
    Skipped,
    SourceSummary,
    Verdict,
)


class Ledger:
    """What was found and what became of it. A context manager; `Ledger.open` makes one.

    Every method raises LedgerError where the file cannot be read or written, and nothing of
    SQLite's. A method that writes has committed when it returns, except inside `grouped`. One
    thread uses it.
    """

    def __init__(self, db: Database, lock: Lock) -> None:
        """Keep the open file and the lock on it."""
        self._db = db
        self._lock = lock
        self._parts: dict[int, tuple[int, ...]] = {}
        self._listings: dict[int, Listing] = {}

    @classmethod
    def open(cls, path: Path, *, lock: Path | None = None) -> Self:
        """Open the ledger, or make it, and keep other processes out until it is closed.

        `lock` defaults to the ledger's name with the suffix `.lock`. Raises LedgerError where
        it is in use, damaged, of something else, of a newer version or cannot be written; the
        file is then left as it is.
        """
        held = Lock.take(lock or path.with_suffix(".lock"))
        try:
            return cls(Database.open(path, suspicious=held.left_over), held)
        except BaseException:
            held.release()
            raise

    @classmethod
    def discard(cls, path: Path, *, lock: Path | None = None) -> None:
        """Delete a ledger unread, for `forget` where it is damaged; LedgerError if it is in use."""
        held = Lock.take(lock or path.with_suffix(".lock"))
        for file in files(path):
            file.unlink(missing_ok=True)
        held.release(remove=True)

    def close(self) -> None:
        """Close the file and let other processes in. A second call does nothing."""
        try:
            self._db.close()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- runs --------------------------------------------------------------------------

    def begin_run(
        self, *, command: str, assurance: str, isolation: Sequence[str], when: datetime
    ) -> int:
        """Record that a run begins; return its id."""
        return runs.begin(self._db, command, assurance, isolation, when)

    def end_run(self, run: int, *, outcome: str, when: datetime) -> None:
        """Record how a run ended."""
        runs.end(self._db, run, outcome, when)

    def last_run(self) -> RunRow | None:
        """Give the newest run, None where there is none."""
        return runs.last(self._db)

    def runs(self) -> int:
        """Count the runs."""
        return runs.count(self._db)

    def require_configuration(self, fingerprint: str) -> int:
        """Reopen what another configuration settled; return how many items became pending.

        `fingerprint` stands for engine, thresholds and the profile's generation.
        """
        return verdicts.require_configuration(self._db, fingerprint)

    def configuration(self) -> str | None:
        """Give the fingerprint that settled what is settled, None before the first scan."""
        return verdicts.configuration(self._db)

    # --- sources and listing -----------------------------------------------------------

    def source(
        self, *, label: str, parts: Sequence[PartInfo], absent_parts: Sequence[str] = ()
    ) -> int:
        """Find the source that shares a part's fingerprint with these, or make one; return its id.

        `absent_parts` are the names of parts that seem not to have been given. Label, paths and
        names become those given. Parts known and not given keep their items; `pending` and
        `matched` leave them out, because they cannot be opened.
        """
        source, ids = sources.recognise(self._db, label, parts, absent_parts)
        self._parts[source] = ids
        return source

    def set_platform(self, source: int, platform: str) -> None:
        """Record which platform's export the source is."""
        sources.set_platform(self._db, source, platform)

    def list_members(self, source: int, members: Iterable[Member | Skipped]) -> int:
        """Record the members before any work; return how many were listed.

        Outside begin_listing and end_listing it is a complete listing; between them it adds to
        the open one. A member met before, of equal size and stamp, keeps its verdict, except
        where it was skipped for want of permission or because it had vanished.
        """
        whole = source not in self._listings
        if whole:
            self.begin_listing(source)
        with self._listing(source) as one:
            count = listing.add(self._db, one, members)
        if whole:
            self.end_listing(source)
        return count

    def begin_listing(self, source: int) -> None:
        """Begin a listing that `meet` and `list_members` fill. The source's parts must be given.

        An error in between breaks it off: what was listed stays, and nothing is dropped.
        """
        self._listings[source] = listing.begin(self._db, source, self._parts[source])

    def meet(self, source: int, member: Member | Skipped) -> Item | None:
        """Record one member of a stream; return it where it is pending, None where settled."""
        with self._listing(source) as one:
            return listing.meet(self._db, one, member)

    def end_listing(self, source: int) -> None:
        """Complete the listing: what it did not meet is gone and leaves the accounting."""
        with self._listing(source) as one:
            listing.end(self._db, one)
        del self._listings[source]

    def pending(self, source: int) -> Iterator[Item]:
        """Yield what needs work, in order of discovery; settling meanwhile is safe."""
        self._flush(source)
        return items.in_state(self._db, source, "pending")

    def _flush(self, source: int) -> None:
        if source in self._listings:
            with self._listing(source) as one:
                listing.flush(self._db, one)

    @contextmanager
    def _listing(self, source: int) -> Iterator[Listing]:
        if source not in self._listings:
            raise ValueError("no listing of this source is open")
        try:
            yield self._listings[source]
        except BaseException:
            # Broken off, it must never be completed: what it did not reach would be dropped.
            self._listings.pop(source, None)
            raise

    def item(self, source: int, member: Member) -> Item | None:
        """Give the item of a member that was listed, None for one that was not."""
        self._flush(source)
        part = self._parts[source][member.part]
        known = items.find(self._db, source, part, member)
        if known is None:
            return None
        return Item(id=known.id, source=source, member=member, crashes=known.crashes)

    # --- verdicts ----------------------------------------------------------------------

    def known(self, size: int, *, most: int | None = None) -> frozenset[str]:
        """Give the SHA-256 (hex) of the examined contents of this size, the `most` oldest."""
        return verdicts.known(self._db, size, most)

    def settle(self, item: Item, verdict: Verdict, *, size: int | None = None) -> None:
        """Give an item its verdict, in one transaction.

        `size` is that of the content where it is not the member's. Raises ValueError for an
        item that is gone and for a copy of a content that nobody examined.
        """
        with self._db.transaction():
            verdicts.settle(self._db, item, verdict, size)

    @contextmanager
    def grouped(self) -> Iterator[None]:
        """Commit what the block writes in groups: at most 500 writes or a second, then the rest.

        A process killed meanwhile loses that much and does it again. What was written is seen by
        every method at once.
        """
        with self._db.grouped():
            yield

    def keep(self) -> None:
        """Commit the open group if it is a second old. For whoever waits between two writes."""
        self._db.commit_due()

    def crashed(self, item: Item) -> int:
        """Count one more worker that died of this item; return how many did.

        Committed at once: what ends a worker may end the machine.
        """
        count = verdicts.crashed(self._db, item)
        self._db.commit()
        return count

    # --- placing -----------------------------------------------------------------------

    def matched(self, source: int) -> Iterator[Item]:
        """Yield the items whose content has a match, in order of discovery."""
        self._flush(source)
        return placing.matched(self._db, source)

    def examined(self, source: int) -> Iterator[Item]:
        """Yield the items that turned out to be pictures, in order of discovery."""
        self._flush(source)
        return items.in_state(self._db, source, "examined")

    def place(self, item: Item, contexts: Sequence[Context]) -> None:
        """Replace the contexts of a matched item; ValueError for an item without a match."""
        placing.place(self._db, item, contexts)

    def set_listing_facts(
        self, source: int, *, missing: Iterable[Missing], unlisted: int, addresses: int
    ) -> None:
        """Replace what the export lists and no part holds, and two counts.

        `unlisted` pictures it does not list, `addresses` it names by web address only.
        """
        sources.set_facts(self._db, source, missing, unlisted, addresses)

    # --- reading -----------------------------------------------------------------------

    def accounting(self, source: int | None = None) -> Accounting:
        """Count what became of the files of one source, or of all."""
        return reading.accounting(self._db, source)

    def sources(self) -> tuple[SourceSummary, ...]:
        """Give every source with its accounting, in the order in which they were first given."""
        return reading.sources(self._db)

    def exposures(self) -> Iterator[Exposure]:
        """Yield every match with its occurrences, by first occurrence; crops still sealed."""
        return reading.exposures(self._db)

    def faces_compared(self) -> int:
        """Give how many faces of other people were compared over all examined contents."""
        return reading.faces_compared(self._db)

    # --- files written elsewhere, and the end ------------------------------------------

    def note_written(self, path: Path, kind: str, when: datetime) -> None:
        """Record a file written outside the tool's folder, so that `forget` can name it."""
        runs.note_written(self._db, path, kind, when)

    def written(self) -> tuple[WrittenFile, ...]:
        """Give the files written outside the tool's folder, oldest first."""
        return runs.written(self._db)

    def destroy(self) -> None:
        """Overwrite every row, close, and delete the file, its journals and the lock.

        What backups, snapshots and a flash disk's spare blocks hold is out of reach.
        """
        self._listings.clear()
        try:
            self._db.empty()
        finally:
            self._db.close()
            for file in files(self._db.path):
                file.unlink(missing_ok=True)
            self._lock.release(remove=True)
