"""Odd and hostile pictures: each is looked at or refused with a true sentence, and none raises."""

from __future__ import annotations

import pytest
from oddities import ODDITIES

from selfcheck.pictures import Still, Unreadable, decode, metadata


@pytest.mark.parametrize("name", ODDITIES)
def test_an_odd_picture_is_looked_at_or_refused_for_what_it_is(name: str) -> None:
    data, reason = ODDITIES[name]
    answer = decode(data)
    if reason is None:
        assert isinstance(answer, Still), answer
        assert min(answer.rgb.shape[:2]) >= 1
    else:
        assert isinstance(answer, Unreadable)
        assert answer.reason is reason
        assert answer.detail
    assert isinstance(metadata(data), tuple)


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("twelve-bits.jpg", "JPEG: 12 bits a colour"),
        ("hierarchical.jpg", "JPEG: stored hierarchically"),
        ("claims-more.jpg", "JPEG: 9,000 x 9,000 pixels in 721 bytes"),
        ("300-megapixels.png", "PNG: 20,000 x 15,000 pixels, the limit is 100 million"),
        ("interlaced-bomb.png", "PNG: more than 500 million pixels"),
    ],
)
def test_the_words_say_what_was_seen(name: str, detail: str) -> None:
    answer = decode(ODDITIES[name][0])
    assert isinstance(answer, Unreadable)
    assert answer.detail == detail


@pytest.mark.parametrize("name", ["clear.png", "clear.webp"])
def test_what_is_wholly_transparent_is_white(name: str) -> None:
    answer = decode(ODDITIES[name][0])
    assert isinstance(answer, Still)
    assert answer.rgb.min() == 255
