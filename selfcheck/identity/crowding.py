"""How crowded the place of an owner's face is: strangers look more like some people than others.

Owns the shift that this takes from a distance. Without it one limit for everybody lets many times
as many strangers through for people whose looks were rare where the network was trained.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from selfcheck.identity.measured import CROWDING, CROWDING_OFFSET

# No template may gain or lose more: of the people measured, 99 in 100 lie within.
MOST_STRICTER: Final = 0.15
MOST_LENIENT: Final = 0.06


def shift(template: NDArray[np.floating]) -> float:
    """Tell how much farther than usual strangers are from a template (128,); below 0 in a crowd.

    A linear function of the template, fitted on one half of Labeled Faces in the Wild to the mean
    distance to the 30 nearest strangers (bench/crowds.py). Rounded to 4 decimals, bounded.
    """
    found = float(np.dot(np.asarray(template, np.float64), np.array(CROWDING)) + CROWDING_OFFSET)
    return round(min(max(found, -MOST_STRICTER), MOST_LENIENT), 4)
