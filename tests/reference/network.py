"""Forward pass, loss of a batch and gradients of a straight network.

Dropout comes as the factors of reference.dropout.masks; `rounding` is told of every operation.
"""

from __future__ import annotations

import numpy as np

from hiddenlogic.layers import Activation, Dense
from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from reference import activations, losses
from reference.exact import EXACT


def steps_of(network: Network):
    """Return the network as (activation, index of the kernel or None, has a bias) a step."""
    steps = []
    place = 0
    for node in network.nodes[1:]:
        match node.layer:
            case Dense() as layer:
                steps.append((layer.function, place, layer.use_bias))
                place += 2 if layer.use_bias else 1
            case Activation() as layer:
                steps.append((layer.function, None, False))
            case _:
                pass  # Dropout does nothing when predicting; training brings its masks
    return steps


def forward(network: Network, weights, inputs, *, masks=None, rounding=EXACT):
    """Return what enters each step, its pre-activation, and the output of the last."""
    a = np.asarray(inputs, dtype=np.float64)
    steps = steps_of(network)
    factors = masks or [1.0] * (len(steps) + 1)
    arriving, pre_activations = [], []
    for (function, kernel, has_bias), factor in zip(steps, factors, strict=False):
        a = a * factor
        bias = weights[kernel + 1] if has_bias else None
        z = a if kernel is None else a @ weights[kernel]
        if bias is not None:
            z = z + bias
        z = rounding.pre_activation(z, a, None if kernel is None else weights[kernel], bias)
        arriving.append(a)
        pre_activations.append(z)
        a = rounding.activation(activations.apply(function, z), function, z)
    return arriving, pre_activations, a * factors[-1]


def predict(network: Network, weights, inputs):
    """Return the outputs, shape (n, n_outputs)."""
    return forward(network, weights, inputs)[2]


def penalty(network: Network, weights) -> float:
    """Return sum over regularised arrays of l2 * sum(w**2)."""
    pairs = zip(network.parameters, weights, strict=True)
    return sum(one.regularizer.l2 * (w**2).sum() for one, w in pairs if one.regularizer)


def _weights_of_rows(sample_weight, n: int):
    return np.ones(n) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)


def batch_loss(
    network: Network,
    weights,
    inputs,
    targets,
    loss: Loss,
    sample_weight=None,
    *,
    masks=None,
    rounding=EXACT,
) -> float:
    """Return sum_i(w_i * l_i) / n plus the penalties."""
    _, pre_activations, outputs = forward(network, weights, inputs, masks=masks, rounding=rounding)
    if losses.over_logits(loss):
        outputs = pre_activations[-1]
    rows = rounding.losses(losses.row_losses(loss, outputs, targets), loss, outputs, targets)
    weighted = (_weights_of_rows(sample_weight, len(rows)) * rows).sum() / len(rows)
    return float(weighted + rounding.penalty(penalty(network, weights)))


def gradients(
    network: Network,
    weights,
    inputs,
    targets,
    loss: Loss,
    sample_weight=None,
    *,
    masks=None,
    rounding=EXACT,
):
    """Return d(batch_loss)/dw of each array of weights."""
    arriving, pre_activations, outputs = forward(
        network, weights, inputs, masks=masks, rounding=rounding
    )
    steps = steps_of(network)
    factors = masks or [1.0] * (len(steps) + 1)
    n = len(outputs)
    share = (_weights_of_rows(sample_weight, n) / n)[:, None]
    fused = losses.over_logits(loss)
    last = pre_activations[-1] if fused else outputs
    upstream = rounding.loss_gradients(
        share * losses.row_gradients(loss, last, targets), loss, last, targets, share
    )
    upstream = upstream * factors[-1]
    result = [np.zeros_like(w) for w in weights]
    for index in reversed(range(len(steps))):
        function, kernel, has_bias = steps[index]
        z = pre_activations[index]
        if not (fused and index == len(steps) - 1):
            dz = activations.backward(function, z, upstream)
            upstream = rounding.slope(dz, function, z, upstream)
        if kernel is not None:
            rows = arriving[index].T
            result[kernel] = rounding.sums(rows @ upstream, rows, upstream)
            if has_bias:
                ones = np.ones((1, n))
                result[kernel + 1] = rounding.sums(ones @ upstream, ones, upstream)[0]
            back = weights[kernel].T
            upstream = rounding.sums(upstream @ back, upstream, back)
        upstream = upstream * factors[index]
    for one, w, gradient in zip(network.parameters, weights, result, strict=True):
        if one.regularizer:
            gradient += 2 * one.regularizer.l2 * w
    return result
