"""Write the two networks as ONNX graphs that take plain 8-bit RGB. Reads and runs nothing.

dlib's `(x - mean) / 256` goes into the first convolution and every affine layer into the
convolution before it, so a graph holds nothing but convolutions and what lies between.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

import numpy as np
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
from selfcheck.faces.dlib_stream import REINSTALL

VERSION = 2  # goes up whenever the same weights give another graph
# onnxruntime runs a convolution a fifth faster when its filters fill its blocks of 16 (or 8).
_BLOCK = 16
_OPSET, _IR = 17, 8  # old enough for every onnxruntime that is allowed


def encoder_graph(network: Network) -> bytes:
    """Give an ONNX model: `pixels` uint8 (n, side, side, 3) to `encodings` float32 (n, 128)."""
    graph = Graph(side=network.side)
    for layer in folded(network):
        graph.append(layer)
    return graph.finished(["n", network.side, network.side, 3], "encodings", ["n", 128])


def detector_graph(network: Network) -> bytes:
    """Give an ONNX model: `pixels` uint8 (n, h, w, 3) to `scores` float32 (n, rows, columns).

    Cell (r, c) scores the window of `network.side` pixels centred at (8c + 14, 8r + 14).
    """
    graph = Graph(side=None)
    for layer in filled(folded(network)):
        graph.append(layer)
    graph.squeeze_channel()
    return graph.finished(["n", "h", "w", 3], "scores", ["n", "rows", "columns"])


def folded(network: Network) -> list[Layer]:
    """Fold the scaling layers into the convolutions before them, and the input's into the first."""
    layers: list[Layer] = []
    for layer in network.layers:
        if isinstance(layer, Scale) and layers and isinstance(layers[-1], Convolution):
            layers[-1] = _scaled(layers[-1], layer)
        else:
            layers.append(layer)
    first = layers[0]
    # With padding the zeros outside would have to become the mean colour.
    if not isinstance(first, Convolution) or first.padding != (0, 0):
        raise EngineError("the face network does not start as expected", hint=REINSTALL)
    return [_on_bytes(first, network.mean), *layers[1:]]


def filled(layers: list[Layer]) -> list[Layer]:
    """Fill convolutions up with filters of zeros, that the next one takes with weights of zero.

    For a chain of convolutions and rectifiers alone, whose last one is left as it is.
    """
    last = max(index for index, layer in enumerate(layers) if isinstance(layer, Convolution))
    filled = list(layers)
    before = 0
    for index, layer in enumerate(layers):
        if isinstance(layer, Convolution):
            more = -len(layer.bias) % _BLOCK if index != last else 0
            weights = np.pad(layer.weights, ((0, more), (0, before), (0, 0), (0, 0)))
            filled[index] = replace(layer, weights=weights, bias=np.pad(layer.bias, (0, more)))
            before = more
    return filled


def _scaled(convolution: Convolution, scale: Scale) -> Convolution:
    gamma = scale.gamma.astype(np.float64)
    weights = convolution.weights * gamma[:, None, None, None]
    bias = convolution.bias * gamma + scale.beta
    return replace(convolution, weights=_single(weights), bias=_single(bias))


def _on_bytes(convolution: Convolution, mean: tuple[float, float, float]) -> Convolution:
    weights = convolution.weights.astype(np.float64) / 256
    bias = convolution.bias - np.einsum("oirc,i->o", weights, np.asarray(mean))
    return replace(convolution, weights=_single(weights), bias=_single(bias))


def _single(values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    return np.ascontiguousarray(values, dtype=np.float32)


class Graph:
    """An ONNX graph that grows one layer at a time from one 8-bit input.

    `side` is the input's width and height where they are fixed; only then can the sizes
    of two summands be compared.
    """

    def __init__(self, *, side: int | None) -> None:
        self._nodes: list[Any] = []
        self._weights: list[Any] = []
        self._flow = "pixels"
        self._shape = (3, side or 0)  # channels and side
        self._tagged = self._aside = (self._flow, self._shape)
        self._node("Transpose", [self._flow], perm=[0, 3, 1, 2])
        self._in_floats()

    def append(self, layer: Layer) -> None:
        """Add one layer behind what is there."""
        match layer:
            case Convolution():
                self._convolution(layer)
            case Rectify():
                self._node("Relu", [self._flow])
            case Pool():
                self._pool(layer)
            case Tag():
                self._tagged = self._aside = (self._flow, self._shape)
            case Shortcut():
                self._aside = (self._flow, self._shape)
                self._flow, self._shape = self._tagged
            case Add():
                self._add()
            case Dense():
                self._node("Flatten", [self._flow])
                self._node("MatMul", [self._flow, self._constant(layer.weights)])
            case Scale():
                raise EngineError("the face network scales what it should not", hint=REINSTALL)
            case _:
                assert_never(layer)

    def squeeze_channel(self) -> None:
        """Drop the one channel that is left."""
        self._node("Squeeze", [self._flow, self._constant(np.array([1], dtype=np.int64))])

    def finished(self, takes: list[str | int], gives: str, shape: list[str | int]) -> bytes:
        """Close the graph under the output's name and serialise it."""
        from onnx import TensorProto, helper

        self._nodes[-1].output[0] = gives
        graph = helper.make_graph(
            self._nodes,
            gives,
            [helper.make_tensor_value_info("pixels", TensorProto.UINT8, takes)],
            [helper.make_tensor_value_info(gives, TensorProto.FLOAT, shape)],
            self._weights,
        )
        opset = [helper.make_opsetid("", _OPSET)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=_IR)
        return bytes(model.SerializeToString(deterministic=True))

    def _in_floats(self) -> None:
        self._node("Cast", [self._flow], to=1)  # float32

    def _filters(self, values: NDArray[np.float32], bias: NDArray[np.float32]) -> list[str]:
        """Give the names of a convolution's filters and biases."""
        return [self._constant(values), self._constant(bias)]

    def _convolution(self, layer: Convolution) -> None:
        rows, columns = layer.weights.shape[2:]
        operation, values = "Conv", layer.weights
        if len(values) == 1 and layer.stride == (1, 1) and layer.padding == (rows // 2, rows // 2):
            # One filter makes a matrix product of one row, which is slow; turned round it
            # is the same sum as a transposed convolution: a tenth of the detector's time.
            operation, values = "ConvTranspose", values[:, :, ::-1, ::-1].swapaxes(0, 1)
        self._node(
            operation,
            [self._flow, *self._filters(values, layer.bias)],
            kernel_shape=[rows, columns],
            strides=list(layer.stride),
            pads=[*layer.padding, *layer.padding],
        )
        side = _steps(self._shape[1], rows, layer.stride[0], layer.padding[0])
        self._shape = (layer.weights.shape[0], side)

    def _pool(self, layer: Pool) -> None:
        if layer.size == (0, 0):
            self._node("GlobalAveragePool", [self._flow])
            self._shape = (self._shape[0], 1)
            return
        operation = "MaxPool" if layer.largest else "AveragePool"
        pads = [*layer.padding, *layer.padding]
        size, strides = list(layer.size), list(layer.stride)
        self._node(operation, [self._flow], kernel_shape=size, strides=strides, pads=pads)
        side = _steps(self._shape[1], layer.size[0], layer.stride[0], layer.padding[0])
        self._shape = (self._shape[0], side)

    def _add(self) -> None:
        other, shape = self._aside
        # dlib's add_prev pads the smaller one with zeros at the end of each axis.
        common = (max(shape[0], self._shape[0]), max(shape[1], self._shape[1]))
        summands = [
            self._padded(self._flow, self._shape, common),
            self._padded(other, shape, common),
        ]
        self._node("Add", summands)
        self._shape = common

    def _padded(self, name: str, shape: tuple[int, int], wanted: tuple[int, int]) -> str:
        if shape == wanted:
            return name
        channels, side = wanted[0] - shape[0], wanted[1] - shape[1]
        pads = np.array([0, 0, 0, 0, 0, channels, side, side], dtype=np.int64)
        return self._node("Pad", [name, self._constant(pads)])

    def _node(self, operation: str, inputs: list[str], **attributes: Any) -> str:  # noqa: ANN401 -- onnx
        from onnx import helper

        self._flow = f"flow{len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, inputs, [self._flow], **attributes))
        return self._flow

    def _constant(self, values: NDArray[Any] | np.generic) -> str:
        from onnx import numpy_helper

        name = f"constant{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name


def _steps(length: int, window: int, stride: int, padding: int) -> int:
    return (length + 2 * padding - window) // stride + 1
