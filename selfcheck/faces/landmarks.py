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

# The model was trained on boxes of dlib's older detector, which lie to the right of and
# below the new one's and are larger (80 LFW pictures, 2026-11: 0.06, 0.07 and 1.05 of the
# width). Started from the new one's box it loses an open mouth. The median of three
# starts has a third of the noise, in twelve views of three synthetic heads.
_STARTS = ((0.06, 0.10, 1.0), (0.03, 0.12, 1.07), (0.06, 0.12, 1.0))


def landmarks68(
    rgb: NDArray[np.uint8], box: Box, *, models: Path | None = None
) -> NDArray[np.float32]:
    """Give the landmarks (68, 2) in px, x before y, of a face in the box where it was found.

    The order is that of 300-W: jaw 0-16, brows 17-26, nose 27-35, eyes 36-47, lips 48-67,
    from the left of the picture to the right. The first call loads a model of 100 MB.
    Raises EngineError where it is missing or damaged.
    """
    import numpy as np

    from selfcheck.faces import align
    from selfcheck.faces.weights import Weights

    predictor, rgb = align.predictor(Weights.POINTS_68, models), align.picture(rgb)
    shapes = [align.points(predictor, rgb, _moved(box, *start)) for start in _STARTS]
    return np.median(np.stack(shapes), axis=0).astype(np.float32)


def _moved(box: Box, right: float, down: float, size: float) -> tuple[int, int, int, int]:
    """Give the corners of a box moved by shares of its width and grown about its centre."""
    x = (box.left + box.right) / 2 + right * box.width
    y = (box.top + box.bottom) / 2 + down * box.width
    half = size * box.width / 2, size * box.height / 2
    return round(x - half[0]), round(y - half[1]), round(x + half[0]) - 1, round(y + half[1]) - 1
