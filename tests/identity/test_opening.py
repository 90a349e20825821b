"""The way from the screen to the face: cuts, and where the face begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from identity.actors import Actor
from identity.screens import ON_SCREEN, WAY, Whole, changes, series, sightings, whole

from selfcheck.demo.person import View
from selfcheck.identity import Change, FrameSeen, Opening, Refusal
from selfcheck.identity.opening import Begun, begin

FACE = ON_SCREEN + WAY


def begun(film: Whole) -> Begun | Refusal:
    return begin(film.opening, film.frames, film.codes)


def calm(seconds: float = 4.0) -> tuple[FrameSeen, ...]:
    return Actor(seed=1).shown([View()] * round(10 * seconds))


def with_changes(film: Whole, found: Sequence[Change]) -> Whole:
    return replace(film, opening=replace(film.opening, changes=tuple(found)))


def peak(film: Whole, seconds: float, amount: float, many: int = 1) -> Whole:
    """Let the film change by so much at this time, for so many pictures."""
    found = list(film.opening.changes)
    first = next(i for i, one in enumerate(found) if one.seconds >= seconds - 1e-6)
    for number in range(first, first + many):
        found[number] = replace(found[number], amount=amount)
    return with_changes(film, found)


# --- what will not do ------------------------------------------------------------------------


def test_a_film_of_nothing_is_refused_for_its_codes() -> None:
    assert begin(Opening(), (), series()) is Refusal.NO_CODES


def test_what_the_codes_say_comes_first() -> None:
    film = whole(calm())
    assert begin(film.opening, film.frames, series()) is Refusal.CODES_ELSEWHERE


def test_a_film_that_ends_with_the_codes_shows_no_face() -> None:
    film = whole(())
    assert begun(film) is Refusal.FAR_FROM_FACE
    assert begun(replace(film, frames=())) is Refusal.FAR_FROM_FACE


def test_a_face_that_is_seen_with_the_codes_only_is_none_after_them() -> None:
    film = whole(calm(2))
    early = tuple(replace(frame, seconds=frame.seconds - FACE + 1) for frame in film.frames[-20:])
    assert begun(replace(film, frames=early)) is Refusal.FAR_FROM_FACE


def test_a_face_that_comes_too_long_after_the_codes_is_refused() -> None:
    film = whole(calm())
    last = film.opening.codes[-1].seconds
    late = tuple(
        replace(frame, seconds=frame.seconds - FACE + last + 15.1) for frame in film.frames[-40:]
    )
    whole_way = with_changes(film, changes(30))
    assert begun(replace(whole_way, frames=late)) is Refusal.FAR_FROM_FACE


@pytest.mark.parametrize("seconds", [3.0, 5.5, FACE - 0.1, FACE, FACE + 1.5])
def test_a_cut_between_quiet_pictures_is_refused_from_the_codes_to_the_face(
    seconds: float,
) -> None:
    assert begun(peak(whole(calm()), seconds, 35.0 if 6 < seconds < FACE + 0.1 else 15.0)) is (
        Refusal.CUT
    )


@pytest.mark.parametrize("many", [2, 3])
def test_a_picture_or_two_that_show_both_sides_do_not_hide_a_cut(many: int) -> None:
    assert begun(peak(whole(calm()), 3.0, 14.0, many)) is Refusal.CUT


def test_a_cut_while_the_camera_turns_is_refused() -> None:
    assert begun(peak(whole(calm()), 7.5, 31.0)) is Refusal.CUT


def test_a_still_picture_and_then_a_jump_are_refused() -> None:
    film = whole(calm())
    found = [
        replace(one, amount=0.0) if 7.0 <= one.seconds < 7.5 else one
        for one in film.opening.changes
    ]
    assert begun(peak(with_changes(film, found), 7.5, 24.0)) is Refusal.CUT


def test_other_pictures_between_two_cuts_do_not_hide_them() -> None:
    for many in (2, 3, 10):
        assert begun(peak(whole(calm()), 5.0, 30.0, many)) is Refusal.CUT


def test_a_time_without_pictures_is_refused() -> None:
    film = whole(calm())
    found = [one for one in film.opening.changes if not 7.0 < one.seconds < 7.4]
    assert begun(with_changes(film, found)) is Refusal.CUT


def test_a_film_whose_pictures_were_not_looked_at_up_to_the_face_is_refused() -> None:
    film = whole(calm())
    assert begun(with_changes(film, ())) is Refusal.CUT
    assert begun(with_changes(film, changes(FACE - 1))) is Refusal.CUT


# --- what will do ----------------------------------------------------------------------------


def test_a_film_in_one_go_gives_the_frames_from_the_face_on() -> None:
    film = whole(calm())
    found = begun(film)
    assert isinstance(found, Begun)
    assert found.frames == film.frames[-40:]
    assert found.measures["codes"] == 4
    assert found.measures["seconds to the face"] == pytest.approx(2.3)


@pytest.mark.parametrize("rate", [10, 15, 24, 30])
def test_a_film_of_any_rate_is_accepted(rate: int) -> None:
    film = whole(calm())
    assert isinstance(begun(with_changes(film, changes(20, per_second=rate))), Begun)


def test_a_camera_that_starts_and_stops_to_turn_at_once_is_not_cut() -> None:
    film = whole(calm())
    found = [
        replace(one, amount=18.0) if ON_SCREEN < one.seconds < ON_SCREEN + 0.6 else one
        for one in film.opening.changes
    ]
    assert isinstance(begun(with_changes(film, found)), Begun)


def test_what_happens_before_the_codes_and_long_after_the_face_began_is_no_cut_here() -> None:
    film = whole(calm(8))
    assert isinstance(begun(peak(film, FACE + 2.2, 60.0)), Begun)
    late = replace(
        film.opening, codes=tuple(one for one in film.opening.codes if one.seconds > 0.5)
    )
    assert isinstance(begun(peak(replace(film, opening=late), 0.2, 60.0)), Begun)


def test_a_slip_of_the_finder_on_the_way_is_not_where_the_face_begins() -> None:
    film = whole(calm())
    stray = replace(film.frames[70], faces=calm(0.1)[0].faces)
    frames = (*film.frames[:70], stray, *film.frames[71:])
    found = begun(replace(film, frames=frames))
    assert isinstance(found, Begun)
    assert found.frames == film.frames[-40:]


def test_the_face_begins_when_the_camera_has_come_to_rest_on_it() -> None:
    away = 0.8 * (1 - np.arange(10) / 10) ** 2
    arriving = [View(x=float(x)) for x in away]
    film = whole(Actor(seed=1).shown([*arriving, *[View()] * 30]))
    found = begun(film)
    assert isinstance(found, Begun)
    assert FACE + 0.3 < found.frames[0].seconds < FACE + 1.0


def test_a_face_that_never_comes_to_rest_is_left_to_the_checks_of_the_face() -> None:
    rng = np.random.default_rng(1)
    restless = [View(x=float(x)) for x in rng.uniform(-0.4, 0.4, 30)]
    found = begun(whole(Actor(seed=1).shown(restless)))
    assert isinstance(found, Begun)
    assert len(found.frames) == 30


def test_codes_in_between_are_no_frames_of_the_face() -> None:
    film = whole(calm())
    shown = series()
    found = begin(
        Opening(codes=sightings(shown, lasting=8.4), changes=film.opening.changes),
        film.frames,
        shown,
    )
    assert isinstance(found, Begun)
    assert all(frame.seconds > 8.2 for frame in found.frames)
