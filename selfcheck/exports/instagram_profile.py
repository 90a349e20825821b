"""Whose an Instagram download is: the account's names, its own address and who may see it.

Owns the profile's documents of every generation, JSON and HTML, and those of Threads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.instagram_rows import rows
from selfcheck.exports.meta import Owner
from selfcheck.exports.values import at, deep, fields, mended, text
from selfcheck.model import Audience, Member

_JSON = ("personal_information.json", "profile.json")
_HTML = "personal_information.html"
THREADS = re.compile(r"(^|/)threads/")
_OWN_FOLDER = re.compile(
    r"(?<![^/])((your_instagram_activity|personal_information|account_information|content|media"
    r"|threads)/|[^/]*$)"
)

# Labels are in the account's language. English, Dutch, Italian, French and Spanish ones were
# seen in readers of others' exports, the rest are the languages' own words; in any other
# language the value is not known.
_USERNAME = frozenset(
    (
        *("username", "gebruikersnaam", "nome utente", "nom d_utilisateur", "nombre de usuario"),
        *("benutzername", "nome de usuário", "användarnamn", "имя пользователя"),
    )
)
# A name as it stands over messages, in the same languages.
_FULL_NAME = frozenset(("name", "naam", "nome", "nom", "nombre", "namn", "имя"))
_PRIVATE = frozenset(("private account", "account privato", "private_account"))
_ACCOUNTS = {"true": Audience.FOLLOWERS, "false": Audience.PUBLIC}
_NAME = re.compile(r"^[a-z0-9._]{1,30}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account as the export's profile tells of it."""

    page: str | None = None
    audience: Audience = Audience.UNKNOWN  # of posts, as recorded when the export was made


# Which download a document is of: the part it lies in, and the folders above Instagram's own.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts of one download: Instagram's and those on Threads, by where their profile is."""

    owner: Owner
    instagram: Mapping[Place, Account]
    threads: Mapping[Place, Account]

    def of(self, member: Member) -> Account:
        """Give the account that a document is about."""
        known = self.threads if THREADS.search(fold(member.path)) else self.instagram
        place = _place(member)
        if place in known:
            return known[place]
        # A part without a profile: only where no two accounts lie side by side is it told whose.
        kin = {account for (_, root), account in known.items() if root == place[1]}
        found = kin or set(known.values())
        return next(iter(found)) if len(found) == 1 else Account()


def accounts(tree: Documents) -> Accounts:
    """Read the profiles."""
    told = list(_told(tree))
    threads = [one for one in told if THREADS.search(fold(one[0].path))]
    instagram = [one for one in told if not THREADS.search(fold(one[0].path))]
    return Accounts(
        owner=_owner(told),
        instagram=_by_place(instagram, "https://www.instagram.com/{}/"),
        threads=_by_place(threads, "https://www.threads.com/@{}"),
    )


def _owner(told: list[tuple[Member, str, str]]) -> Owner:
    """Read the owner's names, of every account.

    In a language whose labels are not known, none is taken: the owner's own words and gender stand
    beside the names and may be what somebody else is called. And messages bear the full name, so
    without it a sender with another name than the account's may be the owner still.
    """
    names = {v.casefold() for _, label, v in told if label in _USERNAME | _FULL_NAME}
    profiles = {_place(member) for member, _, _ in told}
    named = {_place(member) for member, label, _ in told if label in _FULL_NAME}
    return Owner(names=frozenset(names), complete=profiles == named)


def _place(member: Member) -> Place:
    found = _OWN_FOLDER.search(fold(member.path))
    return member.part, fold(member.path)[: found.start()] if found else ""


def _by_place(told: Iterable[tuple[Member, str, str]], form: str) -> dict[Place, Account]:
    found: dict[Place, list[tuple[str, str]]] = {}
    for member, label, value in told:
        found.setdefault(_place(member), []).append((label, value))
    return {place: _account(pairs, form) for place, pairs in found.items()}


def _account(told: list[tuple[str, str]], form: str) -> Account:
    names = (value.casefold() for label, value in told if label in _USERNAME)
    name = next((name for name in names if _NAME.search(name)), None)
    privacy = (_ACCOUNTS.get(value.casefold()) for label, value in told if label in _PRIVATE)
    return Account(
        page=form.format(name) if name else None,
        audience=next((found for found in privacy if found), Audience.UNKNOWN),
    )


def _told(tree: Documents) -> Iterator[tuple[Member, str, str]]:
    for name in _JSON:
        for member in tree.find(name):
            yield from ((member, *pair) for pair in _json(tree.value(member)))
    for member in tree.find(_HTML):
        for table in tree.blocks(member, lambda tag, _: tag == "table"):
            yield from ((member, label, value) for label, value in rows(table) if value)


def _json(profile: object) -> Iterator[tuple[str, str]]:
    """Yield labels and values; until 2020 they were plain keys (`username`, `private_account`)."""
    for told in deep(profile, "string_map_data", 4):
        for label, entry in fields(told).items():
            value = mended(at(entry, "value"))
            if value:
                yield fold(mended(label) or ""), value
    plain = fields(profile)
    for key in ("username", "name") if "private_account" in plain else ():
        value = mended(plain.get(key))
        if value:
            yield key, value
    if text(plain.get("username")) and isinstance(plain.get("private_account"), bool):
        yield "private_account", str(plain["private_account"])
