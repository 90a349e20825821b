"""Large pictures in bands: the pixels of a whole conversion, and less memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from selfcheck.model import Reason
from selfcheck.pictures import Format, Limits, Still, Unreadable, decode, reducing, save

Rgb = NDArray[np.uint8]


def noise(mode: str) -> Image.Image:
    values = np.random.default_rng(1).integers(0, 256, (131, 97, 4), dtype=np.uint8)
    match mode:
        case "I;16":
            return Image.fromarray(values.view(np.uint16)[..., 0])
        case "F":
            return Image.fromarray(values[..., 0].astype(np.float32) * 9)
        case "P":
            grey = Image.fromarray(values[..., 0]).convert("P")
            grey.info["transparency"] = 3
            return grey
        case _:
            return Image.fromarray(values, "RGBA").convert(mode)


@pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")
@pytest.mark.parametrize("factor", [1, 2, 5])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_bands_give_the_pixels_of_the_whole(
    mode: str, factor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = noise(mode)
    whole = reducing.reduced(reducing.rows_of(image), image.size, factor)
    monkeypatch.setattr(reducing, "_BAND", 1000)
    banded = reducing.reduced(reducing.rows_of(image), image.size, factor)
    assert banded.mode == whole.mode
    assert banded.size == whole.size == (-(-97 // factor), -(-131 // factor))
    assert np.array_equal(np.asarray(banded), np.asarray(whole))


def test_a_heic_comes_in_bands_too(marked: Rgb, monkeypatch: pytest.MonkeyPatch) -> None:
    data = save(marked, Format.HEIC)
    whole = decode(data)
    monkeypatch.setattr(reducing, "_BAND", 1000)
    banded = decode(data)
    assert isinstance(whole, Still)
    assert isinstance(banded, Still)
    assert np.array_equal(whole.rgb, banded.rgb)


def test_what_would_hold_too_much_is_refused_by_its_header(marked: Rgb) -> None:
    # 6144 pixels: a decoder holds 4 bytes of each for a PNG and 16 for a WebP.
    limits = Limits(held_bytes=50_000)
    assert isinstance(decode(save(marked, Format.PNG), limits=limits), Still)
    refused = decode(save(marked, Format.WEBP), limits=limits)
    assert isinstance(refused, Unreadable)
    assert refused.reason is Reason.TOO_LARGE


def test_a_progressive_jpeg_holds_all_its_colours(marked: Rgb) -> None:
    limits = Limits(held_bytes=30_000)
    for subsampling, expected in ((0, Unreadable), (2, Still)):
        out = BytesIO()
        Image.fromarray(marked).save(out, "JPEG", progressive=True, subsampling=subsampling)
        assert isinstance(decode(out.getvalue(), limits=limits), expected)


def test_only_a_heavy_picture_waits_for_its_turn(
    marked: Rgb, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[str] = []

    @contextmanager
    def turn() -> Iterator[None]:
        turns.append("in")
        yield
        turns.append("out")

    data = save(marked, Format.PNG)
    decode(data, turn=turn)
    assert turns == []
    monkeypatch.setattr(import_module("selfcheck.pictures.decode"), "_HEAVY", 1000)
    decode(data, turn=turn)
    assert turns == ["in", "out"]
