"""The proposal network, and how it is written as an ONNX graph. Needs PyTorch; trains nothing.

Depthwise-separable blocks (Howard et al. 2017) with shortcuts, on a grid of 8 px; four of them work
on one of 16 px, where a block costs a third and sees twice as far.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

FINE, COARSE = 64, 96  # channels on the grids of 8 and of 16 px
BLOCKS = 4
_OPSET, _IR = 17, 8


def separable(channels: int, out: int, stride: int, size: int = 3) -> nn.Sequential:
    """Give a depthwise convolution and a pointwise one behind it, each normalised."""
    return nn.Sequential(
        nn.Conv2d(channels, channels, size, stride, size // 2, groups=channels, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Conv2d(channels, out, 1, bias=False),
        nn.BatchNorm2d(out),
    )


class Proposer(nn.Module):
    """Pixels / 256 (n, 3, h, w) to (n, 6, h/8, w/8): face here, log width, dx, dy, cos, sin.

    Height and width are multiples of 16.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()
        )
        self.down = nn.ModuleList((separable(16, 32, 2), separable(32, 32, 1)))
        self.down.append(separable(32, FINE, 2))
        self.before = separable(FINE, FINE, 1)
        self.coarser = separable(FINE, COARSE, 2)
        self.blocks = nn.ModuleList(
            separable(COARSE, COARSE, 1, 3 if index % 2 else 5) for index in range(BLOCKS)
        )
        self.finer = nn.Sequential(nn.Conv2d(COARSE, FINE, 1, bias=False), nn.BatchNorm2d(FINE))
        self.after = separable(FINE, FINE, 1)
        self.head = nn.Conv2d(FINE, 6, 1)
        nn.init.zeros_(self.head.weight)
        with torch.no_grad():
            self.head.bias.copy_(torch.tensor([-4.0, math.log(26.0), 0.0, 0.0, 1.0, 0.0]))

    def forward(self, pixels: Tensor) -> Tensor:
        """Give logits and values for every cell."""
        fine = self.stem(pixels)
        for part in self.down:
            fine = functional.relu(part(fine))
        fine = functional.relu(fine + self.before(fine))
        coarse = functional.relu(self.coarser(fine))
        for block in self.blocks:
            coarse = functional.relu(coarse + block(coarse))
        seen = functional.interpolate(self.finer(coarse), scale_factor=2.0, mode="nearest")
        fine = functional.relu(fine + seen)
        fine = functional.relu(fine + self.after(fine))
        out: Tensor = self.head(fine)
        return out


def graph(network: Proposer) -> bytes:
    """Write the network as ONNX: `pixels` uint8 (n, h, w, 3) to `cells` float32 (n, 6, r, c)."""
    writer = _Writer()
    flow = writer.node("Cast", [writer.node("Transpose", ["pixels"], perm=[0, 3, 1, 2])], to=1)
    flow = writer.rectified(writer.convolution(flow, network.stem[0], network.stem[1], 1 / 256))
    for part in network.down:
        flow = writer.rectified(writer.separable(flow, part))
    flow = writer.beside(flow, writer.separable(flow, network.before))
    coarse = writer.rectified(writer.separable(flow, network.coarser))
    for block in network.blocks:
        coarse = writer.beside(coarse, writer.separable(coarse, block))
    coarse = writer.convolution(coarse, network.finer[0], network.finer[1])
    flow = writer.beside(flow, writer.twice_as_large(coarse))
    flow = writer.beside(flow, writer.separable(flow, network.after))
    writer.convolution(flow, network.head, None)
    return writer.finished()


class _Writer:
    """An ONNX graph that grows node by node; what normalises goes into the convolutions."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def node(self, kind: str, inputs: list[str], **attributes: Any) -> str:  # noqa: ANN401 -- onnx
        from onnx import helper

        name = f"flow{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def rectified(self, flow: str) -> str:
        return self.node("Relu", [flow])

    def beside(self, flow: str, other: str) -> str:
        return self.rectified(self.node("Add", [flow, other]))

    def twice_as_large(self, flow: str) -> str:
        scales = self._constant(torch.tensor([1.0, 1.0, 2.0, 2.0]))
        # "asymmetric" and "floor" are what repeats each value, and what onnxruntime does quickly.
        return self.node(
            "Resize",
            [flow, "", scales],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )

    def separable(self, flow: str, part: Any) -> str:  # noqa: ANN401 -- nn.Sequential, indexed
        return self.convolution(
            self.rectified(self.convolution(flow, part[0], part[1])), part[3], part[4]
        )

    def convolution(
        self, flow: str, conv: nn.Conv2d, norm: nn.BatchNorm2d | None, scale: float = 1.0
    ) -> str:
        weight = conv.weight * scale
        bias = conv.bias if conv.bias is not None else torch.zeros(conv.out_channels)
        if norm is not None:
            assert norm.running_var is not None
            assert norm.running_mean is not None
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight, bias = weight * gain.view(-1, 1, 1, 1), norm.bias - norm.running_mean * gain
        edge = int(conv.padding[0])
        return self.node(
            "Conv",
            [flow, self._constant(weight), self._constant(bias)],
            kernel_shape=list(conv.kernel_size),
            strides=list(conv.stride),
            pads=[edge] * 4,
            group=conv.groups,
        )

    def finished(self) -> bytes:
        from onnx import TensorProto, helper

        self._nodes[-1].output[0] = "cells"
        shown = helper.make_tensor_value_info
        whole = helper.make_graph(
            self._nodes,
            "proposals",
            [shown("pixels", TensorProto.UINT8, ["n", "h", "w", 3])],
            [shown("cells", TensorProto.FLOAT, ["n", 6, "rows", "columns"])],
            self._constants,
        )
        opset = [helper.make_opsetid("", _OPSET)]
        model = helper.make_model(whole, opset_imports=opset, ir_version=_IR)
        return bytes(model.SerializeToString(deterministic=True))

    def _constant(self, values: Tensor) -> str:
        from onnx import numpy_helper

        name = f"c{len(self._constants)}"
        array = values.detach().contiguous().numpy()
        self._constants.append(numpy_helper.from_array(array, name))
        return name
