"""Destroys everything: the key first, so that what cannot be unlinked cannot be read either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selfcheck import identity
from selfcheck.errors import LedgerError, ProfileError, SelfcheckError
from selfcheck.ledger import Ledger, WrittenFile
from selfcheck.privacy.files import HALF_WRITTEN, remove
from selfcheck.privacy.paths import Home

# What no program can promise, said every time.
OUT_OF_REACH = (
    "copies in backups, snapshots and synchronised folders",
    "copies that an SSD keeps for wear levelling, or the system in its swap space",
    "reports you copied or sent elsewhere",
    "the pictures themselves, wherever they stand",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """What is gone, and what could not be done."""

    gone: tuple[str, ...]
    troubles: tuple[str, ...]


def written_files(home: Home) -> tuple[WrittenFile, ...]:
    """List the files that the tool wrote elsewhere and that are still there.

    A damaged ledger cannot name them: then there are none to list.
    """
    if not home.ledger.exists():
        return ()
    try:
        with Ledger.open(home.ledger, lock=home.lock) as ledger:
            return tuple(one for one in ledger.written() if one.path.exists())
    except LedgerError:
        return ()


def forget(home: Home, keys: identity.KeyStore) -> Destroyed:
    """Destroy the key, the profile, the verification, the history and the ledger with its crops.

    Goes on after trouble with one of them: as much as can be destroyed is destroyed.
    """
    gone: list[str] = []
    troubles: list[str] = []
    try:
        if _destroy_key(home, keys):
            gone.append("the profile's key")
    except SelfcheckError as error:
        troubles.append(f"The key could not be found or removed: {error.sentence}")
    for name, path in _files(home):
        try:
            if remove(path):
                gone.append(name)
        except SelfcheckError as error:
            troubles.append(error.sentence)
    if _destroy_ledger(home, troubles):
        gone.append("the ledger with every stored crop")
    for lock in (home.lock, home.history_lock):
        remove(lock)
    return Destroyed(gone=tuple(gone), troubles=tuple(troubles))


def _destroy_key(home: Home, keys: identity.KeyStore) -> bool:
    trouble: ProfileError | None = None
    # The verification names the same key, and serves where the profile is damaged or gone.
    for path in (home.profile, home.verification):
        try:
            if path.exists():
                return keys.delete(identity.profile_id(path))
        except ProfileError as error:
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return False


def _files(home: Home) -> Iterator[tuple[str, Path]]:
    yield "the key file", identity.key_file(home.profile)
    yield "the profile", home.profile
    yield "the verification", home.verification
    yield "the record of checks", home.attempts
    yield "the history", home.history
    yield "the history's head", home.history_head
    for path in sorted(home.root.glob(HALF_WRITTEN)):
        yield "a file that was half written", path


def _destroy_ledger(home: Home, troubles: list[str]) -> bool:
    if not home.ledger.exists():
        return False
    try:
        Ledger.open(home.ledger, lock=home.lock).destroy()
    except LedgerError:
        # A damaged one cannot be emptied by SQL and is deleted unread. One that a running scan
        # holds is not touched: that error goes on to the user.
        Ledger.discard(home.ledger, lock=home.lock)
        troubles.append("The ledger was damaged, so reports written elsewhere cannot be named.")
    return True
