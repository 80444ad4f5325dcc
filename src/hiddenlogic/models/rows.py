"""Rows in whatever form people have them, as one polars frame."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from hiddenlogic.errors import DataError
from hiddenlogic.table import Table, read_table

if TYPE_CHECKING:
    import polars as pl

Rows = Any
"""A path, a `Table`, a polars or pandas DataFrame, or a mapping of names to cells."""


def to_frame(rows: Rows, **reading: Any) -> pl.DataFrame:
    """Return rows as a polars frame.

    Parameters
    ----------
    rows : path-like, Table, polars.DataFrame, pandas.DataFrame or mapping of str to sequence
        A file is read by `read_table`.
    **reading
        Arguments for `read_table`.

    Returns
    -------
    polars.DataFrame

    Raises
    ------
    DataError
        If it is nothing of these, or its columns differ in length.

    Examples
    --------
    >>> to_frame({"x": [1, 2]}).rows()
    [(1,), (2,)]
    """
    import polars as pl

    if isinstance(rows, str | os.PathLike):
        return read_table(Path(cast("str", rows)), **reading).frame
    if isinstance(rows, Table):
        return rows.frame
    if isinstance(rows, pl.DataFrame):
        return rows
    if isinstance(rows, pl.LazyFrame):
        return rows.collect()
    if isinstance(rows, Mapping):
        columns = {str(name): cells for name, cells in cast("Mapping[Any, Any]", rows).items()}
    elif hasattr(rows, "columns") and hasattr(rows, "notna"):
        # pandas, without importing it; its missing cells become polars's.
        columns = {
            str(name): rows[name].astype(object).where(rows[name].notna(), None).tolist()
            for name in rows.columns
        }
    else:
        raise DataError(
            "Rows must be a path, a polars or pandas DataFrame or a mapping of names to cells;"
            f" got {type(rows).__name__}."
        )
    try:
        return pl.DataFrame(columns, strict=False)
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise DataError(f"These columns are no table: {error}.") from None
