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


def apply(activation: Activation, z):
    """Return a = f(z)."""
    p = activation.parameter
    below = np.minimum(z, 0)
    match activation.name:
        case "linear":
            return z.copy()
        case "relu":
            return np.where(z < 0, 0, z)
        case "leaky_relu":
            return np.where(z < 0, p * z, z)
        case "elu":
            return np.where(z < 0, p * np.expm1(below), z)
        case "selu":
            return SELU_SCALE * np.where(z < 0, SELU_ALPHA * np.expm1(below), z)
        case "gelu":
            return z * normal_cdf(z)
        case "silu":
            return z * sigmoid(z)
        case "mish":
            return z * np.tanh(softplus(z))
        case "softplus":
            return softplus(z)
        case "tanh":
            return np.tanh(z)
        case "sigmoid":
            return sigmoid(z)
        case "softmax":
            return softmax(z)
    raise AssertionError(f"the reference lacks {activation.name}")


def derivative(activation: Activation, z):
    """Return f'(z) of an activation that works unit by unit."""
    p = activation.parameter
    below = np.minimum(z, 0)
    match activation.name:
        case "linear":
            return np.ones_like(z)
        case "relu":
            return np.where(z > 0, 1.0, 0.0)
        case "leaky_relu":
            return np.where(z > 0, 1.0, p)
        case "elu":
            return np.where(z > 0, 1.0, p * np.exp(below))
        case "selu":
            return SELU_SCALE * np.where(z < 0, SELU_ALPHA * np.exp(below), 1.0)
        case "gelu":
            return normal_cdf(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        case "silu":
            return sigmoid(z) * (1 + z * sigmoid(-z))
        case "mish":
            t = np.tanh(softplus(z))
            return t + z * (1 - t * t) * sigmoid(z)
        case "softplus":
            return sigmoid(z)
        case "tanh":
            return 1 - np.tanh(z) ** 2
        case "sigmoid":
            return sigmoid(z) * sigmoid(-z)
    raise AssertionError(f"the reference lacks the derivative of {activation.name}")


def backward(activation: Activation, z, gradient):
    """Return dL/dz from dL/da = `gradient`; softmax couples the units of a row."""
    if activation.name == "softmax":
        a = softmax(z)
        return a * (gradient - (a * gradient).sum(axis=1, keepdims=True))
    return gradient * derivative(activation, z)
