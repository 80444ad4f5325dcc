"""Networks of members against so many networks without any, in the reference itself."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances

from hiddenlogic import losses
from hiddenlogic.layers import BatchEnsembleDense, Dense, MemberDense, Members, Scale
from hiddenlogic.network import Network
from reference.examples import random_weights, targets_for
from reference.network import batch_loss, gradients, predict

MEMBERS, N, INPUTS, OUTPUTS = 3, 7, 4, 3
BY_HEADS = Network.sequential(
    INPUTS, [Dense(5, "tanh"), Members(MEMBERS), Dense(6, "gelu"), MemberDense(OUTPUTS, "softmax")]
)
BY_SCALES = Network.sequential(
    INPUTS,
    [BatchEnsembleDense(6, "tanh", MEMBERS), BatchEnsembleDense(OUTPUTS, "softmax")],
)
LOSSES = [losses.MeanSquaredError(), losses.CategoricalCrossentropy()]


def one_by_heads(weights, member):
    first, bias, r, body, body_bias, heads, head_biases = weights
    return [first, bias, r[member], body, body_bias, heads[member], head_biases[member]]


def one_by_scales(weights, member):
    """A network of layers without members, whose kernels hold the scales."""
    own = []
    for r, kernel, s, bias in (weights[:4], weights[4:]):
        own += [r[member][:, None] * kernel * s[member], bias[member]]
    return own


# A network of members, what one of them is by itself, and that one's weights.
SPLITS = [
    (
        BY_HEADS,
        [Dense(5, "tanh"), Scale(), Dense(6, "gelu"), Dense(OUTPUTS, "softmax")],
        one_by_heads,
    ),
    (BY_SCALES, [Dense(6, "tanh"), Dense(OUTPUTS, "softmax")], one_by_scales),
]


def case(network, loss):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(N, INPUTS))
    targets = targets_for(loss, N, OUTPUTS)
    weight = random.uniform(0.5, 2, N)
    return random_weights(network), inputs, targets, weight


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("split", SPLITS, ids=["heads", "scales"])
def test_the_loss_is_the_mean_of_the_members_losses_alone(split, loss):
    network, stack, own = split
    alone = Network.sequential(INPUTS, stack)
    weights, inputs, targets, weight = case(network, loss)
    arguments = (inputs, targets, loss, weight)
    each = [batch_loss(alone, own(weights, m), *arguments) for m in range(MEMBERS)]
    found = batch_loss(network, weights, *arguments)
    unit = tolerances.UNIT["float64"]
    assert abs(found - np.mean(each)) <= 64 * unit * abs(found)

    # The loss of the mean, which a convex loss puts below the mean of the losses.
    mean = np.mean([predict(alone, own(weights, m), inputs) for m in range(MEMBERS)], axis=0)
    assert abs(predict(network, weights, inputs) - mean).max() <= 64 * unit
    if loss == losses.MeanSquaredError():
        of_the_mean = (weight * ((mean - targets) ** 2).mean(axis=1)).mean()
        assert of_the_mean < found - 1e3 * unit


def test_gradients_are_means_of_those_of_the_members_alone():
    loss = losses.MeanSquaredError()
    network, stack, own = SPLITS[0]
    alone = Network.sequential(INPUTS, stack)
    weights, inputs, targets, weight = case(network, loss)
    found = gradients(network, weights, inputs, targets, loss, weight)
    each = [
        gradients(alone, own(weights, m), inputs, targets, loss, weight) for m in range(MEMBERS)
    ]
    for place, gradient in enumerate(found):
        parts = [one[place] for one in each]
        is_own = parts[0].ndim < gradient.ndim
        due = np.stack(parts) / MEMBERS if is_own else np.mean(parts, axis=0)
        assert abs(gradient - due).max() <= 64 * tolerances.UNIT["float64"]


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("network", [BY_HEADS, BY_SCALES], ids=["heads", "scales"])
def test_gradients_of_members_equal_central_differences(network, loss):
    weights, *arguments = case(network, loss)
    inputs, targets, weight = arguments
    arguments = (inputs, targets, loss, weight)
    value, step = batch_loss(network, weights, *arguments), 1e-5

    def slope(place, index, step):
        up, down = ([w.copy() for w in weights] for _ in range(2))
        up[place][index] += step
        down[place][index] -= step
        rise = batch_loss(network, up, *arguments) - batch_loss(network, down, *arguments)
        return rise / (2 * step)

    for place, gradient in enumerate(gradients(network, weights, *arguments)):
        for index in np.ndindex(gradient.shape):
            found = slope(place, index, step)
            curvature = abs(slope(place, index, 2 * step) - found) / (3 * step**2)
            bound = tolerances.central_difference(value, step, 10 + 2 * curvature)
            assert abs(found - gradient[index]) <= bound
