"""The eight ways in which a picture may be stored, numbered as in EXIF.

Owns turning arrays upright and back; where the number stands in a file is not its matter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UPRIGHT = 1


def turn_upright(stored: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn a stored picture (H, W, 3) upright; an unknown number leaves it as it is.

    Source: EXIF 2.32, tag 0x0112. 6 is a camera held upright, its grip below.
    """
    across = stored.transpose(1, 0, 2)
    match orientation:
        case 2:
            turned = stored[:, ::-1]
        case 3:
            turned = stored[::-1, ::-1]
        case 4:
            turned = stored[::-1]
        case 5:
            turned = across
        case 6:
            turned = across[:, ::-1]
        case 7:
            turned = across[::-1, ::-1]
        case 8:
            turned = across[::-1]
        case _:
            turned = stored
    return np.ascontiguousarray(turned)


def turn_back(upright: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Give the pixels that a file with this orientation stores for an upright picture."""
    opposite = {6: 8, 8: 6}
    return turn_upright(upright, opposite.get(orientation, orientation))
