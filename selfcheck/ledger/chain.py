"""The lines of the history and their chain: each MAC covers a line and the MAC before it.

Owns the form of a line and of the head, which names the last one. Knows no file and draws no
conclusion: these are `history` and `proof`. The key comes from outside.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

START: Final = bytes(32)  # what stands for the MAC before the first line
LONGEST: Final = 2**16  # bytes of a line; what the bounds of `Entry` can come to is less
MOST_TEXT: Final = 200  # characters of each text
MOST_NAMES: Final = 16  # names in a scope
_YEARS: Final = (1, 9999)  # at whose ends no time can be told in another zone
_INFO: Final = b"selfcheck history, version 1"
_BEFORE_MAC: Final = b',"mac":"'
_AFTER_MAC: Final = b'"}\n'
_TAIL: Final = len(_BEFORE_MAC) + 2 * len(START) + len(_AFTER_MAC)


class What(StrEnum):
    """What was done with the profile."""

    ENROLL = "enroll"
    VERIFY = "verify"
    SCAN = "scan"
    REVIEW = "review"


class Outcome(StrEnum):
    """What became of it. What takes its time has two lines, and the first says `begun`."""

    PASSED = "passed"
    BEGUN = "begun"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one line says.

    profile: its random id. at: aware. scope: names of what was looked at. assurance: how the
    person was verified. purpose: the user's own words. of: the number of the line whose end this
    is. Texts are cut to `MOST_TEXT` characters and a scope to `MOST_NAMES` names.
    """

    profile: str
    at: datetime
    what: What
    outcome: Outcome
    account: str
    machine: str
    scope: tuple[str, ...] = ()
    assurance: str = ""
    purpose: str = ""
    of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry and its number; the first line of a profile is number 1."""

    number: int
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far the chain goes: how many lines, the last one's MAC, and the file's size then."""

    count: int = 0
    mac: bytes = START
    size: int = 0

    def pack(self) -> bytes:
        """Give the head as bytes, to be sealed."""
        return json.dumps({"count": self.count, "mac": self.mac.hex(), "size": self.size}).encode()

    @classmethod
    def unpack(cls, plain: bytes) -> Head:
        """Read what `pack` gave; raise ValueError for anything else."""
        try:
            stored = json.loads(plain)
            mac = bytes.fromhex(stored["mac"])
            return cls(count=int(stored["count"]), mac=mac, size=int(stored["size"]))
        except (KeyError, TypeError) as error:
            raise ValueError("no head") from error


def chain_key(key: bytes) -> bytes:
    """Derive the chain's own key from the profile's.

    One block of HKDF-Expand with SHA-256 (RFC 5869, 2.3). The profile's key is random already, so
    nothing has to be extracted first (3.3).
    """
    return hmac.digest(key, _INFO + b"\x01", "sha256")


def link(key: bytes, head: Head, entry: Entry) -> tuple[bytes, bytes]:
    """Write an entry as the line after the head; give its bytes and its MAC."""
    fields = {"number": head.count + 1} | asdict(_bounded(entry))
    fields["at"] = entry.at.astimezone(UTC).isoformat()
    body = json.dumps(fields, separators=(",", ":")).encode("ascii")[:-1]
    mac = _mac(key, head.mac, body)
    raw = body + _BEFORE_MAC + mac.hex().encode() + _AFTER_MAC
    assert len(raw) <= LONGEST, len(raw)
    return raw, mac


def follows(key: bytes, before: bytes, raw: bytes) -> bytes | None:
    """Give a line's MAC if the line was written after the one with the MAC `before`.

    Compared are the bytes as they stand in the file, so no two readings of a line can differ.
    """
    body, tail = raw[:-_TAIL], raw[-_TAIL:]
    mac = _mac(key, before, body)
    right = _BEFORE_MAC + mac.hex().encode() + _AFTER_MAC
    return mac if hmac.compare_digest(tail, right) else None


def read(raw: bytes) -> Line:
    """Read what a line says, whoever wrote it; raise ValueError for what is no line."""
    try:
        stored: dict[str, Any] = json.loads(raw.decode())
        at = datetime.fromisoformat(stored["at"])
        of, scope = stored["of"], stored["scope"]
        if at.tzinfo is None or not _YEARS[0] < at.year < _YEARS[1] or not isinstance(scope, list):
            raise ValueError("no line")
        entry = Entry(
            profile=str(stored["profile"]),
            at=at,
            what=What(stored["what"]),
            outcome=Outcome(stored["outcome"]),
            account=str(stored["account"]),
            machine=str(stored["machine"]),
            scope=tuple(str(name) for name in scope),
            assurance=str(stored["assurance"]),
            purpose=str(stored["purpose"]),
            of=None if of is None else int(of),
        )
        return Line(number=int(stored["number"]), entry=_bounded(entry))
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError("no line") from error


def _mac(key: bytes, before: bytes, body: bytes) -> bytes:
    return hmac.digest(key, before + body, "sha256")


def _bounded(entry: Entry) -> Entry:
    names = entry.scope
    if len(names) > MOST_NAMES:
        names = (*names[: MOST_NAMES - 1], f"and {len(names) - MOST_NAMES + 1} more")
    return Entry(
        profile=_short(entry.profile),
        at=entry.at,
        what=entry.what,
        outcome=entry.outcome,
        account=_short(entry.account),
        machine=_short(entry.machine),
        scope=tuple(map(_short, names)),
        assurance=_short(entry.assurance),
        purpose=_short(entry.purpose),
        of=entry.of,
    )


def _short(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"
