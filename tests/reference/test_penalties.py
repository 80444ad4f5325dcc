"""The reference's penalties and projections: numbers by hand, gradients by central differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tolerances

from hiddenlogic.constraints import MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from hiddenlogic.layers import ActivityRegularization, Dense
from hiddenlogic.losses import BinaryCrossentropy, MeanSquaredError
from hiddenlogic.network import Network
from hiddenlogic.regularizers import L1, L1L2, L2, OrthogonalRegularizer
from reference import penalties
from reference.constraints import project
from reference.examples import random_weights, targets_for
from reference.network import batch_loss, gradients

STEP = 1e-5
RANDOM = np.random.default_rng(4)
WEIGHTS = RANDOM.normal(size=(4, 6))
REGULARIZERS = [
    L1(0.3),
    L2(0.2),
    L1L2(0.1, 0.4),
    OrthogonalRegularizer(0.5),
    OrthogonalRegularizer(0.5, mode="columns"),
]


def difference(function, w, index, step):
    up, down = w.copy(), w.copy()
    up[index] += step
    down[index] -= step
    return (function(up) - function(down)) / (2 * step)


def check_gradient(function, w, gradient):
    """Assert that `gradient` is that of `function` at w."""
    for index in np.ndindex(w.shape):
        found = difference(function, w, index, STEP)
        # With twice the step the error is four times as large: three times the curvature.
        curvature = abs(difference(function, w, index, 2 * STEP) - found) / (3 * STEP**2)
        bound = tolerances.central_difference(function(w), STEP, 10 + 2 * curvature)
        assert abs(found - gradient[index]) <= bound


def test_penalties_by_hand():
    w = np.array([[3.0, -4.0], [0.0, 2.0]])
    assert penalties.value(L1(0.5), w) == 0.5 * 9
    assert penalties.value(L2(0.5), w) == 0.5 * 29
    assert penalties.value(L1L2(0.5, 2), w) == 0.5 * 9 + 2 * 29
    assert penalties.value(OrthogonalRegularizer(0.5), w) == pytest.approx(0.5 * 4 / 5)
    cosine = 8 / (2 * math.sqrt(5))
    columns = OrthogonalRegularizer(0.5, mode="columns")
    assert penalties.value(columns, w) == pytest.approx(0.5 * 12 / (3 * math.sqrt(20)))
    assert cosine != pytest.approx(4 / 5)  # rows and columns differ
    assert penalties.value(OrthogonalRegularizer(), w[:1]) == 0
    assert (penalties.gradient(L1(0.5), w) == [[0.5, -0.5], [0, 0.5]]).all()


@pytest.mark.parametrize("regularizer", REGULARIZERS, ids=repr)
def test_gradients_of_penalties_equal_central_differences(regularizer):
    check_gradient(
        lambda w: penalties.value(regularizer, w),
        WEIGHTS,
        penalties.gradient(regularizer, WEIGHTS),
    )


def test_a_line_that_is_too_short_to_be_normalised_is_multiplied_with_ten_million():
    regularizer = OrthogonalRegularizer(0.5)
    w = WEIGHTS.copy()
    w[1] *= 1e-9
    normal = w[1] * 1e7
    lengths = np.linalg.norm(w, axis=1, keepdims=True)
    others = np.delete(w / lengths, 1, axis=0)
    lone = abs(others @ normal).sum()
    pairs = [abs(others[i] @ others[j]) for i in range(3) for j in range(i)]
    due = 0.5 * (lone + sum(pairs)) / 6
    assert abs(penalties.value(regularizer, w) - due) <= tolerances.score(due, 16)
    found = penalties.gradient(regularizer, w)[1]
    slope = 0.5 / 6 * 1e7 * (np.sign(others @ normal) @ others)
    assert (abs(found - slope) <= tolerances.score(abs(slope).max(), 16)).all()


@pytest.mark.parametrize("regularizer", REGULARIZERS[:3], ids=repr)
@pytest.mark.parametrize("loss", [MeanSquaredError(), BinaryCrossentropy()], ids=repr)
@pytest.mark.parametrize("where", ["hidden", "output", "layer"])
def test_gradients_of_activity_penalties_equal_central_differences(where, loss, regularizer):
    hidden = regularizer if where == "hidden" else None
    output = regularizer if where == "output" else None
    stack = [Dense(4, "tanh", activity_regularizer=hidden)]
    if where == "layer":
        stack.append(ActivityRegularization(*regularizer.factors))
    network = Network.sequential(3, [*stack, Dense(2, loss.row.suits, activity_regularizer=output)])
    weights = random_weights(network)
    inputs, targets = RANDOM.normal(size=(5, 3)), targets_for(loss, 5, 2)
    sample_weight = np.array([1, 2, 0.5, 0, 3])
    found = gradients(network, weights, inputs, targets, loss, sample_weight)
    for place, gradient in enumerate(found):

        def function(w, place=place):
            changed = [*weights[:place], w, *weights[place + 1 :]]
            return batch_loss(network, changed, inputs, targets, loss, sample_weight)

        check_gradient(function, weights[place], gradient)


def test_an_activity_penalty_is_a_mean_over_rows_whatever_their_weights():
    network = Network.sequential(3, [Dense(2, activity_regularizer=L1L2(0.5, 2))])
    plain = Network.sequential(3, [Dense(2)])
    weights = random_weights(network)
    inputs, targets = RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(5, 2))
    values = inputs @ weights[0] + weights[1]
    due = (0.5 * abs(values) + 2 * values**2).sum() / 5
    for sample_weight in (None, np.array([1, 2, 0.5, 0, 3])):
        with_it, without = (
            batch_loss(one, weights, inputs, targets, MeanSquaredError(), sample_weight)
            for one in (network, plain)
        )
        assert abs(with_it - without - due) <= tolerances.score(with_it, 10)


def norms(w, axis):
    return np.sqrt((w**2).sum(axis=axis))


@pytest.mark.parametrize("axis", [0, 1])
def test_projections_keep_the_norms_that_they_are_to_keep(axis):
    w = WEIGHTS * 0.7
    longer = norms(w, axis) > 1.2
    assert longer.any()
    assert not longer.all()
    found = norms(project(MaxNorm(1.2, axis), w), axis)
    # The epsilon beside the norm takes a ten-millionth of it at most where norms are 1 or more.
    assert (abs(found[longer] - 1.2) <= 1.2e-7 + tolerances.score(1.2, 6)).all()
    assert (found[~longer] <= norms(w, axis)[~longer]).all()
    assert (abs(norms(project(UnitNorm(axis), w), axis) - 1) <= 1e-7 / norms(w, axis).min()).all()
    half = norms(project(MinMaxNorm(1.0, 1.2, rate=0.5, axis=axis), w), axis)
    aim = (norms(w, axis) + np.clip(norms(w, axis), 1.0, 1.2)) / 2
    assert (abs(half - aim) <= 1e-7 * aim / norms(w, axis) + tolerances.score(2.0, 6)).all()


def test_projections_by_hand():
    w = np.array([[3.0, -0.0], [-4.0, 0.5]])
    assert (project(NonNeg(), w) == [[3, 0], [0, 0.5]]).all()
    assert (project(MaxNorm(2), w)[:, 0] == w[:, 0] * 2 / (5 + 1e-7)).all()
    assert (project(MaxNorm(2), w)[:, 1] == w[:, 1] * 0.5 / (0.5 + 1e-7)).all()
    assert (project(UnitNorm(), np.zeros((2, 2))) == 0).all()
    assert (project(MinMaxNorm(0.5, 1), np.zeros((2, 2))) == 0).all()
