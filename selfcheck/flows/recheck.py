"""Asks the known addresses again: whether the pictures that matched are still there.

Compares bytes and fingerprints of pictures, never faces, so it needs no verification, no profile
and no key. What changed waits for the next verified scan of its page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from selfcheck import exposure
from selfcheck.errors import LedgerError
from selfcheck.flows import answers, worker
from selfcheck.flows.crew import Crew, Setup, WorkerDied
from selfcheck.flows.errands import Errand, Queue
from selfcheck.flows.fetching import Courier
from selfcheck.flows.scan import interrupted, never, now
from selfcheck.flows.visiting import MOST_A_DAY, begun, logged
from selfcheck.ledger import Ledger
from selfcheck.model import (
    Event,
    KnownAddress,
    OnEvent,
    Reason,
    Stage,
    Standing,
    Stood,
    quiet,
)
from selfcheck.privacy.paths import Home, cache_folder
from selfcheck.sources import web
from selfcheck.sources.web import Address, Fetched, Kind, Known, Outcome, Want

_SECONDS_A_PICTURE = 120.0
_THERE = frozenset({Standing.THERE, Standing.RESIZED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """One picture at its address: what is seen of it now, and what was seen before."""

    known: KnownAddress
    now: Stood
    before: Stood

    @property
    def changed(self) -> bool:
        """Say whether something happened to it since; not to be reached is nothing yet."""
        if self.now.standing is Standing.UNKNOWN:
            return False
        both = {self.now.standing, self.before.standing}
        return len(both) > 1 and not both <= _THERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Every known address, in the report's order, and how many were left for another day."""

    rechecked: tuple[Rechecked, ...]
    left: int = 0


def recheck(
    *,
    home: Home,
    courier: Courier,
    since: datetime | None = None,
    cache: Path | None = None,
    clock: Callable[[], datetime] = now,
    stop: Callable[[], bool] = never,
    on_event: OnEvent = quiet,
) -> Result:
    """Ask every address at which a picture matched, with what its host said of it last.

    `since` compares with what was seen then, and not with the time before this. Raises LedgerError
    where nothing was scanned yet, and Interrupted when `stop` said so; what was seen is kept.
    """
    if not home.ledger.exists():
        raise LedgerError("Nothing was scanned yet.", hint="selfcheck scan https://...")
    with Ledger.open(home.ledger, lock=home.lock) as ledger, ExitStack() as at_work:
        again = _Again(
            ledger=ledger,
            courier=courier,
            looking=_Looking(cache=cache or cache_folder(), at_work=at_work),
            run=ledger.begin_run(command="recheck", assurance="", isolation=(), when=clock()),
            clock=clock,
            stop=stop,
            on_event=on_event,
        )
        outcome = "interrupted"
        try:
            result = again.all(since)
            outcome = "finished"
        finally:
            ledger.end_run(again.run, outcome=outcome, when=clock())
        return result


@dataclass(slots=True, kw_only=True)
class _Looking:
    """A worker that is started when a picture is another one than before, and not sooner."""

    cache: Path
    at_work: ExitStack
    crew: Crew | None = None

    def fingerprint(self, data: bytes) -> bytes:
        """Give a picture's fingerprint; none for what cannot be decoded."""
        if self.crew is None:
            setup = Setup(engine="onnx", cache=self.cache)
            self.crew = self.at_work.enter_context(Crew(setup, workers=1))
        try:
            return self.crew.call(worker.fingerprint_of, data, seconds=_SECONDS_A_PICTURE)
        except WorkerDied:
            return b""


@dataclass(slots=True, kw_only=True)
class _Again:
    """One pass over the known addresses. Each address is asked once, wherever it stands."""

    ledger: Ledger
    courier: Courier
    looking: _Looking
    run: int
    clock: Callable[[], datetime]
    stop: Callable[[], bool]
    on_event: OnEvent
    _seen: dict[str, Stood] = field(default_factory=dict)

    def all(self, since: datetime | None) -> Result:
        """Ask, compare, and write down what was seen."""
        known = self.ledger.known_addresses()
        left = self._ask(known)
        rechecked = tuple(
            Rechecked(known=one, now=self._seen[one.address], before=_before(one, since))
            for one in known
            if one.address in self._seen
        )
        for one in rechecked:
            self.ledger.note_standing(one.known.item, one.now)
        if self.stop():
            raise interrupted()
        return Result(rechecked=rechecked, left=left)

    def _ask(self, known: tuple[KnownAddress, ...]) -> int:
        """Ask each address once, as many as a day has; say how many are left."""
        by_address = {one.address: one for one in known}
        allowed = max(0, MOST_A_DAY - self.ledger.pages_since(self.clock() - timedelta(days=1)))
        queue = Queue()
        for errand in list(_errands(by_address))[:allowed]:
            self.ledger.count_page(self.run)
            queue.put(errand)
        total = len(queue)
        while not self.stop():
            for key, errand in queue.next():
                errand.row = self.ledger.log_requests(self.run, [begun(errand, self.clock())])
                self.courier.ask(key, errand.wanted)
            if not self.courier.in_hand:
                break
            for key, fetched in self.courier.answers(0.25):
                row = queue.answered(key).row
                self.ledger.log_requests(self.run, logged(fetched), instead_of=row)
                address = str(fetched.address)
                self._seen[address] = self._stood(by_address[address], fetched)
                event = Event(stage=Stage.ASKING, done=len(self._seen), total=total)
                self.on_event(event)
        return len(by_address) - total

    def _stood(self, known: KnownAddress, fetched: Fetched) -> Stood:
        standing, detail = self._standing(known, fetched)
        return Stood(at=self.clock(), standing=standing, detail=detail)

    def _standing(self, known: KnownAddress, fetched: Fetched) -> tuple[Standing, str]:
        trouble = answers.trouble(fetched)
        if trouble is not None:
            standing = Standing.GONE if trouble.reason is Reason.GONE else Standing.UNKNOWN
            return standing, trouble.detail or trouble.reason.value
        match fetched.outcome, fetched.kind:
            case Outcome.NOT_MODIFIED, _:
                return Standing.THERE, ""
            case Outcome.OK, Kind.PAGE:
                return Standing.UNKNOWN, "a page came where a picture was"
            case Outcome.OK, _:
                return self._compared(known, fetched.body), ""
            case _:
                return Standing.UNKNOWN, fetched.detail

    def _compared(self, known: KnownAddress, data: bytes) -> Standing:
        if hashlib.sha256(data).hexdigest() == known.sha256:
            return Standing.THERE
        found = self.looking.fingerprint(data) if known.fingerprint else b""
        same = bool(found) and exposure.same_picture(found, known.fingerprint)
        return Standing.RESIZED if same else Standing.CHANGED


def _errands(known: dict[str, KnownAddress]) -> Iterator[Errand]:
    for one in known.values():
        address, page = web.typed(one.address), web.typed(one.page)
        if isinstance(address, Address) and isinstance(page, Address):
            itself = address == page
            yield Errand(
                address=address,
                want=Want.ADDRESS if itself else Want.PICTURE,
                visit=0,
                page=None if itself else page,
                known=Known(etag=one.answered.etag, last_modified=one.answered.last_modified),
            )


def _before(known: KnownAddress, since: datetime | None) -> Stood:
    """Give what was last seen of a picture, up to then; at first it was there."""
    found = Stood(at=known.answered.at, standing=Standing.THERE)
    for stood in known.stood:
        known_by_then = since is None or stood.at <= since
        # What a scan has seen since then counts for more.
        if known_by_then and stood.at > found.at and stood.standing is not Standing.UNKNOWN:
            found = stood
    return found
