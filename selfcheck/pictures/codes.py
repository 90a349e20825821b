"""QR codes: which modules to show for a text, and which texts a picture shows.

The door to zxing-cpp. Whose codes they are, and what they say of a film, is not asked here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A picture may show any text of thousands of characters, hundreds of times; ours has 19.
LONGEST_TEXT = 64
MOST_TEXTS = 8


def code_modules(text: str) -> NDArray[np.bool_]:
    """Give a QR code's dark modules (n, n), without the quiet zone of four around it.

    Error correction M: up to 15 % may be misread. Up to 20 characters of the alphanumeric set
    (upper case, digits, - among others) make n = 21. ValueError for text that is empty or does
    not fit.
    """
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return np.asarray(np.array(code.to_image(scale=1, add_quiet_zones=False)) == 0, np.bool_)


def read_codes(picture: NDArray[np.uint8]) -> tuple[str, ...]:
    """Read the QR codes that a picture shows, (H, W) grey or (H, W, 3) RGB, however it is held.

    Mirrored and inverted ones are read too. Their texts are anybody's: long ones are left out,
    and of many the first eight are given. A module needs about two pixels.
    """
    import zxingcpp

    if not picture.size:
        return ()
    grey = picture if picture.ndim == 2 else picture[..., 1]  # noqa: PLR2004 -- rows and columns
    # Taken for binary, a text is still given as it is; other modes write names for characters.
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        text_mode=zxingcpp.TextMode.Plain,
    )
    texts = (code.text for code in found)
    return tuple(text for text in texts if len(text) <= LONGEST_TEXT)[:MOST_TEXTS]
