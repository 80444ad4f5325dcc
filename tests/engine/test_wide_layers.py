"""Layers wider than the caches: a training step is its chains of products, bit for bit.

test_kernels.py shows that `_core.multiply` is one chain of fused multiply-adds an element; here
whole steps, on any threads, have to be made of such chains and of single operations.
"""

from __future__ import annotations

import numpy as np
import pytest

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.engine import _core
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network

RATE = 0.25


def product(a, b):
    return _core.multiply(engine.available_isas()[0], np.ascontiguousarray(a), b.copy(), False)


def with_ones(x, *, axis):
    """Return x with ones before it, through which a bias starts the chains."""
    return np.concatenate([np.ones_like(np.take(x, [0], axis)), x], axis)


def lane_sum(row):
    """Return the sum in 16 lanes of double and one tree, which is how a narrow layer sums."""
    lanes = np.zeros((-(-len(row) // 16), 16))
    lanes.flat[: len(row)] = row
    total = np.zeros(16)
    for part in lanes:
        total += part
    while len(total) > 1:
        total = total[: len(total) // 2] + total[len(total) // 2 :]
    return total[0]


def is_narrow(kernel):
    """Return whether the outputs fill at most half a block of 64 bytes."""
    return kernel.shape[1] <= 32 // kernel.itemsize and kernel.shape[0] > kernel.shape[1]


def one_step(weights, inputs, targets):
    """Return what a step of gradient descent makes of linear layers and squared errors."""
    dtype = inputs.dtype.type
    layers = list(zip(weights[::2], weights[1::2], strict=True))
    arriving = [inputs.T]
    for kernel, bias in layers:
        start = np.concatenate([bias[None], kernel]).T
        arriving.append(product(start, with_ones(arriving[-1], axis=0)))
    error = arriving.pop() - targets.T
    share = dtype(1) / dtype(len(inputs)) * (dtype(1) / dtype(len(error)))
    gradient = error * dtype(2) * share
    after = []
    for (kernel, bias), x in zip(reversed(layers), reversed(arriving), strict=True):
        slopes = product(with_ones(x, axis=0), gradient.T)
        if is_narrow(kernel):
            slopes[0] = [lane_sum(row) for row in gradient]
        after = [kernel - slopes[1:] * dtype(RATE), bias - slopes[0] * dtype(RATE), *after]
        gradient = product(kernel, gradient)
    return after


SHAPES = [
    # rows, then the units of each layer, the inputs first
    (33, 1000, 1100, 600, 1),
    (257, 255, 1024, 257, 7),
    (1, 1024, 1000, 512),
    (1100, 7, 600, 70),
    (1000, 1, 1, 256, 1),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_step_of_wide_layers_is_made_of_chains_on_any_threads(shape, dtype):
    rows, n_inputs, *units = shape
    network = Network.sequential(n_inputs, [Dense(n) for n in units])
    random = np.random.default_rng(rows)
    weights = [
        random.normal(0, 1 / np.sqrt(one.shape[0]), one.shape).astype(dtype)
        for one in network.parameters
    ]
    inputs = random.normal(size=(rows, n_inputs)).astype(dtype)
    targets = random.normal(size=(rows, units[-1])).astype(dtype)
    due = one_step(weights, inputs, targets)
    for instruction_set in engine.available_isas():
        for threads in (1, 2, 7):
            trainer = engine.Trainer(
                network,
                loss=losses.MeanSquaredError(),
                optimizer=optimizers.SGD(RATE),
                weights=weights,
                dtype=dtype,
                n_threads=threads,
                adaptive_threads=False,
                instruction_set=instruction_set,
            )
            trainer.fit(inputs, targets, batch_size=rows, shuffle=False)
            for found, expected in zip(trainer.get_weights(), due, strict=True):
                assert np.array_equal(found, expected), (instruction_set, threads)
