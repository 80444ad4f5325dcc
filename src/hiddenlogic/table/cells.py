"""The cells of one column as numbers, texts, truth values or days; never a guess about a cell.

Each cell is read by itself, so what it becomes does not depend on the rows beside it. Rows in
messages count from 1, the first below the header.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.table.dates import days_since_epoch, shares_of_day

_TRUE, _FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
_WAY_OUT = "Correct that cell, or leave it empty if it is missing."


def tidy(column: pl.Series) -> pl.Series:
    """Return a column with every missing cell null (NaN and empty text too), categories as text."""
    if column.dtype.is_float():
        return column.fill_nan(None)
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        column = column.cast(pl.String)
    if column.dtype == pl.String:
        words = column.str.strip_chars()
        return words.set(words == "", None)
    return column


def numbers(column: pl.Series) -> NDArray[np.float64]:
    """Return a column as numbers.

    Parameters
    ----------
    column : polars.Series
        Numbers, truth values, or text that is plain numerals.

    Returns
    -------
    ndarray of float64, shape (n_rows,)
        NaN where a cell is missing.

    Raises
    ------
    DataError
        If a cell is no number, or infinite; names the row, from 1.
    """
    if column.dtype == pl.Null or column.dtype.is_numeric() or column.dtype == pl.Boolean:
        real = column.cast(pl.Float64)
    else:
        column = tidy(column)
        text = column.dtype == pl.String
        real = (column if text else column.clear(len(column))).cast(pl.Float64, strict=False)
        _refuse(column, real.is_null() & column.is_not_null(), "a number")
    values = np.asarray(real.to_numpy(), np.float64)
    # Tables may have 10,000 columns, so what is nearly always right is seen to in one step.
    if np.isinf(values).any():
        _refuse(column, real.is_infinite(), "a finite number")
    return values


def texts(column: pl.Series) -> pl.Series:
    """Return a column as String, null where a cell is missing.

    Whole numbers have no decimal point whatever their type, so that the level '3' is met again in a
    file whose other cells made the column a float.
    """
    if column.dtype.is_float() or column.dtype.is_decimal():
        values = column.cast(pl.Float64).fill_nan(None)
        distinct = values.drop_nulls().unique()
        names = [str(int(x)) if x.is_integer() else repr(x) for x in distinct.to_list()]
        return values.replace_strict(distinct, names, default=None, return_dtype=pl.String)
    if column.dtype.is_nested() or isinstance(column.dtype, pl.Binary | pl.Object):
        _refuse(column, column.is_not_null(), "text")
        return pl.Series(column.name, [None] * len(column), dtype=pl.String)
    return tidy(column.cast(pl.String))


def truths(column: pl.Series) -> NDArray[np.float64]:
    """Return a column as +1 (true), -1 (false) and NaN (missing).

    Parameters
    ----------
    column : polars.Series
        Truth values, 0 and 1, or true/false, yes/no, t/f, y/n in any case.

    Returns
    -------
    ndarray of float64, shape (n_rows,)

    Raises
    ------
    DataError
        If a cell is none of these; names the row, from 1.
    """
    words = texts(column).str.to_lowercase()
    old, new = [*_TRUE, *_FALSE], [1.0] * len(_TRUE) + [-1.0] * len(_FALSE)
    values = words.replace_strict(old, new, default=None, return_dtype=pl.Float64)
    _refuse(column, values.is_null() & words.is_not_null(), "true or false")
    return _with_nan(values)


def days(column: pl.Series, format: str) -> NDArray[np.float64]:
    """Return a column of dates as days since 1970-01-01.

    Parameters
    ----------
    column : polars.Series
        Dates, datetimes, or text in `format`.
    format : str
        One of `dates.FORMATS`; for columns of text.

    Returns
    -------
    ndarray of float64, shape (n_rows,)
        NaN where a cell is missing.

    Raises
    ------
    DataError
        If a cell is no date; names the row, from 1.
    """
    if column.dtype == pl.Null:
        return np.full(len(column), np.nan)
    column = tidy(column)
    if column.dtype == pl.String:
        values = days_since_epoch(column, format)
        expected = f"a date like {_example(format)}"
        _refuse(column, values.is_null() & column.is_not_null(), expected)
    elif isinstance(column.dtype, pl.Date | pl.Datetime):
        values = days_since_epoch(column, format)
    else:
        values = pl.Series([None] * len(column), dtype=pl.Float64)
        _refuse(column, column.is_not_null(), "a date")
    return _with_nan(values)


def times(column: pl.Series, format: str) -> NDArray[np.float64]:
    """Return a column of times of day, or of text in `format`, as shares of the day, below 1.

    Raises
    ------
    DataError
        If a cell is no time; names the row, from 1.
    """
    if column.dtype == pl.Null:
        return np.full(len(column), np.nan)
    column = tidy(column)
    if isinstance(column.dtype, pl.String | pl.Time):
        values = shares_of_day(column, format)
    else:
        values = pl.Series([None] * len(column), dtype=pl.Float64)
    _refuse(column, values.is_null() & column.is_not_null(), "a time of day like 14:30:00")
    return _with_nan(values)


def seconds(column: pl.Series) -> NDArray[np.float64]:
    """Return a column of durations as seconds, NaN where a cell is missing.

    Raises
    ------
    DataError
        If a cell is no duration; names the row, from 1.
    """
    if column.dtype == pl.Null:
        return np.full(len(column), np.nan)
    if not isinstance(column.dtype, pl.Duration):
        _refuse(column, column.is_not_null(), "a duration")
        return np.full(len(column), np.nan)
    ticks = {"ms": 1e3, "us": 1e6, "ns": 1e9}[column.dtype.time_unit or "us"]
    return _with_nan(column.to_physical().cast(pl.Float64) / ticks)


def _with_nan(values: pl.Series) -> NDArray[np.float64]:
    """Return Float64 values as an array, NaN for null."""
    return np.asarray(values.fill_null(float("nan")).to_numpy(), np.float64)


def _refuse(column: pl.Series, wrong: pl.Series, expected: str) -> None:
    """Raise for the first cell marked wrong."""
    first = wrong.fill_null(False).arg_max()
    if first is None or not wrong[first]:
        return
    count = int(wrong.sum())
    more = f" ({count - 1:,} more such cells follow)" if count > 1 else ""
    value = column[first]
    if isinstance(value, pl.Series):
        value = str(value.to_list())
    shown = value if isinstance(value, int | float | str | bool) else str(value)
    raise DataError(
        f"Column {column.name!r}, row {first + 1}: expected {expected}, got {shown!r}{more}."
        f" {_WAY_OUT}"
    )


def _example(format: str) -> str:
    """Write one moment in a format."""
    from datetime import datetime

    return datetime(2024, 3, 31, 14, 30).strftime(format.replace("%.f", ""))
