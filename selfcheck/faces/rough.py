"""Write the networks as graphs of 8-bit whole numbers: rough answers in two fifths of the time.

Enough to tell what is clear: who is far from the owner, what is a face and what is none. What may
be near a limit is asked in full. Linear quantisation (Jacob et al. 2018): filters by channel in 7
bits, so that processors without dot products of bytes add them up without overflow; what flows
between layers in 8 bits, over the ranges of `ranges`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from selfcheck.faces.dlib_format import Add, Convolution, Layer, Network, Pool, Rectify
from selfcheck.faces.graphs import Graph, filled, folded

Range: TypeAlias = tuple[float, float]

VERSION = 1  # goes up whenever the same weights give another graph
_FILTER = 63  # the largest weight, in steps
_VALUE = 255


def rough_encoder_graph(network: Network, ranges: Sequence[Range]) -> bytes:
    """Give an ONNX model: `pixels` uint8 (n, side, side, 3) to `encodings` float32 (n, 128).

    `ranges` are the least and the largest value after each layer of `held`, in their order.
    """
    graph = _grown(_Rough(side=network.side), folded(network), ranges)
    return graph.finished(["n", network.side, network.side, 3], "encodings", ["n", 128])


def rough_detector_graph(network: Network, ranges: Sequence[Range]) -> bytes:
    """Give an ONNX model: `pixels` uint8 (n, h, w, 3) to `scores` float32 (n, rows, columns).

    The last convolution, which gives the scores, is left in full.
    """
    *layers, last = filled(folded(network))
    graph = _grown(_Rough(side=None), layers, ranges)
    graph.append_in_full(last)
    graph.squeeze_channel()
    return graph.finished(["n", "h", "w", 3], "scores", ["n", "rows", "columns"])


def _grown(graph: _Rough, layers: Sequence[Layer], ranges: Sequence[Range]) -> _Rough:
    holds = held(layers)
    assert len(ranges) == sum(holds), "as many ranges as values that are held"
    kept = iter(ranges)
    for layer, own in zip(layers, holds, strict=True):
        graph.append(layer)
        if own:
            graph.hold(next(kept))
    return graph


def held(layers: Sequence[Layer]) -> list[bool]:
    """Say of each layer whether what comes out of it is brought to 8 bits over a range of its own.

    Pools give what lies in the range of what went in, but for the mean of everything; and what is
    rectified next is held after that.
    """
    following = [*layers[1:], None]
    return [
        (isinstance(layer, Convolution | Add) and not isinstance(after, Rectify))
        or isinstance(layer, Rectify)
        or (isinstance(layer, Pool) and layer.size == (0, 0))
        for layer, after in zip(layers, following, strict=True)
    ]


class _Rough(Graph):
    """A graph whose values are 8-bit numbers between its layers.

    Written as pairs of nodes that quantise and go back; onnxruntime makes one of them and the
    layer between, which then works on whole numbers.
    """

    def __init__(self, *, side: int | None) -> None:
        self._steps: dict[str, tuple[float, int]] = {}  # flow: size of a step, and which is zero
        self._in_full = False
        super().__init__(side=side)

    def append_in_full(self, layer: Layer) -> None:
        """Add a layer that works with numbers of 32 bits."""
        self._in_full = True
        self.append(layer)
        self._in_full = False

    def hold(self, within: Range) -> None:
        """Bring what flows to 8 bits."""
        low, high = min(within[0], 0.0), max(within[1], 1e-6)
        step = (high - low) / _VALUE
        self._hold(step, round(-low / step))

    def _hold(self, step: float, zero: int) -> str:
        scale = [self._constant(np.float32(step)), self._constant(np.uint8(zero))]
        self._node("QuantizeLinear", [self._flow, *scale])
        self._node("DequantizeLinear", [self._flow, *scale])
        self._steps[self._flow] = (step, zero)
        return self._flow

    def _in_floats(self) -> None:
        # Pixels are 8-bit numbers as they come.
        scale = [self._constant(np.float32(1)), self._constant(np.uint8(0))]
        self._node("DequantizeLinear", [self._flow, *scale])
        self._steps[self._flow] = (1.0, 0)

    def _filters(self, values: NDArray[np.float32], bias: NDArray[np.float32]) -> list[str]:
        if self._in_full:
            return super()._filters(values, bias)
        scale = np.maximum(np.abs(values).max(axis=(1, 2, 3)) / _FILTER, 1e-12)
        whole = np.round(values / scale[:, None, None, None]).astype(np.int8)
        # A bias is added to sums, in steps of the input's times the filter's.
        step = self._steps[self._flow][0] * scale
        return [
            self._of_channels(whole, scale),
            self._of_channels(np.round(bias / step).astype(np.int32), step),
        ]

    def _of_channels(self, values: NDArray[Any], scale: NDArray[np.floating[Any]]) -> str:
        flow = self._flow
        names = [self._constant(values), self._constant(scale.astype(np.float32))]
        name = self._node("DequantizeLinear", [*names, self._zeros(values)], axis=0)
        self._flow = flow
        return name

    def _zeros(self, values: NDArray[Any]) -> str:
        return self._constant(np.zeros(len(values), values.dtype))

    def _pool(self, layer: Pool) -> None:
        steps = self._steps[self._flow]
        super()._pool(layer)
        if layer.size != (0, 0):
            self._hold(*steps)

    def _padded(self, name: str, shape: tuple[int, int], wanted: tuple[int, int]) -> str:
        padded = super()._padded(name, shape, wanted)
        return padded if padded == name else self._hold(*self._steps[name])
