"""What a row of the table is, and the drawn owner that each begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from selfcheck import identity
from selfcheck.demo.owner import OWNER, write_references
from selfcheck.demo.viewfinder import living
from selfcheck.flows.enrol import enrol
from selfcheck.flows.live import LiveCheck
from selfcheck.privacy.paths import Home

PASSPHRASE = "people who do not exist"


@dataclass(slots=True, kw_only=True)
class Row:
    """One line of the table: how much was tried, what was seen, and what must not have been."""

    name: str
    tried: int = 0
    seen: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def require(self, held: bool, failure: str) -> None:  # noqa: FBT001 - as `assert` reads
        """Keep a failure where something did not hold."""
        if not held:
            self.failures.append(failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A home in which the drawn owner is enrolled, and what opens it."""

    home: Home
    keys: identity.PassphraseKeys
    passphrase_file: Path

    def forget_scans(self) -> None:
        """Remove the ledger, so that the next scan begins with none."""
        for suffix in ("", "-journal"):
            self.home.ledger.with_name(self.home.ledger.name + suffix).unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        """Give the variables with which a command works in this home."""
        return {
            "SELFCHECK_HOME": str(self.home.root),
            "SELFCHECK_PASSPHRASE_FILE": str(self.passphrase_file),
        }


def opened(folder: Path) -> Stage:
    """Give what was made in this folder before."""
    home = Home(root=folder / "home")
    keys = identity.PassphraseKeys(identity.key_file(home.profile), _passphrase)
    return Stage(home=home, keys=keys, passphrase_file=folder / "passphrase")


def _passphrase(*, new: bool) -> str:  # noqa: ARG001 - asked by name
    return PASSPHRASE


def stage(folder: Path) -> Stage:
    """Enrol the owner before the drawn camera; what a killed enrolment left is enrolled over."""
    made = opened(folder)
    made.home.prepare()
    made.passphrase_file.write_text(PASSPHRASE + "\n", encoding="utf-8")
    made.passphrase_file.chmod(0o600)
    enrol(
        write_references(folder / "photos"),
        home=made.home,
        keys=made.keys,
        consent=identity.Consent(text="torture", given=datetime.now(UTC), adult=True),
        check=LiveCheck(viewfinder=partial(living, OWNER)),
    )
    return made
