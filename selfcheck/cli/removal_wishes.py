"""What was typed to `selfcheck remove`: read, and refused where it makes no sense together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from selfcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from selfcheck.removal import Law

_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")  # 27.11.2026; others may be read in two ways


class Became(StrEnum):
    """What a user can tell of a removal, besides that somebody was asked."""

    FOUND = "found"
    ANSWERED = "answered"
    GONE = "gone"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was typed; None and False where nothing was."""

    picture: str | None
    engine: str | None
    at: str | None
    letters: Path | None
    law: str | None
    name: str | None
    contact: str | None
    asked: str | None
    became: Became | None
    undo: bool
    on: str | None
    calendar: Path | None
    every: bool

    @property
    def noted(self) -> bool:
        """Whether something is to be noted."""
        return self.asked is not None or self.became is not None or self.undo


def refuse_nonsense(wishes: Wishes) -> None:
    """Refuse what would otherwise be left undone without a word."""
    if wishes.picture is not None and wishes.engine is not None:
        raise UsageError(
            "Give either a picture or --engine.",
            hint="selfcheck remove PICTURE, or selfcheck remove --engine NAME",
        )
    if (wishes.asked is not None) + (wishes.became is not None) + wishes.undo > 1:
        raise UsageError(
            "Only one thing can be noted at a time.",
            hint="one command with --asked, the next with --became",
        )
    _refuse_what_belongs_elsewhere(wishes)
    law_named(wishes.law)


def _refuse_what_belongs_elsewhere(wishes: Wishes) -> None:
    of_letters = {"--law": wishes.law, "--name": wishes.name, "--contact": wishes.contact}
    of_one = {
        "--letters": wishes.letters,
        "--asked": wishes.asked,
        "--became": wishes.became,
        "--undo": wishes.undo,
        "--at": wishes.at,
        "--on": wishes.on,
        **of_letters,
    }
    if wishes.picture is None and wishes.engine is None:
        for option in _given(of_one):
            raise UsageError(
                f"{option} needs a picture, or a face-search engine with --engine.",
                hint="selfcheck remove lists your pictures; put the name of one before it",
            )
    elif wishes.every:
        raise UsageError("--all is for the list.", hint="selfcheck remove --all")
    if wishes.engine is not None and wishes.at is not None:
        raise UsageError("--at is for a picture.", hint="leave it out")
    if wishes.letters is None:
        for option in _given(of_letters):
            raise UsageError(f"{option} is for letters.", hint="add --letters FOLDER")
    if wishes.on is not None and not (wishes.letters or wishes.asked or wishes.became):
        raise UsageError(
            "--on is the day of a letter or of what is noted.",
            hint="add --asked, --became or --letters",
        )


def _given(options: Mapping[str, object]) -> list[str]:
    return [option for option, value in options.items() if value not in {None, False}]


def law_named(name: str | None) -> Law:
    """Read the law that letters may call on, by where the user lives."""
    from selfcheck.removal import Law

    if name is None:
        return Law.NONE
    try:
        return Law[name.strip().upper()]
    except KeyError:
        raise UsageError(
            f"{name!r} is no law that the letters know.",
            hint="--law gdpr in the EU, the EEA and the UK, --law ccpa in California",
        ) from None


def day(text: str | None, today: date) -> date:
    """Read a day, which may not be in the future: what is noted has happened."""
    from datetime import date

    if text is None:
        return today
    try:
        read = date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{text!r} is no day as it is written here.", hint=f"write it as {_meant(text, today)}"
        ) from None
    if read > today:
        raise UsageError(f"{read} is in the future.", hint=f"the same command with --on {today}")
    return read


def _meant(text: str, today: date) -> date:
    """Guess which day was meant by 27.11.2026; otherwise today serves as an example."""
    from datetime import date

    found = _GERMAN.fullmatch(text.strip())
    try:
        return date(*map(int, reversed(found.groups()))) if found else today
    except ValueError:
        return today
