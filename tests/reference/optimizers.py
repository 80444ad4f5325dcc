"""One step of each optimizer, with Keras's formulas; the state is two slots a weight array."""

from __future__ import annotations

import math

import numpy as np

from hiddenlogic.optimizers import SGD, Adam, AdamW, Optimizer
from reference import schedules


def new_state(weights):
    """Return two slots of zeros for each array of weights."""
    return [(np.zeros_like(w), np.zeros_like(w)) for w in weights]


def step(optimizer: Optimizer, weights, gradients, state, t: int) -> None:
    """Change weights and state in place; t counts the steps from 1."""
    for w, g, (first, second) in zip(weights, gradients, state, strict=True):
        match optimizer:
            case SGD():
                _sgd(optimizer, w, g, first, t)
            case Adam():
                _adam(optimizer, w, g, first, second, t)
            case AdamW():
                w -= w * optimizer.weight_decay * schedules.rate(optimizer.learning_rate, t - 1)
                _adam(optimizer, w, g, first, second, t)
            case _:
                raise AssertionError(f"the reference lacks {optimizer}")


def _sgd(optimizer: SGD, w, g, velocity, t: int) -> None:
    rate = schedules.rate(optimizer.learning_rate, t - 1)
    velocity[...] = optimizer.momentum * velocity - rate * g
    if optimizer.nesterov:
        w += optimizer.momentum * velocity - rate * g
    else:
        w += velocity


def _adam(optimizer: Adam | AdamW, w, g, m, v, t: int) -> None:
    b1, b2 = optimizer.beta_1, optimizer.beta_2
    rate = schedules.rate(optimizer.learning_rate, t - 1)
    rate *= math.sqrt(1 - b2**t) / (1 - b1**t)
    m += (g - m) * (1 - b1)
    v += (g * g - v) * (1 - b2)
    w -= m * rate / (np.sqrt(v) + optimizer.epsilon)
