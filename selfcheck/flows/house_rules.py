"""What hosts ask of programs (robots.txt): read before an errand, shown, respected if wanted.

The user named the addresses, so by default the rules are read and shown, and no more; RFC 9309
speaks to crawlers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selfcheck.flows.errands import Errand
from selfcheck.sources import web
from selfcheck.sources.web import Fetched, Want

_Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Which errands may be run now, and which may not at all. What waits is in neither."""

    run: tuple[Errand, ...] = ()
    refused: tuple[Errand, ...] = ()


@dataclass(slots=True, kw_only=True)
class HouseRules:
    """The rules of the hosts that one scan meets. Each is asked for once.

    respected: whether they are obeyed; pictures' hosts are asked for theirs only then.
    """

    respected: bool
    stay_away: dict[str, None] = field(default_factory=dict)  # hosts, in the order met
    _known: dict[_Origin, Fetched] = field(default_factory=dict)
    _waiting: dict[_Origin, list[Errand]] = field(default_factory=dict)

    def admit(self, errand: Errand) -> Admission:
        """Say what is to be done about an errand now; its host's rules may come first."""
        if errand.want is not Want.ADDRESS and not self.respected:
            return Admission(run=(errand,))
        origin = errand.address.origin
        if origin in self._known:
            return self._by_the_rules((errand,))
        first = origin not in self._waiting
        self._waiting.setdefault(origin, []).append(errand)
        return Admission(run=(_rules_of(errand),) if first else ())

    def learn(self, errand: Errand, fetched: Fetched) -> Admission:
        """Take a host's rules; say what becomes of those that waited for them."""
        origin = errand.address.origin
        self._known[origin] = fetched
        return self._by_the_rules(tuple(self._waiting.pop(origin, ())))

    def _by_the_rules(self, errands: tuple[Errand, ...]) -> Admission:
        unwanted = tuple(one for one in errands if self._is_unwanted(one))
        self.stay_away |= dict.fromkeys(one.address.host for one in unwanted)
        refused = unwanted if self.respected else ()
        return Admission(run=tuple(one for one in errands if one not in refused), refused=refused)

    def _is_unwanted(self, errand: Errand) -> bool:
        rules = self._known[errand.address.origin]
        return web.answer_for(errand.address, rules) is web.Robots.DISALLOWED


def _rules_of(errand: Errand) -> Errand:
    address = web.robots_of(errand.address).address
    return Errand(address=address, want=Want.ROBOTS, visit=errand.visit, page=errand.page)
