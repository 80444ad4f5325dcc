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
    raise AssertionError(f"the reference lacks the gradient of {loss.name}")


def _log_sum_exp(z):
    top = z.max(axis=1, keepdims=True)
    return top + np.log(np.exp(z - top).sum(axis=1, keepdims=True))
