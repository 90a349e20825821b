"""What is put on record of a check, and when: nobody gets another try for free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from selfcheck.errors import UsageError, VerificationFailed
from selfcheck.flows import live_witness
from selfcheck.flows.checking import Examiner, passed
from selfcheck.flows.crew import Crew
from selfcheck.flows.live import LiveCheck
from selfcheck.identity import (
    PASSED,
    Acceptance,
    Assurance,
    Attempt,
    Challenge,
    CodeSeries,
    Cue,
    Kind,
    Phase,
    Refusal,
    Shot,
    Trouble,
    Verdict,
    history,
    note,
)
from selfcheck.model import quiet
from selfcheck.privacy.paths import Home

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
PLACE, REST = Cue(phase=Phase.PLACE), Cue(phase=Phase.REST, number=1)
JUDGING = Cue(phase=Phase.JUDGING, number=2)


@dataclass
class Told:
    """A crew of nobody: says what a worker would say, picture by picture."""

    cues: Iterable[Cue | BaseException]
    verdict: Verdict = field(default_factory=Verdict)
    home: Home | None = None
    before_judging: list[Attempt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cues = iter(self.cues)

    def call(self, function: object, *_arguments: object, seconds: float = 0) -> Any:  # noqa: ANN401
        if function is live_witness.begin:
            return PLACE
        if function is live_witness.end:
            if self.home is not None:
                self.before_judging += history(self.home.attempts)
            return Acceptance(verdict=self.verdict, assurance=Assurance.CAMERA_NO_LIGHT, at=NOW)
        said = next(self._cues)
        if isinstance(said, BaseException):
            raise said
        return said


@dataclass
class Finder:
    """A viewfinder that gives empty pictures."""

    apart: float = 0.1
    shown: list[Cue] = field(default_factory=list)

    def show(self, cue: Cue) -> None:
        self.shown.append(cue)

    def frames(self) -> Iterator[Shot]:
        for number in range(100):
            yield Shot(data=b"", seconds=number * self.apart, cue=0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(root=tmp_path / "home")
    found.prepare()
    return found


def live(finder: Finder | None = None, **how: Any) -> LiveCheck:  # noqa: ANN401
    @contextmanager
    def page() -> Iterator[Finder]:
        yield finder or Finder()

    return LiveCheck(viewfinder=page, **how)


def checked(check: Any, home: Home, told: Told) -> Acceptance:  # noqa: ANN401
    examiner = Examiner(
        home=home,
        command="verify",
        crew=cast("Crew", told),
        references=np.zeros((1, 128), np.float32),
        films=(),
        clock=lambda: NOW,
        on_event=quiet,
    )
    return passed(check, examiner)


def failed(minutes: float = 0) -> Attempt:
    return Attempt(
        at=NOW - timedelta(minutes=minutes),
        command="verify",
        how="camera",
        outcome="no",
        account="ada",
        machine="desk",
    )


def outcomes(home: Home) -> list[str]:
    return [one.outcome for one in history(home.attempts)]


def test_nobody_who_never_found_their_place_is_on_record(home: Home) -> None:
    with pytest.raises(KeyboardInterrupt):
        checked(live(), home, Told([PLACE, PLACE, KeyboardInterrupt()]))
    assert outcomes(home) == []


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit(), VerificationFailed("gone")])
def test_a_check_that_is_broken_off_is_a_failure(home: Home, end: BaseException) -> None:
    with pytest.raises(type(end)):
        checked(live(), home, Told([PLACE, REST, end]))
    assert outcomes(home) == ["it was stopped before its end"]


def test_it_is_one_from_its_beginning_so_that_killing_it_wins_nothing(home: Home) -> None:
    told = Told([PLACE, REST, JUDGING], home=home)
    checked(live(), home, told)
    assert [one.outcome for one in told.before_judging] == ["it was stopped before its end"]
    assert outcomes(home) == [PASSED]


def test_failures_of_others_that_came_meanwhile_count(home: Home) -> None:
    def cues() -> Iterator[Cue]:
        yield PLACE
        for _ in range(3):
            note(home.attempts, failed())
        yield REST

    with pytest.raises(VerificationFailed, match="pause"):
        checked(live(), home, Told(cues()))
    assert len(outcomes(home)) == 3


def test_a_pause_is_said_before_any_page_opens(home: Home) -> None:
    for minutes in (2, 1, 0):
        note(home.attempts, failed(minutes))
    finder = Finder()
    with pytest.raises(VerificationFailed, match="pause"):
        checked(live(finder), home, Told([PLACE]))
    assert finder.shown == []


@pytest.mark.parametrize(
    ("how", "named"),
    [
        ({}, "camera"),
        ({"light": False}, "camera without light test"),
        ({"without": Kind.TURN}, "camera, without turn"),
    ],
)
def test_a_refused_check_is_named_by_what_it_would_have_been(
    home: Home, how: dict[str, Any], named: str
) -> None:
    refused = Verdict(refusal=Refusal.LIGHT_SCREEN)
    with pytest.raises(VerificationFailed):
        checked(live(**how), home, Told([REST, JUDGING], refused))
    (only,) = history(home.attempts)
    assert (only.how, only.outcome) == (named, Refusal.LIGHT_SCREEN.value)


def test_a_passed_check_is_named_by_what_it_was(home: Home) -> None:
    checked(live(), home, Told([REST, JUDGING]))
    assert history(home.attempts)[0].how == "camera without light test"


def test_whoever_finds_no_place_in_five_minutes_is_told_why(home: Home) -> None:
    dark = Cue(phase=Phase.PLACE, trouble=Trouble.TOO_DARK)
    with pytest.raises(VerificationFailed, match="too dark"):
        checked(live(Finder(apart=4)), home, Told([dark] * 100))
    assert outcomes(home) == []


def test_a_film_that_was_asked_for_and_never_came_is_a_failure(home: Home) -> None:
    def never(_challenge: Challenge, codes: CodeSeries) -> Path:
        codes.show()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checked(never, home, Told([]))
    assert outcomes(home) == ["it was stopped before its end"]


def test_a_film_that_could_not_be_asked_for_is_none(home: Home) -> None:
    def nowhere(_challenge: Challenge, _codes: CodeSeries) -> Path:
        raise UsageError("there is no terminal")

    with pytest.raises(UsageError):
        checked(nowhere, home, Told([]))
    assert outcomes(home) == []
