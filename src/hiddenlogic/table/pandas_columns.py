"""Columns of pandas as columns of polars, without importing pandas and without needing pyarrow."""

from __future__ import annotations

import sys
from typing import Any, cast

import numpy as np
import polars as pl

from hiddenlogic.table.arrays import array_column
from hiddenlogic.table.cells import texts
from hiddenlogic.table.objects import object_column


def is_pandas(cells: object, *kinds: str) -> bool:
    """Tell whether something is pandas's: a Series, Index or array if no kinds are named."""
    pandas: Any = sys.modules.get("pandas")
    if pandas is None:
        return False
    if kinds:
        return isinstance(cells, tuple(getattr(pandas, kind) for kind in kinds))
    return isinstance(cells, (pandas.Series, pandas.Index, pandas.api.extensions.ExtensionArray))


def pandas_column(name: str, cells: Any) -> pl.Series:
    """Return a Series, Index or array of pandas as a column.

    Parameters
    ----------
    name : str
    cells : pandas.Series, pandas.Index or pandas.api.extensions.ExtensionArray

    Returns
    -------
    polars.Series
        None, NaN, NaT and NA are null. Categories are Categorical, with the texts that plain cells
        of the same values would have; moments with a zone keep it, except one that is only an
        offset, whose moments are in UTC; periods are their first moment.
    """
    pandas: Any = sys.modules["pandas"]
    cells = pandas.Series(cells)
    dtype: Any = cells.dtype
    missing = cells.isna().to_numpy(bool)
    if isinstance(cast("object", dtype), np.dtype) and dtype.kind != "O":
        return array_column(name, cells.to_numpy())
    if isinstance(dtype, pandas.CategoricalDtype):
        return _categories(name, cells)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        return _zoned(name, cells)
    if isinstance(dtype, pandas.PeriodDtype):
        return pandas_column(name, cells.dt.to_timestamp())
    if isinstance(dtype, pandas.SparseDtype):
        return pandas_column(name, cells.sparse.to_dense())
    if isinstance(dtype, pandas.ArrowDtype):
        return pl.Series(name, cells.array.__arrow_array__())
    if hasattr(dtype, "numpy_dtype") and dtype.kind in "biuf":  # Int64, Float32, boolean
        numpy_dtype: Any = dtype.numpy_dtype
        filled = cells.to_numpy(numpy_dtype, na_value=numpy_dtype.type(0))
        return array_column(name, filled).set(pl.Series(missing), None)
    objects = cells.to_numpy(object, copy=True)
    objects[missing] = None
    return object_column(name, objects.tolist())


def _categories(name: str, cells: Any) -> pl.Series:
    """Return a categorical column by its codes; -1 is a missing cell."""
    codes = pl.Series(np.asarray(cells.cat.codes, np.int64))
    names = texts(pandas_column(name, cells.cat.categories))
    return names.gather(codes.set(codes < 0, None)).cast(pl.Categorical).rename(name)


def _zoned(name: str, cells: Any) -> pl.Series:
    """Return moments with a zone; polars knows zones by name only."""
    utc = array_column(name, cells.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    moments = utc.dt.replace_time_zone("UTC")
    try:
        return moments.dt.convert_time_zone(str(cells.dt.tz))
    except pl.exceptions.PolarsError:
        return moments
