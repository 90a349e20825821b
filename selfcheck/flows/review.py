"""The review: uncertain pictures, one at a time, each decision kept before the next is shown.

Opens one crop at a time, with the profile's key and without a network. Whoever shows it is handed
that one picture and never the key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime

from selfcheck import exposure, identity
from selfcheck.errors import LedgerError, ProfileError
from selfcheck.flows import worker
from selfcheck.flows.asking import Answer, Fact, Question, Reviewer, Tally
from selfcheck.flows.history import Doing, noted
from selfcheck.flows.scan import now
from selfcheck.flows.unlock import pass_gate
from selfcheck.ledger import Ledger
from selfcheck.ledger.chain import What
from selfcheck.model import Author, Band, Context, Decision, Exposure
from selfcheck.privacy.paths import Home
from selfcheck.privacy.text import safe
from selfcheck.reports import summary, words

# Opens the place where questions are shown once there is something to ask, and closes it.
OpenReviewer = Callable[[], AbstractContextManager[Reviewer]]

_JPEG = b"\xff\xd8\xff"
_LARGEST = 2**20  # bytes of a crop; those of 480 px have a twentieth of it
_DECISIONS = {
    Answer.ME: Decision.ME,
    Answer.NOT_ME: Decision.NOT_ME,
    Answer.UNSURE: Decision.UNSURE,
}


def review(
    *,
    home: Home,
    keys: identity.KeyStore,
    reviewer: OpenReviewer,
    again: bool = False,
    every: bool = False,
    clock: Callable[[], datetime] = now,
) -> Tally:
    """Ask about each uncertain picture that was not decided, until there are none or it is enough.

    again: ask also about those of which somebody was not sure. every: then ask also about those
    that are taken for the owner; with `again`, confirmed ones too. What was rejected is never asked
    again. Raises NotVerified without a valid verification, LedgerError where nothing was scanned.
    """
    unlocked, held = pass_gate(home, keys, scope=identity.Scope.ARCHIVES, now=clock())
    if not home.ledger.exists():
        raise LedgerError("Nothing was scanned yet.", hint="selfcheck scan ARCHIVE...")
    with Ledger.open(home.ledger, lock=home.lock) as ledger:
        queue = tuple(_queue(ledger, again=again, every=every))
        if not queue:
            return Tally()
        session = _Review(ledger=ledger, key=unlocked.key, queue=queue, clock=clock)
        scope = (words.count(len(queue), "picture"),)
        doing = Doing(what=What.REVIEW, scope=scope, assurance=held.described)
        with noted(doing, home=home, unlocked=unlocked, clock=clock), reviewer() as shown:
            try:
                session.run(shown)
            finally:
                # What was rejected last goes too, however the review ends.
                ledger.finish_decisions()
            shown.tell(session.tally)
        return session.tally


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A decision that can be taken back: of which picture, and what was said before."""

    place: int
    decision: Decision
    before: Decision | None


@dataclass(slots=True, kw_only=True)
class _Review:
    """One review of a queue of pictures, by their SHA-256."""

    ledger: Ledger
    key: bytes = field(repr=False)
    queue: Sequence[str]
    clock: Callable[[], datetime]
    _place: int = 0
    _made: list[_Made] = field(default_factory=list)
    _counts: Counter[Decision] = field(default_factory=Counter)

    def run(self, reviewer: Reviewer) -> None:
        """Ask until it is enough; at the end of the queue the last answer can be taken back."""
        while (answer := reviewer.ask(self._question())) is not Answer.STOP:
            if answer is Answer.UNDO:
                self._take_back()
            elif self._place < len(self.queue):
                self._decide(_DECISIONS[answer])

    @property
    def tally(self) -> Tally:
        """Count what was answered."""
        return Tally(
            me=self._counts[Decision.ME],
            not_me=self._counts[Decision.NOT_ME],
            unsure=self._counts[Decision.UNSURE],
            left=len(self.queue) - self._place,
        )

    def _question(self) -> Question:
        asked = Question(
            place=self._place,
            total=len(self.queue),
            tally=self.tally,
            undo=self._made[-1].decision if self._made else None,
        )
        if self._place == len(self.queue):
            return asked
        sha256 = self.queue[self._place]
        found = self.ledger.exposure(sha256)
        assert found is not None, "nobody else writes while the ledger is open"
        return replace(
            asked,
            picture=_opened(found, self.key),
            facts=tuple(facts(found)),
            before=self.ledger.decisions().get(sha256),
        )

    def _decide(self, decision: Decision) -> None:
        sha256 = self.queue[self._place]
        before = self.ledger.decisions().get(sha256)
        self.ledger.decide(sha256, decision, self.clock())
        if self._made and self._made[-1].decision is Decision.NOT_ME:
            # That one is destroyed by now, so nothing from before it is taken back.
            self._made.clear()
        self._made.append(_Made(place=self._place, decision=decision, before=before))
        self._counts[decision] += 1
        self._place += 1

    def _take_back(self) -> None:
        if not self._made:
            return
        made = self._made.pop()
        self.ledger.take_back(self.queue[made.place], made.before, self.clock())
        self._counts[made.decision] -= 1
        self._place = made.place


def _queue(ledger: Ledger, *, again: bool, every: bool) -> Iterator[str]:
    """Give the pictures to ask about: what a report calls uncertain first, in its order.

    A copy of a picture of the owner stands below it in every report, so it is not asked about.
    """
    decided = ledger.decisions()
    done = {Decision.NOT_ME} if again else set(Decision)
    light = (replace(each, match=replace(each.match, crop=b"")) for each in ledger.exposures())
    groups = exposure.group(light)
    for band in (Band.MAYBE, Band.YOU) if every else (Band.MAYBE,):
        leaders = (each for each in groups if each.match.band is band)
        yield from _open_ones(leaders, decided, done)


def _open_ones(
    leaders: Iterable[Exposure], decided: dict[str, Decision], done: Collection[Decision]
) -> Iterator[str]:
    for leader in leaders:
        for each in (leader, *leader.copies):
            if decided.get(each.sha256) not in done:
                yield each.sha256


def _opened(found: Exposure, key: bytes) -> bytes:
    crop = identity.unseal(key, found.match.crop, worker.crop_purpose(found.sha256))
    if not crop.startswith(_JPEG) or len(crop) > _LARGEST:
        raise ProfileError(
            "A stored crop is not what was stored.",
            hint="selfcheck forget, then selfcheck enroll PHOTO... again",
        )
    return crop


def facts(found: Exposure) -> Iterator[Fact]:
    """Say of a picture what may help to tell who is on it, made safe to display."""
    (occurrence, context), *others = summary.own_places(found)
    said = {
        "Where": f"{words.platform(context.platform)}, {context.kind.value}",
        "When": words.moment(context.time) if context.time else "",
        "Posted by": _posted_by(context),
        "Album": context.album or "",
        "Caption": context.caption or "",
        "File": occurrence.path,
        "In": occurrence.part or occurrence.source,
        "At": "" if found.match.second is None else f"{words.second(found.match.second)} of a film",
        "Beside it": words.company(found.match.faces),
        "Also in": words.count(len(others), "other place") if others else "",
    }
    for name, text in said.items():
        if text:
            yield Fact(name=name, text=safe(text))


def _posted_by(context: Context) -> str:
    known = context.author is not Author.UNKNOWN or context.author_name
    return words.posted_by(context) if known else ""
