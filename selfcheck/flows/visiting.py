"""The scan of web addresses: what the user gave is asked, and the pictures that it names.

Meets every picture in the ledger before it is asked for, hands what came to the workers, and goes
on where it was stopped without asking again for what it has. It follows no link: what is asked is
an address of the user's, a picture that such a page shows, or a host's robots.txt.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from selfcheck.flows import answers, worker
from selfcheck.flows.crew import Crew, Desk
from selfcheck.flows.errands import Errand, Queue
from selfcheck.flows.examine import Examination, Held
from selfcheck.flows.given import Given, Request
from selfcheck.flows.house_rules import Admission, HouseRules
from selfcheck.flows.naming import PLATFORM, Named, Shown, opened, refused, shown
from selfcheck.ledger import Item, Ledger, WebItem
from selfcheck.model import (
    CUT_OFF,
    Answered,
    Asked,
    Copied,
    Ignored,
    Member,
    PartInfo,
    Reason,
    Rule,
    Skipped,
    Verdict,
)
from selfcheck.pages import Page
from selfcheck.sources import web
from selfcheck.sources.web import Address, Fetched, Kind, Known, Outcome, Want

MOST_A_RUN = 500
MOST_A_DAY = 2000
_DAY = timedelta(days=1)
LABEL = "Web addresses"
_ROOT = PartInfo(path="", kind="web", fingerprint="web", name=LABEL)
_PLACES = 1000  # of an address and what it names, in the order of discovery
_READING = 60.0  # seconds for a page; the worst take twelve
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What has to be said about a visit besides its accounting.

    stay_away: hosts whose robots.txt asks programs to leave alone what the user gave. left:
    addresses beyond the limits, to be asked another time.
    """

    stay_away: tuple[str, ...] = ()
    left: int = 0


@dataclass(slots=True, kw_only=True)
class _Visit:
    """One of the user's addresses: what is known of it from before."""

    given: Given
    known: tuple[WebItem, ...]
    page: Item | None = None

    @property
    def unfinished(self) -> bool:
        return not self.known or any(one.state == "pending" for one in self.known)


@dataclass(slots=True, kw_only=True)
class Visiting:
    """One scan of web addresses, within a run."""

    request: Request
    ledger: Ledger
    work: Examination
    crew: Crew
    key: bytes = field(repr=False)
    run: int
    clock: Callable[[], datetime]
    stop: Callable[[], bool]
    source: int = 0
    _visits: dict[int, _Visit] = field(default_factory=dict)
    _queue: Queue = field(default_factory=Queue)
    _rules: HouseRules = field(init=False)
    _pictures: dict[str, Errand] = field(default_factory=dict)  # asked for in this run
    _fates: dict[str, Skipped] = field(default_factory=dict)  # those that gave nothing
    _late: list[Item] = field(default_factory=list)  # of a picture that was asked for already
    _reading: Desk[Errand, Page] = field(init=False)

    def __post_init__(self) -> None:
        self._rules = HouseRules(respected=self.request.respect_robots)
        self._reading = Desk(self.crew)

    def visit(self) -> Visited:
        """Ask everything, examine what comes, and place the matches."""
        given = self._all_given()
        self.source = self.ledger.source(
            label=LABEL, parts=(_ROOT, *(_part(one.address) for one in given))
        )
        self.ledger.set_platform(self.source, PLATFORM)
        self.ledger.begin_listing(self.source)
        for no in self.request.refused:
            self.ledger.meet(self.source, refused(no.text, no))
        left = self._begin(given)
        self._go()
        self.work.drain()
        if not self.stop():
            self._settle_late()
            self.ledger.end_listing(self.source)
        self._place()
        return Visited(stay_away=tuple(self._rules.stay_away), left=left)

    def _all_given(self) -> tuple[Given, ...]:
        """Give what the user gave, each once, and the pages on which something has changed."""
        found = {str(one.address): one for one in self.request.given}
        for page in self.ledger.changed_pages():
            address = web.typed(page)
            if isinstance(address, Address):
                found.setdefault(page, Given(address=address))
        return tuple(found.values())

    # --- beginning ---------------------------------------------------------------------

    def _begin(self, given: Sequence[Given]) -> int:
        """Begin with every address, as far as the limits go; say how many are left."""
        changed = set(self.ledger.changed_pages())
        for place, one in enumerate(given, start=1):
            self._visits[place] = _Visit(given=one, known=self.ledger.web_items(self.source, place))
        going_on = any(visit.unfinished for visit in self._visits.values())
        today = self.ledger.pages_since(self.clock() - _DAY)
        allowed, left = min(MOST_A_RUN, MOST_A_DAY - today), 0
        self.work.expect(done=0, total=None)
        for place, visit in self._visits.items():
            anew = not going_on or str(visit.given.address) in changed
            if not (visit.unfinished or anew):
                self._meet_again(place)
            elif not anew and self._goes_on(place):
                pass
            elif allowed > 0:
                allowed -= 1
                self._ask_page(place)
            else:
                left += 1
                self._page_item(place)
                self._meet_again(place)
        return left

    def _page_item(self, place: int) -> Item:
        """Meet the user's address itself."""
        visit = self._visits[place]
        if visit.page is None:
            member = _member(place, str(visit.given.address))
            visit.page = self._met(member, place * _PLACES)
        return visit.page

    def _met(self, member: Member, ordinal: int) -> Item:
        item = self.ledger.meet(self.source, member, place=ordinal)
        item = item or self.ledger.item(self.source, member)
        assert item is not None, "it was met just now"
        return item

    def _meet_again(self, place: int) -> None:
        """Keep what is known of an address that is not asked, or that gave nothing this time."""
        for number, one in enumerate(self._visits[place].known):
            self.ledger.meet(self.source, one.item.member, place=place * _PLACES + number)

    def _ask_page(self, place: int) -> None:
        visit = self._visits[place]
        given, item = visit.given, self._page_item(place)
        self.ledger.count_page(self.run)
        named = Named(page=str(given.address), title=given.title, caption=given.caption)
        self.ledger.remember_named(item, named.sealed(self.key))
        known = next((one for one in visit.known if one.item.id == item.id), None)
        self._put(
            Errand(
                address=given.address,
                want=Want.ADDRESS,
                visit=place,
                items=[item],
                known=_validators(known),
            )
        )

    def _goes_on(self, place: int) -> bool:
        """Go on with a page that was read before; say whether that can be done without it."""
        visit = self._visits[place]
        pending = [one.item for one in visit.known if one.state == "pending"]
        named = {}
        for item in pending:
            sealed = self.ledger.named(item)
            named[item.id] = opened(self.key, sealed) if sealed else None
        page = str(visit.given.address)
        if not pending or any(
            one is None or not one.addresses or item.member.path == page
            for item, one in zip(pending, named.values(), strict=True)
        ):
            return False
        self._meet_again(place)
        for item in pending:
            told = named[item.id]
            assert told is not None
            read = map(web.typed, told.addresses)
            self._want(place, item, [one for one in read if isinstance(one, Address)])
        return True

    # --- asking ------------------------------------------------------------------------

    def _go(self) -> None:
        """Ask, read and examine until nothing is left or the run is to stop."""
        courier = self.request.courier
        while not self.stop():
            for key, errand in self._queue.next():
                errand.row = self.ledger.log_requests(self.run, [begun(errand, self.clock())])
                courier.ask(key, errand.wanted)
            if not courier.in_hand and self._reading.empty:
                break
            for key, fetched in courier.answers(0.02 if not self._reading.empty else 0.25):
                self._came(self._queue.answered(key), fetched)
            self._collect_pages()
            self.work.collect()
        self._reading.give_up()

    def _put(self, errand: Errand) -> None:
        """Ask it as soon as may be: after its host's rules, where these have to be known."""
        self._admit(self._rules.admit(errand))

    def _admit(self, admission: Admission) -> None:
        for errand in admission.refused:
            self._settle_all(errand, Ignored(rule=Rule.ROBOTS))
        for errand in admission.run:
            self._queue.put(errand)

    def _came(self, errand: Errand, fetched: Fetched) -> None:
        """Take what came for an errand."""
        self.ledger.log_requests(self.run, logged(fetched), instead_of=errand.row)
        if errand.want is Want.ROBOTS:
            self._admit(self._rules.learn(errand, fetched))
            return
        skipped = answers.trouble(fetched)
        if skipped is not None and errand.others and answers.others_may_help(fetched):
            errand.address = errand.others.popleft()
            self._put(errand)
        elif skipped is not None:
            self._failed(errand, skipped)
        elif fetched.outcome is Outcome.NOT_MODIFIED:
            self._unchanged(errand)
        elif fetched.outcome is Outcome.OK and fetched.kind is Kind.PAGE:
            self._hand_to_reader(errand, fetched)
        elif fetched.outcome is Outcome.OK:
            self._examine(errand, fetched)
        elif errand.want is Want.ADDRESS:  # deferred: it stays pending, as its pictures do
            self._meet_again(errand.visit)

    def _failed(self, errand: Errand, skipped: Skipped) -> None:
        for item in errand.items:
            self._fates[item.member.path] = skipped
        self._settle_all(errand, skipped)

    def _settle_all(self, errand: Errand, verdict: Verdict) -> None:
        """Settle what an errand was for; what was seen before stands unless it is gone."""
        gone = isinstance(verdict, Skipped) and verdict.reason is Reason.GONE
        for item in errand.items:
            if errand.known is not None and not gone:
                self.ledger.forget_unmatched(item)
            else:
                self.work.settle(item, verdict)
        if errand.want is Want.ADDRESS:
            self._meet_again(errand.visit)

    def _unchanged(self, errand: Errand) -> None:
        for item in errand.items:
            answered = self.ledger.answered(item)
            if answered is not None:
                self.ledger.note_answer(item, replace(answered, at=self.clock()))
                self.ledger.forget_unmatched(item)
            else:  # another page names the same picture
                self._late.append(item)

    def _examine(self, errand: Errand, fetched: Fetched) -> None:
        answered = Answered(
            final=str(fetched.final),
            etag=fetched.told.etag,
            last_modified=fetched.told.last_modified,
            at=self.clock(),
        )
        for item in errand.items:
            self.ledger.note_answer(item, answered)
            self._take(item, fetched.body)

    def _take(self, item: Item, data: bytes) -> None:
        sized = replace(item, member=replace(item.member, size=len(data)))
        self.work.take_streamed(Held(item=sized, parts=(), data=data))

    # --- pages -------------------------------------------------------------------------

    def _hand_to_reader(self, errand: Errand, fetched: Fetched) -> None:
        while self._reading.full and not self.stop():
            self._collect_pages(within=0.5)
        charset = _CHARSET.search(fetched.told.content_type)
        self._reading.hand_over(
            replace(errand, address=fetched.final),
            worker.read_page,
            fetched.body,
            str(fetched.final),
            charset[1] if charset else None,
            seconds=_READING,
        )

    def _collect_pages(self, within: float = 0) -> None:
        for errand, page in self._reading.answers(within):
            if isinstance(page, Page):
                self._read(errand, page)
            else:
                crashed = Skipped(item="", reason=Reason.CRASHED)
                self._failed(errand, page or crashed)

    def _read(self, errand: Errand, page: Page) -> None:
        """Meet what a page names, and ask for it; the page itself is then done with."""
        place, (item,) = errand.visit, errand.items
        ordinals = count(place * _PLACES + 1)
        for one in shown(page, by=errand.address, given=str(self._visits[place].given.address)):
            self._show(place, self._met(_member(place, one.path), next(ordinals)), one)
        for frame in page.frames:
            met = self._met(_member(place, frame), next(ordinals))
            self.work.settle(met, Ignored(rule=Rule.FRAME))
        if page.more:
            more = self._met(_member(place, f"{item.member.path}#more"), next(ordinals))
            detail = f"the page names {page.more} pictures more than one scan asks for"
            self.work.settle(more, Skipped(item="", reason=Reason.TOO_LARGE, detail=detail))
        if page.refresh and not page.images:
            detail = f"it sends its visitors on to {page.refresh}; scan that"
            self.work.settle(item, Skipped(item="", reason=Reason.NO_ANSWER, detail=detail))
        else:
            self.work.settle(item, Ignored(rule=Rule.PAGE))

    def _show(self, place: int, item: Item, one: Shown) -> None:
        """Ask for a picture that a page shows, or take it from the page itself."""
        if one.refused is not None:
            self.work.settle(item, one.refused)
            return
        self.ledger.remember_named(item, one.named.sealed(self.key))
        if one.addresses:
            self._want(place, item, one.addresses)
        else:
            self._take(item, one.data)

    def _want(self, place: int, item: Item, addresses: Sequence[Address]) -> None:
        """Ask for a picture, once in a run, whatever the number of pages that name it."""
        visit = self._visits[place]
        path = item.member.path
        before = next((one for one in visit.known if one.item.id == item.id), None)
        known = _validators(before)
        asked = self._pictures.get(path)
        if asked is None and known is None and visit.unfinished:
            twin = self.ledger.examined_twin(item, self.clock() - _DAY)
            if twin is not None:
                self.work.settle(item, Copied(sha256=twin))
                return
        if asked is not None:
            self._late.append(item)
            return
        first, *others = addresses
        self._pictures[path] = errand = Errand(
            address=first,
            want=Want.PICTURE,
            visit=place,
            page=visit.given.address,
            items=[item],
            others=deque(others),
            known=known,
        )
        self._put(errand)

    # --- the end -----------------------------------------------------------------------

    def _settle_late(self) -> None:
        """Settle what another page names too, by what became of it there."""
        for item in self._late:
            twin = self.ledger.examined_twin(item, self.clock() - _DAY)
            fate = self._fates.get(item.member.path)
            if twin is not None:
                answered = self.ledger.answered(self._pictures[item.member.path].items[0])
                if answered is not None:
                    self.ledger.note_answer(item, answered)
                self.work.settle(item, Copied(sha256=twin))
            elif fate is not None:
                self.work.settle(item, fate)

    def _place(self) -> None:
        """Keep what pages say of matches; of other pictures it is gone already."""
        for item in self.ledger.matched(self.source):
            sealed = self.ledger.named(item)
            if sealed is not None:
                context = opened(self.key, sealed).context(self.ledger.answered(item))
                self.ledger.place(item, [context])


def begun(errand: Errand, now: datetime) -> Asked:
    """Give what is asked for, as it is kept until an answer comes: a stopped scan has told it."""
    return Asked(
        at=now,
        host=errand.address.host,
        method=web.METHOD,
        address=str(errand.address),
        outcome=CUT_OFF,
    )


def logged(fetched: Fetched) -> list[Asked]:
    """Give what was told to the network for one address, as it is kept."""
    return [
        Asked(
            at=datetime.fromtimestamp(one.at, UTC),
            host=one.host,
            method=one.method,
            address=one.address,
            outcome=one.outcome.value,
            status=one.status,
            sent=one.sent,
            received=one.received,
        )
        for one in fetched.requests
    ]


def _part(address: Address) -> PartInfo:
    return PartInfo(path=str(address), kind="web", fingerprint=f"web:{address}", name=str(address))


def _member(place: int, path: str) -> Member:
    return Member(part=place, locator=path, path=path, shown=path, size=0)


def _validators(before: WebItem | None) -> Known | None:
    """Give what lets a host say that a picture is as it was; None for one not examined."""
    if before is None or before.state != "examined" or before.answered is None:
        return None
    return Known(etag=before.answered.etag, last_modified=before.answered.last_modified)
