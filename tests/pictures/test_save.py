from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.pictures import Format, Still, decode, save

Rgb = NDArray[np.uint8]


@pytest.mark.parametrize("form", [Format.GIF, Format.BMP])
def test_metadata_is_refused_where_a_format_carries_none(form: Format, marked: Rgb) -> None:
    with pytest.raises(ValueError, match="carries no orientation"):
        save(marked, form, orientation=6)


@pytest.mark.parametrize("form", [Format.PNG, Format.BMP, Format.TIFF])
def test_lossless_formats_keep_every_pixel(form: Format, marked: Rgb) -> None:
    still = decode(save(marked, form))
    assert isinstance(still, Still)
    assert np.array_equal(still.rgb, marked)


def test_quality_trades_size(marked: Rgb) -> None:
    assert len(save(marked, Format.JPEG, quality=30)) < len(save(marked, Format.JPEG, quality=95))


def test_a_view_of_an_array_is_saved_as_it_looks(marked: Rgb) -> None:
    still = decode(save(marked[::-1, ::-1], Format.PNG))
    assert isinstance(still, Still)
    assert np.array_equal(still.rgb, marked[::-1, ::-1])
