"""Rows in whatever form people have them, as one polars frame, and answers in the same form."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from hiddenlogic.errors import DataError
from hiddenlogic.table import Table, read_table

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from hiddenlogic.models.forms import Form

TableLike = Any
"""A path, a `Table`, a frame of polars, pandas or pyarrow, a mapping of names to cells, or a 2-D or
structured array."""

_EXPECTED = (
    "Rows must be a path, a frame of polars, pandas or pyarrow, a mapping of names to cells, or an"
    " array of shape (n_rows, n_columns)"
)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows as one polars frame, and the form in which they came.

    Attributes
    ----------
    frame : polars.DataFrame
        Missing cells null; columns have unique names.
    form : Form
        Makes predictions into what the rows came as.
    notes : tuple of str
        What was detected or changed in reading a file.
    """

    frame: pl.DataFrame
    form: Form
    notes: tuple[str, ...] = ()

    def like(self, cells: NDArray[Any] | Mapping[str, NDArray[Any]], name: str = "") -> Any:
        """Return predictions as what the rows came as.

        Parameters
        ----------
        cells : ndarray of shape (n_rows,), or mapping of str to such arrays
            One column, or a table.
        name : str
            Of the one column, where the form has names.

        Returns
        -------
        polars.Series, polars.DataFrame
            If the rows came as a path, a `Table` or a polars DataFrame; for a LazyFrame a LazyFrame
            of one column or several.
        pandas.Series, pandas.DataFrame
            With the index of the rows.
        pyarrow.Array, pyarrow.Table or pyarrow.RecordBatch
        ndarray
            Of shape (n_rows,) for one column. A table is a dict of arrays for a mapping, an array
            of shape (n_rows, n_columns) for an array, a structured array for such a one.

        Examples
        --------
        >>> import numpy as np, pandas as pd
        >>> rows = read_rows(pd.DataFrame({"m2": [40, 61]}, index=["a", "b"]))
        >>> rows.like(np.array([410.0, 633.0]), "rent")
        a    410.0
        b    633.0
        Name: rent, dtype: float64
        >>> read_rows({"m2": [40, 61]}).like({"low": np.array([1, 2]), "high": np.array([3, 4])})
        {'low': array([1, 2]), 'high': array([3, 4])}
        """
        if isinstance(cells, Mapping):
            return self.form.table(cells)
        return self.form.column(name, cells)


def read_rows(rows: TableLike, *, names: Sequence[str] | None = None, **reading: Any) -> Rows:
    """Take rows in any form.

    Parameters
    ----------
    rows : TableLike
        - path-like: a CSV or Parquet file, read by `read_table`; or a `Table` that was read;
        - polars DataFrame or LazyFrame; pandas DataFrame with columns of any type, whose index is
          kept for the answer and is no input; pyarrow Table or RecordBatch;
        - mapping of names to lists, arrays or columns of frames;
        - ndarray of shape (n_rows, n_columns), masked or not, or structured.
    names : sequence of str, optional
        Of the columns of an array, in their order; ``x0``, ``x1``, … if not given.
    **reading
        Arguments for `read_table`.

    Returns
    -------
    Rows

    Raises
    ------
    DataError
        If it is nothing of these; has two columns of one name; if columns differ in length; or
        an array has another number of columns than `names`.

    Notes
    -----
    pandas and pyarrow are not imported: rows of theirs have done so. Columns whose names are no
    text are called as these are written ('0', '1'); the levels of a name are joined by '_'.

    Examples
    --------
    >>> import numpy as np
    >>> read_rows({"x": [1, 2]}).frame.rows()
    [(1,), (2,)]
    >>> read_rows(np.eye(2)).frame.columns
    ['x0', 'x1']
    >>> read_rows(np.eye(2), names=["width", "height"]).frame.columns
    ['width', 'height']
    """
    import polars as pl

    from hiddenlogic.models import forms
    from hiddenlogic.table.frames import to_frame
    from hiddenlogic.table.pandas_columns import is_pandas

    if isinstance(rows, str | os.PathLike):
        rows = read_table(Path(cast("str", rows)), **reading)
    if isinstance(rows, Table):
        return Rows(rows.frame, forms.PolarsForm(), rows.notes)
    if isinstance(rows, pl.DataFrame):
        return Rows(rows, forms.PolarsForm())
    if isinstance(rows, pl.LazyFrame):
        return Rows(rows.collect(), forms.LazyForm())
    if is_pandas(rows, "DataFrame"):
        columns = ((name, rows.iloc[:, place]) for place, name in enumerate(rows.columns))
        return Rows(to_frame(columns), forms.PandasForm(rows.index))
    if (batch := _is_arrow(rows, "RecordBatch")) or _is_arrow(rows, "Table"):
        return Rows(
            to_frame(zip(rows.schema.names, rows.columns, strict=True)), forms.ArrowForm(batch)
        )
    if isinstance(rows, Mapping):
        return Rows(to_frame(cast("Mapping[Any, Any]", rows).items()), forms.MappingForm())
    if isinstance(rows, np.ndarray):
        array = cast("NDArray[Any]", rows)
        if array.dtype.names is not None and array.ndim == 1:
            fields = ((name, array[name]) for name in array.dtype.names)
            return Rows(to_frame(fields), forms.StructuredForm())
        return Rows(to_frame(_array_columns(array, names)), forms.ArrayForm())
    raise DataError(f"{_EXPECTED}; got {type(rows).__name__}.{_way_out(rows)}")


def _array_columns(
    array: NDArray[Any], names: Sequence[str] | None
) -> Iterable[tuple[str, NDArray[Any]]]:
    """Name the columns of an array."""
    if array.ndim != 2:
        shape = f"an array of shape {array.shape}"
        raise DataError(f"{_EXPECTED}; got {shape}.{_way_out(array)}")
    if names is None:
        names = [f"x{place}" for place in range(array.shape[1])]
    if array.shape[1] != len(names):
        raise DataError(
            f"An array of rows must have a column for each of {', '.join(names[:10])}"
            f"{', …' if len(names) > 10 else ''}, in this order, which are {len(names)}; got"
            f" {array.shape[1]}."
        )
    return ((name, array[:, place]) for place, name in enumerate(names))


def _is_arrow(rows: object, kind: str) -> bool:
    """Tell whether rows are pyarrow's Table or RecordBatch."""
    pyarrow = sys.modules.get("pyarrow")
    return pyarrow is not None and isinstance(rows, getattr(pyarrow, kind))


def _way_out(rows: Any) -> str:
    """Say how to make a table of something that is nearly one."""
    if getattr(rows, "ndim", 0) == 1 and hasattr(rows, "reshape"):
        return " Use array.reshape(-1, 1) for one column or array.reshape(1, -1) for one row."
    if hasattr(rows, "to_frame"):
        return " Use its to_frame()."
    if hasattr(rows, "toarray"):
        return " Use its toarray(), if that fits into memory."
    if isinstance(rows, list | tuple):
        return " Use numpy.array(rows), or a mapping of names to columns."
    return ""
