"""Codes: what nobody can know before they are shown, and what they say of a film's time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from identity.actors import NOW
from identity.screens import BEGUN, series, sightings

from selfcheck.identity import MARK, CodeSeen, CodeSeries, Placed, Refusal, Shown, place
from selfcheck.identity.codes import Showing

SECOND = timedelta(seconds=1)


def placed(seen: tuple[CodeSeen, ...], shown: tuple[Shown, ...]) -> Placed:
    found = place(seen, shown)
    assert isinstance(found, Placed), found
    return found


# --- codes that will not do --------------------------------------------------------------------


def test_a_film_without_codes_is_refused() -> None:
    assert place((), series()) is Refusal.NO_CODES
    assert place((), ()) is Refusal.NO_CODES


def test_codes_of_others_count_for_nothing() -> None:
    foreign = tuple(CodeSeen(seconds=i, text=f"https://example.org/{i}") for i in range(5))
    assert place(foreign, series()) is Refusal.NO_CODES


def test_two_codes_are_too_few_however_long_they_are_seen() -> None:
    shown = series(2)
    assert place(sightings(shown, lasting=10), shown) is Refusal.NO_CODES


def test_codes_of_another_series_are_refused() -> None:
    assert place(sightings(series()), series()) is Refusal.CODES_ELSEWHERE


def test_one_code_of_another_series_among_the_right_ones_is_refused() -> None:
    shown = series()
    stray = CodeSeen(seconds=3.0, text=series(1)[0].text)
    assert place((*sightings(shown), stray), shown) is Refusal.CODES_ELSEWHERE


def test_a_made_up_code_is_refused() -> None:
    shown = series()
    forged = CodeSeen(seconds=6.6, text=MARK + "A" * 16)
    assert place((*sightings(shown), forged), shown) is Refusal.CODES_ELSEWHERE


def test_a_film_that_begins_elsewhere_is_refused() -> None:
    shown = series()
    moved = tuple(replace(one, seconds=one.seconds + 6.1) for one in sightings(shown))
    assert place(moved, shown) is Refusal.CODES_NOT_FIRST


def test_codes_in_another_order_are_refused() -> None:
    shown = series()
    seen = sightings(shown)
    swapped = {shown[0].text: shown[1].text, shown[1].text: shown[0].text}
    mixed = tuple(replace(one, text=swapped.get(one.text, one.text)) for one in seen)
    assert place(mixed, shown) is Refusal.CODES_OUT_OF_ORDER


def test_a_code_that_comes_back_is_refused() -> None:
    shown = series()
    back = CodeSeen(seconds=7.0, text=shown[0].text)
    assert place((*sightings(shown), back), shown) is Refusal.CODES_OUT_OF_ORDER


def test_two_codes_in_a_row_that_are_left_out_are_refused() -> None:
    shown = series(6)
    left_out = {shown[1].text, shown[2].text}
    seen = tuple(one for one in sightings(shown, lasting=12) if one.text not in left_out)
    assert place(seen, shown) is Refusal.CODES_OUT_OF_ORDER


def test_stills_of_codes_put_together_faster_than_they_were_shown_are_refused() -> None:
    shown = series()
    stills = tuple(CodeSeen(seconds=i / 5, text=one.text) for i, one in enumerate(shown))
    assert place(stills, shown) is Refusal.CODES_OUT_OF_TIME


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.3, 2.0])
def test_a_film_at_another_speed_is_refused(speed: float) -> None:
    shown = series(9)
    seen = sightings(shown, speed=speed, lasting=12)
    assert place(seen, shown) is Refusal.CODES_OUT_OF_TIME


def test_a_film_that_was_stopped_in_between_is_refused() -> None:
    shown = series()
    stopped = tuple(
        replace(one, seconds=one.seconds + (3 if one.seconds > 4 else 0))
        for one in sightings(shown)
    )
    assert place(stopped, shown) is Refusal.CODES_OUT_OF_TIME


# --- codes that will do --------------------------------------------------------------------------


def test_a_film_of_the_screen_is_placed_in_time() -> None:
    shown = series()
    found = placed(sightings(shown, begun=BEGUN + 0.7 * SECOND), shown)
    assert found.codes == 4
    assert (found.first, found.last) == (0.0, 6.2)
    assert abs(found.begun - (BEGUN + 0.7 * SECOND)) <= 0.3 * SECOND
    assert found.off <= 0


def test_the_film_may_begin_up_to_six_seconds_before_the_first_code() -> None:
    shown = series()
    moved = tuple(replace(one, seconds=one.seconds + 6.0) for one in sightings(shown))
    assert placed(moved, shown).first == 6.0


def test_one_code_that_cannot_be_read_does_no_harm() -> None:
    shown = series()
    seen = tuple(one for one in sightings(shown) if one.text != shown[1].text)
    assert placed(seen, shown).codes == 3


def test_codes_that_are_read_seldom_do_no_harm() -> None:
    shown = series()
    assert placed(sightings(shown)[3::7], shown).codes >= 3


def test_three_codes_are_enough() -> None:
    shown = series(3)
    assert placed(sightings(shown), shown).codes == 3


def test_codes_of_others_beside_the_right_ones_do_no_harm() -> None:
    shown = series()
    poster = tuple(CodeSeen(seconds=i / 5, text="https://example.org") for i in range(30))
    assert placed((*poster, *sightings(shown)), shown).codes == 4


@pytest.mark.parametrize("late", [0.0, 0.2, 0.45])
def test_a_terminal_that_draws_late_does_no_harm(late: float) -> None:
    shown = series()
    drawn = tuple(replace(one, at=one.at + late * SECOND) for one in shown[1::2])
    mixed = tuple(drawn[i // 2] if i % 2 else one for i, one in enumerate(shown))
    assert placed(sightings(mixed), shown).off <= Showing().off


# --- the series ------------------------------------------------------------------------------


def test_every_code_is_another_and_none_is_known_before_it_is_shown() -> None:
    codes = CodeSeries()
    texts = {codes.show() for _ in range(1000)}
    assert len(texts) == len(codes.shown) == 1000
    assert CodeSeries().shown == ()


def test_the_clock_says_when_a_code_is_shown_and_not_which() -> None:
    one, other = CodeSeries(lambda: NOW), CodeSeries(lambda: NOW)
    assert one.show() != other.show()
    assert one.shown[0].at == other.shown[0].at == NOW


def test_a_code_is_eighty_random_bits_in_letters_that_a_small_square_holds() -> None:
    texts = [CodeSeries().show() for _ in range(2000)]
    assert {len(text) for text in texts} == {19}
    assert all(text.startswith(MARK) for text in texts)
    for place_in_text in range(len(MARK), 19):
        letters = {text[place_in_text] for text in texts}
        assert letters == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def test_codes_are_not_shown_in_a_traceback_or_a_log() -> None:
    codes = CodeSeries()
    text = codes.show()
    assert text not in repr(codes.shown)
    assert text not in repr(CodeSeen(seconds=0, text=text))
