"""The cross-entropies of rows and their gradients, over logits or over probabilities."""

from __future__ import annotations

import numpy as np

from hiddenlogic.losses import BinaryFocalCrossentropy, CategoricalFocalCrossentropy, CrossEntropy
from reference.activations import sigmoid, softmax, softplus

# What Keras takes instead of what is nearer to 0.
SMALLEST = 1e-7


def smoothed(loss: CrossEntropy, outputs, targets):
    """Return the targets of each output, shape (n, n_outputs)."""
    classes = 2 if loss.row.task == "binary" else outputs.shape[1]
    if loss.row.is_sparse:
        targets = np.eye(classes)[targets.astype(int).ravel()]
    return targets * (1 - loss.label_smoothing) + loss.label_smoothing / classes


def row_losses(loss: CrossEntropy, outputs, targets):
    """Return l_i, shape (n,)."""
    t = smoothed(loss, outputs, targets)
    if loss.row.task == "binary":
        return _binary(loss, outputs, t)[0].mean(axis=1)
    return _categorical(loss, outputs, t)[0].sum(axis=1)


def row_gradients(loss: CrossEntropy, outputs, targets):
    """Return dl_i/dy, or dl_i/dz where it is over logits, shape (n, n_outputs)."""
    t = smoothed(loss, outputs, targets)
    if loss.row.task == "binary":
        return _binary(loss, outputs, t)[1] / outputs.shape[1]
    p, of_log_p = _probabilities(loss, outputs), _categorical(loss, outputs, t)[1]
    along = of_log_p.sum(axis=1, keepdims=True)
    if loss.from_logits:
        return of_log_p - p * along
    of_p = np.where(_inside(p), of_log_p / np.where(_inside(p), p, 1), 0)
    return (of_p - along) / outputs.sum(axis=1, keepdims=True)


def _binary(loss, outputs, t):
    """Return each output's loss and its derivative."""
    if loss.from_logits:
        p, q = sigmoid(outputs), sigmoid(-outputs)
        value, slope, rise = softplus(outputs) - outputs * t, p - t, p * q
    else:
        p, q = (np.clip(one, SMALLEST, 1 - SMALLEST) for one in (outputs, 1 - outputs))
        value, slope = -t * np.log(p) - (1 - t) * np.log(q), (1 - t) / q - t / p
        rise = 1.0
    if isinstance(loss, BinaryFocalCrossentropy):
        missed = t * q + (1 - t) * p
        focus, g = missed**loss.gamma, loss.gamma
        # The derivative of missed**gamma, with missed' = (1 - 2 * t) * p'.
        of_focus = g * missed ** (g - 1) * (1 - 2 * t) * rise if g else 0.0
        value, slope = focus * value, of_focus * value + focus * slope
        if loss.apply_class_balancing:
            balance = t * loss.alpha + (1 - t) * (1 - loss.alpha)
            value, slope = balance * value, balance * slope
    if not loss.from_logits:
        slope = np.where(_inside(outputs), slope, 0)
    return value, slope


def _inside(p):
    return (p >= SMALLEST) & (p <= 1 - SMALLEST)


def _probabilities(loss, outputs):
    return softmax(outputs) if loss.from_logits else outputs / outputs.sum(axis=1, keepdims=True)


def _categorical(loss, outputs, t):
    """Return each class's term and its derivative with respect to the logarithm of p."""
    given = _probabilities(loss, outputs)
    if loss.from_logits:
        top = outputs.max(axis=1, keepdims=True)
        log_p = outputs - top - np.log(np.exp(outputs - top).sum(axis=1, keepdims=True))
        p, rest = given, 1 - given
    else:
        p, rest = (np.clip(one, SMALLEST, 1 - SMALLEST) for one in (given, 1 - given))
        log_p = np.log(p)
    value, slope = -t * log_p, -t
    if isinstance(loss, CategoricalFocalCrossentropy):
        g, focus = loss.gamma, np.array(loss.alpha) * rest**loss.gamma
        # p * (-log p) / (1 - p) is 1 where p is
        ratio = np.where(rest > 0, p * log_p / np.where(rest > 0, rest, 1), -1)
        value, slope = focus * value, focus * (slope + g * t * ratio)
    if not loss.from_logits:
        slope = np.where(_inside(given), slope, 0)
    return value, slope
