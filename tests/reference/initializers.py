"""What weights begin with, in NumPy's own arithmetic: quantiles, fans and training rows."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from hiddenlogic.network import Network, Node
from reference.dropout import philox

STREAM = 1
# P(Z <= -2) of a standard normal number.
TAIL = NormalDist().cdf(-2.0)


def words(seed: int, part: int, n: int, first: int = 0):
    """Return the 64 random bits of the numbers first, first + 1, … of an array."""
    index = np.arange(first, first + n, dtype=np.uint64)
    counter = (index & np.uint64(0xFFFFFFFF), index >> np.uint64(32), part, STREAM)
    high, low, *_ = philox(counter, (seed & 0xFFFFFFFF, seed >> 32))
    return (high << np.uint64(32)) | (low & np.uint64(0xFFFFFFFF))


def uniform(seed: int, part: int, n: int, first: int = 0):
    """Return numbers in [0, 1)."""
    return (words(seed, part, n, first) >> np.uint64(11)) / 2.0**53


def _open(seed: int, part: int, n: int):
    """Return numbers in (0, 1)."""
    return ((words(seed, part, n) >> np.uint64(12)) + 0.5) / 2.0**52


def normal(seed: int, part: int, n: int, *, truncated: bool = False):
    """Return standard normal numbers; truncated: given that they are within 2."""
    quantile = NormalDist().inv_cdf
    u = _open(seed, part, n)
    if truncated:
        u = TAIL + u * (1 - 2 * TAIL)
    return np.array([quantile(one) for one in u])


def exponential(seed: int, part: int, n: int):
    """Return exponential numbers of mean 1."""
    return -np.log(_open(seed, part, n))


def up_to(network, weights, node: int):
    """Return a straight network that ends in the pre-activation, without bias, of the Dense at a
    node, and its weights.
    """
    bare = Node(replace(network.nodes[node].layer, activation=None, use_bias=False), (node - 1,))
    pairs = list(zip(network.parameters, weights, strict=True))
    before = [w for spec, w in pairs if spec.node < node]
    kernel = [w for spec, w in pairs if spec.node == node and spec.name == "kernel"]
    return Network((*network.nodes[:node], bare)), before + kernel


def deviations(values, sample_weight=None):
    """Return the deviation of each column."""
    share = np.ones(len(values)) if sample_weight is None else np.asarray(sample_weight)
    share = share / share.sum()
    rest = values - share @ values
    return np.sqrt(share @ rest**2)


def he_plus_bias(values, sample_weight, each: int, seed: int, part: int):
    """Return minus each unit's mean over its own rows, by exponential shares."""
    n, units = values.shape
    size = units * each
    drawn = uniform(seed, part, size, first=size)
    passed = np.cumsum(np.ones(n) if sample_weight is None else sample_weight)
    rows = np.array([int((passed <= u * passed[-1]).sum()) for u in drawn]).reshape(units, each)
    shares = exponential(seed, part, size).reshape(units, each)
    means = [math.fsum(shares[j] * values[rows[j], j]) / math.fsum(shares[j]) for j in range(units)]
    return -np.array(means)
