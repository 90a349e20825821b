"""Web addresses: checked, fetched one by one within limits, and nothing followed.

The fetcher itself is `web.fetcher.Fetcher`, and only the process that fetches imports it,
because httpx takes its time.
"""

from selfcheck.sources.web.addresses import Address, Fault, NoAddress, named, typed
from selfcheck.sources.web.limits import Limits, Pace
from selfcheck.sources.web.lists import is_address, listed
from selfcheck.sources.web.outcomes import (
    METHOD,
    Fetched,
    Kind,
    Known,
    Outcome,
    Request,
    Told,
    Want,
    Wanted,
)
from selfcheck.sources.web.robots import Robots, answer_for, robots_of

__all__ = [
    "METHOD",
    "Address",
    "Fault",
    "Fetched",
    "Kind",
    "Known",
    "Limits",
    "NoAddress",
    "Outcome",
    "Pace",
    "Request",
    "Robots",
    "Told",
    "Want",
    "Wanted",
    "answer_for",
    "is_address",
    "listed",
    "named",
    "robots_of",
    "typed",
]
