"""Whose X archive it is, and who can see the account's posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from selfcheck.exports.documents import Documents
from selfcheck.exports.values import at, items, text
from selfcheck.model import Audience, Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The owner's numbers and handle; several numbers where two archives lie in one tree."""

    numbers: frozenset[str] = field(repr=False)
    handle: str | None = field(repr=False)
    audience: Audience

    def wrote(self, number: str | None) -> Author:
        """Tell whether a number is the owner's; unknown without `account.js`."""
        if not number or not self.numbers:
            return Author.UNKNOWN
        return Author.OWNER if number in self.numbers else Author.OTHER

    def permalink(self, tweet: str) -> str:
        """Derive a post's address; without a sure handle the form that needs none."""
        return f"https://x.com/{self.handle or 'i/web'}/status/{tweet}"


def account(tree: Documents) -> Account:
    """Read the account from whichever part holds it."""
    told = list(_entries(tree, "account.js", "account"))
    handles = {name for one in told if (name := text(at(one, "username")))}
    return Account(
        numbers=frozenset(n for one in told if (n := text(at(one, "accountId")))),
        handle=handles.pop() if len(handles) == 1 else None,
        audience=_audience(tree),
    )


def _audience(tree: Documents) -> Audience:
    """Tell whether the account is protected as the archive is made; it holds for all posts."""
    states = {_state(tree.value(member)) for member in tree.find("protected-history.js")}
    return states.pop() if len(states) == 1 else Audience.UNKNOWN


def _state(history: object) -> Audience:
    if history is None:
        return Audience.UNKNOWN
    # The last entry is the current state; an account that never was protected has none.
    last = next(iter(reversed(items(history))), {"protectedHistory": {"action": "unprotect"}})
    match str(at(last, "protectedHistory", "action")).casefold():
        case "protect":
            return Audience.FOLLOWERS
        case "unprotect":
            return Audience.PUBLIC
        case _:
            return Audience.UNKNOWN


def _entries(tree: Documents, name: str, key: str) -> Iterator[object]:
    for member in tree.find(name):
        yield from (at(entry, key) for entry in items(tree.value(member)))
