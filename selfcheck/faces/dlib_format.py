"""Read the two dlib networks from dlib's own serialisation. Builds no graph and runs nothing.

The format was read from dlib's public sources: the nesting of layers from dlib/dnn/core.h,
one layer's fields from dlib/dnn/layers.h, the two ends from dlib/dnn/loss.h and input.h.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from selfcheck.faces.dlib_stream import DlibStream

_Floats: TypeAlias = NDArray[np.float32]

_ADD_LAYER, _TAG_OR_SKIP, _ADD_LAYER_ON_INPUT = 2, 1, 3  # versions that dlib writes per layer
_MOST_LAYERS = 1000  # the two nets have 19 and 131


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Convolution:
    """`weights` (out, in, rows, columns) correlated with the input, `bias` (out) added."""

    weights: _Floats
    bias: _Floats
    stride: tuple[int, int]
    padding: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scale:
    """Each channel times `gamma`, plus `beta`: an affine layer or a batch norm at rest."""

    gamma: _Floats
    beta: _Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectify:
    """What is below zero becomes zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The largest or the mean value of each window; a size of 0 takes the whole picture."""

    largest: bool
    size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Remember what flows here: the next addition, or the next shortcut, takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """Put what flows here aside for the next addition and go on from the last tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Add what was put aside; the smaller of the two is padded with zeros at its end."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dense:
    """The flattened input times `weights` (in, out), without a bias."""

    weights: _Floats


Layer: TypeAlias = Convolution | Scale | Rectify | Pool | Tag | Shortcut | Add | Dense


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """One network from its input to its output.

    `mean` is taken from RGB before it is divided by 256. `side` is the encoder's square
    input or the detector's window, in pixels. `overlap` is the intersection over union
    from which the detector takes two boxes for one face (1 for the encoder).
    """

    mean: tuple[float, float, float]
    side: int
    overlap: float
    layers: tuple[Layer, ...]


def read_encoder(data: bytes) -> Network:
    """Read the face encoder: a 150 px chip in, 128 values out. EngineError if it is not one."""
    stream = DlibStream(data)
    stream.expect_number(1, "version of the loss layer")
    stream.expect_string("loss_metric_2")
    stream.real(), stream.real()  # margin and distance threshold of the training
    versions = _versions(stream)
    stream.expect_string("input_rgb_image_sized")
    mean = (stream.real(), stream.real(), stream.real())
    side = stream.number()
    stream.expect_number(side, "height of the input")
    layers = _layers(stream, versions)
    if not isinstance(layers[-1], Dense):
        stream.refuse("it does not end with a dense layer")
    return Network(mean=mean, side=side, overlap=1.0, layers=layers)


def read_detector(data: bytes) -> Network:
    """Read the face detector (max-margin object detection). EngineError if it is not one."""
    stream = DlibStream(data)
    stream.expect_number(1, "version of the loss layer")
    stream.expect_string("loss_mmod_")
    stream.expect_number(1, "version of the detector's options")
    side = stream.number()
    stream.expect_number(side, "height of the window")
    stream.reals(3)  # weights of the training's loss, overlap of a truth
    overlap, _covered, _, _ = stream.reals(4)
    versions = _versions(stream)
    stream.expect_string("input_rgb_image_pyramid")
    mean = (stream.real(), stream.real(), stream.real())
    layers = _layers(stream, versions)
    if not isinstance(layers[-1], Convolution):
        stream.refuse("it does not end with a convolution")
    return Network(mean=mean, side=side, overlap=overlap, layers=layers)


def _versions(stream: DlibStream) -> list[int]:
    """Read what stands before the input layer: each layer's version, from the output down."""
    versions = [stream.number()]
    while versions[-1] != _ADD_LAYER_ON_INPUT:
        if versions[-1] not in {_ADD_LAYER, _TAG_OR_SKIP} or len(versions) > _MOST_LAYERS:
            stream.refuse("an unknown kind of layer")
        versions.append(stream.number())
    return versions


def _layers(stream: DlibStream, versions: list[int]) -> tuple[Layer, ...]:
    """Read the layers: each was written after the ones it stands on, so input comes first."""
    layers: list[Layer] = []
    for version in reversed(versions):
        if version == _TAG_OR_SKIP:
            # dlib writes neither a tag's number nor a skip's: a tag followed by a skip is
            # how its residual block with a shrinking shortcut is written.
            follows = bool(layers) and isinstance(layers[-1], Tag)
            layers[-1:] = [Shortcut()] if follows else [*layers[-1:], Tag()]
            continue
        layers.append(_layer(stream))
        stream.take(3)  # set up, gradient is stale, output and gradient disabled
        for _ in range(3):
            stream.tensor()  # gradients and cached output, empty in a trained file
        if version == _ADD_LAYER_ON_INPUT:
            stream.number()  # pictures per sample of the training
    if not stream.at_end():
        stream.refuse("something follows the last layer")
    return tuple(layers)


def _layer(stream: DlibStream) -> Layer:
    name = stream.string()
    if name not in _READERS:
        stream.refuse(f"an unknown layer {name!r}")
    return _READERS[name](stream)


def _convolution(stream: DlibStream) -> Layer:
    values = stream.tensor().ravel()
    out, rows, columns, *steps = stream.dimensions(7)
    shape, bias_shape = stream.alias(), stream.alias()
    stream.reals(4)  # learning rates and weight decays
    filters = int(np.prod(shape))
    fits = shape[0] == out and shape[2:] == (rows, columns) and bias_shape == (1, out, 1, 1)
    if not fits or values.size != filters + out or min(steps[:2]) < 1:
        stream.refuse("the sizes of a convolution do not agree")
    return Convolution(
        weights=values[:filters].reshape(shape),
        bias=values[filters:],
        stride=(steps[0], steps[1]),
        padding=(steps[2], steps[3]),
    )


def _halves(stream: DlibStream) -> tuple[_Floats, _Floats]:
    values = stream.tensor().ravel()
    first, second = stream.alias(), stream.alias()
    channels = values.size // 2
    if first != second or first != (1, channels, 1, 1) or values.size != 2 * channels:
        stream.refuse("the sizes of a scaling layer do not agree")
    return values[:channels], values[channels:]


def _affine(stream: DlibStream) -> Layer:
    gamma, beta = _halves(stream)
    stream.expect_number(0, "mode of an affine layer")
    return Scale(gamma=gamma, beta=beta)


def _batch_norm(stream: DlibStream) -> Layer:
    """Read a batch norm as the affine layer into which dlib turns it when the net only runs."""
    gamma, beta = _halves(stream)
    stream.tensor(), stream.tensor()  # the last batch's means and deviations
    mean, variance = stream.tensor().ravel(), stream.tensor().ravel()
    stream.number(), stream.number()  # updates so far and the window of the running figures
    epsilon = stream.reals(5)[-1]
    if mean.size != gamma.size or variance.size != gamma.size or variance.min() < 0 >= epsilon:
        stream.refuse("the sizes of a batch norm do not agree")
    scale = gamma.astype(np.float64) / np.sqrt(variance.astype(np.float64) + epsilon)
    shift = beta - mean * scale
    return Scale(gamma=scale.astype(np.float32), beta=shift.astype(np.float32))


def _pool(stream: DlibStream, *, largest: bool) -> Layer:
    rows, columns, down, across, above, left = stream.dimensions(6)
    if min(down, across) < 1:
        stream.refuse("a pooling layer does not move")
    return Pool(largest=largest, size=(rows, columns), stride=(down, across), padding=(above, left))


def _dense(stream: DlibStream) -> Layer:
    outputs, inputs = stream.dimensions(2)
    values = stream.tensor()
    stream.alias(), stream.alias()
    stream.expect_number(1, "bias mode of the dense layer")  # 1: none
    stream.reals(4)
    if values.shape != (inputs, outputs, 1, 1):
        stream.refuse("the sizes of the dense layer do not agree")
    return Dense(weights=values.reshape(inputs, outputs))


_READERS: dict[str, Callable[[DlibStream], Layer]] = {
    "con_4": _convolution,
    "affine_": _affine,
    "bn_con2": _batch_norm,
    "relu_": lambda _: Rectify(),
    "max_pool_2": lambda stream: _pool(stream, largest=True),
    "avg_pool_2": lambda stream: _pool(stream, largest=False),
    "add_prev_": lambda _: Add(),
    "fc_2": _dense,
}
