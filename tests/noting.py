"""A process that writes lines of the history, for tests of several at once and of one killed."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from selfcheck.flows.history import Doing, note, noted
from selfcheck.flows.unlock import Unlocked
from selfcheck.ledger.chain import Entry, Outcome, What
from selfcheck.privacy.paths import Home

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def entry(profile_id: str, purpose: str = "") -> Entry:
    return Entry(
        profile=profile_id,
        at=NOW,
        what=What.VERIFY,
        outcome=Outcome.PASSED,
        account="ada",
        machine="here",
        purpose=purpose,
    )


if __name__ == "__main__":
    root, profile_id, key, count = sys.argv[1:]
    home = Home(root=Path(root))
    home.prepare()
    unlocked = Unlocked(profile_id=profile_id, key=bytes.fromhex(key))
    for _ in range(int(count)):
        note(home, unlocked, entry(profile_id))
    if count == "0":
        scan = Doing(what=What.SCAN, scope=("a.zip",), assurance="camera")
        with noted(scan, home=home, unlocked=unlocked, clock=lambda: NOW):
            os.kill(os.getpid(), signal.SIGKILL)
