"""The nearest wrong formula of each optimizer is told apart by the bounds of the trajectories."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tolerances

from hiddenlogic import losses
from hiddenlogic.optimizers import SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, Lion, Nadam, RMSprop
from hiddenlogic.schedules import CosineDecay
from reference import optimizers
from reference.examples import example
from reference.training import train_example

CASE = example("tanh", losses.MeanSquaredError())


def run(optimizer, after_step=None):
    return train_example(CASE, optimizer, epochs=3, batch_size=5, after_step=after_step)


def changed(name, make):
    """Put another formula in the place of an optimizer's."""
    right = optimizers.CHANGES[name]
    return lambda patch: patch.setitem(optimizers.CHANGES, name, make(right))


def without_correction(right):
    def change(optimizer, numbers, rate, g, s):
        numbers.power_1 = 0.0
        return right(optimizer, numbers, rate, g, s)

    return change


def epsilon_moved(before, after):
    """Change the weights with epsilon on the other side of the root."""

    def make(right):
        def change(optimizer, numbers, rate, g, s):
            return (
                right(optimizer, numbers, rate, g, s) * before(s, optimizer) / after(s, optimizer)
            )

        return change

    return make


def outside(s, optimizer):
    return np.sqrt(s["v"]) + optimizer.epsilon


def inside(s, optimizer):
    return np.sqrt(s["v"] + optimizer.epsilon)


def no_look_ahead(right):
    return lambda optimizer, numbers, rate, g, s: -_velocity(numbers, rate, g, s)


def _velocity(numbers, rate, g, s):
    s["v"][...] = numbers.momentum * s["v"] - rate * g
    return s["v"]


def rate_outside_velocity(right):
    def change(optimizer, numbers, rate, g, s):
        return right(optimizer, numbers, 1.0, g, s) * rate

    return change


def no_largest(right):
    def change(optimizer, numbers, rate, g, s):
        s["top"][...] = 0
        return right(optimizer, numbers, rate, g, s)

    return change


def constant_momentum(right):
    def change(optimizer, numbers, rate, g, s):
        numbers.now = numbers.next = numbers.beta_1
        numbers.product = numbers.power_1
        return right(optimizer, numbers, rate, g, s)

    return change


def this_steps_momentum(right):
    def change(optimizer, numbers, rate, g, s):
        numbers.next = numbers.now
        return right(optimizer, numbers, rate, g, s)

    return change


def from_nothing(right):
    """Let the sum of squares begin with 0: the first sight of a slot takes its beginning away."""
    seen = set()

    def change(optimizer, numbers, rate, g, s):
        if id(s) not in seen:
            seen.add(id(s))
            s["v"][...] = 0
        return right(optimizer, numbers, rate, g, s)

    return change


def not_centred(right):
    def change(optimizer, numbers, rate, g, s):
        s["a"][...] = -g * (1 - optimizer.rho) / optimizer.rho
        return right(optimizer, numbers, rate, g, s)

    return change


def gradients_for_steps(right):
    def change(optimizer, numbers, rate, g, s):
        d = right(optimizer, numbers, rate, g, s)
        s["u"] += (1 - optimizer.rho) * (g * g - (d / rate) ** 2)
        return d

    return change


def epsilon_in_the_maximum(right):
    def change(optimizer, numbers, rate, g, s):
        return right(optimizer, numbers, rate, g, s) * (s["u"] + optimizer.epsilon) / s["u"]

    return change


def betas_swapped(right):
    def change(optimizer, numbers, rate, g, s):
        numbers.beta_1, numbers.beta_2 = numbers.beta_2, numbers.beta_1
        d = right(optimizer, numbers, rate, g, s)
        numbers.beta_1, numbers.beta_2 = numbers.beta_2, numbers.beta_1
        return d

    return change


def coupled_decay(patch):
    """Add the decay to the gradient."""
    right = optimizers._update

    def update(optimizer, network, weights, gradients, *rest):
        decay = optimizer.weight_decay
        object.__setattr__(optimizer, "weight_decay", None)
        added = [g + decay * w for g, w in zip(gradients, weights, strict=True)]
        right(optimizer, network, weights, added, *rest)
        object.__setattr__(optimizer, "weight_decay", decay)

    patch.setattr(optimizers, "_update", update)


def sum_for_mean(patch):
    """Let a sum of gradients make an update."""
    right = optimizers.clipped

    def clipped(optimizer, gradients):
        return right(optimizer, [g * optimizer.gradient_accumulation_steps for g in gradients])

    patch.setattr(optimizers, "clipped", clipped)


def mean_from_nothing(patch):
    """Let the running mean begin with 0."""
    right = optimizers._average

    def average(optimizer, weights, state, update):
        right(optimizer, weights, state, update + 1)

    patch.setattr(optimizers, "_average", average)


COSINE = CosineDecay(0.01, 20)
WRONG = {
    "sgd: no look ahead": (
        SGD(0.05, momentum=0.9, nesterov=True),
        changed("sgd", no_look_ahead),
    ),
    "sgd: rate outside the velocity": (
        SGD(COSINE, momentum=0.9),
        changed("sgd", rate_outside_velocity),
    ),
    "adam: no correction of the mean": (Adam(0.01), changed("adam", without_correction)),
    "adam: epsilon inside the root": (
        Adam(0.01, epsilon=1e-4),
        changed("adam", epsilon_moved(outside, inside)),
    ),
    "adam: the last square for the largest": (
        Adam(0.01, beta_2=0.5, amsgrad=True),
        changed("adam", no_largest),
    ),
    "adamw: decay coupled": (AdamW(0.01, weight_decay=0.1), coupled_decay),
    "rmsprop: epsilon outside the root": (
        RMSprop(0.01, epsilon=1e-3),
        changed("rmsprop", epsilon_moved(inside, outside)),
    ),
    "rmsprop: rate outside the velocity": (
        RMSprop(COSINE, momentum=0.5),
        changed("rmsprop", rate_outside_velocity),
    ),
    "rmsprop: not centred": (
        RMSprop(0.01, rho=0.5, epsilon=1e-3, centered=True),
        changed("rmsprop", not_centred),
    ),
    "adagrad: epsilon outside the root": (
        Adagrad(0.05, epsilon=1e-3),
        changed("adagrad", epsilon_moved(inside, outside)),
    ),
    "adagrad: from nothing": (Adagrad(0.05), changed("adagrad", from_nothing)),
    "adadelta: squares of gradients for those of steps": (
        Adadelta(0.5),
        changed("adadelta", gradients_for_steps),
    ),
    "adamax: no correction": (Adamax(0.01), changed("adamax", without_correction)),
    "adamax: epsilon in the maximum": (
        Adamax(0.01, epsilon=1e-3),
        changed("adamax", epsilon_in_the_maximum),
    ),
    "nadam: one momentum": (Nadam(0.01), changed("nadam", constant_momentum)),
    "nadam: this step's momentum": (Nadam(0.01), changed("nadam", this_steps_momentum)),
    "lion: betas swapped": (Lion(0.003), changed("lion", betas_swapped)),
    "a sum for the mean": (SGD(0.05, gradient_accumulation_steps=2), sum_for_mean),
    "a mean of weights from nothing": (SGD(0.05, use_ema=True), mean_from_nothing),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("wrong", WRONG)
def test_the_bounds_refuse(wrong, dtype, monkeypatch):
    optimizer, change = WRONG[wrong]
    bounds, _ = tolerances.drift(lambda nudge: run(optimizer, nudge), CASE.network, dtype)
    right, _ = run(optimizer)
    change(monkeypatch)
    found, _ = run(optimizer)
    far = [abs(a - b).max() > bound for a, b, bound in zip(found, right, bounds, strict=True)]
    assert any(far)
    assert all(math.isfinite(abs(w).max()) for w in found)


def test_every_optimizer_has_a_wrong_variant():
    assert {name.partition(":")[0] for name in WRONG} >= set(optimizers.CHANGES)
