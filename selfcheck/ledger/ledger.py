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

from selfcheck.ledger import (
    addresses,
    decisions,
    items,
    listing,
    placing,
    reading,
    removals,
    runs,
    sources,
    verdicts,
)
from selfcheck.ledger.database import Database, files
from selfcheck.ledger.listing import Listing
from selfcheck.ledger.lock import Lock
from selfcheck.ledger.values import Item, RemovalRow, RunRow, WebItem, WrittenFile
from selfcheck.model import (
    Accounting,
    Answered,
    Asked,
    Context,
    Decision,
    Exposure,
    KnownAddress,
    Member,
    Missing,
    PartInfo,
    Skipped,
    SourceSummary,
    Stood,
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
        file is then left as it is. What a review was killed before it could destroy goes now.
        """
        held = Lock.take(lock or path.with_suffix(".lock"))
        try:
            ledger = cls(Database.open(path, suspicious=held.left_over), held)
        except BaseException:
            held.release()
            raise
        try:
            ledger.finish_decisions()
        except BaseException:
            ledger.close()
            raise
        return ledger

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
        """Give the newest scan, None where there is none."""
        return runs.last(self._db)

    def runs(self) -> int:
        """Count the scans."""
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

    def meet(
        self, source: int, member: Member | Skipped, *, place: int | None = None
    ) -> Item | None:
        """Record one member of a stream; return it where it is pending, None where settled.

        `place` is its place in this listing, for members that are met in no order.
        """
        with self._listing(source) as one:
            if place is not None:
                one.ordinal = one.start + place
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

    # --- web addresses -----------------------------------------------------------------

    def log_requests(
        self, run: int, asked: Iterable[Asked], *, instead_of: int | None = None
    ) -> int:
        """Write down what a run tells the network; return the row of the last.

        `instead_of` is a row written before, when it was not known yet what becomes of it.
        """
        return addresses.log(self._db, run, asked, instead_of)

    def requests(self) -> tuple[Asked, ...]:
        """Give what the newest scan told the network, and what asked again after it."""
        newest = runs.newest(self._db)
        return () if newest is None else addresses.logged(self._db, newest)

    def count_page(self, run: int) -> None:
        """Count one more of the user's addresses that this run asks."""
        addresses.count_page(self._db, run)

    def pages_since(self, when: datetime) -> int:
        """Count the user's addresses that were asked by runs that began since then."""
        return addresses.pages_since(self._db, when)

    def remember_named(self, item: Item, sealed: bytes) -> None:
        """Keep what a page says of a picture, sealed; it goes when that shows somebody else."""
        addresses.remember(self._db, item, sealed)

    def named(self, item: Item) -> bytes | None:
        """Give what a page said of a picture, None where nothing is kept."""
        return addresses.remembered(self._db, item)

    def web_items(self, source: int, part: int) -> tuple[WebItem, ...]:
        """Give what is known of one page by its place among the parts: itself and its pictures."""
        return addresses.of_part(self._db, source, self._parts[source][part])

    def note_answer(self, item: Item, answered: Answered) -> None:
        """Keep what a host said of a picture that it gave."""
        addresses.answer(self._db, item, answered)

    def answered(self, item: Item) -> Answered | None:
        """Give what its host said of a picture when it last gave it."""
        return addresses.answered(self._db, item)

    def forget_unmatched(self, item: Item) -> None:
        """Forget what a page says of a picture that keeps its verdict, unless it matched."""
        with self._db.transaction():
            verdicts.forget_unmatched(self._db, item)

    def examined_twin(self, item: Item, since: datetime) -> str | None:
        """Give the SHA-256 of what the same address gave for another page since then."""
        return addresses.examined_twin(self._db, item, since)

    def known_addresses(self) -> tuple[KnownAddress, ...]:
        """Give the matched pictures at web addresses, with what was seen of them."""
        return tuple(addresses.exposed(self._db))

    def note_removal(self, removal: RemovalRow) -> None:
        """Write down how far a removal is."""
        removals.note(self._db, removal)

    def removals(self) -> tuple[RemovalRow, ...]:
        """Give how far each removal is."""
        return removals.every(self._db)

    def decide(self, sha256: str, decision: Decision, when: datetime) -> None:
        """Write down what the owner says of a picture, and destroy what was rejected before it."""
        decisions.decide(self._db, sha256, decision, when)

    def take_back(self, sha256: str, before: Decision | None, when: datetime) -> None:
        """Put what was said before in a decision's place; ValueError for what is destroyed."""
        decisions.take_back(self._db, sha256, before, when)

    def finish_decisions(self) -> None:
        """Destroy what is kept of pictures that the owner said show somebody else."""
        decisions.finish(self._db)

    def decisions(self) -> dict[str, Decision]:
        """Give every decision, by the SHA-256 of its picture."""
        return decisions.every(self._db)

    def note_standing(self, item: int, stood: Stood) -> None:
        """Write down what was seen of a matched picture at its address."""
        addresses.stand(self._db, item, stood)

    def changed_pages(self) -> tuple[str, ...]:
        """Name the pages of which a matched picture changed and was not examined since."""
        return addresses.changed_pages(self._db)

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

    def exposure(self, sha256: str) -> Exposure | None:
        """Give one match with its occurrences, crop still sealed; None where there is none."""
        return reading.exposure(self._db, sha256)

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
