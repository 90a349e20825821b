from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from identity.actors import CHALLENGE, NOW, STEPS, Actor
from identity.screens import BEGUN, whole
from numpy.typing import NDArray

from selfcheck.errors import VerificationFailed
from selfcheck.identity import (
    Acceptance,
    Assurance,
    Film,
    FrameSeen,
    Opening,
    Refusal,
    accept,
    in_time,
    same_person,
)

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
FILM = Film(sha256="f" * 64)


@pytest.fixture
def owner() -> Actor:
    return Actor(seed=1)


def judged(
    frames: Sequence[FrameSeen],
    references: NDArray[np.float32],
    *,
    now: datetime = NOW,
    begun: datetime = BEGUN,
    seen_before: Collection[str] = (),
) -> Acceptance:
    """Judge a film that shows this after its codes and the way to the face."""
    film = whole(frames, begun)
    return accept(
        FILM,
        film.opening,
        film.frames,
        challenge=CHALLENGE,
        codes=film.codes,
        references=references,
        now=now,
        seen_before=seen_before,
    )


def test_a_film_handed_over_too_late_is_refused(owner: Actor) -> None:
    late = CHALLENGE.issued + 20 * MINUTE + SECOND
    answer = judged(owner.film(), owner.references(), now=late)
    assert answer.verdict.refusal is Refusal.TOO_LATE


def test_a_film_handed_over_at_the_last_moment_passes(owner: Actor) -> None:
    just = CHALLENGE.issued + 20 * MINUTE
    assert judged(owner.film(), owner.references(), now=just).passed


def test_a_clock_that_was_moved_back_since_the_challenge_is_refused(owner: Actor) -> None:
    early = CHALLENGE.issued - SECOND
    answer = judged(owner.film(), owner.references(), now=early)
    assert answer.verdict.refusal is Refusal.BEFORE_CHALLENGE


def test_a_film_given_twice_is_refused(owner: Actor) -> None:
    answer = judged(owner.film(), owner.references(), seen_before=["0" * 64, FILM.sha256])
    assert answer.verdict.refusal is Refusal.SEEN_BEFORE


@pytest.mark.parametrize("off", [-timedelta(days=1), -61 * SECOND, 361 * SECOND])
def test_a_film_made_at_another_time_is_refused(off: timedelta) -> None:
    film = Film(sha256="f" * 64, created=CHALLENGE.issued + off)
    found = in_time(film, challenge=CHALLENGE, now=NOW)
    assert found is Refusal.OTHER_TIME


@pytest.mark.parametrize("off", [-60 * SECOND, 0 * SECOND, 150 * SECOND, 360 * SECOND])
def test_a_film_made_within_the_five_minutes_and_a_minute_of_clocks_is_in_time(
    off: timedelta,
) -> None:
    film = Film(sha256="f" * 64, created=CHALLENGE.issued + off)
    assert in_time(film, challenge=CHALLENGE, now=NOW + 5 * MINUTE) is None


def test_the_time_of_a_film_counts_in_any_zone() -> None:
    zone = timezone(timedelta(hours=9))
    film = Film(sha256="f" * 64, created=(CHALLENGE.issued + MINUTE).astimezone(zone))
    assert in_time(film, challenge=CHALLENGE, now=NOW) is None


@pytest.mark.parametrize("year", [1904, 1970])
def test_a_camera_whose_clock_was_never_set_has_no_time(year: int) -> None:
    film = Film(sha256="f" * 64, created=datetime(year, 1, 1, tzinfo=UTC))
    assert in_time(film, challenge=CHALLENGE, now=NOW) is None


def test_the_rules_of_time_come_before_the_film(owner: Actor) -> None:
    late = NOW + timedelta(hours=1)
    assert judged((), owner.references(), now=late).verdict.refusal is Refusal.TOO_LATE


def test_a_film_without_the_codes_is_refused_before_anybody_is_looked_at(owner: Actor) -> None:
    answer = accept(
        FILM,
        Opening(),
        owner.film(),
        challenge=CHALLENGE,
        codes=whole(()).codes,
        references=owner.references(),
        now=NOW,
    )
    assert answer.verdict.refusal is Refusal.NO_CODES
    assert answer.measures == {}


def test_a_film_that_by_its_codes_was_made_too_late_is_refused(owner: Actor) -> None:
    begun, now = CHALLENGE.issued + 4 * MINUTE + 50 * SECOND, CHALLENGE.issued + 10 * MINUTE
    answer = judged(owner.film(), owner.references(), now=now, begun=begun)
    assert answer.verdict.refusal is Refusal.CODES_TOO_LATE


def test_a_film_that_by_its_codes_would_end_after_it_was_handed_over_is_refused(
    owner: Actor,
) -> None:
    answer = judged(owner.film(), owner.references(), now=BEGUN + 15 * SECOND)
    assert answer.verdict.refusal is Refusal.CODES_OUT_OF_TIME


def test_a_film_handed_over_as_soon_as_it_ended_passes(owner: Actor) -> None:
    film = owner.film()
    ended = BEGUN + timedelta(seconds=whole(film).frames[-1].seconds)
    assert judged(film, owner.references(), now=ended).passed


def test_a_film_of_the_wrong_steps_is_refused(owner: Actor) -> None:
    film = owner.film(STEPS[::-1])
    assert not judged(film, owner.references()).passed


def test_a_film_of_another_person_is_refused(owner: Actor) -> None:
    for seed in range(2, 12):
        answer = judged(Actor(seed=seed).film(), owner.references())
        assert answer.verdict.refusal is Refusal.OTHER_PERSON
        assert answer.measures["distance"] > 0.6


def test_a_strangers_photo_among_the_references_does_not_ride_along(owner: Actor) -> None:
    mixed = np.concatenate([owner.references(5), Actor(seed=2).references(1)])
    answer = judged(owner.film(), mixed)
    assert answer.verdict.refusal is Refusal.OTHER_REFERENCE


def test_live_encodings_that_are_no_numbers_are_nobody(owner: Actor) -> None:
    assert not same_person(np.full(128, np.nan), owner.references()).passed


def test_a_refused_film_ends_with_exit_code_4_and_a_hint(owner: Actor) -> None:
    answer = judged(owner.film()[:60], owner.references())
    with pytest.raises(VerificationFailed) as caught:
        answer.demand()
    assert caught.value.exit_code == 4
    assert "ends before the last step" in caught.value.sentence
    assert caught.value.hint


def test_the_owner_is_accepted(owner: Actor) -> None:
    answer = judged(owner.film(), owner.references())
    answer.demand()
    assert answer.passed
    assert answer.assurance is Assurance.FILMED
    assert answer.film == FILM.sha256
    assert answer.at == NOW
    assert answer.measures["distance"] < 0.3
    assert answer.measures["codes"] == 4


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_the_owner_is_accepted_with_any_number_of_references(owner: Actor, count: int) -> None:
    assert judged(owner.film(), owner.references(count)).passed


def test_an_acceptance_shows_no_encoding(owner: Actor) -> None:
    answer = judged(owner.film(), owner.references())
    assert "array" not in repr(answer)
    assert all(isinstance(value, float) for value in answer.measures.values())
