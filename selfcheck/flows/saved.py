"""Reads saved pages for what they say of matches: in a worker, because strangers wrote them.

Nothing is fetched: a page is read as it was saved, and its addresses are only compared.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from selfcheck.exports import ReadPage
from selfcheck.flows import worker
from selfcheck.flows.crew import Crew, WorkerDied
from selfcheck.model import Member

_SECONDS = 60.0
# Pages of one source that are read, and how many may be lost before no more are tried.
MOST_PAGES = 2000
MOST_LOST = 10

# Which file it is, for a set: a member's place among the parts.
Place = tuple[int, str]


@dataclass(slots=True, kw_only=True)
class SavedPages:
    """Reads pages in a worker (`exports.PageReader`); one that it dies of says nothing."""

    crew: Crew
    matched: Container[Place]
    go_on: Callable[[], None]  # raises where the user stopped
    seconds: float = _SECONDS
    read_so_far: int = 0
    lost: int = 0

    def matters(self, member: Member) -> bool:
        """Say whether a picture matched: what is said of others is not even read."""
        return (member.part, member.locator) in self.matched

    def read(self, data: bytes, *, address: str, charset: str | None) -> ReadPage | None:
        """Read one page; None where a worker is lost with it, and after too many."""
        self.go_on()
        if self.read_so_far >= MOST_PAGES or self.lost >= MOST_LOST:
            return None
        self.read_so_far += 1
        try:
            read = worker.read_saved_page
            return self.crew.call(read, data, address, charset, seconds=self.seconds)
        except WorkerDied:
            self.lost += 1
            return None
