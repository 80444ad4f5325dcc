"""How much of each distribution lies below x, and how far numbers may be from it."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from hiddenlogic.initializers import TRUNCATED_DEVIATION

FAN_IN, FAN_OUT = 512, 128
N = FAN_IN * FAN_OUT
BOTH = (FAN_IN + FAN_OUT) / 2

# Dvoretzky, Kiefer, Wolfowitz and Massart (1990), doi:10.1214/aop/1176990746: of n numbers, it is
# more than this with a probability of at most one in a thousand million. The seeds are fixed.
FARTHEST = math.sqrt(math.log(2e9) / (2 * N))


def even(low, high):
    return lambda x: np.clip((x - low) / (high - low), 0, 1)


def normal(mean, stddev):
    return np.vectorize(NormalDist(mean, stddev).cdf)


def cut_normal(mean, stddev):
    tail = NormalDist().cdf(-2)
    below = normal(mean, stddev)
    return lambda x: np.clip((below(x) - tail) / (1 - 2 * tail), 0, 1)


def cut_to(variance):
    """Return the cut normal distribution that has this variance when it is cut."""
    return cut_normal(0, math.sqrt(variance) / TRUNCATED_DEVIATION)


def even_of(variance):
    return even(-math.sqrt(3 * variance), math.sqrt(3 * variance))


# Of the initializers with their defaults, as Keras documents them.
DOCUMENTED = {
    "glorot_uniform": even_of(1 / BOTH),
    "glorot_normal": cut_to(1 / BOTH),
    "he_uniform": even_of(2 / FAN_IN),
    "he_normal": cut_to(2 / FAN_IN),
    "lecun_uniform": even_of(1 / FAN_IN),
    "lecun_normal": cut_to(1 / FAN_IN),
    "variance_scaling": cut_to(1 / FAN_IN),
    "random_uniform": even(-0.05, 0.05),
    "random_normal": normal(0, 0.05),
    "truncated_normal": cut_normal(0, 0.05),
}


def distance(values, below):
    """Return the largest distance between the share of values below x and what it should be."""
    values = np.sort(values, axis=None)
    due, places = below(values), np.arange(len(values) + 1) / len(values)
    return max((due - places[:-1]).max(), (places[1:] - due).max())
