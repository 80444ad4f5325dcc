"""The numbers that weights begin with: their bits, their distributions, and what they wait for."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from statistics import NormalDist

import numpy as np
import pytest
import tolerances
from distributions import (
    BOTH,
    DOCUMENTED,
    FAN_IN,
    FAN_OUT,
    FARTHEST,
    N,
    cut_normal,
    cut_to,
    distance,
    even,
    even_of,
    normal,
)
from reference import initializers as reference

from hiddenlogic import engine, initializers
from hiddenlogic.engine import _core
from hiddenlogic.errors import ShapeError
from hiddenlogic.initializers import (
    Constant,
    DataDriven,
    DataDrivenBias,
    Identity,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network


def drawn(initializer, shape=(FAN_IN, FAN_OUT), seed=0):
    """Return a kernel as the engine draws it."""
    network = Network.sequential(
        shape[0], [Dense(shape[1], use_bias=False, kernel_initializer=initializer)]
    )
    return engine.initial_weights(network, seed)[0]


@pytest.mark.parametrize("isa", engine.available_isas())
def test_numbers_are_those_of_the_published_generator_and_quantiles(isa):
    unit = tolerances.UNIT["float64"]
    assert np.array_equal(_core.uniform(isa, 7, 3, 999), reference.uniform(7, 3, 999))
    assert np.array_equal(
        _core.uniform(isa, 7, 3, 99, first=900), reference.uniform(7, 3, 999)[900:]
    )
    due = reference.normal(2**40, 3, N)
    # a ratio of two polynomials of degree 7 on either side, of an argument with a rounding or two
    assert (abs(_core.normal(isa, 2**40, 3, N, False) - due) <= 16 * unit * abs(due)).all()
    due = reference.normal(7, 3, N, truncated=True)
    # the places between the two tails are rounded before: a step in z of at most that over phi(2)
    steepest = 1 / NormalDist().pdf(2.0)
    found = _core.normal(isa, 7, 3, N, True)
    assert (abs(found - due) <= 16 * unit * abs(due) + 4 * unit * steepest).all()
    assert abs(found).max() < 2
    due = reference.exponential(7, 3, N)
    assert (abs(_core.exponential(isa, 7, 3, N) - due) <= 8 * unit * np.maximum(due, 1)).all()


SET = [
    (VarianceScaling(3.0, "fan_out", "uniform"), even_of(3 / FAN_OUT)),
    (VarianceScaling(2.0, "fan_avg", "untruncated_normal"), normal(0, math.sqrt(2 / BOTH))),
    (RandomUniform(-1, 3), even(-1, 3)),
    (RandomNormal(2, 0.5), normal(2, 0.5)),
    (TruncatedNormal(-1, 3), cut_normal(-1, 3)),
]


@pytest.mark.parametrize("seed", [0, 1, 2**63])
@pytest.mark.parametrize("name", DOCUMENTED)
def test_numbers_have_the_distribution_that_keras_documents(name, seed):
    assert distance(drawn(name, seed=seed), DOCUMENTED[name]) <= FARTHEST


@pytest.mark.parametrize(("initializer", "below"), SET, ids=lambda one: repr(one)[:60])
def test_settings_set_the_distribution(initializer, below):
    assert distance(drawn(initializer), below) <= FARTHEST


def test_every_row_that_draws_one_by_one_is_among_them():
    others = {
        *("zeros", "ones", "constant", "identity", "orthogonal"),
        *("data_driven", "data_driven_bias", "random_sign"),
    }
    assert set(DOCUMENTED) == set(initializers.ROWS.names) - others


def test_signs_are_the_halves_of_even_numbers():
    signs = drawn("random_sign", seed=3)
    due = np.where(reference.uniform(3, 0, N) < 0.5, -1, 1)
    assert np.array_equal(signs.ravel(), due)
    assert abs((signs > 0).mean() - 0.5) <= FARTHEST


WRONG = {
    "units for inputs": ("he_uniform", even_of(2 / FAN_OUT)),
    "cut without giving back": ("he_normal", cut_normal(0, math.sqrt(2 / FAN_IN))),
    "not cut": ("lecun_normal", normal(0, math.sqrt(1 / FAN_IN))),
    "a corrected stddev": ("truncated_normal", cut_to(0.05**2)),
    "one fan for both": ("glorot_uniform", even_of(1 / FAN_IN)),
    "a deviation for a limit": ("lecun_uniform", even_of(1 / FAN_IN / 3)),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_nearest_wrong_distribution_would_be_seen(name):
    ours, other = WRONG[name]
    assert distance(drawn(ours), other) > FARTHEST


def test_numbers_that_are_not_drawn():
    assert (drawn("zeros", (3, 2)) == 0).all()
    assert (drawn("ones", (3, 2)) == 1).all()
    assert (drawn(Constant(0.25), (3, 2)) == 0.25).all()
    assert drawn(Identity(2.0), (2, 3)).tolist() == [[2, 0, 0], [0, 2, 0]]


def test_numbers_follow_from_seed_and_place_or_from_a_seed_of_their_own():
    def kernels(initializer, seed):
        layers = [Dense(8, use_bias=False, kernel_initializer=initializer) for _ in range(2)]
        return engine.initial_weights(Network.sequential(8, layers), seed)

    for name in ("glorot_uniform", "he_normal", "orthogonal"):
        first, second = kernels(name, 0)
        assert not np.array_equal(first, second)
        assert not np.array_equal(first, kernels(name, 1)[0])
        own = type(initializers.get(name))(seed=0)
        first_own, second_own = kernels(own, 0)
        assert np.array_equal(first_own, second_own)
        assert np.array_equal(first_own, kernels(own, 1)[0])
        assert not np.array_equal(first_own, first)


@pytest.mark.parametrize("shape", [(1, 1), (7, 7), (17, 5), (5, 17), (64, 48), (1, 9), (9, 1)])
def test_orthogonal_kernels_keep_lengths_and_angles(shape):
    kernel = drawn(Orthogonal(), shape)
    few = kernel if shape[0] >= shape[1] else kernel.T
    # Higham (2002), theorem 19.4: sqrt(n) * gamma(c * m * n), c a small number, here 8
    m, n = few.shape
    bound = 8 * m * n * math.sqrt(n) * tolerances.UNIT["float64"]
    assert abs(few.T @ few - np.eye(n)).max() <= bound
    assert abs(drawn(Orthogonal(3.0), shape) - 3 * kernel).max() == 0
    # nearly orthogonal is not enough
    crooked = few + 2 * bound
    assert abs(crooked.T @ crooked - np.eye(n)).max() > bound


def trace_statistics(matrices):
    """Return the deviation from Haar's of the mean of tr(Q) and of its square, in deviations.

    Of orthogonal n x n matrices, n >= 4, tr(Q) has the moments of a standard normal number up to
    the fourth: Diaconis and Shahshahani (1994), doi:10.2307/3214948.
    """
    traces = np.array([np.trace(one) for one in matrices])
    root = math.sqrt(len(traces))
    return abs(traces.mean()) * root, abs((traces**2).mean() - 1) * root / math.sqrt(2)


def test_every_orthogonal_matrix_is_as_likely_as_any_other():
    ours = [drawn(Orthogonal(seed=seed), (5, 5)) for seed in range(2000)]
    # six deviations: two in a thousand million
    assert max(trace_statistics(ours)) <= 6
    assert abs(np.mean([one[0, 0] > 0 for one in ours]) - 0.5) * 2 * math.sqrt(2000) <= 6
    random = np.random.default_rng(0)
    uncorrected = [np.linalg.qr(random.normal(size=(5, 5)))[0] for _ in range(2000)]
    assert max(trace_statistics(uncorrected)) > 6


@pytest.mark.parametrize(
    ("initializer", "message"),
    [
        (
            "orthogonal",
            "The bias of layer 1 (Dense) is a vector, (2,); Orthogonal starts matrices only.",
        ),
        (
            "identity",
            "The bias of layer 1 (Dense) is a vector, (2,); Identity starts matrices only.",
        ),
        (
            DataDriven(),
            "The bias of layer 1 (Dense) is no kernel: DataDriven starts kernels only.",
        ),
    ],
)
def test_a_bias_that_an_initializer_cannot_start_is_refused(initializer, message):
    network = Network.sequential(3, [Dense(2, bias_initializer=initializer)])
    with pytest.raises(ShapeError) as caught:
        engine.initial_weights(network, 0)
    assert str(caught.value) == message


def test_a_kernel_that_is_no_bias_is_refused():
    network = Network.sequential(3, [Dense(2, kernel_initializer=DataDrivenBias())])
    with pytest.raises(ShapeError) as caught:
        engine.initial_weights(network, 0)
    assert str(caught.value) == (
        "The kernel of layer 1 (Dense) is no bias: DataDrivenBias starts biases only."
    )


PROGRAM = """
import hashlib
import numpy as np
from hiddenlogic import engine, initializers
from hiddenlogic.engine.data_driven import finished_weights
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network

driven = {"kernel_initializer": "data_driven", "bias_initializer": "he+5"}
network = Network.sequential(5, [
    Dense(33, "gelu", kernel_initializer="orthogonal"),
    Dense(17, "tanh", kernel_initializer="he_normal", bias_initializer="normal"),
    Dense(19, "selu", **driven),
    Dense(2, **driven),
])
inputs = np.arange(9000 * 5).reshape(9000, 5) * 0.37 % 1
found = hashlib.sha256()
for dtype in ("float32", "float64"):
    for threads in (1, 3):
        rows = inputs.astype(dtype)
        for w in finished_weights(network, 3, rows, None, dtype, threads):
            found.update(w.tobytes())
    print(found.hexdigest())
"""


def test_the_bits_are_the_same_on_each_instruction_set():
    shown = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "HIDDENLOGIC_ISA": name},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in engine.available_isas()
    }
    assert len(shown) == 1
    assert len(shown.pop().split()) == 2
