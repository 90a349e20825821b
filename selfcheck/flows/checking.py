"""The check of the person: before a camera or by a film, after the pause that failures cause.

Owns what is on record of it. What is looked at is `live`'s and `witness`'s; what it takes to pass
is the identity room's.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from selfcheck import identity
from selfcheck.errors import SourceError
from selfcheck.flows import witness
from selfcheck.flows.crew import Crew, WorkerDied
from selfcheck.flows.history import account
from selfcheck.flows.live import Against, LiveCheck, check_live
from selfcheck.identity import Acceptance, Attempt, Challenge, CodeSeries
from selfcheck.model import Event, OnEvent, Skipped, Stage
from selfcheck.privacy.paths import Home

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Asks for the film of a challenge, shows the codes that it begins with, and gives its path; called
# when everything else is in order.
AskFilm: TypeAlias = Callable[[Challenge, CodeSeries], Path]
Check: TypeAlias = LiveCheck | AskFilm

_STOPPED = "it was stopped before its end"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examiner:
    """Who checks, for which command, against whom, and where it is put on record.

    references: (k, 128). films: SHA-256 of films accepted before.
    """

    home: Home
    command: str
    crew: Crew
    references: NDArray[np.float32] = field(repr=False)
    films: tuple[str, ...]
    clock: Callable[[], datetime]
    on_event: OnEvent


def passed(check: Check, examiner: Examiner) -> Acceptance:
    """Check the person, and give the answer where it is yes; whatever it is, it is on record.

    Raises VerificationFailed where it is no, or while a pause lasts. A check counts as not passed
    from the moment it has begun until its answer is there: whoever ends it, by whatever means,
    has failed.
    """
    record = _Record(examiner=examiner, how=_how(check))
    record.demand_no_pause()
    if isinstance(check, LiveCheck):
        answer = _live(check, examiner, begun=record.begin)
    else:
        answer = _filmed(check, examiner, begun=record.begin)
    record.end(answer)
    answer.demand()
    return answer


def _how(check: Check) -> str:
    """Name a check that has no answer yet, as what it would be."""
    if not isinstance(check, LiveCheck):
        return str(identity.Assurance.FILMED)
    lit = identity.Assurance.CAMERA if check.light else identity.Assurance.CAMERA_NO_LIGHT
    return identity.described(lit, check.without)


@dataclass(slots=True)
class _Record:
    """One check's line in the record."""

    examiner: Examiner
    how: str
    _noted: Attempt | None = None

    def demand_no_pause(self) -> None:
        identity.demand_no_pause(self.examiner.home.attempts, self.examiner.clock())

    def begin(self) -> None:
        """Count it as a failure until it has ended; others may have failed since it was asked."""
        self.demand_no_pause()
        self._note(self.how, _STOPPED)

    def end(self, answer: Acceptance) -> None:
        how = identity.described(answer.assurance, answer.without) if answer.passed else self.how
        self._note(how, answer.verdict.reason or identity.PASSED)

    def _note(self, how: str, outcome: str) -> None:
        examiner = self.examiner
        attempt = Attempt(
            at=examiner.clock(),
            command=examiner.command,
            how=how,
            outcome=outcome,
            account=account(),
            machine=platform.node(),
        )
        identity.note(examiner.home.attempts, attempt, instead=self._noted)
        self._noted = attempt


def _live(check: LiveCheck, examiner: Examiner, *, begun: Callable[[], None]) -> Acceptance:
    against = Against(
        crew=examiner.crew, references=examiner.references, clock=examiner.clock, begun=begun
    )
    return check_live(check, against)


def _filmed(ask: AskFilm, examiner: Examiner, *, begun: Callable[[], None]) -> Acceptance:
    """Give a challenge, wait for its film, and have a worker watch it, as handed over now."""
    challenge = identity.draw(now=examiner.clock())
    codes = CodeSeries(examiner.clock)
    try:
        path = ask(challenge, codes)
    finally:
        if codes.shown:  # and the steps with them
            begun()
    examiner.on_event(Event(stage=Stage.FILM, done=0))
    asked = witness.Asked(
        challenge=challenge,
        codes=codes.shown,
        references=examiner.references,
        now=examiner.clock(),
        seen_before=examiner.films,
    )
    try:
        answer = examiner.crew.call(witness.watch_film, path, asked)
    except WorkerDied as error:
        raise SourceError(
            f"The film {path} cannot be watched: its decoder crashed.", hint="film it again"
        ) from error
    if isinstance(answer, Skipped):
        raise SourceError(
            f"The film {path} cannot be watched: {why(answer)}.",
            hint="film it again, and hand over the file as the camera made it",
        )
    return answer


def why(skipped: Skipped) -> str:
    """Word why a file could not be looked at."""
    return f"{skipped.reason} ({skipped.detail})" if skipped.detail else f"{skipped.reason}"
