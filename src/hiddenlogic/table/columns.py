"""Cells in whatever form people have them, as one column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.table.arrays import array_column
from hiddenlogic.table.objects import object_column
from hiddenlogic.table.pandas_columns import is_pandas, pandas_column


def to_column(name: str, cells: object) -> pl.Series:
    """Return cells in whatever form as a column.

    Parameters
    ----------
    name : str
    cells : sequence, 1-D ndarray, or column of polars, pandas or pyarrow

    Returns
    -------
    polars.Series
        Missing cells null: None, NaN, NaT, pandas's NA and masked ones.

    Raises
    ------
    DataError
        If it is one value, an array of another shape, or of complex numbers or bytes.

    Examples
    --------
    >>> to_column("x", np.ma.masked_greater([1, 2, 30], 9)).to_list()
    [1, 2, None]
    """
    if isinstance(cells, pl.Series):
        return cells.rename(name)
    if is_pandas(cells):
        return pandas_column(name, cells)
    if isinstance(cells, np.ndarray):
        return array_column(name, cast("NDArray[Any]", cells))
    if hasattr(cells, "__arrow_c_stream__") or hasattr(cells, "__arrow_c_array__"):
        return pl.Series(name, cast("Any", cells))
    if isinstance(cells, Sequence) and not isinstance(cells, str | bytes):
        return object_column(name, cast("Sequence[object]", cells))
    raise DataError(
        f"Column {name!r} must be a list, an array or a column of a frame, with a cell for each"
        f" row; got {type(cells).__name__}."
    )
