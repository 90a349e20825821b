"""What a host's robots.txt says of one address, for being shown or respected.

Owns reading the file. RFC 9309 speaks to crawlers; whether its answer is respected for an
address that a user named is the user's decision, and made elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from urllib.robotparser import RobotFileParser

from selfcheck.sources.web.addresses import Address
from selfcheck.sources.web.outcomes import Fetched, Outcome, Want, Wanted

_NAME = "selfcheck"
_CLIENT_ERRORS = range(400, 500)
_TOO_MANY = 429


class Robots(StrEnum):
    """What a host says to programs about one address."""

    ALLOWED = "allowed"
    DISALLOWED = "disallowed"
    UNKNOWN = "unknown"  # its robots.txt could not be read


def robots_of(address: Address, *, typed: bool = False) -> Wanted:
    """Give what to fetch for the rules that hold for every address of this one's host."""
    return Wanted(address=replace(address, target="/robots.txt"), want=Want.ROBOTS, typed=typed)


def answer_for(address: Address, rules: Fetched) -> Robots:
    """Say what fetched rules say of one address."""
    # RFC 9309, 2.3.1.3: a host that has no such file, or does not give it out, restricts nothing.
    if rules.status in _CLIENT_ERRORS and rules.status != _TOO_MANY:
        return Robots.ALLOWED
    if rules.outcome is not Outcome.OK:
        return Robots.UNKNOWN
    parser = RobotFileParser()
    parser.parse(rules.body.decode("utf-8-sig", "replace").splitlines())
    return Robots.ALLOWED if parser.can_fetch(_NAME, str(address)) else Robots.DISALLOWED
