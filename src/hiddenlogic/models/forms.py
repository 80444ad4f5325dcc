"""The form in which rows came, and predictions in that form."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

Columns = Mapping[str, NDArray[Any]]
"""Arrays of shape (n_rows,), by name."""


class Form(Protocol):
    """What rows came as."""

    def column(self, name: str, cells: NDArray[Any]) -> Any:
        """Return one column, a cell a row."""
        ...

    def table(self, columns: Columns) -> Any:
        """Return several columns."""
        ...


class PolarsForm:
    """polars.Series and polars.DataFrame; also what rows from a file are answered with."""

    def column(self, name: str, cells: NDArray[Any]) -> pl.Series:
        """Return a Series."""
        import polars as pl

        return pl.Series(name, cells)

    def table(self, columns: Columns) -> pl.DataFrame:
        """Return a DataFrame."""
        import polars as pl

        return pl.DataFrame([self.column(name, cells) for name, cells in columns.items()])


class LazyForm:
    """polars.LazyFrame, of one column or several."""

    def column(self, name: str, cells: NDArray[Any]) -> pl.LazyFrame:
        """Return a LazyFrame of one column."""
        return self.table({name: cells})

    def table(self, columns: Columns) -> pl.LazyFrame:
        """Return a LazyFrame."""
        return PolarsForm().table(columns).lazy()


@dataclass(frozen=True, eq=False)
class PandasForm:
    """pandas.Series and pandas.DataFrame with the index of the rows."""

    index: Any

    def column(self, name: str, cells: NDArray[Any]) -> Any:
        """Return a Series with the index."""
        return _pandas().Series(_plain(cells), index=self.index, name=name)

    def table(self, columns: Columns) -> Any:
        """Return a DataFrame with the index."""
        plain = {name: _plain(cells) for name, cells in columns.items()}
        return _pandas().DataFrame(plain, index=self.index)


@dataclass(frozen=True)
class ArrowForm:
    """pyarrow.Array with pyarrow.Table, or with pyarrow.RecordBatch if the rows were one."""

    batch: bool

    def column(self, name: str, cells: NDArray[Any]) -> Any:
        """Return an Array."""
        return sys.modules["pyarrow"].array(_plain(cells))

    def table(self, columns: Columns) -> Any:
        """Return a Table or RecordBatch."""
        pyarrow = sys.modules["pyarrow"]
        made = pyarrow.RecordBatch if self.batch else pyarrow.Table
        return made.from_arrays(
            [self.column(name, cells) for name, cells in columns.items()], names=list(columns)
        )


class MappingForm:
    """Arrays, and a dict of arrays."""

    def column(self, name: str, cells: NDArray[Any]) -> NDArray[Any]:
        """Return an array of shape (n_rows,)."""
        return cells

    def table(self, columns: Columns) -> Any:
        """Return a dict of arrays of shape (n_rows,)."""
        return dict(columns)


class ArrayForm(MappingForm):
    """Arrays: (n_rows,) and (n_rows, n_columns), the latter of objects if text is among them."""

    def table(self, columns: Columns) -> Any:
        """Return an array of shape (n_rows, n_columns)."""
        cells = list(columns.values())
        if len({one.dtype.kind in "biuf" for one in cells}) > 1:
            cells = [one.astype(object) for one in cells]
        return np.column_stack(cells)


class StructuredForm(MappingForm):
    """Arrays, and a structured array with a field a column."""

    def table(self, columns: Columns) -> Any:
        """Return a structured array of shape (n_rows,)."""
        n_rows = len(next(iter(columns.values())))
        made = np.empty(n_rows, [(name, cells.dtype) for name, cells in columns.items()])
        for name, cells in columns.items():
            made[name] = cells
        return made


def _pandas() -> Any:
    """Return pandas, which rows in its form have imported."""
    return sys.modules["pandas"]


def _plain(cells: NDArray[Any]) -> Any:
    """Return text as Python's, so that it has the usual type of text there."""
    return cells.tolist() if cells.dtype.kind in "UO" else cells
