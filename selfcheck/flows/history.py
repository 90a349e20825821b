"""The history: who used the profile when, for what and why, in lines that hold together.

Whatever passes the gate is noted here, before it begins. The chain is the ledger's business and
the seal of its head the identity room's; here they meet.
"""

from __future__ import annotations

import getpass
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from selfcheck import identity
from selfcheck.errors import Interrupted, LedgerError, ProfileError, SelfcheckError, UsageError
from selfcheck.flows.unlock import Unlocked, unlock
from selfcheck.ledger import history, proof
from selfcheck.ledger.chain import MOST_TEXT, Entry, Head, Outcome, What, chain_key
from selfcheck.ledger.history import Recent
from selfcheck.ledger.proof import Proof
from selfcheck.privacy import files
from selfcheck.privacy.paths import Home

_PURPOSE = "history"
_COMPARE = (
    "compare the files `history` and `history.head` with a backup; moved away, a new history begins"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What is about to be done: to what, how the person was verified, and why, in their words."""

    what: What
    scope: tuple[str, ...]
    assurance: str
    purpose: str = ""


def account() -> str:
    """Name who is logged in."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name for this user's number
        return "unknown"


def require_purpose(purpose: str) -> None:
    """Raise UsageError for a purpose that is too long for a line."""
    if len(purpose) > MOST_TEXT:
        raise UsageError(
            f"A purpose has at most {MOST_TEXT} characters; this one has {len(purpose)}.",
            hint="say it in fewer words",
        )


@contextmanager
def noted(
    doing: Doing, *, home: Home, unlocked: Unlocked, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Note that something begins, let it be done, and note how it ended.

    What cannot be noted does not begin. Where its end cannot be noted, what was done is kept, and
    SelfcheckError says so, unless another error is on its way. A history that `forget` took away
    meanwhile stays away.
    """
    begun = Entry(
        profile=unlocked.profile_id,
        at=clock(),
        what=doing.what,
        outcome=Outcome.BEGUN,
        account=account(),
        machine=platform.node(),
        scope=doing.scope,
        assurance=doing.assurance,
        purpose=doing.purpose,
    )
    end = replace(begun, scope=(), assurance="", purpose="", of=note(home, unlocked, begun))
    try:
        yield
    except BaseException as error:
        stopped = isinstance(error, (Interrupted, KeyboardInterrupt))
        outcome = Outcome.INTERRUPTED if stopped else Outcome.FAILED
        with suppress(SelfcheckError):
            _note_end(home, unlocked, replace(end, at=clock(), outcome=outcome))
        raise
    try:
        _note_end(home, unlocked, replace(end, at=clock(), outcome=Outcome.FINISHED))
    except SelfcheckError as error:
        raise LedgerError(
            f"The {doing.what} is finished and kept, but its end is not noted: {error.sentence}",
            hint=error.hint,
        ) from error


def note_passed(
    what: What, scope: Sequence[str], *, home: Home, unlocked: Unlocked, held: identity.Verification
) -> None:
    """Note a verification that was passed and recorded."""
    passed = Entry(
        profile=unlocked.profile_id,
        at=held.at,
        what=what,
        outcome=Outcome.PASSED,
        account=account(),
        machine=platform.node(),
        scope=tuple(scope),
        assurance=held.described,
    )
    try:
        note(home, unlocked, passed)
    except SelfcheckError as error:
        raise LedgerError(
            f"You are verified, but the history does not say so: {error.sentence}",
            hint=error.hint,
        ) from error


def note(home: Home, unlocked: Unlocked, entry: Entry) -> int:
    """Add a line and seal the head that names it; give the line's number.

    The line is written first and the head next. Where the head cannot be written, the line goes.
    """
    key = chain_key(unlocked.key)
    with history.locked(home.history_lock):
        known = _usable_head(home, unlocked)
        # Another profile's is replaced, and so is a damaged one. The lines before stay, and that
        # this one begins anew stays to be seen.
        before = known or Head(size=history.size(home.history))
        head = history.catch_up(home.history, key, before)
        if head != known:
            _seal(home, unlocked, head)
        size = history.size(home.history)
        after = history.append(home.history, key, head, entry)
        try:
            _seal(home, unlocked, after)
        except SelfcheckError:
            files.cut(home.history, size)
            raise
        return after.count


def verify(*, home: Home, keys: identity.KeyStore) -> Proof:
    """Check the history; raise LedgerError, in one sentence, where it does not hold.

    Raises ProfileError where the profile or its key cannot be had.
    """
    unlocked = unlock(home, keys)
    with history.locked(home.history_lock):
        head, size = _head(home, unlocked), history.size(home.history)
    found = proof.check(
        history.lines(home.history, size),
        key=chain_key(unlocked.key),
        head=head,
        profile=unlocked.profile_id,
    )
    if found.fault is not None:
        raise LedgerError(found.sentence, hint=_COMPARE)
    return found


def recent(*, home: Home, most: int) -> Recent:
    """Read the newest lines, unchecked; needs no key."""
    return history.recent(home.history, most)


def _note_end(home: Home, unlocked: Unlocked, entry: Entry) -> None:
    if home.history.exists():
        note(home, unlocked, entry)


def _head(home: Home, unlocked: Unlocked) -> Head | None:
    """Open the head; None where there is none of this profile's."""
    try:
        if not home.history_head.exists():
            return None
        if identity.profile_id(home.history_head) != unlocked.profile_id:
            return None
        data = home.history_head.read_bytes()
        return Head.unpack(identity.unseal(unlocked.key, data, _PURPOSE))
    except (ProfileError, ValueError) as error:
        raise LedgerError(
            "The history's head was changed, or it is damaged.", hint=_COMPARE
        ) from error


def _usable_head(home: Home, unlocked: Unlocked) -> Head | None:
    try:
        return _head(home, unlocked)
    except LedgerError:
        return None


def _seal(home: Home, unlocked: Unlocked, head: Head) -> None:
    sealed = identity.seal(unlocked.key, head.pack(), _PURPOSE, subject=unlocked.profile_id)
    files.write_atomically(home.history_head, sealed)
