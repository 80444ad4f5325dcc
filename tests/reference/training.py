"""Epochs over batches in the order of the rows: the trajectory that the engine has to follow."""

from __future__ import annotations

import numpy as np

from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Optimizer
from reference import network as dense
from reference import optimizers


def train(
    network: Network,
    weights,
    inputs,
    targets,
    *,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int,
    sample_weight=None,
    after_step=None,
):
    """Return the weights after the training and the loss of each epoch.

    The loss of an epoch is the mean over its rows of the loss of their batch, taken before the
    step. `after_step` may change the weights in place after each step: tolerances come from it.
    """
    weights = [np.array(w, dtype=np.float64) for w in weights]
    inputs, targets = np.asarray(inputs, np.float64), np.asarray(targets, np.float64)
    state = optimizers.new_state(weights)
    history: list[float] = []
    t = 0
    for _ in range(epochs):
        total = 0.0
        for start in range(0, len(inputs), batch_size):
            rows = slice(start, start + batch_size)
            w = None if sample_weight is None else sample_weight[rows]
            batch = (inputs[rows], targets[rows])
            total += dense.batch_loss(network, weights, *batch, loss, w) * len(batch[0])
            t += 1
            gradients = dense.gradients(network, weights, *batch, loss, w)
            optimizers.step(optimizer, weights, gradients, state, t)
            if after_step is not None:
                after_step(weights)
        history.append(total / len(inputs))
    return weights, history
