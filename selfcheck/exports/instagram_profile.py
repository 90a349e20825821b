"""Whose an Instagram download is: the account's names, its own address and who may see it.

Owns the profile's documents of every generation, JSON and HTML, and those of Threads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.instagram_rows import rows
from selfcheck.exports.meta import Owner
from selfcheck.exports.values import at, deep, fields, mended, text
from selfcheck.model import Audience, Member

_JSON = ("personal_information.json", "profile.json")
_HTML = "personal_information.html"
THREADS = re.compile(r"(^|/)threads/")

# Labels are in the account's language. English, Dutch, Italian, French and Spanish ones were
# seen in readers of others' exports, the rest are the languages' own words; in any other
# language the value is not known.
_USERNAME = frozenset(
    (
        *("username", "gebruikersnaam", "nome utente", "nom d_utilisateur", "nombre de usuario"),
        *("benutzername", "nome de usuário", "användarnamn", "имя пользователя"),
    )
)
_PRIVATE = frozenset(("private account", "account privato", "private_account"))
_ACCOUNTS = {"true": Audience.FOLLOWERS, "false": Audience.PUBLIC}
_NAME = re.compile(r"^[a-z0-9._]{1,30}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account as the export's profile tells of it."""

    page: str | None = None
    audience: Audience = Audience.UNKNOWN  # of posts, as recorded when the export was made


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts of one download: Instagram's and the one on Threads."""

    owner: Owner
    instagram: Account
    threads: Account

    def of(self, member: Member) -> Account:
        """Give the account that a document is about."""
        return self.threads if THREADS.search(fold(member.path)) else self.instagram


def accounts(tree: Documents) -> Accounts:
    """Read the profiles. A name is known by where it stands, for its label is translated."""
    told = list(_told(tree))
    threads = [(label, value) for m, label, value in told if THREADS.search(fold(m.path))]
    instagram = [(label, value) for m, label, value in told if not THREADS.search(fold(m.path))]
    return Accounts(
        owner=Owner(names=frozenset(value.casefold() for _, _, value in told)),
        instagram=_account(instagram, "https://www.instagram.com/{}/"),
        threads=_account(threads, "https://www.threads.com/@{}"),
    )


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
