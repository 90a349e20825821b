"""A live check: frames from a page to a worker, and what to show back to the page.

The parent's side. It holds no pixels: frames pass through as the bytes that came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from selfcheck import identity
from selfcheck.errors import SourceError, VerificationFailed
from selfcheck.flows import live_witness
from selfcheck.flows.crew import Crew, WorkerDied
from selfcheck.identity import Acceptance, Cue, Phase, Shot, Trouble

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SECONDS_A_FRAME = 30.0
_TO_FIND_A_PLACE = 300.0  # seconds


class Viewfinder(Protocol):
    """Where a person sees what to do, and a camera sees them."""

    def show(self, cue: Cue) -> None:
        """Show what to do now."""

    def frames(self) -> Iterator[Shot]:
        """Give the camera's frames as they come; raise VerificationFailed when no more will."""


# Opens the viewfinder when everything else is in order, and closes it in the end.
OpenViewfinder = Callable[[], AbstractContextManager[Viewfinder]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCheck:
    """How to check live: where, whether with colours, and which kind of step is left out."""

    viewfinder: OpenViewfinder
    light: bool = True
    without: identity.Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Against:
    """Whom a check is held against, and who looks. begun: told once somebody is in place."""

    crew: Crew
    references: NDArray[np.float32] = field(repr=False)
    clock: Callable[[], datetime]
    begun: Callable[[], None]


def check_live(live: LiveCheck, against: Against) -> Acceptance:
    """Lead somebody through a live check and judge it; the answer may be no.

    Raises VerificationFailed where the viewfinder gives no more pictures before it is done.
    """
    challenge = identity.draw(now=against.clock(), without=live.without)
    try:
        # The worker is made ready first: nobody should sit before a page that does not answer.
        cue = against.crew.call(live_witness.begin, challenge, against.references, live.light)
        with live.viewfinder() as page:
            page.show(cue)
            return _led(page, cue, against)
    except WorkerDied as error:
        raise SourceError(
            "The camera's pictures cannot be looked at: the program that does it crashed.",
            hint="run the same command again",
        ) from error


def _led(page: Viewfinder, cue: Cue, against: Against) -> Acceptance:
    crew = against.crew
    for shot in page.frames():
        before = cue
        cue = crew.call(live_witness.look, shot.data, shot.seconds, seconds=SECONDS_A_FRAME)
        page.show(cue)
        if before.phase is Phase.PLACE is not cue.phase:
            against.begun()
        if cue.phase is Phase.PLACE and shot.seconds > _TO_FIND_A_PLACE:
            raise VerificationFailed(
                f"Nobody found their place in five minutes: {cue.trouble or Trouble.NO_FACE}",
                hint="run the same command again",
            )
        if cue.phase is Phase.JUDGING:
            break
    else:
        raise VerificationFailed(
            "The camera gave no more pictures before the check was done.",
            hint="run the same command again",
        )
    acceptance = crew.call(live_witness.end, against.clock())
    page.show(_last(cue, acceptance))
    return acceptance


def _last(cue: Cue, acceptance: Acceptance) -> Cue:
    verdict = acceptance.verdict
    if verdict.passed:
        return replace(cue, phase=Phase.PASSED, number=cue.number + 1)
    return replace(
        cue,
        phase=Phase.REFUSED,
        number=cue.number + 1,
        reason=verdict.reason or "",
        hint=verdict.hint,
    )
