"""The door to libjpeg-turbo: the pixels of an ordinary JPEG, straight into an array.

Pillow holds the same codec but hands a picture over in three copies, which is a third of the
time (docs/speed.md). Whatever is not plain sailing is left to Pillow, which words what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image


def pixels(data: bytes, image: Image) -> NDArray[np.uint8] | None:
    """Give RGB (H, W, 3) of the size to which `image`, opened but not loaded, would be decoded.

    The same values as Pillow's. None where the file is damaged, cut or not of three colours.
    """
    if image.mode != "RGB":
        return None
    import simplejpeg

    width, height = image.size
    try:
        rgb: NDArray[np.uint8] = simplejpeg.decode_jpeg(data, min_height=height, min_width=width)
    except ValueError:
        return None
    return rgb if rgb.shape == (height, width, 3) else None
