"""One update of each optimizer, with Keras's formulas, and what all optimizers have around it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from hiddenlogic.layers.names import names_of
from hiddenlogic.optimizers import Optimizer
from reference import schedules


@dataclass
class State:
    """What is kept between batches: arrays a weight array by name, and the averages."""

    slots: list[dict[str, np.ndarray]]
    sums: list[np.ndarray]
    means: list[np.ndarray]
    batches: int = 0
    products: dict[str, float] = field(default_factory=dict)

    @property
    def arrays(self):
        """All arrays."""
        return [a for slots in self.slots for a in slots.values()] + self.sums + self.means


def new_state(optimizer: Optimizer, weights) -> State:
    """Return what is there before the first batch."""
    names = {
        "sgd": ("v",),
        "adam": ("m", "v", "top"),
        "adamw": ("m", "v", "top"),
        "rmsprop": ("v", "a", "u"),
        "adagrad": ("v",),
        "adadelta": ("v", "u"),
        "adamax": ("m", "u"),
        "nadam": ("m", "v"),
        "lion": ("m",),
    }[optimizer.name]
    slots = [{name: np.zeros_like(w) for name in names} for w in weights]
    if optimizer.name == "adagrad":
        for one in slots:
            one["v"] += optimizer.initial_accumulator_value
    return State(slots, [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights])


def step(optimizer: Optimizer, network, weights, gradients, state: State) -> None:
    """Take a batch's gradients: change weights and state in place."""
    every = optimizer.gradient_accumulation_steps or 1
    state.batches += 1
    update = (state.batches - 1) // every
    optimizer = schedules.settled(optimizer, update)
    for sum_, g in zip(state.sums, gradients, strict=True):
        sum_ += g
    if state.batches % every == 0:
        means = clipped(optimizer, [sum_ / every for sum_ in state.sums])
        _update(optimizer, network, weights, means, state, update)
        for sum_ in state.sums:
            sum_[...] = 0
    if optimizer.use_ema:
        _average(optimizer, weights, state, update)


def clipped(optimizer: Optimizer, gradients):
    """Return the gradients within the limit."""

    def shortened(g, norm, limit):
        return g * (limit / norm) if norm > limit else g

    if optimizer.clipvalue is not None:
        return [np.clip(g, -optimizer.clipvalue, optimizer.clipvalue) for g in gradients]
    if optimizer.clipnorm is not None:
        return [shortened(g, np.linalg.norm(g), optimizer.clipnorm) for g in gradients]
    if optimizer.global_clipnorm is not None:
        norm = math.sqrt(sum((g**2).sum() for g in gradients))
        return [shortened(g, norm, optimizer.global_clipnorm) for g in gradients]
    return gradients


def _average(optimizer: Optimizer, weights, state: State, update: int) -> None:
    kept = optimizer.ema_momentum if update > 0 else 0.0
    often = optimizer.ema_overwrite_frequency
    for w, mean in zip(weights, state.means, strict=True):
        mean[...] = kept * mean + (1 - kept) * w
        if often and (update + 1) % often == 0:
            w[...] = mean


def value(number, update: int) -> float:
    """Return a number that may be a schedule."""
    return schedules.rate(number, update)


def _update(optimizer, network, weights, gradients, state, update) -> None:
    rate = value(optimizer.learning_rate, update)
    decay = value(optimizer.weight_decay or 0.0, update)
    numbers = Numbers(optimizer, update, state.products)
    layers = names_of(node.layer for node in network.nodes)
    for spec, w, g, slots in zip(network.parameters, weights, gradients, state.slots, strict=True):
        factor, decay_factor = optimizer.factors(f"{layers[spec.node]}/{spec.name}")
        w -= w * decay * rate * factor * decay_factor
        w -= CHANGES[optimizer.name](optimizer, numbers, rate * factor, g, slots)


class Numbers:
    """The numbers of one update, with the products of those before."""

    def __init__(self, optimizer, update: int, products) -> None:
        def of(name):
            return value(getattr(optimizer, name, 0.0), update)

        def product(name, factor):
            products[name] = products.get(name, 1.0) * factor
            return products[name]

        self.momentum, self.beta_1, self.beta_2 = of("momentum"), of("beta_1"), of("beta_2")
        self.power_1 = product("beta_1", self.beta_1)
        self.power_2 = product("beta_2", self.beta_2)
        t = update + 1
        self.now = self.beta_1 * (1 - 0.5 * 0.96**t)
        self.next = self.beta_1 * (1 - 0.5 * 0.96 ** (t + 1))
        self.product = product("nadam", self.now)


def _sgd(optimizer, numbers, rate, g, s):
    s["v"][...] = numbers.momentum * s["v"] - rate * g
    if optimizer.nesterov:
        return rate * g - numbers.momentum * s["v"]
    return -s["v"]


def _moments(numbers, g, s):
    s["m"] += (g - s["m"]) * (1 - numbers.beta_1)
    s["v"] += (g * g - s["v"]) * (1 - numbers.beta_2)


def _adam(optimizer, numbers, rate, g, s):
    _moments(numbers, g, s)
    v = s["v"]
    if optimizer.amsgrad:
        s["top"][...] = np.maximum(s["top"], v)
        v = s["top"]
    rate *= math.sqrt(1 - numbers.power_2) / (1 - numbers.power_1)
    return s["m"] * rate / (np.sqrt(v) + optimizer.epsilon)


def _rmsprop(optimizer, numbers, rate, g, s):
    rho = optimizer.rho
    s["v"][...] = rho * s["v"] + (1 - rho) * g * g
    variance = s["v"]
    if optimizer.centered:
        s["a"][...] = rho * s["a"] + (1 - rho) * g
        variance = np.maximum(s["v"] - s["a"] ** 2, 0)
    s["u"][...] = numbers.momentum * s["u"] + rate * g / np.sqrt(variance + optimizer.epsilon)
    return s["u"]


def _adagrad(optimizer, numbers, rate, g, s):
    s["v"] += g * g
    return rate * g / np.sqrt(s["v"] + optimizer.epsilon)


def _adadelta(optimizer, numbers, rate, g, s):
    rho, epsilon = optimizer.rho, optimizer.epsilon
    s["v"][...] = rho * s["v"] + (1 - rho) * g * g
    d = g * np.sqrt(s["u"] + epsilon) / np.sqrt(s["v"] + epsilon)
    s["u"][...] = rho * s["u"] + (1 - rho) * d * d
    return rate * d


def _adamax(optimizer, numbers, rate, g, s):
    s["m"] += (g - s["m"]) * (1 - numbers.beta_1)
    s["u"][...] = np.maximum(numbers.beta_2 * s["u"], abs(g))
    return s["m"] * rate / (1 - numbers.power_1) / (s["u"] + optimizer.epsilon)


def _nadam(optimizer, numbers, rate, g, s):
    _moments(numbers, g, s)
    ahead = s["m"] * numbers.next / (1 - numbers.product * numbers.next)
    ahead += g * (1 - numbers.now) / (1 - numbers.product)
    return ahead * rate / (np.sqrt(s["v"] / (1 - numbers.power_2)) + optimizer.epsilon)


def _lion(optimizer, numbers, rate, g, s):
    way = np.sign(s["m"] * numbers.beta_1 + g * (1 - numbers.beta_1))
    s["m"][...] = s["m"] * numbers.beta_2 + g * (1 - numbers.beta_2)
    return rate * way


CHANGES = {
    "sgd": _sgd,
    "adam": _adam,
    "adamw": _adam,
    "rmsprop": _rmsprop,
    "adagrad": _adagrad,
    "adadelta": _adadelta,
    "adamax": _adamax,
    "nadam": _nadam,
    "lion": _lion,
}
"""What an array of weights loses in an update, and its new state, by the name of the row."""
