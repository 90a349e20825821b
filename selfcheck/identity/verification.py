"""The gate: whether the owner was in front of a camera recently enough for what is asked.

Owns the record of the last verification and the one function that every scan passes. How a
verification comes about is `acceptance`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from selfcheck.errors import NotVerified, ProfileError, SelfcheckError, VerificationFailed
from selfcheck.identity import sealed
from selfcheck.identity.acceptance import Acceptance
from selfcheck.identity.assurance import Assurance
from selfcheck.identity.challenge import Kind
from selfcheck.identity.profile import generation
from selfcheck.privacy.files import write_atomically

_PURPOSE = "verification"
# A clock that is set by network steps back by seconds; more than this is somebody's doing.
_CLOCK_STEP = timedelta(minutes=1)
_LARGEST_FILE = 4 * 2**20


class Scope(StrEnum):
    """What a scan wants to look at."""

    ARCHIVES = "archives and folders"
    ADDRESSES = "web addresses"


# How long a verification holds, and what it unlocks. A film can be prepared at leisure by
# somebody with a model of another face, and without the light test films of every step, shown on a
# screen on demand, pass: so these hold for one sitting and never for the web. What left out a kind
# of step holds for one sitting too.
ONE_SITTING: Final = timedelta(hours=2)
HOLDS: Final[Mapping[Assurance, timedelta]] = {
    Assurance.FILMED: ONE_SITTING,
    Assurance.CAMERA_NO_LIGHT: ONE_SITTING,
    Assurance.CAMERA: timedelta(hours=12),
}
UNLOCKS: Final[Mapping[Assurance, frozenset[Scope]]] = {
    Assurance.FILMED: frozenset({Scope.ARCHIVES}),
    Assurance.CAMERA_NO_LIGHT: frozenset({Scope.ARCHIVES}),
    Assurance.CAMERA: frozenset({Scope.ARCHIVES, Scope.ADDRESSES}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A verification that was passed: how, when, and for which profile file."""

    profile_id: str
    generation: str  # SHA-256 of the profile file that was verified against
    place: str  # where the record was written; elsewhere it is worth nothing
    assurance: Assurance
    at: datetime
    films: tuple[str, ...] = ()  # SHA-256 of every film accepted for this profile
    without: Kind | None = None  # the kind of step that was left out

    @property
    def until(self) -> datetime:
        """Tell when it stops to hold."""
        return self.at + (ONE_SITTING if self.without else HOLDS[self.assurance])

    @property
    def described(self) -> str:
        """Name how it came about, for people and for the record of a scan."""
        return described(self.assurance, self.without)


def described(assurance: Assurance, without: Kind | None) -> str:
    """Name an assurance and what was left out."""
    return f"{assurance}, without {without}" if without else str(assurance)


def record(
    path: Path, *, profile: Path, profile_id: str, key: bytes, acceptance: Acceptance
) -> Verification:
    """Write down that the check was passed, sealed with the profile's key.

    Bound to the profile's id, to the exact profile file and to this place. Keeps the hashes of
    films accepted before. Raises VerificationFailed for a check that was not passed, or a film
    that was accepted before.
    """
    acceptance.demand()
    films = accepted_films(path, profile_id=profile_id, key=key)
    if acceptance.film is not None:
        if acceptance.film in films:
            raise VerificationFailed(
                "This film was accepted before.", hint="ask for a new challenge and film it"
            )
        films = (*films, acceptance.film)
    found = Verification(
        profile_id=profile_id,
        generation=generation(profile),
        place=_place(path),
        assurance=acceptance.assurance,
        at=acceptance.at,
        films=films,
        without=acceptance.without,
    )
    plain = json.dumps(_as_json(found)).encode()
    write_atomically(path, sealed.seal(key, plain, _PURPOSE, subject=profile_id))
    return found


def require(
    path: Path, *, profile: Path, profile_id: str, key: bytes, scope: Scope, now: datetime
) -> Verification:
    """Let pass who holds a valid verification for this scope; raise NotVerified for the others.

    THE gate: every scan passes here when its process starts. `path` is the record's file,
    `profile` the profile's, `now` an aware time.
    """
    found = _opened(path, profile_id=profile_id, key=key)
    if found.place != _place(path):
        raise _refusal("The record of your verification was copied here from elsewhere.")
    if found.generation != _generation(profile):
        raise _refusal("Your profile was changed since you verified.")
    if found.at > now + _CLOCK_STEP:
        raise _refusal("Your verification lies in the future: the clock was moved back.")
    if now >= found.until:
        raise _refusal(f"Your verification ended {_when(found.until)}.")
    if scope not in UNLOCKS[found.assurance]:
        raise NotVerified(
            f"A {found.described} verification unlocks archives and folders, not {scope}.",
            hint="selfcheck verify, before the camera; or scan an export or a folder instead",
        )
    return found


def last(path: Path, *, profile_id: str, key: bytes) -> Verification | None:
    """Give what is on record, valid or not, for display; None where nothing can be read."""
    try:
        return _opened(path, profile_id=profile_id, key=key)
    except NotVerified:
        return None


def accepted_films(path: Path, *, profile_id: str, key: bytes) -> tuple[str, ...]:
    """Give the SHA-256 of every film that was accepted for this profile so far."""
    found = last(path, profile_id=profile_id, key=key)
    return () if found is None else found.films


def not_verified(error: SelfcheckError) -> NotVerified:
    """Turn a missing profile or key into the gate's own answer."""
    return NotVerified(error.sentence, hint=error.hint)


def _opened(path: Path, *, profile_id: str, key: bytes) -> Verification:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE)
    except FileNotFoundError:
        raise _refusal("You have not been verified yet.") from None
    except OSError as error:
        raise _refusal(f"The record of your verification cannot be read ({path}).") from error
    try:
        found = _from_json(sealed.unseal(key, data, _PURPOSE))
        subject = sealed.read_header(data).subject
    except ProfileError:
        # Cut short, changed, or sealed with another profile's key: it looks all the same.
        raise _refusal(
            "The record of your verification is damaged, or it is another profile's."
        ) from None
    if not found.profile_id == subject == profile_id:
        raise _refusal("The record of your verification is another profile's.")
    return found


def _generation(profile: Path) -> str:
    try:
        return generation(profile)
    except ProfileError as error:
        raise not_verified(error) from error


def _refusal(sentence: str) -> NotVerified:
    return NotVerified(sentence, hint="selfcheck verify")


def _place(path: Path) -> str:
    return str(path.resolve())


def _when(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _as_json(found: Verification) -> dict[str, Any]:
    return {
        "profile_id": found.profile_id,
        "generation": found.generation,
        "place": found.place,
        "assurance": found.assurance.value,
        "at": found.at.astimezone(UTC).isoformat(),
        "films": list(found.films),
        "without": found.without.value if found.without else None,
    }


def _from_json(plain: bytes) -> Verification:
    try:
        stored = json.loads(plain)
        return Verification(
            profile_id=str(stored["profile_id"]),
            generation=str(stored["generation"]),
            place=str(stored["place"]),
            assurance=Assurance(stored["assurance"]),
            at=datetime.fromisoformat(stored["at"]),
            films=tuple(str(film) for film in stored["films"]),
            without=Kind(stored["without"]) if stored.get("without") else None,
        )
    except (ValueError, KeyError, TypeError):
        raise ProfileError("The record of the verification is of another make.") from None
