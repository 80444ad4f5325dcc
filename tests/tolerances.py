"""How far a right answer may be from the reference, derived from the arithmetic that makes it.

u is the spacing of the numbers of a dtype at 1 (2**-23 and 2**-52), twice the rounding error of one
operation. No test holds a literal tolerance; tests/test_tolerances.py shows that the nearest wrong
answer is refused by each.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from reference.activations import derivative, sigmoid
from reference.network import forward, places_of

from hiddenlogic.activations import Activation
from hiddenlogic.layers import Dense, Dropout
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network
from hiddenlogic.schedules import (
    CosineDecayRestarts,
    CosLog4,
    ExponentialDecay,
    FlatCosine,
    OneCycle,
    OneCycleMomentum,
    PolynomialDecay,
    Schedule,
)

UNIT = {"float32": 2.0**-23, "float64": 2.0**-52}
SMALLEST = {"float32": 2.0**-126, "float64": 2.0**-1022}

# Error of an activation in units in the last place of its value. Those made of one exp, tanh or
# log1p are held to 4, as the widest of SLEEF's "u35" functions; products of two such to 8.
ULPS = {
    "linear": 0,
    "relu": 0,
    "relu6": 0,
    "bounded_relu": 2,
    "leaky_relu": 1,
    "threshold": 0,
    "hard_tanh": 0,
    "hard_sigmoid": 2,
    "hard_silu": 3,
    "hard_shrink": 0,
    "soft_shrink": 1,
    "sparse_plus": 3,
    "sparse_sigmoid": 1,
    "square": 1,
    "elu": 4,
    "celu": 4,
    "selu": 4,
    "gelu": 8,
    "gelu_tanh": 8,
    "silu": 8,
    "mish": 8,
    "softplus": 4,
    "squareplus": 4,
    "softsign": 3,
    "tanh": 4,
    "tanh_shrink": 8,
    "sigmoid": 4,
    "log_sigmoid": 4,
    "exponential": 4,
    "sin": 4,
    "gaussian": 4,
    "glu": 8,
    "softmax": 8,
    "log_softmax": 8,
}

# The largest sum of |elements| of a row of the Jacobian: 2 * a * (1 - a) of the softmax, and
# 1 + sum(a) of its logarithm.
COUPLED = {"softmax": 0.5, "log_softmax": 2.0}


def steepness(activation: Activation, z, error=0.0):
    """Return the steepest slope near z, which is how far it can carry an error of z."""
    if activation.name in COUPLED:
        return np.full(np.shape(z), COUPLED[activation.name])
    return np.max(
        [abs(derivative(activation, z + share * error)) for share in (-1, -0.5, 0, 0.5, 1)], axis=0
    )


def elementwise(activation: Activation, values, dtype: str, z=None):
    """Bound of the error of an activation whose reference value is `values`.

    With `z`, also what one rounding of it does: erfc(z / sqrt(2)) far out multiplies the error of
    its argument by z**2. The logarithm of a softmax takes that of a sum of all units.
    """
    bound = ULPS[activation.name] * UNIT[dtype] * np.abs(values) + SMALLEST[dtype]
    if z is not None:
        rounding = UNIT[dtype] * np.abs(z)
        bound = bound + steepness(activation, z, rounding) * rounding
    if activation.name == "log_softmax":
        bound = bound + (np.shape(values)[1] + 2) * UNIT[dtype]
    return bound


def prediction(network: Network, weights, inputs, dtype: str):
    """Bound of the error of each output: the error of every sum, carried through the layers.

    A sum of k products has an error of at most k * u * sum(|a| * |b|) (Higham 2002, equation 3.5,
    with u twice his), to which the error of what arrives comes through |kernel|.
    """
    error = UNIT[dtype] * np.abs(np.asarray(inputs, dtype=np.float64))
    steps = zip(network.nodes, forward(network, weights, inputs), places_of(network), strict=True)
    for node, passed, places in list(steps)[1:]:
        if isinstance(node.layer, Dropout):
            continue
        if isinstance(node.layer, Dense):
            kernel, *bias = (np.abs(weights[place]) for place in places)
            total = np.abs(passed.values[0]) @ kernel + sum(bias)
            error = error @ kernel + (len(kernel) + len(bias)) * UNIT[dtype] * total
        function = node.layer.function
        error = carried(function, passed.kept, error)
        error = error + elementwise(function, passed.output, dtype)
    return error


def carried(function: Activation, z, error):
    """Return how far an error of z carries its activation."""
    if function.name == "glu":
        half = z.shape[1] // 2
        gate = sigmoid(z[:, half:] + error[:, half:])
        # The slope of a sigmoid is a quarter at most.
        return (
            gate * error[:, :half] + (np.abs(z[:, :half]) + error[:, :half]) * error[:, half:] / 4
        )
    if function.name in COUPLED:
        error = np.broadcast_to(error.max(axis=1, keepdims=True), z.shape)
    return steepness(function, z, error) * error


def drift(train: Callable[[Callable[[list[np.ndarray]], None] | None], tuple], network, dtype: str):
    """Bounds of the error of the trained weights and of the losses of the epochs.

    Each step of the engine is the exact step of weights that are off by its rounding errors, which
    are at most k * u of each weight for sums of k terms forward and as many backward. So the
    reference is trained again with such an error put in after every step (Vignes 1993,
    doi:10.1016/0378-4754(93)90003-D), with seven random patterns of signs; the widest deviation is
    taken four times, for the directions that seven patterns miss.

    Parameters
    ----------
    train : callable
        Takes `after_step` and returns (weights, history).
    network : Network
        Its widest layer sets k.
    dtype : {"float32", "float64"}
        Arithmetic of the engine.
    """
    weights, history = train(None)
    nudge = 2 * max(network.units) * UNIT[dtype]
    spread = [np.zeros_like(w) for w in weights]
    loss_spread = np.zeros(len(history))
    for seed in range(7):
        random = np.random.default_rng(seed)

        def after_step(values, random=random):
            for w in values:
                w *= 1 + nudge * random.uniform(-1, 1, w.shape)

        nudged, nudged_history = train(after_step)
        spread = [
            np.maximum(s, abs(a - b)) for s, a, b in zip(spread, nudged, weights, strict=True)
        ]
        loss_spread = np.maximum(loss_spread, np.abs(np.subtract(nudged_history, history)))
    # One number an array: a weight that happened not to move is rounded like its neighbours.
    bounds = [
        4 * s.max(initial=0.0) + nudge * abs(w).max() for s, w in zip(spread, weights, strict=True)
    ]
    # Rows whose losses have either sign may sum to less than their errors: as in `score`.
    return bounds, 4 * loss_spread + nudge * np.maximum(np.abs(history), 1.0)


def central_difference(loss: float, step: float, curvature: float = 10.0) -> float:
    """Bound of the error of (L(w + h) - L(w - h)) / 2h in float64.

    A sixth of the third derivative, which is at most `curvature`, times h**2, and the rounding of
    two losses of about 100 operations, divided by 2h.
    """
    return curvature * step**2 + 100 * UNIT["float64"] * max(abs(loss), 1.0) / step


def score(value: float, n: int) -> float:
    """Bound of the error of a mean over n rows in float64, summed in another order."""
    return n * UNIT["float64"] * max(abs(value), 1.0)


def scheduled(schedule: Schedule, step: int, value: float) -> float:
    """Bound of the error of a schedule's value in float64, against the reference's.

    A power r**p taken as exp(p * ln r) has the relative error of its exponent, |p * ln r| times
    that of a logarithm and a product on either side; a cosine near -1 cancels, so its error is a
    share of the highest value. Where its argument is the rounded difference of two places, that
    error counts as often as the places are longer than the way between them.
    """
    top = max(value, *(one for one in schedule.extremes if math.isfinite(one)))
    roundings = 8.0
    match schedule:
        case ExponentialDecay(initial) if value > 0:
            top, roundings = value, 8.0 + 8.0 * abs(math.log(value / initial))
        case PolynomialDecay(power=power):
            roundings += 8.0 * power
        case CosineDecayRestarts(initial, steps, t_mul, m_mul):
            restarts = 0
            while step >= steps:
                step, steps, restarts = step - steps, steps * t_mul, restarts + 1
            top = initial * max(1.0, m_mul**restarts)
            roundings += 8.0 * restarts * (1.0 + abs(math.log(m_mul)))
        case OneCycle(_, total) | OneCycleMomentum(total_steps=total):
            roundings += 8.0 * total
        case CosLog4():
            roundings += 8.0 * 4.0 * 2.0 * math.pi
        case FlatCosine(flat=flat):
            roundings += 8.0 / (1.0 - flat)
    return roundings * UNIT["float64"] * top


# Metrics that are shares of rows, or of rows and outputs, which are counted.
COUNTED = frozenset(
    {
        "binary_accuracy",
        "categorical_accuracy",
        "sparse_categorical_accuracy",
        "top_k_categorical_accuracy",
        "sparse_top_k_categorical_accuracy",
    }
)


def metric(measured: Metric, value, outputs, targets, dtype: str) -> float:
    """Bound of the error of a metric of given outputs.

    A value of a row is made in the dtype: a few roundings of each of k terms, which relative to the
    value are as large, where the terms do not cancel; a logarithm is held to 4 units in the last
    place, and one of 1 - p has the rounding of that. Then sums over n * k numbers in float64, whose
    quotients are at most of the size of the value or of 1; of several values, of the largest.
    """
    value = float(np.max(np.abs(np.nan_to_num(value))))
    n, k = np.shape(outputs)
    bound = score(value, 4 * n * k)
    if measured.row.over == "set":
        return bound
    unit = (k + 8) * UNIT[dtype]
    if measured.name in COUNTED:
        return bound + unit
    if measured.name.endswith("crossentropy"):
        return bound + unit * (1 + abs(value))
    if measured.name == "mean_squared_logarithmic_error":
        largest = math.log1p(max(np.abs(outputs).max(), np.abs(targets).max()))
        return bound + unit * (value + 2 * math.sqrt(value) * (1 + largest))
    return bound + unit * abs(value)
