from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.errors import EngineError
from selfcheck.faces.dlib_format import (
    Add,
    Convolution,
    Dense,
    Pool,
    Scale,
    Shortcut,
    read_detector,
    read_encoder,
)
from selfcheck.faces.dlib_stream import DlibStream
from selfcheck.faces.weights import Weights, read


@pytest.fixture(scope="module")
def detector() -> bytes:
    return read(Weights.DETECTOR)


@pytest.mark.parametrize("cut", [0, 1, 9, 17, 50, 150, 3_000, 100_000, 729_939])
def test_truncated_weights_are_refused_with_a_hint(detector: bytes, cut: int) -> None:
    with pytest.raises(EngineError, match="cannot be read") as refusal:
        read_detector(detector[:cut])
    assert "again" in refusal.value.hint


def test_bytes_after_the_last_layer_are_refused(detector: bytes) -> None:
    with pytest.raises(EngineError, match="something follows"):
        read_detector(detector + b"\x00")


def test_the_weights_of_another_network_are_refused(detector: bytes) -> None:
    with pytest.raises(EngineError, match="loss_metric_2"):
        read_encoder(detector)
    with pytest.raises(EngineError):
        read_detector(read(Weights.POINTS_5))


@given(st.binary(max_size=200))
def test_garbage_is_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(EngineError):
        read_detector(data)
    with pytest.raises(EngineError):
        read_encoder(data)


@given(at=st.integers(0, 400), value=st.integers(0, 255))
def test_a_changed_byte_is_refused_or_read_but_never_crashes(at: int, value: int) -> None:
    data = bytearray(read(Weights.DETECTOR))
    data[at] = value
    try:
        network = read_detector(bytes(data))
    except EngineError:
        return
    assert network.layers


def test_a_tensor_larger_than_the_file_is_refused_before_it_is_made() -> None:
    sizes = b"\x01\x02" + b"\x03\x00\x00\x0f" * 4  # version 2, then four times 983,040
    with pytest.raises(EngineError, match="ends too early"):
        DlibStream(sizes).tensor()


def test_a_weight_that_is_not_finite_is_refused() -> None:
    tensor = b"\x01\x02" + b"\x01\x01" * 4 + np.array([np.nan], "<f4").tobytes()
    with pytest.raises(EngineError, match="finite"):
        DlibStream(tensor).tensor()


def test_numbers_are_a_control_byte_and_little_endian_bytes() -> None:
    assert DlibStream(b"\x02\xc0\x04").number() == 1216
    assert DlibStream(b"\x81\x04").number() == -4
    assert DlibStream(b"\x01\x10\x81\x05").real() == 0.5


def test_the_detector_is_seven_convolutions_with_a_window_of_80_px(detector: bytes) -> None:
    network = read_detector(detector)
    convolutions = [layer for layer in network.layers if isinstance(layer, Convolution)]
    assert network.side == 80
    assert network.overlap == pytest.approx(0.3383, abs=1e-4)
    assert network.mean == pytest.approx((122.782, 117.001, 104.298))
    assert [layer.weights.shape for layer in convolutions] == [
        (16, 3, 5, 5),
        (32, 16, 5, 5),
        (32, 32, 5, 5),
        (45, 32, 5, 5),
        (45, 45, 5, 5),
        (45, 45, 5, 5),
        (1, 45, 9, 9),
    ]
    assert sum(isinstance(layer, Scale) for layer in network.layers) == 6


def test_the_encoder_is_29_convolutions_in_14_blocks_of_which_four_shrink() -> None:
    network = read_encoder(read(Weights.ENCODER))
    kinds = [type(layer) for layer in network.layers]
    assert network.side == 150
    assert kinds.count(Convolution) == 29
    assert kinds.count(Add) == 14
    assert kinds.count(Shortcut) == 4
    # A shortcut that shrinks is always pooled to half its size and then added.
    after = [kinds[i + 1 : i + 3] for i, kind in enumerate(kinds) if kind is Shortcut]
    assert all(pair == [Pool, Add] for pair in after)
    last = network.layers[-1]
    assert isinstance(last, Dense)
    assert last.weights.shape == (256, 128)


def test_every_convolution_but_the_last_of_the_detector_is_scaled(detector: bytes) -> None:
    for network in (read_detector(detector), read_encoder(read(Weights.ENCODER))):
        pairs = itertools.pairwise(network.layers)
        bare = [a for a, b in pairs if isinstance(a, Convolution) and not isinstance(b, Scale)]
        assert bare == []
