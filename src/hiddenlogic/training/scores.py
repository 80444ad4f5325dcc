"""Scores of predictions over a whole set, exact and in float64.

They are the engine's metrics, by the same computation as beside a training, so a score is the same
wherever it is asked for. `true` is what was observed, `predicted` what the model said.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hiddenlogic import losses
from hiddenlogic.errors import DataError, ShapeError
from hiddenlogic.metrics import Metric

_NUMBERS = losses.get("mean_squared_error")
_LABELS = losses.get("binary_crossentropy")
_CLASSES = losses.get("sparse_categorical_crossentropy")


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


def _units(*matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return of each column a power of two by which squares neither overflow nor vanish."""
    largest = np.max([np.abs(one).max(axis=0) for one in matrices], axis=0)
    largest[~np.isfinite(largest) | (largest == 0)] = 1.0
    return np.ldexp(1.0, np.frexp(largest)[1] - 1)


def _score(name: str, loss: losses.Loss, outputs: NDArray[Any], targets: NDArray[Any]) -> float:
    # Imported here: the core is loaded when there is something to compute.
    from hiddenlogic import engine

    return float(engine.measure(Metric(name), loss, outputs, targets))


def root_mean_squared_error(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return sqrt(mean((true - predicted)**2)), in units of the target.

    Examples
    --------
    >>> root_mean_squared_error([1, 2, 3], [1, 2, 6])
    1.7320508075688772
    """
    a, b = _pair(true, predicted)
    unit = _units(a, b).max()
    return _score("rmse", _NUMBERS, b / unit, a / unit) * float(unit)


def mean_absolute_error(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return mean(|true - predicted|), in units of the target."""
    a, b = _pair(true, predicted)
    return _score("mae", _NUMBERS, b, a)


def r2(true: ArrayLike, predicted: ArrayLike) -> float:
    """Return the share of the variance that is explained: 1 is perfect, 0 is saying the mean.

    R2 = 1 - sum((true - predicted)**2) / sum((true - mean(true))**2); with several outputs the mean
    over them.

    Notes
    -----
    A target that does not vary has no variance to explain: then 1 if every prediction is exact,
    else 0, as in scikit-learn. Of one row NaN.
    """
    a, b = _pair(true, predicted)
    units = _units(a, b)
    return _score("r2", _NUMBERS, b / units, a / units)


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

    Probabilities are kept off 0 and 1 by the spacing of float64 at 1, as in scikit-learn, so that
    one certain mistake is not an infinite loss.

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
    classes, p = _classes_and_outputs(true, probabilities)
    if p.shape[1] == 1:
        return _score("binary_crossentropy", _LABELS, p, classes)
    return _score("sparse_categorical_crossentropy", _CLASSES, p, classes)


def auc(true: ArrayLike, scores: ArrayLike) -> float:
    """Return the area under the ROC curve: how often a positive row is ranked above a negative one.

    Parameters
    ----------
    true : array_like of int, shape (n,) or (n, 1)
        Index of the class.
    scores : array_like, shape (n,), (n, 1) or (n, n_classes)
        Of class 1 (any increasing scale will do), or of each class: then the mean over the classes
        of one against the rest, each weighing the same: scikit-learn's ``multi_class="ovr"``.

    Returns
    -------
    float
        Ties count half. NaN if a class never occurs or no other does: then nothing is ranked, and
        an area of the other classes alone would be compared with what it is not.

    References
    ----------
    Mann and Whitney (1947), doi:10.1214/aoms/1177730491: the area is U / (n_1 * n_0).

    Examples
    --------
    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    classes, p = _classes_and_outputs(true, scores)
    if p.shape[1] < 3:
        return _score("auc", _LABELS, p[:, -1:], classes)
    return _score("roc_auc_ovr", _CLASSES, p, classes)


def _classes_and_outputs(
    true: ArrayLike, outputs: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return indices (n, 1), and a column for class 1 or one for each class."""
    classes = np.asarray(true).ravel()
    p = np.asarray(outputs, dtype=np.float64)
    p = p.reshape(-1, 1) if p.ndim < 2 else p
    if len(classes) != len(p):
        raise ShapeError(
            f"`true` and `probabilities` must have the same number of rows; "
            f"got {len(classes)} and {len(p)}."
        )
    _check_rows(len(classes))
    n_classes = max(p.shape[1], 2)
    indices = classes.astype(np.intp)
    if (indices != classes).any() or indices.min() < 0 or indices.max() >= n_classes:
        raise DataError(f"`true` must hold classes from 0 to {n_classes - 1}.")
    return indices[:, None].astype(np.float64), p
