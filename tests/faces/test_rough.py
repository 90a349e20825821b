"""Rough encodings: near enough to the full ones to tell who is far away."""

from __future__ import annotations

import numpy as np
import pytest

from selfcheck.demo.people import PEOPLE, View, portrait
from selfcheck.faces import ROUGHLY, Engine
from selfcheck.faces.dlib_format import (
    Add,
    Convolution,
    Dense,
    Layer,
    Network,
    Pool,
    Rectify,
    Shortcut,
    Tag,
)
from selfcheck.faces.graphs import encoder_graph, folded
from selfcheck.faces.ranges import DETECTOR, ENCODER
from selfcheck.faces.rough import Range, held, rough_encoder_graph
from selfcheck.faces.runtime import runner

SIDE = 12


def convolution(outputs: int, inputs: int, seed: int) -> Convolution:
    rng = np.random.default_rng(seed)
    weights = rng.normal(0, 0.4, (outputs, inputs, 1, 1)).astype(np.float32)
    bias = rng.normal(0, 0.1, outputs).astype(np.float32)
    return Convolution(weights=weights, bias=bias, stride=(1, 1), padding=(0, 0))


def network() -> Network:
    """Give a small network of all that the encoder has: a shortcut that shrinks, and pools."""
    half = Pool(largest=False, size=(2, 2), stride=(2, 2), padding=(0, 0))
    largest = Pool(largest=True, size=(2, 2), stride=(2, 2), padding=(0, 0))
    whole = Pool(largest=False, size=(0, 0), stride=(1, 1), padding=(0, 0))
    layers: tuple[Layer, ...] = (
        convolution(4, 3, 1),
        Rectify(),
        largest,
        Tag(),
        convolution(6, 4, 2),
        Shortcut(),
        half,
        Add(),
        Rectify(),
        whole,
        Dense(weights=np.random.default_rng(3).normal(0, 1, (6, 128)).astype(np.float32)),
    )
    return Network(mean=(120.0, 110.0, 100.0), side=SIDE, overlap=1.0, layers=layers)


def ranges_of(one: Network, reach: float) -> list[Range]:
    return [(-reach, reach) for holds in held(folded(one)) if holds]


@pytest.mark.parametrize("wrong", [-1, 1])
def test_ranges_of_another_network_are_a_programming_error(wrong: int) -> None:
    one = network()
    count = len(ranges_of(one, 1)) + wrong
    with pytest.raises(AssertionError, match="as many"):
        rough_encoder_graph(one, [(-1.0, 1.0)] * count)


def test_every_value_that_flows_in_the_networks_has_its_range() -> None:
    assert len(ENCODER) == 44
    assert len(DETECTOR) == 6
    assert all(low < high for low, high in (*ENCODER, *DETECTOR))


def test_whole_numbers_give_nearly_the_same() -> None:
    one = network()
    pixels = np.random.default_rng(5).integers(0, 256, (3, SIDE, SIDE, 3), dtype=np.uint8)
    full = runner(encoder_graph(one))(pixels)
    rough = runner(rough_encoder_graph(one, ranges_of(one, 1.2)))(pixels)
    assert rough.shape == full.shape == (3, 128)
    assert 0 < np.abs(rough - full).max() < 0.05 * np.abs(full).max()


def test_what_is_beyond_its_range_is_cut_off() -> None:
    one = network()
    pixels = np.full((1, SIDE, SIDE, 3), 255, np.uint8)
    narrow = runner(rough_encoder_graph(one, ranges_of(one, 0.01)))(pixels)
    assert np.abs(narrow).max() < 0.5 * np.abs(runner(encoder_graph(one))(pixels)).max()


def test_rough_distances_lie_within_what_is_allowed_for_them(engine: Engine) -> None:
    full, rough = [], []
    for number, person in enumerate(PEOPLE):
        for yaw in (-12, 5):
            rgb = portrait(person, View(yaw=yaw), width=320, height=320, seed=number)
            faces = engine.find(rgb, smallest=80)
            full.append(engine.encode(rgb, faces)[0])
            rough.append(engine.encode_roughly(rgb, faces)[0])
    templates, seen, roughly = np.array(full[::2]), np.array(full[1::2]), np.array(rough[1::2])
    true = np.linalg.norm(templates[:, None] - seen, axis=2)
    off = np.linalg.norm(templates[:, None] - roughly, axis=2) - true
    assert 0 < np.abs(off).max() < ROUGHLY


def test_nobody_is_encoded_roughly_to_nothing(engine: Engine) -> None:
    rgb = np.zeros((100, 100, 3), np.uint8)
    assert engine.encode_roughly(rgb, ()).shape == (0, 128)
