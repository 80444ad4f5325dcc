"""The loss l_i of each row and its gradient, and how rows become one number.

A cross-entropy is written over z, the pre-activation of the output layer, where `from_logits` says
so; else it and the others over the output y.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hiddenlogic.losses import CrossEntropy, Loss
from reference import cross_entropies
from reference.cross_entropies import SMALLEST


def over_logits(loss: Loss) -> bool:
    """Whether the loss is written over z."""
    return isinstance(loss, CrossEntropy) and loss.from_logits


def fused(loss: Loss, function) -> tuple[Loss, bool]:
    """Return the loss as it is computed after `function`, and whether it reads what enters it."""
    if isinstance(loss, CrossEntropy) and function and function.name == loss.row.output:
        assert not loss.from_logits
        return replace(loss, from_logits=True), True
    return loss, False


def divisor(loss: Loss, sample_weight, n: int) -> float:
    """Return what the weighted sum of n losses is divided by."""
    if loss.reduction == "sum":
        return 1.0
    if loss.reduction == "mean_with_sample_weight" and sample_weight is not None:
        return float(np.sum(sample_weight, dtype=np.float64))
    return float(n)


def shares(loss: Loss, sample_weight, n: int):
    """Return by how much each of n rows counts in their batch."""
    weights = np.ones(n) if sample_weight is None else np.asarray(sample_weight, np.float64)
    return weights / (divisor(loss, sample_weight, n) or 1.0)


def row_losses(loss: Loss, outputs, targets):
    """Return l_i, shape (n,)."""
    if isinstance(loss, CrossEntropy):
        return cross_entropies.row_losses(loss, outputs, targets)
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
        case "mean_absolute_percentage_error":
            return 100 * (np.abs(error) / np.maximum(np.abs(targets), SMALLEST)).mean(axis=1)
        case "mean_squared_logarithmic_error":
            return (_logarithmic_error(outputs, targets) ** 2).mean(axis=1)
        case "log_cosh":
            return _log_cosh(error).mean(axis=1)
        case "poisson":
            return (outputs - targets * np.log(outputs + SMALLEST)).mean(axis=1)
        case "gaussian_nll":
            mean, raw, variance = _gaussian(loss, outputs)
            log_variance = np.where(raw < loss.eps, np.log(loss.eps), outputs[:, 1::2])
            terms = (log_variance + (targets - mean) ** 2 / variance) / 2
            return terms.mean(axis=1) + (np.log(2 * np.pi) / 2 if loss.full else 0)
        case "quantile":
            q, below = _pinball(loss, outputs, targets)
            return np.maximum(q * below, (q - 1) * below).mean(axis=(1, 2))
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
    """Return dl_i/dy (dl_i/dz where it is over logits), shape (n, n_outputs)."""
    if isinstance(loss, CrossEntropy):
        return cross_entropies.row_gradients(loss, outputs, targets)
    n_outputs = outputs.shape[1]
    error = outputs - targets if outputs.shape == targets.shape else None
    match loss.name:
        case "mean_squared_error":
            return 2 * error / n_outputs
        case "mean_absolute_error":
            return np.sign(error) / n_outputs
        case "huber":
            return np.clip(error, -loss.delta, loss.delta) / n_outputs
        case "mean_absolute_percentage_error":
            return 100 * np.sign(error) / np.maximum(np.abs(targets), SMALLEST) / n_outputs
        case "mean_squared_logarithmic_error":
            slope = 2 * _logarithmic_error(outputs, targets) / (1 + np.maximum(outputs, 0))
            return np.where(outputs > SMALLEST, slope, 0) / n_outputs
        case "log_cosh":
            return np.tanh(error) / n_outputs
        case "poisson":
            return (1 - targets / (outputs + SMALLEST)) / n_outputs
        case "gaussian_nll":
            mean, raw, variance = _gaussian(loss, outputs)
            carried = np.where(raw < loss.eps, raw / loss.eps, 1)
            of_s = (1 - (targets - mean) ** 2 / variance) / 2 * carried
            both = np.stack([(mean - targets) / variance, of_s], axis=2)
            return both.reshape(outputs.shape) / targets.shape[1]
        case "quantile":
            q, below = _pinball(loss, outputs, targets)
            slopes = np.where(below > 0, -q, np.where(below < 0, 1 - q, 0))
            return slopes.reshape(outputs.shape) / n_outputs
        case "hinge":
            return np.where(targets * outputs < 1, -targets, 0) / n_outputs
        case "squared_hinge":
            return -2 * targets * np.maximum(1 - targets * outputs, 0) / n_outputs
        case "categorical_hinge":
            others = (1 - targets) * outputs
            missing = others.max(axis=1) - (targets * outputs).sum(axis=1) + 1
            rise = np.eye(n_outputs)[others.argmax(axis=1)] * (1 - targets)
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


def _logarithmic_error(outputs, targets):
    return np.log1p(np.maximum(outputs, SMALLEST)) - np.log1p(np.maximum(targets, SMALLEST))


def _log_cosh(error):
    """log(cosh(e)) = log(1 + 2 * sinh(e / 2)**2) near 0, where log of about 1 would cancel."""
    size = np.abs(error)
    near = np.log1p(2 * np.sinh(np.minimum(size, 1) / 2) ** 2)
    return np.where(size < 1, near, size + np.log1p(np.exp(-2 * size)) - np.log(2))


def _unit(rows):
    return rows / np.maximum(np.sqrt((rows**2).sum(axis=1, keepdims=True)), 1e-6)


def _gaussian(loss, outputs):
    """Return the means, exp(s) and the variances that count, one for each target."""
    with np.errstate(over="ignore"):
        raw = np.exp(outputs[:, 1::2])
    return outputs[:, 0::2], raw, np.maximum(raw, loss.eps)


def _pinball(loss, outputs, targets):
    """Return the quantiles, and target - output of each, shape (n, targets, quantiles)."""
    by_target = outputs.reshape(len(outputs), targets.shape[1], -1)
    return np.array(loss.quantiles), targets[:, :, None] - by_target
