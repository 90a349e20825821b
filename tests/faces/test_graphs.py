from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from selfcheck.errors import EngineError
from selfcheck.faces.dlib_format import (
    Add,
    Convolution,
    Dense,
    Layer,
    Network,
    Pool,
    Rectify,
    Scale,
    Shortcut,
    Tag,
)
from selfcheck.faces.graphs import detector_graph, encoder_graph
from selfcheck.faces.runtime import runner

MEAN = (120.0, 110.0, 100.0)


def network(*layers: Layer, side: int = 6) -> Network:
    return Network(mean=MEAN, side=side, overlap=1.0, layers=layers)


def pointwise(weights: list[list[float]], **changes: tuple[int, int]) -> Convolution:
    values = np.array(weights, dtype=np.float32)[:, :, None, None]
    steps = {"stride": (1, 1), "padding": (0, 0), **changes}
    return Convolution(weights=values, bias=np.zeros(len(values), np.float32), **steps)


def pixels(side: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (1, side, side, 3), dtype=np.uint8)


def normalised(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    return (picture.astype(np.float64) - MEAN) / 256


IDENTITY: list[list[float]] = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_a_network_that_pads_its_input_is_refused() -> None:
    padded = network(pointwise(IDENTITY, padding=(1, 1)), Dense(weights=np.eye(3, 128, dtype="f4")))
    with pytest.raises(EngineError, match="start as expected"):
        encoder_graph(padded)


def test_a_scaling_layer_that_follows_no_convolution_is_refused() -> None:
    scale = Scale(gamma=np.ones(3, np.float32), beta=np.zeros(3, np.float32))
    with pytest.raises(EngineError, match="scales"):
        encoder_graph(network(pointwise(IDENTITY), Rectify(), scale))


def test_mean_and_scale_are_folded_into_the_first_convolution() -> None:
    scale = Scale(gamma=np.array([2, 3, 4], np.float32), beta=np.array([1, 2, 3], np.float32))
    whole = Pool(largest=False, size=(0, 0), stride=(1, 1), padding=(0, 0))
    dense = Dense(weights=np.eye(3, 128, dtype=np.float32))
    picture = pixels(6)
    graph = encoder_graph(network(pointwise(IDENTITY), scale, whole, dense))
    expected = normalised(picture).mean(axis=(1, 2)) * scale.gamma + scale.beta
    assert np.allclose(runner(graph)(picture)[:, :3], expected, atol=1e-5)


def test_the_smaller_summand_is_padded_with_zeros_at_its_end() -> None:
    half = Pool(largest=False, size=(2, 2), stride=(2, 2), padding=(0, 0))
    whole = Pool(largest=False, size=(0, 0), stride=(1, 1), padding=(0, 0))
    wider = pointwise([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])
    dense = Dense(weights=np.eye(4, 128, dtype=np.float32))
    picture = pixels(6)
    layers = (pointwise(IDENTITY), Tag(), wider, Shortcut(), half, Add(), whole, dense)
    result = runner(encoder_graph(network(*layers)))(picture)[0, :4]
    values = normalised(picture)[0]
    # Halved, the picture fills a quarter of the sum; the fourth channel gets nothing.
    expected = values.mean(axis=(0, 1)) * 1.25
    assert np.allclose(result, [*expected, 0], atol=1e-5)


def test_a_single_filter_gives_the_same_sums_turned_round() -> None:
    rng = np.random.default_rng(1)
    filters = rng.normal(size=(1, 3, 9, 9)).astype(np.float32)
    last = Convolution(
        weights=filters, bias=np.array([0.5], np.float32), stride=(1, 1), padding=(4, 4)
    )
    picture = pixels(12)
    result = runner(detector_graph(network(pointwise(IDENTITY), last)))(picture)[0]
    framed = np.pad(normalised(picture)[0], ((4, 4), (4, 4), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(framed, (9, 9), axis=(0, 1))
    assert np.allclose(result, np.einsum("yxcij,cij->yx", windows, filters[0]) + 0.5, atol=1e-4)


def test_what_is_no_graph_is_refused_with_a_hint() -> None:
    with pytest.raises(EngineError, match="cannot run") as refusal:
        runner(b"no graph")
    assert "onnxruntime" in refusal.value.hint
