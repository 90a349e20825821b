from __future__ import annotations

import numpy as np
import pytest

from selfcheck.identity.crowding import MOST_LENIENT, MOST_STRICTER, shift
from selfcheck.identity.measured import CROWDING, CROWDING_OFFSET


@pytest.mark.parametrize("size", [1e3, 1e30])
def test_no_template_gains_or_loses_more_than_the_bounds(size: float) -> None:
    weights = np.array(CROWDING)
    assert shift(weights * size) == MOST_LENIENT
    assert shift(-weights * size) == -MOST_STRICTER


def test_a_template_in_a_crowd_is_compared_more_strictly() -> None:
    weights = np.array(CROWDING)
    # The template whose shift is nought, moved a little towards the crowd.
    usual = -weights * CROWDING_OFFSET / (weights @ weights)
    assert shift(usual) == 0
    assert shift(usual - 0.05 * weights / np.linalg.norm(weights)) < 0


def test_there_is_a_weight_for_every_number_of_an_encoding() -> None:
    assert len(CROWDING) == 128
    assert np.isfinite(CROWDING).all()


def test_a_shift_is_rounded_as_distances_are() -> None:
    rows = np.random.default_rng(1).normal(0, 0.1, (50, 128))
    found = [shift(row) for row in rows]
    assert found == [round(one, 4) for one in found]
