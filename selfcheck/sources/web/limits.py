"""How much one request may take: bytes, time, pace. Every number of the fetcher stands here."""

from __future__ import annotations

from dataclasses import dataclass

from selfcheck.sources.reading import MIB

KIB = 1 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may take. Sizes in bytes, times in seconds."""

    page: int = 10 * MIB
    picture: int = 50 * MIB
    film: int = 100 * MIB  # of an address that the user gave; pages name none to be fetched
    robots: int = 512 * KIB  # RFC 9309 wants at least 500 KiB to be read
    error: int = 64 * KIB  # read of an answer that is no content, to see what it is
    headers: int = 64 * KIB
    ratio: int = 200  # unpacked to packed, as for archives
    ratio_from: int = MIB

    deadline: float = 120  # on the network for one address, redirects and retries included
    connect: float = 10  # for each network address tried, and for TLS
    rate: int = KIB  # the least pace, a second
    rate_over: float = 20  # seconds over which the pace is measured

    redirects: int = 5
    tries: int = 3
    wait: float = 600  # the longest that Retry-After may ask for


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How gently hosts are asked."""

    connections: int = 8  # in all
    per_host: int = 2
    apart: float = 0.25  # seconds between the starts of two requests to one host
