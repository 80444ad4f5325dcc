"""Penalties of weights and of values, with Keras's formulas, and their gradients."""

from __future__ import annotations

import numpy as np

from hiddenlogic.regularizers import OrthogonalRegularizer
from reference.exact import EXACT


def value(regularizer, w, rounding=EXACT) -> float:
    """Return the penalty of an array of weights."""
    if isinstance(regularizer, OrthogonalRegularizer):
        return _pairs_value(regularizer, w, rounding)
    l1, l2 = regularizer.factors
    return l1 * abs(w).sum() + l2 * (w**2).sum()


def gradient(regularizer, w, rounding=EXACT):
    """Return d(penalty)/dw."""
    if isinstance(regularizer, OrthogonalRegularizer):
        return _pairs_gradient(regularizer, w, rounding)
    l1, l2 = regularizer.factors
    return l1 * np.sign(w) + 2 * l2 * w


def of_values(layer, output) -> float:
    """Return the penalty of a layer's value: a mean over the rows."""
    regularizer = getattr(layer, "activity_regularizer", None)
    return value(regularizer, output) / len(output) if regularizer else 0.0


def gradient_of_values(layer, output, rounding=EXACT):
    """Return d(penalty)/d(output); None if there is no penalty."""
    regularizer = getattr(layer, "activity_regularizer", None)
    if not regularizer:
        return None
    slope = gradient(regularizer, output) / len(output)
    return rounding.operations(slope, 4 * abs(slope))


def _lines(regularizer, w):
    return w if regularizer.mode == "rows" else w.T


def _normal(lines):
    """Return the lines divided by their lengths, of which none counts as less than 1e-7."""
    lengths = np.sqrt((lines**2).sum(axis=1, keepdims=True))
    return lines / np.maximum(lengths, 1e-7), lengths


def _cosines(normal, rounding):
    """Return the products of each line with each other, none with itself."""
    length = normal.shape[1]
    size = (length + 4) * (abs(normal) @ abs(normal).T)
    cosines = rounding.operations(normal @ normal.T, size)
    np.fill_diagonal(cosines, 0)
    return cosines


def _pairs_value(regularizer, w, rounding):
    normal, _ = _normal(_lines(regularizer, w))
    count = len(normal)
    if count < 2:
        return 0.0
    return regularizer.factor * abs(_cosines(normal, rounding)).sum() / (count * (count - 1))


def _pairs_gradient(regularizer, w, rounding):
    """Each pair pulls the one line across itself along the other."""
    lines = _lines(regularizer, w)
    normal, lengths = _normal(lines)
    count = len(lines)
    if count < 2:
        return np.zeros_like(w)
    signs = np.sign(_cosines(normal, rounding))
    slopes = rounding.operations(signs @ normal, (count + 2) * (abs(signs) @ abs(normal)))
    along = (slopes * normal).sum(axis=1, keepdims=True) * (lengths > 1e-7)
    across = slopes - along * normal
    size = abs(slopes) + (abs(slopes) * abs(normal)).sum(axis=1, keepdims=True) * abs(normal)
    across = rounding.operations(across, (lines.shape[1] + 4) * size)
    result = 2 * regularizer.factor / (count * (count - 1)) * across / np.maximum(lengths, 1e-7)
    return result if regularizer.mode == "rows" else result.T
