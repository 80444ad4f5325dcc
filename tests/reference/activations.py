"""a = f(z) and dL/dz from dL/da, one formula each."""

from __future__ import annotations

import math

import numpy as np

from hiddenlogic.activations import Activation

SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717

_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def sigmoid(z):
    """1 / (1 + exp(-z)), from the side on which exp cannot overflow."""
    small = np.exp(-np.abs(z))
    return np.where(z < 0, small / (1 + small), 1 / (1 + small))


def softplus(z):
    """log(1 + exp(z)) without overflow or cancellation."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softmax(z):
    """exp(z) over its sum along the row."""
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def normal_cdf(z):
    """Phi(z) of the standard normal."""
    return 0.5 * _erfc(-z / math.sqrt(2))


def log_softmax(z):
    """The logarithm of the softmax of each row."""
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _tanh_series(terms):
    """c of tanh(z) = sum(c[i] * z**(2 * i + 1)), by the recurrence of tanh' = 1 - tanh**2."""
    c = [1.0]
    for i in range(1, terms):
        c.append(-sum(c[j] * c[i - 1 - j] for j in range(i)) / (2 * i + 1))
    return c


_TANH = _tanh_series(60)


def tanh_shrink(z):
    """z - tanh(z), by its series below 1, where the difference cancels."""
    near = np.where(np.abs(z) < 1, z, 0)
    series = -sum(c * near ** (2 * i + 1) for i, c in enumerate(_TANH) if i > 0)
    return np.where(np.abs(z) < 1, series, z - np.tanh(z))


# GELU's tanh form: u(z) and its derivative.
def _gelu_argument(z):
    return math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)


def _gelu_argument_slope(z):
    return math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z**2)


def _squareplus(z, b):
    root = np.sqrt(z * z + b)
    return np.where(z > 0, (z + root) / 2, b / 2 / np.where(b > 0, root - np.minimum(z, 0), 1))


def apply(activation: Activation, z):
    """Return a = f(z)."""
    p = activation.parameters
    below = np.minimum(z, 0)
    match activation.name:
        case "linear":
            return z.copy()
        case "relu":
            return np.where(z < 0, 0, z)
        case "relu6":
            return np.clip(z, 0, 6)
        case "bounded_relu":
            slope, most, threshold = p
            return np.where(z < threshold, slope * (z - threshold), np.minimum(z, most))
        case "leaky_relu":
            return np.where(z < 0, p[0] * z, z)
        case "threshold":
            return np.where(z > p[0], z, p[1])
        case "hard_tanh":
            return np.clip(z, -1, 1)
        case "hard_sigmoid":
            return np.clip((z + 3) / 6, 0, 1)
        case "hard_silu":
            return z * np.clip((z + 3) / 6, 0, 1)
        case "hard_shrink":
            return np.where(np.abs(z) > p[0], z, 0)
        case "soft_shrink":
            return np.sign(z) * np.maximum(np.abs(z) - p[0], 0)
        case "sparse_plus":
            return np.where(z > 1, z, np.where(z < -1, 0, (z + 1) ** 2 / 4))
        case "sparse_sigmoid":
            return np.clip((z + 1) / 2, 0, 1)
        case "square":
            return z**2
        case "elu":
            return np.where(z < 0, p[0] * np.expm1(below), z)
        case "celu":
            return np.where(z < 0, p[0] * np.expm1(below / p[0]), z)
        case "selu":
            return SELU_SCALE * np.where(z < 0, SELU_ALPHA * np.expm1(below), z)
        case "gelu":
            return z * normal_cdf(z)
        case "gelu_tanh":
            return z * sigmoid(2 * _gelu_argument(z))
        case "silu":
            return z * sigmoid(z)
        case "mish":
            return z * np.tanh(softplus(z))
        case "softplus":
            return softplus(z)
        case "squareplus":
            return _squareplus(z, p[0])
        case "softsign":
            return z / (1 + np.abs(z))
        case "tanh":
            return np.tanh(z)
        case "tanh_shrink":
            return tanh_shrink(z)
        case "sigmoid":
            return sigmoid(z)
        case "log_sigmoid":
            return -softplus(-z)
        case "exponential":
            return np.exp(z)
        case "sin":
            return np.sin(z)
        case "gaussian":
            return np.exp(-z * z)
        case "softmax":
            return softmax(z)
        case "log_softmax":
            return log_softmax(z)
        case "glu":
            value, gate = np.split(z, 2, axis=1)
            return value * sigmoid(gate)
    raise AssertionError(f"the reference lacks {activation.name}")


def derivative(activation: Activation, z):
    """Return f'(z) of an activation that works unit by unit."""
    p = activation.parameters
    below = np.minimum(z, 0)
    match activation.name:
        case "linear":
            return np.ones_like(z)
        case "relu":
            return np.where(z > 0, 1.0, 0.0)
        case "relu6":
            return np.where((z > 0) & (z < 6), 1.0, 0.0)
        case "bounded_relu":
            slope, most, threshold = p
            return np.where(z > threshold, np.where(z <= most, 1.0, 0.0), slope)
        case "leaky_relu":
            return np.where(z > 0, 1.0, p[0])
        case "threshold":
            return np.where(z > p[0], 1.0, 0.0)
        case "hard_tanh":
            return np.where(np.abs(z) < 1, 1.0, 0.0)
        case "hard_sigmoid":
            return np.where(np.abs(z) < 3, 1 / 6, 0.0)
        case "hard_silu":
            return np.where(z > 3, 1.0, np.where(z < -3, 0.0, (2 * z + 3) / 6))
        case "hard_shrink" | "soft_shrink":
            return np.where(np.abs(z) > p[0], 1.0, 0.0)
        case "sparse_plus":
            return np.clip((z + 1) / 2, 0, 1)
        case "sparse_sigmoid":
            return np.where(np.abs(z) < 1, 0.5, 0.0)
        case "square":
            return 2 * z
        case "elu":
            return np.where(z > 0, 1.0, p[0] * np.exp(below))
        case "celu":
            return np.where(z > 0, 1.0, np.exp(below / p[0]))
        case "selu":
            return SELU_SCALE * np.where(z < 0, SELU_ALPHA * np.exp(below), 1.0)
        case "gelu":
            return normal_cdf(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        case "gelu_tanh":
            twice = 2 * _gelu_argument(z)
            bend = 2 * z * sigmoid(twice) * sigmoid(-twice) * _gelu_argument_slope(z)
            return sigmoid(twice) + bend
        case "silu":
            return sigmoid(z) * (1 + z * sigmoid(-z))
        case "mish":
            t = np.tanh(softplus(z))
            return t + z * (1 - t * t) * sigmoid(z)
        case "softplus":
            return sigmoid(z)
        case "squareplus":
            return _squareplus(z, p[0]) / np.sqrt(z * z + p[0])
        case "softsign":
            return 1 / (1 + np.abs(z)) ** 2
        case "tanh":
            return 1 - np.tanh(z) ** 2
        case "tanh_shrink":
            return np.tanh(z) ** 2
        case "sigmoid":
            return sigmoid(z) * sigmoid(-z)
        case "log_sigmoid":
            return sigmoid(-z)
        case "exponential":
            return np.exp(z)
        case "sin":
            return np.cos(z)
        case "gaussian":
            return -2 * z * np.exp(-z * z)
    raise AssertionError(f"the reference lacks the derivative of {activation.name}")


def backward(activation: Activation, z, gradient):
    """Return dL/dz from dL/da = `gradient`; some couple the units of a row."""
    if activation.name == "softmax":
        a = softmax(z)
        return a * (gradient - (a * gradient).sum(axis=1, keepdims=True))
    if activation.name == "log_softmax":
        return gradient - softmax(z) * gradient.sum(axis=1, keepdims=True)
    if activation.name == "glu":
        value, gate = np.split(z, 2, axis=1)
        return np.concatenate(
            [gradient * sigmoid(gate), gradient * value * sigmoid(gate) * sigmoid(-gate)], axis=1
        )
    return gradient * derivative(activation, z)
