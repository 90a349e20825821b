"""What is to be asked next: errands by host, so that a slow host keeps no other waiting.

Owns the order of asking. How fast a host is asked is the fetcher's business.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from selfcheck.ledger import Item
from selfcheck.sources.web import Address, Known, Want, Wanted

# More than the fetcher asks at once, and few: each may come to wait there with all its bytes.
_IN_HAND = 16
_OF_A_HOST = 4


@dataclass(slots=True, kw_only=True, eq=False)
class Errand:
    """One thing to ask, and for which items.

    visit: the number of the user's address that it belongs to. others: addresses of the same
    picture, to be asked where this one gives nothing. known: what its host said of it, where its
    items have a verdict that stays if nothing has changed. row: where it stands in the log.
    """

    address: Address
    want: Want
    visit: int
    page: Address | None = None
    items: list[Item] = field(default_factory=list)
    others: deque[Address] = field(default_factory=deque)
    known: Known | None = None
    row: int | None = None

    @property
    def wanted(self) -> Wanted:
        """Say it as the fetcher wants it."""
        return Wanted(
            address=self.address,
            want=self.want,
            typed=self.page is None,
            page=self.page,
            known=self.known,
        )


class Queue:
    """Errands that wait, by host, and how many of each host are being asked."""

    def __init__(self) -> None:
        """Begin empty."""
        self._waiting: dict[str, deque[Errand]] = {}
        self._asked: dict[int, Errand] = {}
        self._of_host: dict[str, int] = {}
        self._keys = 0

    def __len__(self) -> int:
        """Count what waits."""
        return sum(map(len, self._waiting.values()))

    def put(self, errand: Errand) -> None:
        """Take an errand in, behind the others of its host."""
        self._waiting.setdefault(errand.address.host, deque()).append(errand)

    def next(self) -> Iterator[tuple[int, Errand]]:
        """Take out what may be asked now, host by host in turn."""
        while len(self._asked) < _IN_HAND:
            host = next((one for one in self._waiting if self._is_free(one)), None)
            if host is None:
                return
            waiting = self._waiting.pop(host)
            errand = waiting.popleft()
            if waiting:
                self._waiting[host] = waiting  # behind the other hosts
            self._keys += 1
            self._asked[self._keys] = errand
            self._of_host[host] = self._of_host.get(host, 0) + 1
            yield self._keys, errand

    def answered(self, key: int) -> Errand:
        """Give the errand that was asked under this key."""
        errand = self._asked.pop(key)
        self._of_host[errand.address.host] -= 1
        return errand

    def _is_free(self, host: str) -> bool:
        return self._of_host.get(host, 0) < _OF_A_HOST
