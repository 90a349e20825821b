"""How much of a film's beginning is looked at: until it is clear that no code or face will come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from identity.screens import series

from selfcheck.flows import witness
from selfcheck.identity import Opening, Shown
from selfcheck.pictures import Film, Glance

CODES = series(60)


def film(texts: Iterator[tuple[str, ...]]) -> Film:
    """Give a film of five pictures a second that shows these codes, and then nothing for ever."""
    glances = (
        Glance(seconds=number / 5, change=1.5, codes=next(texts, ())) for number in range(5 * 3600)
    )
    return Film(
        created=None,
        seconds=3600,
        sha256="0" * 64,
        frames=iter(()),
        glances=glances,
        unchanged=lambda: True,
    )


def looked_at(*texts: tuple[str, ...], codes: tuple[Shown, ...] = CODES) -> Opening:
    return witness._opening(film(iter(texts)), codes)


def test_a_film_without_codes_is_given_up_after_six_seconds() -> None:
    found = looked_at()
    assert found.codes == ()
    assert found.changes[-1].seconds == 6


def test_codes_of_another_series_do_not_keep_the_looking_going() -> None:
    found = looked_at(*[(series(1)[0].text,)] * 100)
    assert found.changes[-1].seconds == 6
    assert len(found.codes) == 31


def test_texts_of_others_are_dropped() -> None:
    assert looked_at(*[("https://example.org",)] * 100).codes == ()


def test_after_the_last_code_a_face_has_its_time_to_come() -> None:
    found = looked_at(*[(CODES[0].text,)] * 51)
    assert found.codes[-1].seconds == 10
    assert found.changes[-1].seconds == 27


def test_codes_for_ever_are_given_up_too() -> None:
    found = looked_at(*[(CODES[0].text,)] * 1000)
    assert found.changes[-1].seconds == witness.LONGEST_OPENING


@pytest.mark.parametrize("number", [0, 7])
def test_what_is_looked_at_is_kept_in_its_order_with_its_changes(number: int) -> None:
    found = looked_at(*[()] * number, (CODES[0].text, CODES[1].text))
    assert [one.text for one in found.codes] == [CODES[0].text, CODES[1].text]
    assert found.codes[0].seconds == number / 5
    assert {one.amount for one in found.changes} == {1.5}
