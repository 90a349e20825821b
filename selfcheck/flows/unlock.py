"""Opens what belongs to the owner: the profile's key, and the gate before every scan.

Nothing here decides who is who; that is the identity room's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from selfcheck import identity
from selfcheck.errors import ProfileError
from selfcheck.privacy.paths import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """The profile's id and key, held in memory for one command."""

    profile_id: str
    key: bytes = field(repr=False)


def unlock(home: Home, keys: identity.KeyStore) -> Unlocked:
    """Find the key of the profile in this home.

    Raises ProfileError where there is no profile or no key for it.
    """
    if not home.profile.exists():
        raise ProfileError(
            "There is no profile yet.",
            hint="selfcheck enroll PHOTO... with three or more photos of yourself",
        )
    profile_id = identity.profile_id(home.profile)
    key = keys.get(profile_id)
    if key is None:
        raise ProfileError(
            "The profile's key is not in this computer's key store.",
            hint="log in as the user who enrolled, or selfcheck forget and enroll again",
        )
    return Unlocked(profile_id=profile_id, key=key)


def pass_gate(
    home: Home, keys: identity.KeyStore, *, scope: identity.Scope, now: datetime
) -> tuple[Unlocked, identity.Verification]:
    """Let through who holds a valid verification for this scope, and nobody else.

    Every scan calls this first, once, when its process starts. Raises NotVerified.
    """
    try:
        unlocked = unlock(home, keys)
    except ProfileError as error:
        raise identity.not_verified(error) from error
    verification = identity.require(
        home.verification,
        profile=home.profile,
        profile_id=unlocked.profile_id,
        key=unlocked.key,
        scope=scope,
        now=now,
    )
    return unlocked, verification
