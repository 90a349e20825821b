"""Reads the file of one door, strictly: what is missing, misspelt or of a wrong type raises.

The files are the program's own, so a wrong one is a mistake of ours and ends a test, never
a run. The message names the file and the key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import TypeGuard, TypeVar
from urllib.parse import urlsplit

from selfcheck.removal.door import (
    CONFIRMING,
    SITUATIONS,
    Door,
    DoorKind,
    Form,
    Situation,
    Source,
    Way,
)

_Closed = TypeVar("_Closed", bound=StrEnum)

_DOOR = frozenset(
    {"title", "kind", "serves", "checked", "source", "asks", "costs", "usual", "ways"}
)
_WAY = frozenset({"situation", "steps"})
_FORM = frozenset({"what", "address", "verified", "under"})
_LONGEST = 300  # what `privacy.text` shows of a text before it cuts
# No query and no fragment: neither tracks nor breaks when the form is renumbered.
_ADDRESS = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(/[A-Za-z0-9._~@/-]*)?")


class WrongDoor(ValueError):
    """A file in doors/ is not as it should be."""


class _Table:
    """One table of a file, whose keys are known and whose values are checked as they are taken."""

    def __init__(self, where: str, value: object, keys: frozenset[str], more: str = "") -> None:
        if not isinstance(value, dict):
            raise WrongDoor(f"{where}: not a table")
        missing, unknown = keys - value.keys(), value.keys() - keys - {more}
        if missing or unknown:
            raise WrongDoor(f"{where}: missing {sorted(missing)}, unknown {sorted(unknown)}")
        self._where = where
        self._values: dict[str, object] = value

    def wrong(self, key: str, what: str) -> WrongDoor:
        """Make the error for a key whose value is not what it should be."""
        return WrongDoor(f"{self._where}: {key} is not {what}: {self._values.get(key)!r}")

    def text(self, key: str) -> str:
        """Take a text of one line, which may not be empty."""
        value = self._values[key]
        if not _is_line(value):
            raise self.wrong(key, "a text of one line")
        return value

    def text_if_any(self, key: str) -> str:
        """Take a text that may be absent, which is empty then."""
        return self.text(key) if key in self._values else ""

    def texts(self, key: str, *, least: int) -> tuple[str, ...]:
        """Take a list of such texts, at least `least` of them."""
        value = self._values[key]
        if not isinstance(value, list) or len(value) < least:
            raise self.wrong(key, f"a list of {least} texts or more")
        if not all(_is_line(one) for one in value):
            raise self.wrong(key, "a list of texts of one line")
        return tuple(value)

    def flag(self, key: str) -> bool:
        """Take true or false; what is absent is false."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def day(self, key: str) -> date:
        """Take a date without a time."""
        value = self._values[key]
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, "a date")
        return value

    def one_of(self, key: str, closed: type[_Closed]) -> _Closed:
        """Take one of a closed set of words."""
        try:
            return closed(self.text(key))
        except ValueError as error:
            raise self.wrong(key, f"one of {[one.value for one in closed]}") from error

    def tables(self, key: str, keys: frozenset[str], more: str = "") -> Iterator[_Table]:
        """Take a list of tables; an absent one is empty."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "a list of tables")
        for number, each in enumerate(value, start=1):
            yield _Table(f"{self._where}, {key} {number}", each, keys, more)


def _is_line(value: object) -> TypeGuard[str]:
    return (
        isinstance(value, str) and value == " ".join(value.split()) and 0 < len(value) <= _LONGEST
    )


def read_door(name: str, text: str) -> Door:
    """Read one door from the text of its TOML file; WrongDoor says what is wrong with it."""
    table = _Table(name, tomllib.loads(text), _DOOR, more="addressee")
    kind, source = table.one_of("kind", DoorKind), table.one_of("source", Source)
    ways = tuple(_way(each, source) for each in table.tables("ways", _WAY, more="forms"))
    told = [way.situation for way in ways]
    if len(told) != len(set(told)) or set(told) != SITUATIONS[kind]:
        raise table.wrong("ways", f"one for each of {sorted(SITUATIONS[kind])}")
    return Door(
        name=name,
        title=table.text("title"),
        kind=kind,
        serves=table.texts("serves", least=0),
        checked=table.day("checked"),
        source=source,
        asks=table.texts("asks", least=1),
        costs=table.texts("costs", least=1),
        usual=table.text("usual"),
        ways=ways,
        addressee=table.text_if_any("addressee"),
    )


def _way(table: _Table, source: Source) -> Way:
    return Way(
        situation=table.one_of("situation", Situation),
        steps=table.texts("steps", least=1),
        forms=tuple(_form(each, source) for each in table.tables("forms", _FORM, "letters")),
    )


def _form(table: _Table, source: Source) -> Form:
    address, verified = table.text("address"), table.flag("verified")
    if not _ADDRESS.fullmatch(address) or urlsplit(address).hostname is None:
        raise table.wrong("address", "a plain https address without a query")
    if verified and source not in CONFIRMING:
        raise table.wrong("verified", f"possible from {source}")
    return Form(
        what=table.text("what"),
        address=address,
        verified=verified,
        under=table.text("under"),
        letters=table.flag("letters"),
    )
