"""Destroys everything: the key first, so that what cannot be unlinked cannot be read either."""

from __future__ import annotations

from dataclasses import dataclass

from selfcheck import identity
from selfcheck.errors import LedgerError, ProfileError
from selfcheck.ledger import Ledger, WrittenFile
from selfcheck.privacy.files import remove
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
    """Destroy the key, the profile, the verification and the ledger with its crops.

    Goes on after trouble with one of them: as much as can be destroyed is destroyed.
    """
    gone: list[str] = []
    troubles: list[str] = []
    try:
        if home.profile.exists() and keys.delete(identity.profile_id(home.profile)):
            gone.append("the profile's key")
    except ProfileError as error:
        troubles.append(f"The key could not be found or removed: {error.sentence}")
    # A key file is of no use to anybody once the profile's own name for it cannot be read.
    if remove(identity.key_file(home.profile)):
        gone.append("the key file")
    for name, path in (("the profile", home.profile), ("the verification", home.verification)):
        if remove(path):
            gone.append(name)
    if _destroy_ledger(home):
        gone.append("the ledger with every stored crop")
    remove(home.lock)
    return Destroyed(gone=tuple(gone), troubles=tuple(troubles))


def _destroy_ledger(home: Home) -> bool:
    if not home.ledger.exists():
        return False
    try:
        Ledger.open(home.ledger, lock=home.lock).destroy()
    except LedgerError:
        # A damaged one cannot be emptied by SQL and is deleted unread. One that a running scan
        # holds is not touched: that error goes on to the user.
        Ledger.discard(home.ledger, lock=home.lock)
    return True
