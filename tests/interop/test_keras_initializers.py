"""Keras's own initializers have the distributions that ours are held to."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from distributions import DOCUMENTED, FAN_IN, FAN_OUT, FARTHEST, distance

from hiddenlogic import engine, initializers
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network

keras = pytest.importorskip("keras", reason="needs Keras and PyTorch: make interop")


def by_keras(initializer, shape):
    theirs = getattr(keras.initializers, initializer.row.keras)(**initializer.get_config())
    return theirs(shape).detach().cpu().numpy().astype(np.float64)


def by_engine(initializer, shape):
    network = Network.sequential(
        shape[0], [Dense(shape[1], use_bias=False, kernel_initializer=initializer)]
    )
    return engine.initial_weights(network, 0)[0]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_numbers_of_keras_have_the_distribution_of_ours(name):
    initializer = type(initializers.get(name))(seed=3)
    assert distance(by_keras(initializer, (FAN_IN, FAN_OUT)), DOCUMENTED[name]) <= FARTHEST
    neighbours = {"random_normal", "truncated_normal"}
    if name in neighbours:
        (other,) = neighbours - {name}
        assert distance(by_keras(initializer, (FAN_IN, FAN_OUT)), DOCUMENTED[other]) > FARTHEST


@pytest.mark.parametrize("name", ["zeros", "ones", "constant", "identity"])
@pytest.mark.parametrize("shape", [(3, 5), (5, 3)])
def test_numbers_that_are_not_drawn_are_those_of_keras(name, shape):
    initializer = initializers.get(name)
    assert np.array_equal(by_engine(initializer, shape), by_keras(initializer, shape))


@pytest.mark.parametrize("shape", [(9, 4), (4, 9)])
def test_orthogonal_kernels_of_keras_keep_lengths_as_ours_do(shape):
    initializer = initializers.Orthogonal(2.0, seed=1)
    for kernel, dtype in (
        (by_keras(initializer, shape), "float32"),
        (by_engine(initializer, shape), "float64"),
    ):
        few = kernel if shape[0] >= shape[1] else kernel.T
        bound = 4 * 8 * 9 * 4 * 2 * tolerances.UNIT[dtype]
        assert abs(few.T @ few - 4 * np.eye(4)).max() <= bound


def test_every_row_that_keras_has_is_among_them():
    drawn_or_not = {*DOCUMENTED, "zeros", "ones", "constant", "identity", "orthogonal"}
    assert {row.name for row in initializers.ROWS if row.keras} == drawn_or_not
