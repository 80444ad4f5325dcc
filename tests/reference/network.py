"""Forward pass, loss of a batch and gradients of a straight network, without dropout."""

from __future__ import annotations

import numpy as np

from hiddenlogic.layers import Activation, Dense
from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from reference import activations, losses


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
                pass  # Dropout does nothing when predicting, and is not trained here
    return steps


def forward(network: Network, weights, inputs):
    """Return what enters each step, its pre-activation, and the output of the last."""
    a = np.asarray(inputs, dtype=np.float64)
    arriving, pre_activations = [], []
    for function, kernel, has_bias in steps_of(network):
        z = a if kernel is None else a @ weights[kernel]
        if has_bias:
            z = z + weights[kernel + 1]
        arriving.append(a)
        pre_activations.append(z)
        a = activations.apply(function, z)
    return arriving, pre_activations, a


def predict(network: Network, weights, inputs):
    """Return the outputs, shape (n, n_outputs)."""
    return forward(network, weights, inputs)[2]


def penalty(network: Network, weights) -> float:
    """Return sum over regularised arrays of l2 * sum(w**2)."""
    pairs = zip(network.parameters, weights, strict=True)
    return sum(one.regularizer.l2 * (w**2).sum() for one, w in pairs if one.regularizer)


def _weights_of_rows(sample_weight, n: int):
    return np.ones(n) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)


def batch_loss(network: Network, weights, inputs, targets, loss: Loss, sample_weight=None) -> float:
    """Return sum_i(w_i * l_i) / n plus the penalties."""
    _, pre_activations, outputs = forward(network, weights, inputs)
    if losses.over_logits(loss):
        outputs = pre_activations[-1]
    rows = losses.row_losses(loss, outputs, targets)
    weighted = (_weights_of_rows(sample_weight, len(rows)) * rows).sum() / len(rows)
    return float(weighted + penalty(network, weights))


def gradients(network: Network, weights, inputs, targets, loss: Loss, sample_weight=None):
    """Return d(batch_loss)/dw of each array of weights."""
    arriving, pre_activations, outputs = forward(network, weights, inputs)
    steps = steps_of(network)
    n = len(outputs)
    share = (_weights_of_rows(sample_weight, n) / n)[:, None]
    fused = losses.over_logits(loss)
    last = pre_activations[-1] if fused else outputs
    upstream = share * losses.row_gradients(loss, last, targets)
    result = [np.zeros_like(w) for w in weights]
    for index in reversed(range(len(steps))):
        function, kernel, has_bias = steps[index]
        if not (fused and index == len(steps) - 1):
            upstream = activations.backward(function, pre_activations[index], upstream)
        if kernel is not None:
            result[kernel] = arriving[index].T @ upstream
            if has_bias:
                result[kernel + 1] = upstream.sum(axis=0)
            upstream = upstream @ weights[kernel].T
    for one, w, gradient in zip(network.parameters, weights, result, strict=True):
        if one.regularizer:
            gradient += 2 * one.regularizer.l2 * w
    return result
