"""The scan: sources in, settled items and placed matches in the ledger.

Members are recorded before any work, workers examine them, and what an export says about a
picture is read last and kept for matches only. Web addresses come last (`visiting`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from selfcheck import exports, identity, sources
from selfcheck.errors import Interrupted, Refused
from selfcheck.exports.roster import Roster
from selfcheck.flows import looking, worker
from selfcheck.flows.crew import Crew, Setup
from selfcheck.flows.examine import Examination, Held
from selfcheck.flows.given import Request
from selfcheck.flows.history import Doing, noted, require_purpose
from selfcheck.flows.placing import place
from selfcheck.flows.saved import Place, SavedPages
from selfcheck.flows.unlock import pass_gate
from selfcheck.flows.visiting import MOST_A_DAY, Visited, Visiting
from selfcheck.ledger import Item, Ledger
from selfcheck.ledger.chain import What
from selfcheck.model import (
    Accounting,
    Address,
    Event,
    Ignored,
    Member,
    OnEvent,
    Reason,
    Skipped,
    Stage,
    Tree,
    Unreadable,
    quiet,
)
from selfcheck.privacy.paths import Home, cache_folder

# A picture that takes longer is given up. The reference engine is some thirty times as slow.
SECONDS_A_PICTURE = {"onnx": 120.0, "reference": 900.0}
# And a film, with its hundreds of pictures and what must be decoded to get at them.
SECONDS_A_FILM = {"onnx": 1800.0, "reference": 6 * 3600.0}
# What lies behind an entry skipped for one of these may still be there.
OUT_OF_REACH = (Reason.NO_PERMISSION, Reason.VANISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a scan works; the number of workers changes nothing of what it finds."""

    workers: int | None = None
    engine: str = "onnx"
    cache: Path = field(default_factory=cache_folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a scan did, and the accounting over everything the ledger knows.

    `skipped` counts the sources of this scan alone.
    """

    accounting: Accounting
    skipped: int
    settled: int
    isolation: tuple[str, ...]
    visited: Visited = field(default_factory=Visited)


def never() -> bool:
    """Do not stop."""
    return False


def now() -> datetime:
    """Tell the time in UTC."""
    return datetime.now(UTC)


def scan(
    paths: Sequence[Path],
    *,
    request: Request | None = None,
    links: bool = False,
    purpose: str = "",
    home: Home,
    keys: identity.KeyStore,
    options: Options | None = None,
    crew: Crew | None = None,
    isolation: Sequence[str] = (),
    clock: Callable[[], datetime] = now,
    stop: Callable[[], bool] = never,
    on_event: OnEvent = quiet,
) -> Outcome:
    """Look for the owner's face in archives, folders and at web addresses; go on where it ended.

    `request` says which addresses to ask, and `links` that those are asked too which an export
    names. `purpose` is the user's own note for the history. `crew` are workers that were started
    before, with these options. Raises NotVerified without a verification that is valid for this,
    SourceError where a source cannot be opened at all, LedgerError, and Interrupted when `stop`
    said so; what was settled is kept each time.
    """
    require_purpose(purpose)
    options = options or Options()
    scope = identity.Scope.ARCHIVES if request is None else identity.Scope.ADDRESSES
    unlocked, verification = pass_gate(home, keys, scope=scope, now=clock())
    trees = sources.gather(paths)
    owner = worker.Owner(profile=home.profile, key=unlocked.key)
    with (
        Ledger.open(home.ledger, lock=home.lock) as ledger,
        _crew(options) if crew is None else nullcontext(crew) as at_work,
    ):
        facts = at_work.facts(owner)
        ledger.require_configuration(_configuration(facts, home))
        layers = tuple(dict.fromkeys((*isolation, *facts.layers)))
        run = ledger.begin_run(
            command="scan", assurance=verification.described, isolation=layers, when=clock()
        )
        work = Examination(
            ledger=ledger,
            crew=at_work,
            owner=owner,
            seconds=SECONDS_A_PICTURE[options.engine],
            film_seconds=SECONDS_A_FILM[options.engine],
            stop=stop,
            on_event=on_event,
        )
        outcome, scanned, visited = "interrupted", set[int](), Visited()
        links_found: list[Address] = []
        doing = Doing(
            what=What.SCAN,
            scope=_named(trees, request, links=links),
            assurance=verification.described,
            purpose=purpose,
        )
        try:
            with noted(doing, home=home, unlocked=unlocked, clock=clock), ledger.grouped():
                for tree in trees:
                    source = ledger.source(
                        label=tree.label, parts=tree.parts, absent_parts=tree.absent_parts
                    )
                    scanned.add(source)
                    one = _TreeScan(
                        tree=tree,
                        ledger=ledger,
                        work=work,
                        crew=at_work,
                        source=source,
                        stop=stop,
                        on_event=on_event,
                        links=MOST_A_DAY if links and request is not None else 0,
                    )
                    one.run()
                    links_found += one.found
                if request is not None:
                    visiting = Visiting(
                        request=request.with_links(links_found),
                        ledger=ledger,
                        work=work,
                        crew=at_work,
                        key=unlocked.key,
                        run=run,
                        clock=clock,
                        stop=stop,
                    )
                    visited = visiting.visit()
                    scanned.add(visiting.source)
                    if stop():
                        raise interrupted()
            outcome = "finished"
        finally:
            ledger.end_run(run, outcome=outcome, when=clock())
        accounting = ledger.accounting()
        assert accounting.balances(), accounting
        return Outcome(
            accounting=accounting,
            skipped=sum(ledger.accounting(source).skipped for source in scanned),
            settled=work.settled,
            isolation=layers,
            visited=visited,
        )


def _named(trees: Iterable[Tree], request: Request | None, *, links: bool) -> tuple[str, ...]:
    """Name what a scan looks at: sources by their labels, addresses by their hosts."""
    names = [tree.label for tree in trees]
    if request is not None:
        names += [given.address.host for given in request.given]
        names += ["addresses that exports name"] if links else []
    return tuple(dict.fromkeys(names))


def interrupted() -> Interrupted:
    """Say that a scan was stopped."""
    return Interrupted(
        "Stopped. Everything examined so far is kept.",
        hint="the same command again; it goes on from here",
    )


def _crew(options: Options) -> Crew:
    return Crew(Setup(engine=options.engine, cache=options.cache), workers=options.workers)


def _configuration(facts: worker.Facts, home: Home) -> str:
    """Name everything a verdict depends on; when it changes, settled items are pending again."""
    limits = identity.limits(facts.references)
    named = {
        "closer": [looking.SHARP, looking.MORE],
        "engine": facts.engine,
        "finder": facts.finder,
        "films": facts.films,
        "fingerprint": facts.fingerprint,
        "long_side": looking.LONG_SIDE,
        "maybe": limits.maybe,
        "quality": facts.quality,
        "profile": identity.generation(home.profile),
        "references": facts.references,
        "score": identity.SCORE,
        "you": limits.you,
    }
    return json.dumps(named, sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _TreeScan:
    """The scan of one tree: listed, examined, placed."""

    tree: Tree
    ledger: Ledger
    work: Examination
    crew: Crew
    source: int
    stop: Callable[[], bool]
    on_event: OnEvent
    links: int = 0  # so many addresses that the export names are wanted
    found: list[Address] = field(default_factory=list)  # those addresses
    members: Roster = field(default_factory=Roster)  # for the export's reader
    out_of_reach: list[Skipped] = field(default_factory=list)
    returns: exports.Returns = field(default_factory=exports.Returns)

    def run(self) -> None:
        """Examine every member, then place the matches."""
        try:
            self._run()
        except Refused:
            # Nothing of it stays: an empty listing, completed, drops what an earlier one held.
            self.ledger.begin_listing(self.source)
            self.ledger.end_listing(self.source)
            raise

    def _run(self) -> None:
        self.on_event(Event(stage=Stage.LISTING, done=0))
        self.ledger.begin_listing(self.source)
        self.ledger.list_members(self.source, self._remembered(self.tree.members()))
        if not self.tree.streamed:
            self._end_listing()
        self._examine_listed()
        if self.tree.streamed:
            self._examine_streamed()
        stopped = self.stop()
        # A stream that was cut off has not shown all its documents: its matches are placed
        # when it has been read to its end.
        if not (stopped and self.tree.streamed):
            self.on_event(Event(stage=Stage.PLACING, done=0))
            placed = place(
                self.tree,
                self.ledger,
                self.source,
                self.members,
                links=self.links,
                pages=None if stopped else self._reader,
            )
            self.found.extend(placed)
        if stopped:
            raise interrupted()

    def _reader(self, matched: Container[Place]) -> SavedPages:
        return SavedPages(crew=self.crew, matched=matched, go_on=self._go_on)

    def _go_on(self) -> None:
        # What is half read is not placed; the next scan places it whole.
        if self.stop():
            raise interrupted()

    def _remembered(self, listed: Iterable[Member | Skipped]) -> Iterator[Member | Skipped]:
        for member in listed:
            if isinstance(member, Member):
                self.members.append(member)
            self._note(member)
            yield member

    def _note(self, listed: Member | Skipped) -> None:
        if isinstance(listed, Skipped):
            if listed.reason in OUT_OF_REACH:
                self.out_of_reach.append(listed)
        elif platform := self.returns.sees(listed.path):
            raise Refused(
                f"{self.tree.label} is what {platform} hands to authorities about somebody,"
                " and no download of your own.",
                hint="scan what you downloaded yourself; `selfcheck formats` says how",
            )

    def _end_listing(self) -> None:
        """Complete the listing: what it did not show is gone and leaves the report.

        Not so when a folder or archive could not be reached: what lies behind it may be there.
        """
        if not self.out_of_reach:
            self.ledger.end_listing(self.source)

    def _examine_listed(self) -> None:
        accounting = self.ledger.accounting(self.source)
        # Beside a folder's pictures what its mail holds is little; of a tar nothing is known.
        total = accounting.found if len(self.members) or not self.tree.streamed else None
        self.work.expect(done=accounting.found - accounting.pending, total=total)
        for item in self.ledger.pending(self.source):
            if self.stop():
                break
            if not self._ignored(item):
                self.work.take(Held(item=item, parts=self.tree.parts))
        self.work.drain()

    def _examine_streamed(self) -> None:
        accounting = self.ledger.accounting(self.source)
        self.work.expect(done=accounting.found - accounting.pending, total=None)
        for met in self.tree.stream():
            if self.stop():
                break
            self._note(met if isinstance(met, Skipped) else met[0])
            if isinstance(met, Skipped):
                self.ledger.meet(self.source, met)
                continue
            member, stream = met
            self.members.append(member)
            item = self.ledger.meet(self.source, member)
            if item is not None and not self._ignored(item):
                self._take_streamed(item, stream)
        self.work.drain()
        if not self.stop():
            self._end_listing()

    def _take_streamed(self, item: Item, stream: BinaryIO) -> None:
        try:
            data = stream.read(worker.MEMBER_LIMIT + 1)
        except Unreadable as trouble:
            shown = item.member.shown
            skipped = Skipped(item=shown, reason=trouble.reason, detail=trouble.detail)
            self.work.settle(item, skipped)
        else:
            self.work.take_streamed(Held(item=item, parts=self.tree.parts, data=data))

    def _ignored(self, item: Item) -> bool:
        rule = exports.ignored(item.member.path)
        if rule is not None:
            self.work.settle(item, Ignored(rule=rule))
        return rule is not None
