"""Rows cut by time: what is known first is trained on, what comes later is held out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.table.cells import days, numbers
from hiddenlogic.table.dates import FORMATS
from hiddenlogic.table.schema import Schema
from hiddenlogic.table.wording import plural, which_rows


def moments(schema: Schema, cells: pl.Series, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return when each of these rows was: a date as days since 1970-01-01, or a number.

    Raises
    ------
    DataError
        If a cell is missing, or neither a date nor a number.
    """
    column = next((one for one in schema.columns if one.name == cells.name), None)
    if column is not None and column.kind == "date":
        values = days(cells, column.format or FORMATS[0])[rows]
    elif isinstance(cells.dtype, pl.Date | pl.Datetime):
        values = days(cells, FORMATS[0])[rows]
    else:
        values = numbers(cells)[rows]
    gaps = (rows[np.isnan(values)] + 1).tolist()
    if gaps:
        raise DataError(
            f"The time column {cells.name!r} has {plural(len(gaps), 'missing value')}"
            f" ({which_rows(gaps)}). Fill them in, or leave those rows out."
        )
    return values


def cut_by_time(
    name: str, values: NDArray[np.float64], shares: Sequence[float]
) -> NDArray[np.int64]:
    """Cut rows into stretches of time, one after the other.

    Parameters
    ----------
    name : str
        Of the time column.
    values : ndarray of float64, shape (n_rows,)
        From `moments`.
    shares : sequence of float
        Of the rows in each stretch, their sum 1.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
        The stretch of each row, 0 the earliest. Rows of one moment are in one stretch, so a cut
        lies at the change of moment that is nearest to its share.

    Raises
    ------
    DataError
        If there are fewer moments than stretches.
    """
    order = np.argsort(values, kind="stable")
    changes = np.flatnonzero(np.diff(values[order])) + 1
    if len(changes) < len(shares) - 1:
        raise DataError(
            f"The time column {name!r} holds {plural(len(changes) + 1, 'different moment')}, and a"
            f" split into {len(shares)} parts needs at least as many. Choose another column."
        )
    stretch = np.zeros(len(values), np.int64)
    least = 0
    for cut, share in enumerate(np.cumsum(shares)[:-1], start=1):
        # As many changes must be left as there are cuts after this one.
        open_to = changes[least : len(changes) - (len(shares) - 1 - cut)]
        nearest = int(np.argmin(np.abs(open_to - share * len(values))))
        stretch[open_to[nearest] :] = cut
        least += nearest + 1
    result = np.empty(len(values), np.int64)
    result[order] = stretch
    return result
