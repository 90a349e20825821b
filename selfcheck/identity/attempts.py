"""The record of every check that was tried, and the pause that grows with those that failed.

Owns one file of lines, the latest last. It holds times, kinds and outcomes; nothing of a face.
Whoever owns the file can delete it (docs/threat-model.md).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from selfcheck.errors import ProfileError, VerificationFailed
from selfcheck.privacy.files import write_atomically

PASSED: Final = "passed"
ALLOWED: Final = 3  # failures in a row, before there is a pause
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_KEPT: Final = 2000  # lines
_LARGEST_FILE: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One check: when (aware), for which command, how, and its outcome.

    how: the assurance, with what was left out. outcome: `PASSED`, or why not. account, machine:
    who was logged in where.
    """

    at: datetime
    command: str
    how: str
    outcome: str
    account: str
    machine: str


def history(path: Path) -> tuple[Attempt, ...]:
    """Read every attempt that was noted, the latest last; raise ProfileError for a damaged file."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
        if len(data) > _LARGEST_FILE:
            raise _damaged(path)
        return tuple(_read(line) for line in data.decode().splitlines())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ProfileError(
            f"The record of checks cannot be read ({path}).", hint="check its permissions"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error


def note(path: Path, attempt: Attempt, *, instead: Attempt | None = None) -> None:
    """Add an attempt, in the place of one noted before if so; the oldest of thousands go."""
    before = tuple(one for one in history(path) if one != instead)
    kept = (*before, attempt)[-_KEPT:]
    lines = [json.dumps(asdict(one) | {"at": one.at.astimezone(UTC).isoformat()}) for one in kept]
    write_atomically(path, "".join(f"{line}\n" for line in lines).encode())


def pause_until(found: tuple[Attempt, ...], now: datetime) -> datetime | None:
    """Tell until when nobody may try again: a minute after three failures, then twice as long.

    A check that was passed ends the series. A clock that was set back does not end a pause: it
    lasts until the clock has caught up.
    """
    failed = 0
    for one in reversed(found):
        if one.outcome == PASSED:
            break
        failed += 1
    if failed < ALLOWED:
        return None
    pause = min(_FIRST_PAUSE * 2 ** min(failed - ALLOWED, 10), _LONGEST_PAUSE)
    until = found[-1].at + pause
    return until if now < until else None


def demand_no_pause(path: Path, now: datetime) -> None:
    """Raise VerificationFailed while a pause lasts."""
    until = pause_until(history(path), now)
    if until is not None:
        clock = f"{until.astimezone():%H:%M:%S}"
        raise VerificationFailed(
            "The check was not passed several times in a row, so there is a pause.",
            hint=f"the same command again after {clock}",
        )


def _damaged(path: Path) -> ProfileError:
    return ProfileError(
        f"The record of checks is damaged ({path}).",
        hint="selfcheck forget, which destroys everything, and enroll again",
    )


def _read(line: str) -> Attempt:
    stored: dict[str, Any] = json.loads(line)
    at = datetime.fromisoformat(stored.pop("at"))
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return Attempt(at=at, **{name: str(value) for name, value in stored.items()})
