"""Tells what is known: the profile, the verification, and what is checked and pending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from selfcheck import identity
from selfcheck.errors import NotVerified
from selfcheck.flows.removing import reminders, waiting
from selfcheck.flows.unlock import pass_gate
from selfcheck.ledger import Ledger, WrittenFile
from selfcheck.model import Accounting, SourceSummary
from selfcheck.privacy.paths import Home
from selfcheck.removal import Reminder, Removal


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What there is, without anything of the face itself."""

    enrolled: bool
    verified_until: datetime | None
    assurance: str
    not_verified: str  # why there is no valid verification
    last_check: identity.Attempt | None  # passed or not
    accounting: Accounting | None
    sources: tuple[SourceSummary, ...]
    written: tuple[WrittenFile, ...]
    due: tuple[Reminder, ...] = ()  # answers to letters
    asked: tuple[Removal, ...] = ()  # all that wait for one, by the day on which it is due


def look(*, home: Home, keys: identity.KeyStore, now: datetime) -> Status:
    """Look at everything and change nothing."""
    until, assurance, why = None, "", ""
    try:
        _, held = pass_gate(home, keys, scope=identity.Scope.ARCHIVES, now=now)
        until, assurance = held.until, held.described
    except NotVerified as error:
        why = error.sentence
    accounting: Accounting | None = None
    sources: tuple[SourceSummary, ...] = ()
    written: tuple[WrittenFile, ...] = ()
    due: tuple[Reminder, ...] = ()
    asked: tuple[Removal, ...] = ()
    if home.ledger.exists():
        with Ledger.open(home.ledger, lock=home.lock) as ledger:
            accounting, sources = ledger.accounting(), ledger.sources()
            noted = ledger.removals()
            due, asked = reminders(noted, now.astimezone().date()), waiting(noted)
            written = tuple(one for one in ledger.written() if one.path.exists())
    return Status(
        enrolled=home.profile.exists(),
        verified_until=until,
        assurance=assurance,
        not_verified=why,
        last_check=next(reversed(identity.history(home.attempts)), None),
        accounting=accounting,
        sources=sources,
        written=written,
        due=due,
        asked=asked,
    )
