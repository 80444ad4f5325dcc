"""Targets that fit the loss and the outputs of the network."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from hiddenlogic.errors import DataError, ShapeError
from hiddenlogic.losses import Loss
from hiddenlogic.training.arrays import Matrix, matrix

# Shares of the classes may be rounded; a row that sums to less or more than this is no one-hot row.
_SUM_SLACK = 1e-3


def target_matrix(
    value: object,
    argument: str,
    *,
    loss: Loss,
    outputs: int,
    dtype: str = "float32",
    layer: str = "the last layer",
) -> Matrix:
    """Return targets as a checked matrix.

    Parameters
    ----------
    value : array_like or DataFrame
        Shape (n, columns), or (n,) where one column is due: `Loss.target_columns` of the outputs.
        For sparse_categorical_crossentropy the index of the class, shape (n,) or (n, 1).
    argument : str
        What messages call it, e.g. "y".
    loss : Loss
        Says what targets mean.
    outputs : int
        Units of the layer.
    dtype : {"float32", "float64"}
        Of the result.
    layer : str
        What messages call the layer that the targets are of.

    Returns
    -------
    ndarray of `dtype`, shape (n, columns)

    Raises
    ------
    ShapeError
        If the columns are not those that the loss takes; nothing is broadcast.
    DataError
        If a cell is not a number, or no label of this loss.
    """
    targets = matrix(value, argument, dtype=dtype)
    if targets.shape[1] != loss.target_columns(outputs):
        # The shape that was handed over: a vector has become a column by now.
        shape = np.shape(cast("Any", value))
        raise ShapeError(_columns_message(argument, shape, loss, outputs, layer))
    if loss.row.is_sparse:
        wrong = (targets < 0) | (targets >= outputs) | (targets != np.floor(targets))
        _check_labels(targets, argument, wrong, f"a class from 0 to {outputs - 1}", loss)
        return targets
    match loss.row.task:
        case "regression":
            pass
        case "count":
            _check_labels(targets, argument, targets < 0, "at least 0", loss)
        case "sign":
            return _signs(targets, argument, loss)
        case "share" | "binary" | "multiclass":
            _check_labels(targets, argument, (targets < 0) | (targets > 1), "between 0 and 1", loss)
            if loss.row.task == "multiclass":
                _check_sums(targets, argument, loss)
    return targets


def _signs(targets: Matrix, argument: str, loss: Loss) -> Matrix:
    """Return labels of -1 and 1; those of 0 and 1, if all are, become these."""
    if np.isin(targets, (0, 1)).all():
        return targets * 2 - 1
    _check_labels(targets, argument, np.abs(targets) != 1, "-1 or 1, or all of them 0 or 1,", loss)
    return targets


def _columns_message(
    argument: str, shape: tuple[int, ...], loss: Loss, outputs: int, layer: str
) -> str:
    """Say how many columns are due; name the other cross-entropy where the two were mixed up."""
    columns = shape[1] if len(shape) == 2 else 1
    if loss.row.is_sparse:
        message = f"`{argument}` must have 1 column, the index of the class; got shape {shape}."
        one_hot = " For one-hot rows use the loss categorical_crossentropy."
        return message + (one_hot if columns == outputs else "")
    due, each = loss.target_columns(outputs), loss.outputs_per_target
    units = "the units of" if each == 1 else f"one for each {each} units of"
    message = (
        f"`{argument}` must have {due} {'column' if due == 1 else 'columns'}, {units} {layer}; "
        f"got shape {shape}."
    )
    if loss.name == "categorical_crossentropy" and columns == 1:
        return message + (
            " For the index of the class use the loss sparse_categorical_crossentropy."
        )
    return message


def _check_labels(targets: Matrix, argument: str, wrong: np.ndarray, due: str, loss: Loss) -> None:
    """Refuse the first label that the loss cannot mean."""
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        place = f"row {row}" if targets.shape[1] == 1 else f"row {row}, column {column}"
        way_out = ""
        if loss.row.task == "binary" and set(np.unique(targets)) <= {-1.0, 1.0}:
            way_out = f" For labels of -1 and 1 pass ({argument} + 1) / 2."
        raise DataError(
            f"`{argument}` must be {due} for the loss {loss.name}; "
            f"got {targets[row, column]:g} in {place}.{way_out}"
        )


def _check_sums(targets: Matrix, argument: str, loss: Loss) -> None:
    """Refuse rows whose shares of the classes do not add up to 1."""
    sums = targets.sum(axis=1, dtype=np.float64)
    wrong = np.abs(sums - 1) > _SUM_SLACK
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DataError(
            f"`{argument}` must sum to 1 in each row for the loss {loss.name}; row "
            f"{row} sums to {sums[row]:g}. If several classes can hold at once, use sigmoid and "
            "binary_crossentropy."
        )
