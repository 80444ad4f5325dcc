"""Cells that are Python objects, as one column; never a guess about a single cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any, cast

import numpy as np
import polars as pl

from hiddenlogic.errors import DataError

# What stands for a missing cell and is no None; they are known by name, as pandas may be absent.
_MISSING_TYPES = ("NAType", "NaTType")
_CONTAINERS = (list, tuple, set, frozenset, dict, bytes, bytearray, np.ndarray, pl.Series)


def object_column(name: str, cells: Sequence[object]) -> pl.Series:
    """Return Python objects as a column.

    Parameters
    ----------
    name : str
    cells : sequence of object
        None, NaN, NaT and pandas's NA are missing.

    Returns
    -------
    polars.Series
        Truth values, numbers, dates or times where all cells are such; else text, each cell as
        `str` writes it. Whole numbers beyond 64 bits are text too, as floats would lose digits.
        Cells that are containers stay objects, which no network is fed.

    Raises
    ------
    DataError
        If a cell is text that UTF-8 cannot hold.

    Examples
    --------
    >>> object_column("x", [1, None, 2.5]).to_list()
    [1.0, None, 2.5]
    >>> object_column("x", [1, "one", 2.0, True]).to_list()
    ['1', 'one', '2', 'true']
    """
    values = [_plain(cell) for cell in cells]
    types = {type(value) for value in values if value is not None}
    if not types:
        return pl.Series(name, values, dtype=pl.Null)
    if types == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    if all(issubclass(kind, Real | Decimal) for kind in types):
        return _numbers(name, values, types)
    if types in ({date}, {datetime}, {time}, {timedelta}):
        return _moments(name, values)
    if any(issubclass(kind, _CONTAINERS) for kind in types):
        return pl.Series(name, values, dtype=pl.Object)
    return _texts(name, values)


def _plain(cell: Any) -> object:
    """Return None for a missing cell, and Python's own value for one of NumPy's or pandas's."""
    if cell is None or type(cell).__name__ in _MISSING_TYPES:
        return None
    if isinstance(cell, np.generic):
        return _plain(_own(cast("np.generic[Any]", cell)))
    if hasattr(cell, "to_pydatetime"):
        return cell.to_pydatetime(warn=False)
    if hasattr(cell, "to_pytimedelta"):
        return cell.to_pytimedelta()
    if isinstance(cell, float | Decimal) and cell != cell:
        return None
    return str(cell) if isinstance(cell, str) else cell


def _own(cell: np.generic[Any]) -> object:
    """Return a scalar of NumPy's as Python's own."""
    if cell.dtype.kind in "mM":
        # Of finer moments than microseconds `item` would return a count.
        cell = cell.astype(f"{cell.dtype.kind}8[us]")
    return cell.item()


def _numbers(name: str, values: list[object], types: set[type]) -> pl.Series:
    """Return whole numbers as Int64, others as Float64, those that fit neither as text."""
    try:
        if types == {int}:
            return pl.Series(name, values, dtype=pl.Int64)
        reals = [None if value is None else float(cast("Any", value)) for value in values]
    except (OverflowError, TypeError):  # polars says TypeError of a number beyond Int64
        return _texts(name, values)
    return pl.Series(name, reals, dtype=pl.Float64)


def _moments(name: str, values: list[object]) -> pl.Series:
    """Return dates or times; moments of which only some have a zone as text."""
    zoned = {getattr(value, "tzinfo", None) is not None for value in values if value is not None}
    return _texts(name, values) if len(zoned) > 1 else pl.Series(name, values)


def _texts(name: str, values: list[object]) -> pl.Series:
    """Return each cell as text, a number as `cells.texts` writes it."""
    try:
        return pl.Series(name, [_text(value) for value in values], dtype=pl.String)
    except UnicodeEncodeError as error:
        row = next(i for i, value in enumerate(values, start=1) if _is_broken(value))
        raise DataError(
            f"Column {name!r}, row {row}: expected text, got {error.object!r}, half of a character."
            " Correct that cell, or leave it empty if it is missing."
        ) from None


def _text(value: object) -> str | None:
    """Return a cell as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)


def _is_broken(value: object) -> bool:
    """Tell whether text holds half of a character."""
    return any("\ud800" <= letter <= "\udfff" for letter in str(value))
