"""The loss l_i of each row and its gradient.

The cross-entropies are written over the pre-activation z of the output layer, the others over its
output y; `over_logits` says which.
"""

from __future__ import annotations

import numpy as np

from hiddenlogic.losses import Loss
from reference.activations import sigmoid, softmax, softplus


def over_logits(loss: Loss) -> bool:
    """Whether the loss is a cross-entropy, which is written over z."""
    return loss.name.endswith("crossentropy")


def _one_hot(indices, n_classes: int):
    return np.eye(n_classes)[indices.astype(int).ravel()]


def row_losses(loss: Loss, outputs, targets):
    """Return l_i, shape (n,)."""
    error = outputs - targets if outputs.shape == targets.shape else None
    match loss.name:
        case "mean_squared_error":
            return (error**2).mean(axis=1)
        case "mean_absolute_error":
            return np.abs(error).mean(axis=1)
        case "huber":
            size = np.abs(error)
            straight = loss.delta * (size - loss.delta / 2)
            return np.where(size <= loss.delta, error**2 / 2, straight).mean(axis=1)
        case "binary_crossentropy":
            return (softplus(outputs) - outputs * targets).mean(axis=1)
        case "categorical_crossentropy":
            return (targets * (_log_sum_exp(outputs) - outputs)).sum(axis=1)
        case "sparse_categorical_crossentropy":
            one_hot = _one_hot(targets, outputs.shape[1])
            return (one_hot * (_log_sum_exp(outputs) - outputs)).sum(axis=1)
        case "mean_absolute_percentage_error":
            return 100 * (np.abs(error) / np.maximum(np.abs(targets), SMALLEST)).mean(axis=1)
        case "mean_squared_logarithmic_error":
            return (_logarithmic_error(outputs, targets) ** 2).mean(axis=1)
        case "log_cosh":
            return _log_cosh(error).mean(axis=1)
        case "poisson":
            return (outputs - targets * np.log(outputs + SMALLEST)).mean(axis=1)
        case "hinge":
            return np.maximum(1 - targets * outputs, 0).mean(axis=1)
        case "squared_hinge":
            return (np.maximum(1 - targets * outputs, 0) ** 2).mean(axis=1)
        case "categorical_hinge":
            other = ((1 - targets) * outputs).max(axis=1)
            return np.maximum(other - (targets * outputs).sum(axis=1) + 1, 0)
        case "kl_divergence":
            t, y = np.clip(targets, SMALLEST, 1), np.clip(outputs, SMALLEST, 1)
            return (t * np.log(t / y)).sum(axis=1)
        case "cosine_similarity":
            return -(_unit(targets) * _unit(outputs)).sum(axis=1)
    raise AssertionError(f"the reference lacks {loss.name}")


def row_gradients(loss: Loss, outputs, targets):
    """Return dl_i/dy (dl_i/dz of a cross-entropy), shape (n, n_outputs)."""
    n_outputs = outputs.shape[1]
    error = outputs - targets if outputs.shape == targets.shape else None
    match loss.name:
        case "mean_squared_error":
            return 2 * error / n_outputs
        case "mean_absolute_error":
            return np.sign(error) / n_outputs
        case "huber":
            return np.clip(error, -loss.delta, loss.delta) / n_outputs
        case "binary_crossentropy":
            return (sigmoid(outputs) - targets) / n_outputs
        case "categorical_crossentropy":
            return softmax(outputs) * targets.sum(axis=1, keepdims=True) - targets
        case "sparse_categorical_crossentropy":
            return softmax(outputs) - _one_hot(targets, n_outputs)
        case "mean_absolute_percentage_error":
            return 100 * np.sign(error) / np.maximum(np.abs(targets), SMALLEST) / n_outputs
        case "mean_squared_logarithmic_error":
            slope = 2 * _logarithmic_error(outputs, targets) / (1 + np.maximum(outputs, 0))
            return np.where(outputs > SMALLEST, slope, 0) / n_outputs
        case "log_cosh":
            return np.tanh(error) / n_outputs
        case "poisson":
            return (1 - targets / (outputs + SMALLEST)) / n_outputs
        case "hinge":
            return np.where(targets * outputs < 1, -targets, 0) / n_outputs
        case "squared_hinge":
            return -2 * targets * np.maximum(1 - targets * outputs, 0) / n_outputs
        case "categorical_hinge":
            others = (1 - targets) * outputs
            missing = others.max(axis=1) - (targets * outputs).sum(axis=1) + 1
            rise = _one_hot(others.argmax(axis=1), n_outputs) * (1 - targets)
            return np.where(missing[:, None] > 0, rise - targets, 0)
        case "kl_divergence":
            inside = (outputs >= SMALLEST) & (outputs <= 1)
            return np.where(
                inside, -np.clip(targets, SMALLEST, 1) / np.where(inside, outputs, 1), 0
            )
        case "cosine_similarity":
            t, y = _unit(targets), _unit(outputs)
            size = np.sqrt((outputs**2).sum(axis=1, keepdims=True))
            along = np.where(size < 1e-6, 0, (t * y).sum(axis=1, keepdims=True) * y)
            return (along - t) / np.maximum(size, 1e-6)
    raise AssertionError(f"the reference lacks the gradient of {loss.name}")


# What Keras takes instead of what is nearer to 0.
SMALLEST = 1e-7


def _logarithmic_error(outputs, targets):
    return np.log1p(np.maximum(outputs, SMALLEST)) - np.log1p(np.maximum(targets, SMALLEST))


def _log_cosh(error):
    """log(cosh(e)) = log(1 + 2 * sinh(e / 2)**2) near 0, where log of about 1 would cancel."""
    size = np.abs(error)
    near = np.log1p(2 * np.sinh(np.minimum(size, 1) / 2) ** 2)
    return np.where(size < 1, near, size + np.log1p(np.exp(-2 * size)) - np.log(2))


def _unit(rows):
    return rows / np.maximum(np.sqrt((rows**2).sum(axis=1, keepdims=True)), 1e-6)


def _log_sum_exp(z):
    top = z.max(axis=1, keepdims=True)
    return top + np.log(np.exp(z - top).sum(axis=1, keepdims=True))
