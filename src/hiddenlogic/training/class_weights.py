"""Weights of rows by the class that they belong to."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.losses import Loss
from hiddenlogic.registry import Parameter
from hiddenlogic.training.arrays import Matrix

_ARGUMENT = "`class_weight` of fit"


def class_weights(
    targets: Matrix, class_weight: object, *, loss: Loss, outputs: int
) -> NDArray[np.float64]:
    """Return the weight of each row, which is that of its class.

    Parameters
    ----------
    targets : ndarray, shape (n, columns)
        As `target_matrix` returns them.
    class_weight : mapping of int to float, or "balanced"
        The weight of a class, at least 0; 1 for those left out, as in Keras. 'balanced' stands for
        n / (classes that occur * rows of the class), as scikit-learn has it, so that the rows of
        each class weigh the same together.
    loss : Loss
        Says what targets mean.
    outputs : int
        Units of the last layer.

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    UnknownNameError
        If the loss has no classes, or there is no such class.
    RangeError
        If a weight is not a finite number of at least 0, or `class_weight` is something else.

    Examples
    --------
    >>> from hiddenlogic.losses import BinaryCrossentropy
    >>> y = np.array([[0.0], [0.0], [0.0], [1.0]])
    >>> class_weights(y, "balanced", loss=BinaryCrossentropy(), outputs=1).round(2)
    array([0.67, 0.67, 0.67, 2.  ])
    """
    known = _classes(loss, outputs)
    if loss.row.task != "multiclass":
        classes = np.asarray(targets[:, 0] > (0.5 if loss.row.task == "binary" else 0.0), np.intp)
    elif loss.row.is_sparse:
        classes = targets[:, 0].astype(np.intp)
    else:
        classes = targets.argmax(axis=1)
    weights = np.ones(len(set(known.values())))
    if isinstance(class_weight, str) and class_weight == "balanced":
        counts = np.bincount(classes, minlength=len(weights))
        weights = len(classes) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    elif isinstance(class_weight, Mapping):
        for key, weight in cast("Mapping[object, object]", class_weight).items():
            limits = Parameter(f"class_weight[{key!r}]", 1.0, low=0.0, low_included=True)
            weights[_place(key, known, loss)] = limits.check(weight, "fit")
    else:
        raise RangeError(
            f"{_ARGUMENT} must be a dict of classes and their weights, or 'balanced'; got "
            f"{class_weight!r}."
        )
    return weights[classes]


def _classes(loss: Loss, outputs: int) -> dict[int, int]:
    """Return the place of each class, by every name that it has."""
    match loss.row.task:
        case "multiclass":
            return {one: one for one in range(outputs)}
        case "binary" | "sign" if outputs > 1:
            raise UnknownNameError(
                f"{_ARGUMENT} takes one class a row; the {outputs} outputs may all be right for "
                f"the loss {loss.name}. Use sample_weight, or softmax and a categorical loss."
            )
        case "binary":
            return {0: 0, 1: 1}
        case "sign":
            return {-1: 0, 0: 0, 1: 1}
        case _:
            raise UnknownNameError(
                f"{_ARGUMENT} takes classes, but the loss {loss.name} learns numbers. Use "
                "sample_weight."
            )


def _place(key: object, known: dict[int, int], loss: Loss) -> int:
    """Return the place of a class, or say which there are."""
    if not isinstance(key, bool) and isinstance(key, (int, numbers.Real)) and key in known:
        return known[cast("int", key)]
    raise UnknownNameError(
        f"{_ARGUMENT} has the class {key!r}; the classes of the loss {loss.name} are "
        f"{', '.join(map(str, known)) if len(known) < 4 else f'0 to {max(known)}'}."
    )
