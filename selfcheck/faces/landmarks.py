"""Give the 68 landmarks of a face, for the gate's challenge and for nothing else.

dlib's model was trained on the iBUG 300-W data set, whose terms exclude commercial use,
so nothing but the identity gate may rely on it: matching uses the five landmarks alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from selfcheck.model import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def landmarks68(
    rgb: NDArray[np.uint8], box: Box, *, models: Path | None = None
) -> NDArray[np.float32]:
    """Give the landmarks (68, 2) in px, x before y, of the face in `box`.

    The order is that of 300-W: jaw 0-16, brows 17-26, nose 27-35, eyes 36-47, lips 48-67,
    from the left of the picture to the right. The first call loads a model of 100 MB.
    Raises EngineError where it is missing or damaged.
    """
    from selfcheck.faces import align
    from selfcheck.faces.weights import Weights

    corners = (box.left, box.top, box.right - 1, box.bottom - 1)
    return align.points(align.predictor(Weights.POINTS_68, models), align.picture(rgb), corners)
