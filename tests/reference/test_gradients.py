"""The gradients of the reference against central differences of its own loss."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from layer_examples import CASES, network_with

from hiddenlogic import activations, losses
from reference.examples import (
    VARIANTS,
    Example,
    example,
    random_weights,
    targets_for,
    variant_name,
)
from reference.layers import Pass
from reference.network import batch_loss, gradients

STEP = 1e-5
EVALUATING = Pass()


@pytest.mark.parametrize("loss_name", losses.ROWS.names)
@pytest.mark.parametrize("activation", activations.ROWS.names)
def test_reference_gradients_equal_central_differences(activation, loss_name):
    check(example(activation, losses.get(loss_name), n=7, inputs=3, hidden=4))


@pytest.mark.parametrize("variant", VARIANTS, ids=variant_name)
def test_gradients_of_every_setting_of_a_loss_equal_central_differences(variant):
    loss, output = variant
    check(example("tanh", loss, n=7, inputs=3, hidden=4, output=output))


@pytest.mark.parametrize("reduction", losses.REDUCTIONS)
@pytest.mark.parametrize("loss_name", losses.ROWS.names)
def test_gradients_of_every_reduction_equal_central_differences(loss_name, reduction):
    check(example("tanh", losses.get(loss_name, reduction=reduction), n=7, inputs=3, hidden=4))


# Of the weights of an array: a network around a layer has hundreds.
MOST = 12


@pytest.mark.parametrize("loss_name", ["mean_squared_error", "log_cosh", "huber"])
@pytest.mark.parametrize("layer", CASES, ids=repr)
def test_gradients_of_each_kind_of_layer_equal_central_differences(layer, loss_name):
    network, loss = network_with(layer), losses.get(loss_name)
    random = np.random.default_rng(0)
    inputs = random.normal(size=(7, network.n_inputs))
    for node, places in network.codes:
        inputs[:, places] = random.integers(0, network.nodes[node].layer.n_codes, (7, 2))
    targets = targets_for(loss, 7, network.n_outputs)
    case = Example(network, random_weights(network), inputs, targets, np.ones(7), loss)
    check(case, how=Pass(training=True), most=MOST)


def check(case, *, how=EVALUATING, most=None):
    """Compare every slope, or `most` an array, the weights of the rows counted."""
    arguments = (case.inputs, case.targets, case.loss, case.sample_weight)
    exact = gradients(case.network, case.weights, *arguments, how=how)
    value = batch_loss(case.network, case.weights, *arguments, how=how)

    def slope(place, index, step):
        up, down = ([w.copy() for w in case.weights] for _ in range(2))
        up[place][index] += step
        down[place][index] -= step
        rise = batch_loss(case.network, up, *arguments, how=how)
        return (rise - batch_loss(case.network, down, *arguments, how=how)) / (2 * step)

    for place, gradient in enumerate(exact):
        places = np.random.default_rng(place).permutation(gradient.size)[:most]
        for index in zip(*np.unravel_index(places, gradient.shape), strict=True):
            found = slope(place, index, STEP)
            # With twice the step the error is four times as large: three times the curvature.
            curvature = abs(slope(place, index, 2 * STEP) - found) / (3 * STEP**2)
            bound = tolerances.central_difference(value, STEP, 10 + 2 * curvature)
            assert abs(found - gradient[index]) <= bound


def test_central_differences_refuse_a_gradient_that_lacks_the_weights_of_the_rows():
    case = example("tanh", losses.MeanSquaredError(), n=7, inputs=3, hidden=4)
    right = gradients(
        case.network, case.weights, case.inputs, case.targets, case.loss, case.sample_weight
    )
    wrong = gradients(case.network, case.weights, case.inputs, case.targets, case.loss)
    assert abs(right[0] - wrong[0]).max() > 100 * tolerances.central_difference(1.0, STEP)
