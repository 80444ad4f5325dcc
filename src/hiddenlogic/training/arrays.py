"""From what users hand over (lists, numbers, arrays, DataFrames) to checked matrices.

Nothing is dropped, filled or broadcast: what cannot be learned from is refused with its place. Rows
and columns are counted from 0, as in ``x[row, column]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, ShapeError

Matrix = NDArray[np.floating[Any]]

_TABLE_ROUTE = "`hiddenlogic fit FILE` learns from tables with text, dates and missing cells."


@dataclass(frozen=True)
class _Raw:
    """An array with the names of its columns, if it had some, and the shape that it came in."""

    values: NDArray[Any]
    names: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()

    def place(self, row: int, column: int) -> str:
        """Say where a cell is."""
        name = f" ({self.names[column]!r})" if column < len(self.names) else ""
        return f"row {row}, column {column}{name}"


def matrix(
    value: object,
    argument: str,
    *,
    dtype: str = "float32",
    columns: int | None = None,
    columns_are: str = "the inputs of the network",
) -> Matrix:
    """Return `value` as a C-contiguous matrix without NaN or infinity.

    Parameters
    ----------
    value : array_like or DataFrame
        Shape (n, columns). (n,) is taken as (n, 1), a number as (1, 1). A pandas or polars
        DataFrame or Series of numbers is recognised by its `to_numpy`, without importing either.
    argument : str
        What messages call it, e.g. "x".
    dtype : {"float32", "float64"}
        Of the result. An array that already fits is returned as it is, not copied.
    columns : int, optional
        How many there must be; any number of at least 1 if not given.
    columns_are : str
        What those columns are, for the message.

    Returns
    -------
    ndarray of `dtype`, shape (n, columns)

    Raises
    ------
    ShapeError
        If it is ragged, has other than 2 dimensions, or another number of columns.
    DataError
        If a cell is text, a date, missing, infinite, or too large for `dtype`.

    Examples
    --------
    >>> matrix([1, 2, 3], "x", columns=1).shape
    (3, 1)
    """
    raw = _read(value, argument)
    raw = _as_matrix(raw, argument)
    found = raw.values.shape[1]
    if found < 1 or columns not in (None, found):
        raise ShapeError(_columns_message(argument, raw, columns, columns_are))
    _check_finite(raw, argument)
    with np.errstate(over="ignore"):
        result: Matrix = np.ascontiguousarray(raw.values, dtype=dtype)
    if result.dtype != raw.values.dtype and not np.isfinite(result).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(result))[0])
        raise DataError(
            f"`{argument}` has {raw.values[row, column]:g} in {raw.place(row, column)}, which is "
            f"beyond {dtype}. Scale the column, or build the network with dtype='float64'."
        )
    return result


def sample_weights(value: object, argument: str, rows: int, dtype: str = "float32") -> Matrix:
    """Return weights of the rows, shape (n,), each at least 0.

    Parameters
    ----------
    value : array_like or DataFrame
        Shape (n,) or (n, 1).
    argument : str
        What messages call it.
    rows : int
        How many there must be.
    dtype : {"float32", "float64"}
        Of the result.

    Raises
    ------
    ShapeError
        If there is not one number a row.
    DataError
        If one is negative or not finite, or all are 0.
    """
    weights = matrix(value, argument, dtype=dtype, columns=1, columns_are="one weight a row")[:, 0]
    if len(weights) != rows:
        raise ShapeError(
            f"`{argument}` must have one number for each of the {rows} rows; got {len(weights)}."
        )
    if (weights < 0).any():
        row = int(np.argmax(weights < 0))
        raise DataError(
            f"`{argument}` must be at least 0 everywhere; got {weights[row]:g} in row {row}."
        )
    if rows and not weights.any():
        raise DataError(f"`{argument}` is 0 in every row. Nothing would be learned.")
    return weights


def check_same_rows(first: Matrix, first_name: str, second: Matrix, second_name: str) -> None:
    """Refuse two arrays that do not have the same number of rows."""
    if len(first) != len(second):
        raise ShapeError(
            f"`{first_name}` and `{second_name}` must have the same number of rows; "
            f"got {len(first)} and {len(second)}."
        )


def _read(value: object, argument: str) -> _Raw:
    """Turn anything array-like into an array of numbers, or say why it is none."""
    if value is None:
        raise DataError(f"`{argument}` must be an array of numbers; got None.")
    names: tuple[str, ...] = ()
    to_numpy = getattr(value, "to_numpy", None)
    if callable(to_numpy):
        columns = cast("Sequence[object]", getattr(value, "columns", ()))
        names = tuple(str(name) for name in columns)
        _check_no_dates(value, names, argument)
        values = np.asarray(to_numpy())
    else:
        try:
            values = np.asarray(value)
        except ValueError:
            raise ShapeError(
                f"`{argument}` must be rows of equal length; got rows that differ."
            ) from None
    if values.dtype.kind in "biuf":
        return _Raw(values, names)
    if values.dtype.kind == "O" and not values.ndim and values.item() is value:
        raise DataError(
            f"`{argument}` must be an array, a list or a DataFrame of numbers; "
            f"got {type(value).__name__}.{_way_out(value)}"
        )
    if values.dtype.kind == "O":
        return _Raw(_from_objects(_Raw(values, names), argument), names)
    raise DataError(_kind_message(values, argument))


def _way_out(value: object) -> str:
    """Say how to make an array of what is nearly one."""
    if callable(getattr(value, "collect", None)):
        return " Pass its collect()."
    return " Pass a list of it." if isinstance(value, (Iterator, Set)) else ""


def _check_no_dates(value: object, names: tuple[str, ...], argument: str) -> None:
    """Refuse dates beside numbers in a polars frame: its to_numpy would count them as days."""
    if not names:
        return
    kinds = cast("Iterable[object]", getattr(value, "dtypes", ()))
    for column, (name, kind) in enumerate(zip(names, kinds, strict=False)):
        is_temporal = getattr(kind, "is_temporal", None)
        if callable(is_temporal) and is_temporal():
            raise DataError(
                f"`{argument}` holds dates in column {column} ({name!r}); a network learns from "
                f"numbers. Encode them, or take the table route: {_TABLE_ROUTE}"
            )


def _kind_message(values: NDArray[Any], argument: str) -> str:
    """Say what an array of text, dates or complex numbers holds, and the way out."""
    kinds = {"U": "text", "S": "text", "T": "text", "M": "dates", "m": "durations"}
    kind = kinds.get(values.dtype.kind, f"values of dtype {values.dtype}")
    first = f", such as {values.flat[0].item()!r}" if kind == "text" and values.size else ""
    return (
        f"`{argument}` holds {kind}{first}; a network learns from numbers. Encode them, or take "
        f"the table route: {_TABLE_ROUTE}"
    )


def _from_objects(raw: _Raw, argument: str) -> NDArray[np.float64]:
    """Convert an object array cell by cell; missing cells become NaN, text is refused."""
    result = np.empty(raw.values.shape, dtype=np.float64)
    cells = cast("Iterable[tuple[tuple[int, ...], object]]", np.ndenumerate(raw.values))
    for index, cell in cells:
        try:
            if isinstance(cell, (str, bytes)):
                raise ValueError
            missing = cell is None or type(cell).__name__ in ("NAType", "NaTType")
            result[index] = np.nan if missing else float(cast("float", cell))
        except (TypeError, ValueError):
            row, column = index[0] if index else 0, index[1] if len(index) > 1 else 0
            kind = "text" if isinstance(cell, str) else f"a {type(cell).__name__}"
            raise DataError(
                f"`{argument}` has {kind}, {cell!r}, in {raw.place(row, column)}; a network learns "
                f"from numbers. Encode it, or take the table route: {_TABLE_ROUTE}"
            ) from None
    return result


def _as_matrix(raw: _Raw, argument: str) -> _Raw:
    """Give a number or a vector its second dimension; refuse more than two."""
    shape = raw.values.shape
    if len(shape) < 2:
        return _Raw(raw.values.reshape(-1, 1), raw.names, shape)
    if len(shape) > 2:
        raise ShapeError(
            f"`{argument}` must have 2 dimensions, rows and columns; got shape {shape}. Flatten "
            f"each row: {argument}.reshape(len({argument}), -1)."
        )
    return _Raw(raw.values, raw.names, shape)


def _columns_message(argument: str, raw: _Raw, columns: int | None, columns_are: str) -> str:
    """Say how many columns there must be and, for a lone row, how to write it."""
    shape = raw.shape
    if columns is None:
        return f"`{argument}` must have at least 1 column; got shape {shape}."
    message = (
        f"`{argument}` must have {columns} {'column' if columns == 1 else 'columns'}, "
        f"{columns_are}; got shape {shape}."
    )
    if len(shape) == 1 and shape[0] == columns:
        message += f" Write one row as [[…]], or as np.reshape({argument}, (1, -1))."
    return message


def _check_finite(raw: _Raw, argument: str) -> None:
    """Refuse NaN and infinity, saying how many there are and where the first is."""
    values = raw.values
    # The sum of finite numbers is finite but for overflow: one pass settles the usual case.
    if values.dtype.kind != "f" or np.isfinite(values).all():
        return
    missing = np.isnan(values)
    bad, name = (missing, "NaN") if missing.any() else (~np.isfinite(values), "infinity")
    count = int(bad.sum())
    row, column = (int(i) for i in np.argwhere(bad)[0])
    place = raw.place(row, column)
    if count == 1:
        found = f"{'a NaN' if name == 'NaN' else 'an infinity'} in {place}"
    else:
        found = f"{count} {'NaNs' if name == 'NaN' else 'infinities'}, the first in {place}"
    raise DataError(
        f"`{argument}` has {found}. Fill such cells or drop their rows; `hiddenlogic fit FILE` "
        "handles missing cells of a table by itself."
    )
