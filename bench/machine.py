"""What the benches of size and memory share: processes watched, and an owner who is nobody.

Memory is the proportional set size from /proc: a page that several processes share is counted
once in their sum. Linux only.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from selfcheck import identity
from selfcheck.identity import KeyStore
from selfcheck.privacy.paths import Home

EVERY = 0.5  # seconds between two looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look: when, how many items were settled, and bytes."""

    at: float
    done: int
    parent: int
    workers: tuple[int, ...]
    ledger: int

    @property
    def total(self) -> int:
        """Give the memory of all processes together."""
        return self.parent + sum(self.workers)


class Watch:
    """Look at this process, its children and the ledger twice a second while a block runs."""

    def __init__(self, ledger: Path) -> None:
        """Watch nothing yet; `done` is for the one who settles to keep up to date."""
        if sys.platform != "linux":
            raise SystemExit("Memory is read from /proc: this runs on Linux only.")
        self.done = 0
        self.samples: list[Sample] = []
        self._ledger = ledger
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Look once more and end."""
        self._ended.set()
        self._thread.join()
        self.samples.append(self._look())

    def _watch(self) -> None:
        while not self._ended.wait(EVERY):
            self.samples.append(self._look())

    def _look(self) -> Sample:
        return Sample(
            at=time.monotonic(),
            done=self.done,
            parent=memory(os.getpid()),
            workers=tuple(memory(child) for child in children(os.getpid())),
            ledger=self._ledger.stat().st_size if self._ledger.exists() else 0,
        )


def memory(process: int) -> int:
    """Give a process's proportional set size in bytes, 0 for one that has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    kib = next((line.split()[1] for line in text.splitlines() if line.startswith("Pss:")), "0")
    return int(kib) * 1024


def most_held() -> int:
    """Give the most bytes that this process ever held."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def children(process: int) -> tuple[int, ...]:
    """Give the ids of a process's children."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            found += map(int, (task / "children").read_text(encoding="ascii").split())
        except OSError:
            continue
    return tuple(found)


def enrol_nobody(home: Home, keys: KeyStore) -> None:
    """Write a profile that is near no face, and a verification, below the gate."""
    drawn = np.random.default_rng(1).normal(0, 1, (3, 128))
    encodings = np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True) * 3, np.float32)
    profile_id, key, now = identity.new_id(), identity.new_key(), datetime.now(UTC)
    keys.put(profile_id, key)
    profile = identity.Profile(
        profile_id=profile_id,
        created=now,
        engine="bench",
        consent=identity.Consent(text="benchmark", given=now, adult=True),
        photos=tuple(hashlib.sha256(bytes([one])).hexdigest() for one in range(len(encodings))),
        encodings=encodings,
    )
    identity.save(home.profile, profile, key)
    passed = identity.Acceptance(
        verdict=identity.Verdict(), assurance=identity.Assurance.FILMED, at=now
    )
    identity.record(
        home.verification, profile=home.profile, profile_id=profile_id, key=key, acceptance=passed
    )
