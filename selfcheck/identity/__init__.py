"""The self-only gate: challenge, liveness, profile, verification, comparison.

Owns who may scan and whose face it is. Sees landmarks and encodings, never pixels; no encoding
is shown, logged or exported.
"""

from selfcheck.identity.acceptance import (
    TO_FILM,
    Acceptance,
    Film,
    accept,
    in_time,
    same_person,
)
from selfcheck.identity.aspects import Aspect
from selfcheck.identity.assurance import Assurance
from selfcheck.identity.attempts import PASSED, Attempt, demand_no_pause, history, note
from selfcheck.identity.challenge import BEFORE, Challenge, Kind, Step, draw, words
from selfcheck.identity.codes import (
    EVERY,
    MARK,
    CodeSeen,
    CodeSeries,
    Placed,
    Showing,
    Shown,
    place,
)
from selfcheck.identity.colour import Colour
from selfcheck.identity.comparison import SCORE, Best, Matcher
from selfcheck.identity.cue import Cue, Phase, Shot, Trouble
from selfcheck.identity.director import Director, Script
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
from selfcheck.identity.live import Session, accept_live
from selfcheck.identity.liveness import Demands, Verdict, watch
from selfcheck.identity.opening import Change, Opening, Way
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
    described,
    last,
    not_verified,
    record,
    require,
)

__all__ = [
    "BEFORE",
    "EVERY",
    "HOLDS",
    "MARK",
    "MOST_REFERENCES",
    "PASSED",
    "SCORE",
    "TO_FILM",
    "UNLOCKS",
    "Acceptance",
    "Aspect",
    "Assurance",
    "Attempt",
    "Best",
    "Challenge",
    "Change",
    "CodeSeen",
    "CodeSeries",
    "Colour",
    "Consent",
    "Cue",
    "Demands",
    "Director",
    "FaceSeen",
    "Film",
    "FrameSeen",
    "KeyStore",
    "Kind",
    "Limits",
    "Matcher",
    "MemoryKeys",
    "Opening",
    "PassphraseKeys",
    "Phase",
    "Placed",
    "Problem",
    "Profile",
    "ReferenceFace",
    "ReferenceSeen",
    "ReferenceVerdict",
    "Refusal",
    "Scope",
    "Script",
    "Session",
    "Shot",
    "Showing",
    "Shown",
    "Step",
    "SystemKeys",
    "Trouble",
    "Verdict",
    "Verification",
    "Way",
    "accept",
    "accept_live",
    "accepted_films",
    "advice",
    "check",
    "choose_keys",
    "demand_no_pause",
    "described",
    "draw",
    "expected",
    "generation",
    "history",
    "in_time",
    "key_file",
    "last",
    "limits",
    "load",
    "new_id",
    "new_key",
    "not_verified",
    "note",
    "place",
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
