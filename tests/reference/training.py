"""Epochs over batches in the order of the rows: the trajectory that the engine has to follow."""

from __future__ import annotations

import numpy as np

from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Optimizer
from reference import constraints, losses, optimizers, schedules
from reference import network as dense
from reference.exact import EXACT
from reference.layers import Pass


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
    dropout_seed=0,
    rounding=EXACT,
    after_step=None,
):
    """Return the weights after the training and the loss of each epoch.

    The loss of an epoch is that of all its rows, each taken before the step of its batch; the
    penalty is the mean of those before the steps. Tolerances come from `after_step`, which may
    change the weights in place after each step, and from `rounding`, which may change the result
    of every operation.
    """
    weights = [np.array(w, dtype=np.float64) for w in weights]
    inputs, targets = np.asarray(inputs, np.float64), np.asarray(targets, np.float64)
    state = optimizers.new_state(optimizer, weights)
    history: list[float] = []
    t = 0
    for _ in range(epochs):
        total = counted = penalties = 0.0
        for start in range(0, len(inputs), batch_size):
            rows = slice(start, start + batch_size)
            w = None if sample_weight is None else sample_weight[rows]
            batch = (inputs[rows], targets[rows])
            how = Pass(seed=dropout_seed, step=t, training=True, rounding=rounding)
            update = t // (optimizer.gradient_accumulation_steps or 1)
            now = schedules.settled_network(network, update), schedules.settled(loss, update)
            arguments = (now[0], weights, *batch, now[1], w)
            value, penalty = dense.loss_and_penalty(*arguments, how=how)
            summed = loss.reduction == "sum"
            share = 1.0 if summed else losses.divisor(loss, w, len(batch[0]))
            total += value * share
            counted += share
            penalties += penalty * len(batch[0]) / len(inputs)
            gradients = dense.gradients(*arguments, how=how)
            moved = dense.moved(network, dense.forward(network, weights, batch[0], how))
            t += 1
            _step(optimizer, network, weights, gradients, state, rounding)
            for place, value in moved.items():
                weights[place][...] = state.means[place][...] = value
            constraints.project_all(network, weights, rounding)
            if after_step is not None:
                after_step(weights)
        history.append((total if summed else total / counted) + penalties)
    return state.means if optimizer.use_ema else weights, history


def train_example(case, optimizer: Optimizer, after_step=None, **how):
    """Return `train` of an example's network, weights, rows and loss, weighted if `how` says so."""
    return train(
        case.network,
        case.weights,
        case.inputs,
        case.targets,
        loss=case.loss,
        optimizer=optimizer,
        after_step=after_step,
        **how,
    )


def _step(optimizer, network, weights, gradients, state, rounding) -> None:
    """Change weights and state in place, as `rounding` has it."""
    values = [*weights, *state.arrays]
    before = [one.copy() for one in values]
    optimizers.step(optimizer, network, weights, gradients, state)
    for old, new in zip(before, values, strict=True):
        new[...] = rounding.changed(new, old)
