"""The self-only gate: challenge, liveness, profile, verification, comparison.

Owns who may scan and whose face it is. Sees landmarks and encodings, never pixels; no encoding
is shown, logged or exported.
"""

from selfcheck.identity.acceptance import Acceptance, Film, accept, in_time, same_person
from selfcheck.identity.assurance import Assurance
from selfcheck.identity.challenge import BEFORE, Challenge, Step, draw, words
from selfcheck.identity.comparison import SCORE, Best, Matcher
from selfcheck.identity.frames import FaceSeen, FrameSeen
from selfcheck.identity.keys import (
    KeyStore,
    MemoryKeys,
    PassphraseKeys,
    SystemKeys,
    choose_keys,
    key_file,
    trusted_backend,
)
from selfcheck.identity.liveness import Demands, Verdict, watch
from selfcheck.identity.profile import (
    MOST_REFERENCES,
    Consent,
    Profile,
    generation,
    load,
    new_id,
    new_key,
    profile_id,
    save,
)
from selfcheck.identity.references import (
    Problem,
    ReferenceFace,
    ReferenceSeen,
    ReferenceVerdict,
    advice,
    check,
)
from selfcheck.identity.refusal import Refusal
from selfcheck.identity.sealed import seal, unseal
from selfcheck.identity.thresholds import Limits, expected, limits, verification_limit
from selfcheck.identity.verification import (
    HOLDS,
    UNLOCKS,
    Scope,
    Verification,
    accepted_films,
    last,
    not_verified,
    record,
    require,
)

__all__ = [
    "BEFORE",
    "HOLDS",
    "MOST_REFERENCES",
    "SCORE",
    "UNLOCKS",
    "Acceptance",
    "Assurance",
    "Best",
    "Challenge",
    "Consent",
    "Demands",
    "FaceSeen",
    "Film",
    "FrameSeen",
    "KeyStore",
    "Limits",
    "Matcher",
    "MemoryKeys",
    "PassphraseKeys",
    "Problem",
    "Profile",
    "ReferenceFace",
    "ReferenceSeen",
    "ReferenceVerdict",
    "Refusal",
    "Scope",
    "Step",
    "SystemKeys",
    "Verdict",
    "Verification",
    "accept",
    "accepted_films",
    "advice",
    "check",
    "choose_keys",
    "draw",
    "expected",
    "generation",
    "in_time",
    "key_file",
    "last",
    "limits",
    "load",
    "new_id",
    "new_key",
    "not_verified",
    "profile_id",
    "record",
    "require",
    "same_person",
    "save",
    "seal",
    "trusted_backend",
    "unseal",
    "verification_limit",
    "watch",
    "words",
]
