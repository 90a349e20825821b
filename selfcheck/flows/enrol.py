"""Enrolment and verification: references checked, the person checked, and then written down.

Nothing of a face is written before the check was passed; that there was a check is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from selfcheck import identity
from selfcheck.errors import ProfileError, Refused, SelfcheckError, SourceError, UsageError
from selfcheck.flows import witness
from selfcheck.flows.checking import Check, Examiner, passed, why
from selfcheck.flows.crew import Crew, Setup, WorkerDied
from selfcheck.flows.history import note_passed
from selfcheck.flows.scan import now
from selfcheck.flows.unlock import Unlocked, unlock
from selfcheck.identity import Profile, ReferenceSeen, ReferenceVerdict, Verification
from selfcheck.ledger.chain import What
from selfcheck.model import OnEvent, Skipped, quiet
from selfcheck.privacy.paths import Home, cache_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What enrolment came to."""

    references: int
    verification: Verification
    rescan: bool  # settled pictures are pending again, because the references changed


def nobody_listens(verdicts: Sequence[ReferenceVerdict]) -> None:
    """Show the verdicts to nobody."""


def enrol(
    photos: Sequence[Path],
    *,
    home: Home,
    keys: identity.KeyStore,
    consent: identity.Consent,
    check: Check,
    replace: bool = False,
    cache: Path | None = None,
    clock: Callable[[], datetime] = now,
    on_references: Callable[[Sequence[ReferenceVerdict]], None] = nobody_listens,
    on_event: OnEvent = quiet,
) -> Enrolled:
    """Enrol the person on these photos, or add their references to the profile there is.

    With a profile there already, the check must show the person of that profile as well: a new
    identity needs `forget` first. Raises UsageError for photos that will not do, and
    VerificationFailed for a check that is not passed.
    """
    if not consent.adult:
        raise Refused("Nothing was stored: selfcheck is for adults only.")
    before = _Before.find(home, keys)
    with _one_worker(cache) as crew:
        signature = crew.facts().engine
        seen = _references(crew, photos, on_references)
        encodings, names = _encodings(seen), tuple(one.sha256 for one in seen)
        everything = before.joined(encodings)
        kept = encodings if replace else everything
        turned = _mirrored(seen) if replace else before.joined_mirrored(_mirrored(seen))
        if len(kept) > identity.MOST_REFERENCES:
            raise UsageError(
                f"A profile holds at most {identity.MOST_REFERENCES} references.",
                hint="selfcheck enroll --replace PHOTO... with the best three to eight",
            )
        acceptance = passed(
            check,
            Examiner(
                home=home,
                command="enroll",
                crew=crew,
                references=everything,
                films=before.films,
                clock=clock,
                on_event=on_event,
            ),
        )
    profile = Profile(
        profile_id=before.unlocked.profile_id,
        created=clock(),
        engine=signature,
        consent=consent,
        photos=names if replace else (*before.photos, *names),
        encodings=kept,
        mirrored=turned,
    )
    return _write(home, keys, before, profile, acceptance)


def verify(
    *,
    home: Home,
    keys: identity.KeyStore,
    check: Check,
    cache: Path | None = None,
    clock: Callable[[], datetime] = now,
    on_event: OnEvent = quiet,
) -> Verification:
    """Renew the verification with a new check.

    Raises ProfileError without a profile, VerificationFailed for a check that is not passed.
    """
    unlocked = unlock(home, keys)
    generation = _generation(home)
    profile = identity.load(home.profile, unlocked.key)
    films = identity.accepted_films(
        home.verification, profile_id=unlocked.profile_id, key=unlocked.key
    )
    with _one_worker(cache) as crew:
        crew.facts()
        acceptance = passed(
            check,
            Examiner(
                home=home,
                command="verify",
                crew=crew,
                references=profile.encodings,
                films=films,
                clock=clock,
                on_event=on_event,
            ),
        )
    _still(home, generation)
    return _record(home, unlocked, acceptance, What.VERIFY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """The profile there was before, or a new id and key."""

    unlocked: Unlocked
    profile: Profile | None = None
    generation: str | None = None
    films: tuple[str, ...] = ()

    @classmethod
    def find(cls, home: Home, keys: identity.KeyStore) -> _Before:
        if not home.profile.exists():
            return cls(unlocked=Unlocked(profile_id=identity.new_id(), key=identity.new_key()))
        unlocked = unlock(home, keys)
        generation = _generation(home)
        return cls(
            unlocked=unlocked,
            generation=generation,
            profile=identity.load(home.profile, unlocked.key),
            films=identity.accepted_films(
                home.verification, profile_id=unlocked.profile_id, key=unlocked.key
            ),
        )

    @property
    def photos(self) -> tuple[str, ...]:
        return () if self.profile is None else self.profile.photos

    def joined(self, encodings: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        if self.profile is None:
            return encodings
        return np.concatenate([self.profile.encodings, encodings])

    def joined_mirrored(self, mirrored: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        if self.profile is None:
            return mirrored
        # A profile of before 2026-11-22 has none, and its photos are not there to make them.
        before = self.profile.mirrored
        old = self.profile.encodings if before is None else before
        return np.concatenate([old, mirrored])


def _one_worker(cache: Path | None) -> Crew:
    """Give a worker that stays: it keeps a live check in mind, picture by picture."""
    # The reference engine would give the same encodings, thirty times as slowly.
    return Crew(Setup(engine="onnx", cache=cache or cache_folder()), workers=1, tasks=0)


def _references(
    crew: Crew,
    photos: Sequence[Path],
    on_references: Callable[[Sequence[ReferenceVerdict]], None],
) -> list[ReferenceSeen]:
    seen = [_seen(crew, path) for path in photos]
    verdicts = identity.check(seen)
    on_references(verdicts)
    bad = [verdict for verdict in verdicts if verdict.problem is not None]
    if bad:
        names = ", ".join(f"{verdict.name} ({verdict.problem})" for verdict in bad)
        raise UsageError(f"Not usable as a reference: {names}.", hint=bad[0].hint)
    return seen


def _seen(crew: Crew, path: Path) -> ReferenceSeen:
    try:
        seen = crew.call(witness.look_at_reference, path)
    except WorkerDied as error:
        raise SourceError(
            f"The photo {path} cannot be read: its decoder crashed.", hint="take another photo"
        ) from error
    if isinstance(seen, Skipped):
        sentence = f"The photo {path} cannot be read: {why(seen)}."
        raise SourceError(sentence, hint="take another photo")
    return seen


def _encodings(seen: Sequence[ReferenceSeen]) -> NDArray[np.float32]:
    import numpy as np

    return np.stack([one.faces[0].encoding for one in seen]).astype(np.float32)


def _mirrored(seen: Sequence[ReferenceSeen]) -> NDArray[np.float32]:
    import numpy as np

    return np.stack([one.faces[0].mirrored for one in seen]).astype(np.float32)


def _write(
    home: Home,
    keys: identity.KeyStore,
    before: _Before,
    profile: Profile,
    acceptance: identity.Acceptance,
) -> Enrolled:
    unlocked = before.unlocked
    _still(home, before.generation)
    if before.profile is None:
        keys.put(unlocked.profile_id, unlocked.key)
    try:
        _still(home, before.generation)  # asking for a passphrase takes its time, too
        identity.save(home.profile, profile, unlocked.key)
    except SelfcheckError:
        # A key without its profile would lie in the key store for ever.
        if before.profile is None:
            keys.delete(unlocked.profile_id)
        raise
    scope = "references" if before.profile is not None else "a new profile"
    return Enrolled(
        references=profile.references,
        verification=_record(home, unlocked, acceptance, What.ENROLL, scope),
        rescan=before.profile is not None,
    )


def _generation(home: Home) -> str | None:
    return identity.generation(home.profile) if home.profile.exists() else None


def _still(home: Home, generation: str | None) -> None:
    """Refuse a check that was held against another profile than the one there is now.

    It takes minutes, and meanwhile another process may have enrolled somebody.
    """
    if _generation(home) != generation:
        raise ProfileError(
            "The profile was changed by another selfcheck in the meantime; nothing was written.",
            hint="run the same command again",
        )


def _record(
    home: Home, unlocked: Unlocked, acceptance: identity.Acceptance, what: What, *scope: str
) -> Verification:
    held = identity.record(
        home.verification,
        profile=home.profile,
        profile_id=unlocked.profile_id,
        key=unlocked.key,
        acceptance=acceptance,
    )
    note_passed(what, scope, home=home, unlocked=unlocked, held=held)
    return held
