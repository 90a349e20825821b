"""The profile: the owner's encodings and what was agreed, encrypted in one small file.

Owns the file. Encodings leave it only as arrays in memory for the matcher; nothing exports them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from selfcheck.errors import ProfileError
from selfcheck.identity import sealed
from selfcheck.privacy.files import write_atomically

# More references than this are refused: each is 128 numbers, and eight are as good as twenty.
MOST_REFERENCES = 20
_LENGTH = 128
_PURPOSE = "profile"
_LARGEST_FILE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the owner agreed to, by their own word: which text, when, and that they are an adult."""

    text: str  # version of the consent text that was shown
    given: datetime
    adult: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """One person, enrolled. Its repr holds no numbers of the face.

    encodings: (k, 128) float32, one row a reference. mirrored: the same of their mirror images;
    profiles made before 2026-11-22 have none. photos: SHA-256 of each reference, to know it
    again; the photos themselves are not kept. engine: signature of the networks that made it.
    """

    profile_id: str
    created: datetime
    engine: str
    consent: Consent
    photos: tuple[str, ...]
    encodings: NDArray[np.float32] = field(repr=False)
    mirrored: NDArray[np.float32] | None = field(default=None, repr=False)

    @property
    def references(self) -> int:
        """Give the number of references."""
        return len(self.encodings)

    @property
    def both(self) -> NDArray[np.float32]:
        """Give what a scan compares with (k, 128): the mean of each face and its mirror image."""
        other = self.encodings if self.mirrored is None else self.mirrored
        return ((self.encodings + other) / 2).astype(np.float32)

    def __post_init__(self) -> None:
        """Refuse what is no profile."""
        rows = self.encodings
        mirrored = rows if self.mirrored is None else self.mirrored
        whole = _is_table(rows) and _is_table(mirrored) and len(mirrored) == len(rows)
        if not whole or not 1 <= len(rows) <= MOST_REFERENCES or len(self.photos) != len(rows):
            raise ProfileError(
                "This is not a profile: the number of references does not fit.",
                hint=f"enroll with 3 to {MOST_REFERENCES} photos",
            )


def _is_table(rows: NDArray[np.float32]) -> bool:
    return rows.ndim == 2 and rows.shape[1] == _LENGTH and bool(np.isfinite(rows).all())  # noqa: PLR2004 -- a table


def new_id() -> str:
    """Draw a profile id: 32 random hex digits that say nothing about anybody."""
    return secrets.token_hex(16)


def new_key() -> bytes:
    """Draw a key for one profile: 32 random bytes."""
    return secrets.token_bytes(sealed.KEY_BYTES)


def save(path: Path, profile: Profile, key: bytes) -> None:
    """Encrypt a profile and write it as a whole, readable by the owner only."""
    plain = json.dumps(_as_json(profile)).encode()
    write_atomically(path, sealed.seal(key, plain, _PURPOSE, subject=profile.profile_id))


def load(path: Path, key: bytes) -> Profile:
    """Read and decrypt the profile; raise ProfileError if it is missing, changed or damaged."""
    data = _bytes(path)
    profile = _from_json(sealed.unseal(key, data, _PURPOSE))
    if profile.profile_id != sealed.read_header(data).subject:
        raise _damaged()
    return profile


def profile_id(path: Path) -> str:
    """Read the id that names the profile's key; only opening the file proves it."""
    return sealed.read_header(_bytes(path)).subject


def generation(path: Path) -> str:
    """Name exactly this profile file: SHA-256 of its bytes, another after every `save`."""
    return hashlib.sha256(_bytes(path)).hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        # A link could lead to somebody else's profile.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise ProfileError(
            "There is no profile yet.",
            hint="selfcheck enroll PHOTO... with three or more photos of yourself",
        ) from None
    except OSError as error:
        raise ProfileError(
            f"The profile {path} cannot be read: {error.strerror or error}.",
            hint="check who owns the file and that it is no link",
        ) from error
    if len(data) > _LARGEST_FILE:
        raise _damaged()
    return data


def _as_json(profile: Profile) -> dict[str, Any]:
    mirrored = {} if profile.mirrored is None else {"mirrored": _packed(profile.mirrored)}
    return {
        "profile_id": profile.profile_id,
        "created": profile.created.astimezone(UTC).isoformat(),
        "engine": profile.engine,
        "consent": {
            "text": profile.consent.text,
            "given": profile.consent.given.astimezone(UTC).isoformat(),
            "adult": profile.consent.adult,
        },
        "photos": list(profile.photos),
        "encodings": _packed(profile.encodings),
        **mirrored,
    }


def _packed(rows: NDArray[np.float32]) -> str:
    return base64.b64encode(np.ascontiguousarray(rows, "<f4").tobytes()).decode()


def _unpacked(text: str) -> NDArray[np.float32]:
    rows = np.frombuffer(base64.b64decode(text, validate=True), "<f4")
    return rows.reshape(-1, _LENGTH).astype(np.float32)


def _from_json(plain: bytes) -> Profile:
    try:
        stored = json.loads(plain)
        consent = stored["consent"]
        return Profile(
            profile_id=str(stored["profile_id"]),
            created=datetime.fromisoformat(stored["created"]),
            engine=str(stored["engine"]),
            consent=Consent(
                text=str(consent["text"]),
                given=datetime.fromisoformat(consent["given"]),
                adult=bool(consent["adult"]),
            ),
            photos=tuple(str(photo) for photo in stored["photos"]),
            encodings=_unpacked(stored["encodings"]),
            mirrored=_unpacked(stored["mirrored"]) if "mirrored" in stored else None,
        )
    except (ValueError, KeyError, TypeError):
        # Without its cause: the message of a decoder may quote what it was reading.
        raise _damaged() from None


def _damaged() -> ProfileError:
    return ProfileError(
        "The profile is damaged or was changed.",
        hint="selfcheck forget, then selfcheck enroll PHOTO... again",
    )
