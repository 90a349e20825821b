"""The drawn screen: codes that can be read, and a way to the person without a cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.demo.camera import perform
from selfcheck.demo.people import PEOPLE, Head
from selfcheck.demo.screen import CODES, Clock, opening
from selfcheck.identity import CodeSeries
from selfcheck.pictures import Film, code_modules, film, read_codes, write_film

Rgb = NDArray[np.uint8]
START = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
RATE = 10


@pytest.fixture(scope="module")
def head() -> Head:
    return Head(PEOPLE[0])


def filmed(head: Head, codes: CodeSeries, **size: int) -> Iterator[Rgb]:
    return opening(head, lambda: code_modules(codes.show()), per_second=RATE, **size)


def test_a_clock_that_nobody_moves_stands_still() -> None:
    clock = Clock(START)
    assert clock() == clock() == START
    clock.wait(2.5)
    assert clock() == START + timedelta(seconds=2.5)


def test_codes_are_shown_one_after_the_other_as_time_goes_by(head: Head) -> None:
    clock = Clock(START)
    codes = CodeSeries(clock)
    for _ in clock.during(filmed(head, codes, width=96, height=96), RATE):
        pass
    shown = [(one.at - START).total_seconds() for one in codes.shown]
    assert shown == pytest.approx([0, 2, 4, 6])
    assert CODES == 4
    assert 8 < (clock() - START).total_seconds() < 10


def test_every_code_is_read_as_long_as_the_camera_is_on_the_screen(head: Head) -> None:
    codes = CodeSeries()
    read = [read_codes(frame) for frame in islice(filmed(head, codes), 66)]
    first, second, third, fourth = ((one.text,) for one in codes.shown)
    assert read == [first] * 20 + [second] * 20 + [third] * 20 + [fourth] * 6


def test_the_way_to_the_person_shows_no_cut_and_goes_on_in_the_performance(
    head: Head, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    steps = perform(head, ("turn left",), per_second=RATE)
    write_film(path, chain(filmed(head, CodeSeries()), steps), RATE)
    seen = film(path)
    assert isinstance(seen, Film)
    changes = [glance.change for glance in seen.glances]
    assert max(changes) < 6


def test_frames_are_pictures_of_the_size_asked_for(head: Head) -> None:
    first = next(filmed(head, CodeSeries(), width=128, height=96))
    assert first.shape == (96, 128, 3)
    assert first.dtype == np.uint8
