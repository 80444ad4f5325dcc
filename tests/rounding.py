"""Bounds of a training's error, by training the reference with the errors of another arithmetic.

Every operation of the reference is followed by an error of random size and sign, at most what the
engine's dtype may make there (Vignes 1993, doi:10.1016/0378-4754(93)90003-D). What comes of them in
the end, through the slopes of all that follows, no formula has to say; nor what they do at a kink,
where an error changes the slope itself.

Sizes are in units of u, twice the rounding error of one operation (tolerances.UNIT).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import tolerances
from reference.exact import Exact
from reference.losses import over_logits
from reference.network import predict

RUNS = 8

# The widest of tolerances.ULPS, and the two roundings of dropout.
ULPS = max(tolerances.ULPS.values()) + 2


class Rounding(Exact):
    """The errors of one dtype, one random pattern a seed."""

    def __init__(self, dtype: str, seed: int) -> None:
        self.unit = tolerances.UNIT[dtype]
        self.random = np.random.default_rng(seed)

    def near(self, value, size):
        """Return the value with an error of at most `size`."""
        return value + self.random.uniform(-self.unit, self.unit, value.shape) * size

    def pre_activation(self, z, arriving, kernel, bias):
        """A sum of k products is off by k * u * sum(|a| * |b|) (Higham 2002, equation 3.5)."""
        if kernel is None:
            return z
        size = abs(arriving) @ abs(kernel)
        if bias is not None:
            size = size + abs(bias)
        return self.near(z, (len(kernel) + (bias is not None)) * size)

    def activation(self, a, function, z):
        """The function's own error, and the rounding of its argument through its slope."""
        if function.row.gates:
            half = z.shape[1] // 2
            gate = abs(z[:, half:])
            return self.near(a, (ULPS + gate) * abs(a))
        if function.name == "softmax":
            return self.near(a, _softmax_size(z) * a)
        size = ULPS * abs(a) + tolerances.steepness(function, z) * abs(z)
        if function.name == "log_softmax":
            size = size + a.shape[1] + 2
        return self.near(a, size)

    def operations(self, value, size):
        """The caller knows how many operations of which size there were."""
        return self.near(value, size)

    def slope(self, dz, function, z, upstream):
        """A slope is a sum of a few terms of the size of 1 or of its own that may cancel; those of
        softmax and its logarithm take a sum of upstream from upstream.
        """
        if function.row.gates:
            half = z.shape[1] // 2
            value = abs(upstream) * (1 + abs(z[:, :half]) + abs(z[:, half:]))
            return self.near(dz, 2 * ULPS * np.concatenate([value, value], axis=1))
        if function.name in tolerances.COUPLED:
            size = abs(upstream) + abs(upstream).sum(axis=1, keepdims=True)
            return self.near(dz, _softmax_size(z) * size)
        return self.near(dz, 2 * ULPS * (1 + tolerances.steepness(function, z)) * abs(upstream))

    def losses(self, rows, loss, outputs, targets):
        """A mean over the outputs, of terms that may cancel."""
        size = abs(rows) + _terms(loss, outputs, targets)
        return self.near(rows, (2 * ULPS + outputs.shape[1]) * size)

    def loss_gradients(self, gradients, loss, outputs, targets, share):
        """A few operations; a cross-entropy takes a probability from another, both at most 1, and
        the others a target, a sign, or a quotient from another of about its size.
        """
        size = ULPS * abs(gradients)
        if over_logits(loss):
            whole = share if loss.row.task == "multiclass" else share / outputs.shape[1]
            size = size + whole * _softmax_size(outputs)
        elif loss.name in CANCELLING:
            size = size + 2 * ULPS * (share + abs(gradients))
        return self.near(gradients, size)

    def penalty(self, value):
        """Its factor and each square are rounded; the sum is one of float64."""
        return self.near(np.float64(value), 2 * value)

    def sums(self, values, a, b):
        """As in `pre_activation`."""
        return self.near(values, a.shape[1] * (abs(a) @ abs(b)))

    def changed(self, after, before):
        """A step is a few operations with numbers of the size of the old value and the new."""
        return self.near(after, 8 * (abs(after) + abs(before)))


# Losses of terms that may be larger than their sum.
CANCELLING = frozenset(
    {
        "mean_squared_logarithmic_error",
        "poisson",
        "hinge",
        "squared_hinge",
        "categorical_hinge",
        "kl_divergence",
        "cosine_similarity",
    }
)


def _terms(loss, outputs, targets):
    """Size of the largest term of each row's loss, beyond the loss itself."""
    if over_logits(loss):
        return 1 + abs(outputs).max(axis=1)
    if loss.name not in CANCELLING:
        return 0.0
    logarithm = abs(np.log(np.maximum(abs(outputs), 1e-7))).max(axis=1)
    largest = 1 + abs(targets).max(axis=1)
    return largest * (1 + logarithm + abs(outputs).max(axis=1)) ** (
        2 if loss.name.startswith(("squared", "mean_squared")) else 1
    )


def _softmax_size(z):
    """Error of a probability of the row, relative to it: exp of z less the largest, and the sum."""
    return ULPS + z.shape[1] + 2 * abs(z).max(axis=1, keepdims=True)


def bounds(train: Callable[..., tuple], dtype: str):
    """Return the reference's weights and history, and bounds of the engine's distance from each.

    The widest deviation of `RUNS` patterns is taken four times, for the directions that they miss.

    Parameters
    ----------
    train : callable
        Takes `rounding` as a keyword and returns (weights, history).
    dtype : {"float32", "float64"}
        Arithmetic of the engine.
    """
    weights, history = train()
    runs = [train(rounding=Rounding(dtype, seed)) for seed in range(RUNS)]
    # One number an array: a weight that happened not to move is rounded like its neighbours.
    weight_bounds = [
        4 * max(abs(found[i] - due).max() for found, _ in runs) for i, due in enumerate(weights)
    ]
    history_bounds = 4 * np.max([np.abs(np.subtract(found, history)) for _, found in runs], axis=0)
    return weights, history, weight_bounds, history_bounds


def prediction(network, weights, inputs, dtype: str):
    """Return the reference's outputs, and the bound of the engine's distance from each column."""
    due = predict(network, weights, inputs)
    runs = [predict(network, weights, inputs, Rounding(dtype, seed)) for seed in range(RUNS)]
    return due, 4 * np.max([abs(found - due).max(axis=0) for found in runs], axis=0)
