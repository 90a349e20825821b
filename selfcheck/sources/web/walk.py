"""The way from one wanted address over its redirects to an answer, and the value made of it.

Owns where redirects may lead. It asks nobody.
"""

from __future__ import annotations

from selfcheck.sources.web.addresses import Fault, NoAddress, named
from selfcheck.sources.web.asking import Answer
from selfcheck.sources.web.limits import Limits
from selfcheck.sources.web.outcomes import Fetched, Outcome, Request, Told, Trouble, Wanted


class Walk:
    """Where the fetching of one address stands."""

    def __init__(self, wanted: Wanted, limits: Limits) -> None:
        """Stand at the wanted address, with nothing asked."""
        self.wanted = wanted
        self.at = wanted.address
        self.chain: list[str] = []
        self.requests: list[Request] = []
        self.tries = 0
        self.spent = 0.0  # seconds on the network; waiting for a turn is none
        self.status: int | None = None
        self._limits = limits

    @property
    def is_own(self) -> bool:
        """Say whether this is still an address that the user gave, or its page's own host."""
        page = self.wanted.page
        named_there = page is not None and page.host == self.wanted.address.host
        return (self.wanted.typed or named_there) and not self.chain

    @property
    def repeats(self) -> int:
        """Give how often something was asked again, redirects aside."""
        return max(0, self.tries - len(self.chain) - 1)

    @property
    def is_last_try(self) -> bool:
        """Say whether asking again would be too often."""
        return self.repeats + 1 >= self._limits.tries

    def follow(self, location: str) -> None:
        """Go where a redirect leads; raise Trouble where it must not be gone."""
        to = named(location, by=self.at)
        if isinstance(to, NoAddress):
            raise Trouble(_refusal(to.fault), f"a redirect was not followed: {to.fault}")
        if self.at.scheme == "https" and to.scheme == "http":
            raise Trouble(Outcome.DOWNGRADED, "a redirect leads from https to http")
        if str(to) in {str(self.wanted.address), *self.chain}:
            raise Trouble(Outcome.REDIRECT_LOOP, "redirects lead in a circle")
        if len(self.chain) >= self._limits.redirects:
            raise Trouble(
                Outcome.TOO_MANY_REDIRECTS, f"more than {self._limits.redirects} redirects"
            )
        self.at = to
        self.chain.append(str(to))

    def ended(self, trouble: Trouble) -> Fetched:
        """Make the value of a walk that ended in trouble."""
        return Fetched(
            outcome=trouble.outcome,
            address=self.wanted.address,
            final=self.at,
            detail=trouble.detail,
            chain=tuple(self.chain),
            status=self.status,
            requests=tuple(self.requests),
            again_in=trouble.again_in,
        )

    def came(self, answer: Answer, outcome: Outcome, detail: str) -> Fetched:
        """Make the value of a walk that came to an answer."""
        return Fetched(
            outcome=outcome,
            address=self.wanted.address,
            final=self.at,
            detail=detail,
            chain=tuple(self.chain),
            status=answer.status,
            told=_told(answer),
            kind=answer.kind,
            body=answer.body if outcome is Outcome.OK else b"",
            requests=tuple(self.requests),
        )


def _told(answer: Answer) -> Told:
    headers = answer.headers
    return Told(
        content_type=headers.get("content-type", ""),
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        date=headers.get("date", ""),
    )


def _refusal(fault: Fault) -> Outcome:
    special = {Fault.SCHEME: Outcome.BLOCKED_SCHEME, Fault.SCOPE: Outcome.BLOCKED_ADDRESS}
    return special.get(fault, Outcome.BAD_ADDRESS)
