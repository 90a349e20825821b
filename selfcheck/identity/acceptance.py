"""Acceptance of a film: is it this challenge's, in time, new, and of the person enrolled.

Owns the rules of time and of identity. What the codes say is `codes`, the way from screen to face
`opening`, that somebody living did the steps `liveness`; the record and the gate `verification`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from selfcheck.errors import VerificationFailed
from selfcheck.identity.assurance import Assurance
from selfcheck.identity.challenge import Challenge, Kind
from selfcheck.identity.codes import Placed, Shown
from selfcheck.identity.comparison import distances, mean
from selfcheck.identity.frames import FrameSeen
from selfcheck.identity.liveness import Demands, Verdict, observe
from selfcheck.identity.opening import Begun, Opening, begin
from selfcheck.identity.pose import Array
from selfcheck.identity.refusal import Refusal
from selfcheck.identity.thresholds import EACH_REFERENCE, verification_limit

TO_FILM = timedelta(minutes=5)
TO_HAND_OVER = timedelta(minutes=20)
# By which a film may seem to end after it was handed over: its start is known to half a second.
_HAIR = timedelta(seconds=1)
# A phone and a computer whose clocks are set by network differ by seconds, clocks set by the
# mobile network or by hand by up to a minute. Past that a film is refused: a recording of
# another day, which this is to catch, is off by far more.
CLOCKS_APART = timedelta(minutes=1)
# Containers of cameras whose clock was never set carry 1904 or 1970: that is no time.
_CLOCK_UNSET = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What is known of a film's file: its SHA-256, and its own creation time (aware) if any.

    A container carries the moment the recording began or ended; both must lie in the five
    minutes.
    """

    sha256: str
    created: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The answer to a film or a live check: `verification.record` takes nothing else.

    film: its SHA-256, None for a live camera. at: when it was handed over. without: the kind of
    step that was left out.
    """

    verdict: Verdict
    assurance: Assurance
    at: datetime
    film: str | None = None
    without: Kind | None = None
    measures: Mapping[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Say whether the check was passed."""
        return self.verdict.passed

    def demand(self) -> None:
        """Raise VerificationFailed unless the check was passed."""
        if self.verdict.reason is not None:
            sentence = f"Not verified: {self.verdict.reason}."
            raise VerificationFailed(sentence, hint=self.verdict.hint)


def accept(
    film: Film,
    opening: Opening,
    frames: Sequence[FrameSeen],
    *,
    challenge: Challenge,
    codes: Sequence[Shown],
    references: NDArray[np.float32],
    now: datetime,
    seen_before: Collection[str] = (),
    demands: Demands | None = None,
) -> Acceptance:
    """Judge a film that is handed over now as the answer to a challenge.

    opening: its codes and changes, frames: its faces, both in seconds since the film's start.
    codes: what this computer showed. references: (k, 128), the enrolled encodings. seen_before:
    SHA-256 of films accepted so far. Rules of time come first, then the codes, then the way to
    the face, then what the face does, then whose it is.
    """
    begun: Begun | Refusal = in_time(
        film, challenge=challenge, now=now, seen_before=seen_before
    ) or begin(opening, frames, codes)
    if isinstance(begun, Begun):
        begun = _made_in_time(begun.placed, frames[-1].seconds, challenge, now) or begun
    if isinstance(begun, Refusal):
        verdict = Verdict(refusal=begun)
    else:
        verdict = _verdict(begun, challenge, references, demands)
    return Acceptance(
        verdict=verdict,
        assurance=Assurance.FILMED,
        at=now,
        film=film.sha256,
        without=challenge.without,
        measures=verdict.measures,
    )


def _verdict(
    begun: Begun,
    challenge: Challenge,
    references: NDArray[np.float32],
    demands: Demands | None,
) -> Verdict:
    """Judge what the face does, and whose it is."""
    live = observe(begun.frames, challenge, demands)
    figures = {**begun.measures, **live.verdict.measures}
    if live.encoding is None:
        return replace(live.verdict, measures=figures)
    found = same_person(live.encoding, references)
    return replace(live.verdict, refusal=found.refusal, measures={**figures, **found.measures})


def _made_in_time(
    placed: Placed, lasting: float, challenge: Challenge, now: datetime
) -> Refusal | None:
    """Hold a film's time, as its codes tell it, against the challenge and the hand-over."""
    ended = placed.begun + timedelta(seconds=lasting)
    if ended > now + _HAIR:
        return Refusal.CODES_OUT_OF_TIME
    return Refusal.CODES_TOO_LATE if ended > challenge.issued + TO_FILM + _HAIR else None


def in_time(
    film: Film, *, challenge: Challenge, now: datetime, seen_before: Collection[str] = ()
) -> Refusal | None:
    """Check the rules of time, which need nothing of the film's pictures; None if all hold."""
    if film.sha256 in seen_before:
        return Refusal.SEEN_BEFORE
    if now < challenge.issued:
        return Refusal.BEFORE_CHALLENGE
    if now > challenge.issued + TO_HAND_OVER:
        return Refusal.TOO_LATE
    made = film.created
    if made is None or made.year < _CLOCK_UNSET:
        return None
    earliest, latest = challenge.issued - CLOCKS_APART, challenge.issued + TO_FILM + CLOCKS_APART
    return None if earliest <= made <= latest else Refusal.OTHER_TIME


def same_person(live: Array, references: NDArray[np.float32]) -> Verdict:
    """Compare the mean of the live frames (128,) with the references (k, 128).

    With their mean, and with each on its own, so that one stranger's photo among the references
    does not ride along.
    """
    together = float(distances(live[None], mean(references))[0])
    each = distances(references, live)
    measures = {"distance": together, "farthest reference": float(each.max())}
    refusal = None
    # Written so that a distance that is no number is nobody's.
    if not together <= verification_limit(len(references)):
        refusal = Refusal.OTHER_PERSON
    elif not float(each.max()) <= EACH_REFERENCE:
        refusal = Refusal.OTHER_REFERENCE
    return Verdict(refusal=refusal, measures=measures)
