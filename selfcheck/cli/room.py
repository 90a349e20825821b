"""What most commands begin with: the home, the key store, and no network."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

PASSPHRASE_FILE = "SELFCHECK_PASSPHRASE_FILE"  # noqa: S105 -- a variable's name

if TYPE_CHECKING:
    from selfcheck.identity import KeyStore
    from selfcheck.privacy.paths import Home


def home() -> Home:
    """Find and check the folder where the tool keeps its data."""
    from selfcheck.privacy.paths import Home

    found = Home.find()
    found.prepare()
    return found


def offline() -> tuple[str, ...]:
    """Give up the network for this process and all it starts; name the layers that see to it."""
    from selfcheck.privacy import network

    return network.forbid()


def keys(place: Home) -> KeyStore:
    """Choose the key store: the operating system's, or a passphrase where there is none."""
    from selfcheck.identity import choose_keys

    return choose_keys(place.profile, ask=ask_passphrase)


def ask_passphrase(*, new: bool) -> str:
    """Ask for the passphrase, twice for a new one; or read it from the file that was named.

    Never from an argument or a variable's own value: others on the machine could read those.
    """
    from selfcheck.errors import UsageError

    if named := os.environ.get(PASSPHRASE_FILE):
        return _passphrase_in(Path(named))
    if not sys.stdin.isatty():
        raise UsageError(
            "This computer has no key store, so your passphrase is needed, and nobody is there"
            " to be asked.",
            hint=f"run it in a terminal, or name a file that holds it in {PASSPHRASE_FILE}",
        )
    return _new_passphrase() if new else _typed("Your passphrase")


def _new_passphrase() -> str:
    from selfcheck.cli.speak import say
    from selfcheck.identity.keys import SHORTEST_PASSPHRASE

    say(
        "This computer has no key store, so a passphrase will lock your profile. Commands that"
        " open it ask for it, and nobody can recover it."
    )
    # Asked again rather than refused: by now a film was made and accepted.
    while len(given := _typed("A new passphrase", twice=True)) < SHORTEST_PASSPHRASE:
        say(f"It needs at least {SHORTEST_PASSPHRASE} characters: take four or five words.")
    return given


def _typed(words: str, *, twice: bool = False) -> str:
    return str(typer.prompt(words, hide_input=True, confirmation_prompt=twice, err=True))


def _passphrase_in(path: Path) -> str:
    from selfcheck.errors import UsageError

    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise UsageError(
                f"The passphrase file {path} can be read by others on this computer.",
                hint=f"chmod 600 '{path}'",
            )
        first, *_ = [*path.read_text(encoding="utf-8").splitlines(), ""]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The passphrase file {path} cannot be read.", hint=f"check {PASSPHRASE_FILE}"
        ) from error
    if not first:
        raise UsageError(
            f"The first line of the passphrase file {path} is empty.",
            hint="write the passphrase there, and nothing else",
        )
    return first
