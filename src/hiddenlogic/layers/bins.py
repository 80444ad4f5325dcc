"""Bins of columns of numbers, with as many rows in each."""

from __future__ import annotations

import array
import math
from collections.abc import Iterable, Sequence
from typing import Any

from hiddenlogic.errors import DataError, ShapeError

Edges = tuple[tuple[float, ...], ...]


def quantile_edges(rows: object, n_bins: int) -> Edges:
    """Return for each column the different ones of the quantiles 0, 1/n_bins, …, 1.

    Parameters
    ----------
    rows : array_like or DataFrame, shape (n, columns)
        Finite numbers, n at least 1.
    n_bins : int
        At least 1. A column of few values gets fewer bins.

    Returns
    -------
    tuple of tuple of float
        Rising, and numbers of float32, so that both dtypes compute with the same.

    Raises
    ------
    ShapeError
        If there are not rows and columns.
    DataError
        If a column holds what is no finite number, or one value only.

    Examples
    --------
    >>> quantile_edges([[0.0, 1.0], [4.0, 1.0], [8.0, 5.0]], 4)
    ((0.0, 2.0, 4.0, 6.0, 8.0), (1.0, 3.0, 5.0))
    """
    return tuple(
        _edges(column, index, n_bins) for index, column in enumerate(_sorted_columns(rows))
    )


def _edges(column: Sequence[float], index: int, n_bins: int) -> tuple[float, ...]:
    """Return the different quantiles of sorted numbers."""
    if not all(map(math.isfinite, (column[0], column[-1]))):
        raise DataError(
            f"`rows` must hold finite numbers; column {index} has a NaN or an infinity. Fill such "
            "cells or drop their rows."
        )
    found: set[float] = set()
    for step in range(n_bins + 1):
        place = step * (len(column) - 1) / n_bins
        below = int(place)
        above = min(below + 1, len(column) - 1)
        found.add(column[below] + (column[above] - column[below]) * (place - below))
    edges = sorted(set(array.array("f", found)))
    if len(edges) < 2:
        raise DataError(
            f"Column {index} of `rows` has the same value, {column[0]:g}, in every row: it has no "
            "bins, and nothing to learn from. Leave it out."
        )
    return tuple(edges)


def _sorted_columns(rows: Any) -> Iterable[Sequence[float]]:
    """Give each column as sorted floats; arrays sort themselves, so that NumPy is not needed."""
    if hasattr(rows, "to_numpy"):
        rows = rows.to_numpy()
    shape = getattr(rows, "shape", None) or _shape(rows)
    if len(shape) != 2 or 0 in shape:
        raise ShapeError(
            f"`rows` must have the shape (rows, columns), with at least one of each; got {shape}."
        )
    if hasattr(rows, "T"):
        for column in rows.T:
            values: Any = column.astype("float64")
            values.sort()
            yield values
        return
    for column in zip(*rows, strict=True):
        numbers = [float(value) for value in column]
        # A NaN has no place in an order; at the end it is found.
        yield sorted(numbers, key=lambda value: math.inf if math.isnan(value) else value)


def _shape(rows: Any) -> tuple[int, ...]:
    """Return the shape of rows that are lists, without the columns if those differ."""
    widths = {len(row) if hasattr(row, "__len__") else 0 for row in rows}
    return (len(rows), *widths) if len(widths) == 1 else (len(rows),)
