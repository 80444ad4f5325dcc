"""Scores of predictions over a whole set, exact and in float64.

The metrics of the engine run beside the training; these judge its result. `true` is what was
observed, `predicted` what the model said.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hiddenlogic.errors import DataError, ShapeError

# Probabilities are kept this far from 0 and 1, so that one certain mistake is not an infinite loss:
# the spacing of float64 at 1, as scikit-learn does for float64.
_LEAST_PROBABILITY = float(np.finfo(np.float64).eps)


def _pair(true: ArrayLike, predicted: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return two float64 matrices of one shape, (n,) taken as (n, 1)."""
    a, b = (np.asarray(one, dtype=np.float64) for one in (true, predicted))
    a, b = (one.reshape(-1, 1) if one.ndim < 2 else one for one in (a, b))
    if a.shape != b.shape:
        raise ShapeError(
            f"`true` and `predicted` must have the same shape; got {a.shape} and {b.shape}."
        )
    _check_rows(len(a))
    return a, b


def _check_rows(n: int) -> None:
    if n == 0:
        raise DataError("A score needs at least one row; got none.")


def _unit(values: NDArray[np.float64]) -> float:
    """Return a power of two by which squares neither overflow nor, in other cases, change a bit."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0 or not math.isfinite(largest):
        return 1.0
    return math.ldexp(1.0, math.frexp(largest)[1] - 1)


def root_mean_squared_error(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return sqrt(mean((true - predicted)**2)), in units of the target.

    Examples
    --------
    >>> root_mean_squared_error([1, 2, 3], [1, 2, 6])
    1.7320508075688772
    """
    a, b = _pair(true, predicted)
    error = a - b
    unit = _unit(error)
    return float(np.sqrt(np.mean((error / unit) ** 2)) * unit)


def mean_absolute_error(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return mean(|true - predicted|), in units of the target."""
    a, b = _pair(true, predicted)
    return float(np.mean(np.abs(a - b)))


def r2(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return the share of the variance that is explained: 1 is perfect, 0 is saying the mean.

    R2 = 1 - sum((true - predicted)**2) / sum((true - mean(true))**2); with several outputs the mean
    over them.

    Notes
    -----
    Undefined for a target that does not vary: then NaN, unless every prediction is exact (1).
    """
    a, b = _pair(true, predicted)
    error, spread = a - b, a - a.mean(axis=0)
    unit = max(_unit(error), _unit(spread))
    residual = ((error / unit) ** 2).sum(axis=0)
    total = ((spread / unit) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(total > 0, 1 - residual / total, np.where(residual == 0, 1.0, np.nan))
    return float(scores.mean())


def accuracy(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return the share of rows whose class is right.

    Parameters
    ----------
    true, predicted : array_like, shape (n,) or (n, 1)
        Classes: indices, numbers or text.
    """
    a: NDArray[Any] = np.asarray(true).ravel()
    b: NDArray[Any] = np.asarray(predicted).ravel()
    if a.shape != b.shape:
        raise ShapeError(
            f"`true` and `predicted` must have the same shape; got {a.shape} and {b.shape}."
        )
    _check_rows(len(a))
    right: NDArray[np.bool_] = np.equal(a, b)
    return float(right.mean())


def log_loss(true: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the mean of -log(probability of the true class), in nats.

    Parameters
    ----------
    true : array_like of int, shape (n,) or (n, 1)
        Index of the class.
    probabilities : array_like, shape (n,), (n, 1) or (n, n_classes)
        Of class 1, or of each class (a row sums to 1).

    Examples
    --------
    >>> round(log_loss([1, 0], [0.5, 0.5]), 6)
    0.693147
    """
    classes, p = _classes_and_probabilities(true, probabilities)
    chosen = p[np.arange(len(p)), classes]
    return float(-np.log(np.clip(chosen, _LEAST_PROBABILITY, 1.0)).mean())


def auc(true: ArrayLike, scores: ArrayLike) -> float:
    """Return the area under the ROC curve: how often a positive row is ranked above a negative one.

    Parameters
    ----------
    true : array_like of int, shape (n,) or (n, 1)
        Index of the class.
    scores : array_like, shape (n,), (n, 1) or (n, n_classes)
        Of class 1 (any increasing scale will do), or of each class: then the mean over the classes
        that occur of one against the rest, each weighing the same.

    Returns
    -------
    float
        Ties count half. NaN if only one class occurs: then nothing is ranked.

    References
    ----------
    Mann and Whitney (1947), doi:10.1214/aoms/1177730491: the area is U / (n_1 * n_0).

    Examples
    --------
    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    classes, p = _classes_and_probabilities(true, scores)
    if p.shape[1] == 2:
        return _rank_area(classes == 1, p[:, 1])
    return float(np.mean([_rank_area(classes == k, p[:, k]) for k in np.unique(classes)]))


def _rank_area(positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Return U / (n_1 * n_0) from the ranks of the positive rows, ties sharing their mean rank."""
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if n_positive == 0 or n_negative == 0:
        return float("nan")
    _, where, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[where]
    above = ranks[positive].sum() - n_positive * (n_positive + 1) / 2
    return float(above / (n_positive * n_negative))


def _classes_and_probabilities(
    true: ArrayLike, probabilities: ArrayLike
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return indices (n,) and a column a class; one column is class 1, of which 0 is the rest."""
    classes = np.asarray(true).ravel()
    p = np.asarray(probabilities, dtype=np.float64)
    if p.ndim < 2 or p.shape[1] == 1:
        p = np.stack([1 - p.ravel(), p.ravel()], axis=1)
    if len(classes) != len(p):
        raise ShapeError(
            f"`true` and `probabilities` must have the same number of rows; "
            f"got {len(classes)} and {len(p)}."
        )
    _check_rows(len(classes))
    indices = classes.astype(np.intp)
    if (indices != classes).any() or indices.min() < 0 or indices.max() >= p.shape[1]:
        raise DataError(f"`true` must hold classes from 0 to {p.shape[1] - 1}.")
    return indices, p
