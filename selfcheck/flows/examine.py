"""The items in hand: which go to a worker now, which wait, and what their answers settle.

Owns order and retries; knows nothing of sources, exports or what a verdict means.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from selfcheck import pictures
from selfcheck.flows import worker
from selfcheck.flows.crew import Crew, Desk
from selfcheck.ledger import Item, Ledger
from selfcheck.model import (
    Band,
    Event,
    Examined,
    OnEvent,
    PartInfo,
    Reason,
    Skipped,
    Stage,
    Verdict,
)

# A picture that ends its worker twice is not tried a third time.
CRASHES_ALLOWED = 2
# How many items whose size is in hand may be kept waiting before everything waits for them.
WAITING_ALLOWED = 1000
# How many bytes of a stream's members are in hand at once, if there is more than one of them.
STREAMED_AT_ONCE = 256 << 20
# How many contents of its size a file is compared with by bytes alone: all of them would make
# a scan of equally large files take a time that grows with the square of their number.
KNOWN_OF_A_SIZE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An item on its way through a worker; `data` holds its bytes where they were streamed."""

    item: Item
    parts: tuple[PartInfo, ...]
    data: bytes | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Give the member's size, by which equal contents are kept in order."""
        return self.item.member.size

    @property
    def held(self) -> int:
        """Count the bytes that are in memory."""
        return len(self.data or b"")


class Examination:
    """Hands items to workers and settles them as the answers come.

    Two equal files have equal sizes. So while one of a size is in hand, others of that size
    wait: the first in discovery order is settled first, whatever the number of workers, and its
    copies are then known by their bytes alone and never decoded. Of a size that `KNOWN_OF_A_SIZE`
    different files have, files are rarely copies (bitmaps and thumbnails of one shape): nobody
    waits any more, and a copy may be decoded again, with the same result.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        crew: Crew,
        owner: worker.Owner,
        seconds: float,
        film_seconds: float,
        stop: Callable[[], bool],
        on_event: OnEvent,
    ) -> None:
        """Begin with nothing in hand; a picture and a film may take so many seconds."""
        self.settled = 0
        self._ledger = ledger
        self._owner = owner
        self._desk: Desk[Held, Verdict] = Desk(crew)
        self._seconds, self._film_seconds = seconds, film_seconds
        self._bytes = 0
        self._sizes: set[int] = set()
        self._waiting: dict[int, deque[Held]] = {}
        self._waits = 0
        self._stop = stop
        self._on_event = on_event
        self._tally = Event(stage=Stage.EXAMINING, done=0)

    def expect(self, *, done: int, total: int | None) -> None:
        """Say how many of the items ahead are settled already, and how many there are."""
        self._tally = replace(self._tally, done=done, total=total)
        self._on_event(self._tally)

    def take(self, held: Held) -> None:
        """Take an item in, waiting for others to be settled while there is too much in hand.

        When the run is to stop meanwhile, the item is left pending.
        """
        while self._desk.full or (self._waits >= WAITING_ALLOWED and not self._desk.empty):
            if self._stop():
                return
            self._collect()
        if held.size in self._sizes:
            self._wait(held)
        else:
            self._hand_over(held)

    def take_streamed(self, held: Held) -> None:
        """Take an item in whose bytes are in memory: nothing of a stream is left waiting."""
        while self._bytes and self._bytes + held.held > STREAMED_AT_ONCE and not self._stop():
            self._collect()
        self.take(held)
        while self._waits and not self._desk.empty and not self._stop():
            self._collect()

    def collect(self) -> None:
        """Settle what is answered by now, without waiting."""
        self._collect(within=0)

    def drain(self) -> None:
        """Settle what is in hand; when the run is to stop, whatever is unanswered stays pending."""
        while not self._desk.empty and not self._stop():
            self._collect()
        # A film may take minutes: whoever stops a scan does not wait for it.
        self._desk.give_up()
        self._bytes = 0
        self._waiting.clear()
        self._waits = 0

    def settle(self, item: Item, verdict: Verdict) -> None:
        """Give an item its verdict and count it."""
        if isinstance(verdict, Skipped):
            verdict = replace(verdict, item=item.member.shown)
        self._ledger.settle(item, verdict)
        self.settled += 1
        match = verdict.match if isinstance(verdict, Examined) else None
        self._tally = replace(
            self._tally,
            done=self._tally.done + 1,
            you=self._tally.you + (match is not None and match.band is Band.YOU),
            maybe=self._tally.maybe + (match is not None and match.band is Band.MAYBE),
            skipped=self._tally.skipped + isinstance(verdict, Skipped),
        )
        self._on_event(self._tally)

    def _wait(self, held: Held, *, first: bool = False) -> None:
        queue = self._waiting.setdefault(held.size, deque())
        if first:
            queue.appendleft(held)
        else:
            queue.append(held)
        self._waits += 1

    def _hand_over(self, held: Held) -> None:
        known = self._ledger.known(held.size, most=KNOWN_OF_A_SIZE)
        if len(known) < KNOWN_OF_A_SIZE:
            self._sizes.add(held.size)
        task = worker.Task(
            owner=self._owner,
            parts=held.parts,
            member=held.item.member,
            known=known,
            data=held.data,
        )
        # By name alone, as nobody has looked inside yet.
        film = pictures.looks_like_film(held.item.member.path)
        seconds = self._film_seconds if film else self._seconds
        self._desk.hand_over(held, worker.examine, task, seconds=seconds)
        self._bytes += held.held

    def _collect(self, within: float = 0.5) -> None:
        for held, answer in self._desk.answers(within):
            self._bytes -= held.held
            self._sizes.discard(held.size)
            verdict = answer if answer is not None else self._worker_died(held)
            if verdict is not None:
                self.settle(held.item, verdict)
            self._go_on_with(held.size)
        self._ledger.keep()

    def _worker_died(self, held: Held) -> Skipped | None:
        """Try the item once more, and give it up when it ended its worker again."""
        crashes = self._ledger.crashed(held.item)
        if crashes < CRASHES_ALLOWED:
            self._wait(replace(held, item=replace(held.item, crashes=crashes)), first=True)
            return None
        return Skipped(item="", reason=Reason.CRASHED, detail=f"{crashes} times")

    def _go_on_with(self, size: int) -> None:
        """Hand over the next of a size, and more of them where a crowd of it is there by now."""
        queue = self._waiting.get(size)
        while queue and size not in self._sizes and not self._desk.full and not self._stop():
            self._waits -= 1
            self._hand_over(queue.popleft())
        if queue is not None and not queue:
            del self._waiting[size]
