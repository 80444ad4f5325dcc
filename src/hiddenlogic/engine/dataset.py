"""Arrays that many networks are trained on: converted once, never copied again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine.lowering import checked_dtype
from hiddenlogic.errors import RangeError, ShapeError


def checked_sample_weight(sample_weight: object, rows: int, dtype: str) -> NDArray[Any] | None:
    """Return the factors of `rows` rows, or None if there are none."""
    if sample_weight is None:
        return None
    weight = np.ascontiguousarray(sample_weight, dtype=dtype)
    if weight.shape != (rows,):
        raise ShapeError(f"`sample_weight` must have the shape ({rows},); got {weight.shape}.")
    return weight


class Dataset:
    """Inputs and targets that the members of a population share.

    Parameters
    ----------
    inputs : array_like, shape (n, features)
        Finite numbers; whoever calls has checked that.
    targets : array_like, shape (n, outputs)
        Or (n, 1) with class numbers for sparse_categorical_crossentropy.
    sample_weight : array_like, shape (n,), optional
        Factor of each row's loss, in training and validation.
    dtype : {"float32", "float64"}
        What is computed in. Arrays that are contiguous and of this dtype are not copied; they are
        not to be changed while a member is in training.

    Raises
    ------
    ShapeError
        If an array has other dimensions or another number of rows, or there is no row.
    UnknownNameError
        If `dtype` is another.

    Examples
    --------
    >>> x = np.zeros((5, 2), np.float32)
    >>> data = Dataset(x, np.ones((5, 1)))
    >>> len(data), np.shares_memory(data.inputs, x)
    (5, True)
    """

    def __init__(
        self,
        inputs: object,
        targets: object,
        sample_weight: object = None,
        *,
        dtype: str = "float32",
    ) -> None:
        self.dtype = checked_dtype(dtype)
        self.inputs = self._matrix(inputs, "inputs")
        if len(self.inputs) == 0:
            raise ShapeError("`inputs` must have at least one row; got none.")
        self.targets = self._matrix(targets, "targets")
        if len(self.targets) != len(self.inputs):
            raise ShapeError(
                f"`targets` must have {len(self.inputs)} rows, as `inputs` has; "
                f"got {len(self.targets)}."
            )
        self.sample_weight = checked_sample_weight(sample_weight, len(self), self.dtype)

    def __len__(self) -> int:
        return len(self.inputs)

    def checked_rows(self, rows: object, argument: str) -> NDArray[np.uint32]:
        """Return places of rows, which may repeat and come in any order.

        Raises
        ------
        ShapeError
            If they are not one line of at least one number.
        RangeError
            If they are not whole numbers from 0 to n − 1.
        """
        given = np.asarray(rows)
        if given.dtype == bool:
            raise RangeError(
                f"{argument} must be places of rows; got a mask of {given.size} truth values. "
                "Pass numpy.flatnonzero of it."
            )
        if given.ndim != 1 or given.size == 0:
            raise ShapeError(
                f"{argument} must have the shape (rows,) with at least one row; got {given.shape}."
            )
        if given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= len(self):
            raise RangeError(
                f"{argument} must be whole numbers from 0 to {len(self) - 1}; got {given.dtype} "
                f"from {given.min()} to {given.max()}."
            )
        return np.ascontiguousarray(given, dtype=np.uint32)

    def _matrix(self, values: object, name: str) -> NDArray[Any]:
        array = np.ascontiguousarray(values, dtype=self.dtype)
        if array.ndim != 2:
            raise ShapeError(f"`{name}` must have the shape (rows, columns); got {array.shape}.")
        return array
