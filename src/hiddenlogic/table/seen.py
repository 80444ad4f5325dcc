"""What a column looked like in the training rows, so that other tables can be compared with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import FormatError
from hiddenlogic.table import plain
from hiddenlogic.table.cells import numbers, texts
from hiddenlogic.table.kinds import USED_KINDS
from hiddenlogic.table.schema import Column

# Enough to know a column by; the step of a category keeps all of them.
_MOST_LEVELS = 50


@dataclass(frozen=True)
class Seen:
    """One column of the training rows.

    Attributes
    ----------
    column : str
    kind : str
        number, category, boolean or date.
    dtype : str
        Of the training table, in polars's words: "Float64".
    sizes : tuple of float
        Of numbers: the least, the quartiles and the greatest of the |x| that are not 0; empty if
        there is none.
    signed : bool
        Whether a number was negative.
    levels : tuple of str
        Of categories: the 50 most frequent levels at most, the most frequent first.
    """

    column: str
    kind: str
    dtype: str
    sizes: tuple[float, ...] = ()
    signed: bool = False
    levels: tuple[str, ...] = ()

    @classmethod
    def of(cls, column: Column, cells: pl.Series, rows: NDArray[np.integer]) -> Seen:
        """Look at the training rows of a column."""
        dtype = str(cells.dtype.base_type())
        if column.kind == "number":
            values = numbers(cells)[rows]
            return cls(
                column.name,
                "number",
                dtype,
                sizes_of(values),
                bool(np.nanmin(values, initial=0) < 0),
            )
        if column.kind == "category":
            counts = texts(cells).gather(rows).drop_nulls().value_counts()
            ranked = counts.sort("count", cells.name, descending=[True, False])
            levels = tuple(ranked[cells.name].head(_MOST_LEVELS).to_list())
            return cls(column.name, "category", dtype, levels=levels)
        return cls(column.name, column.kind, dtype)

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {**vars(self), "sizes": list(self.sizes), "levels": list(self.levels)}

    @classmethod
    def from_json(cls, data: object, where: str) -> Seen:
        """Check plain data and return the column.

        Raises
        ------
        FormatError
            If anything is not what `to_json` writes.
        """
        keys = ("column", "kind", "dtype", "sizes", "signed", "levels")
        found = plain.record(data, where, keys)
        sizes = plain.items(found["sizes"], f"{where}.sizes", _size)
        if len(sizes) not in (0, 5) or list(sizes) != sorted(sizes):
            raise FormatError(
                f"The model file is damaged: `{where}.sizes` must be empty or five rising numbers."
            )
        return cls(
            column=plain.text(found["column"], f"{where}.column"),
            kind=plain.text(found["kind"], f"{where}.kind", USED_KINDS),
            dtype=plain.text(found["dtype"], f"{where}.dtype"),
            sizes=sizes,
            signed=plain.flag(found["signed"], f"{where}.signed"),
            levels=plain.items(found["levels"], f"{where}.levels", plain.text),
        )


def sizes_of(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the least, the quartiles and the greatest |x| of those that are neither 0 nor NaN."""
    sizes = np.abs(values[~np.isnan(values) & (values != 0)])
    if not len(sizes):
        return ()
    # Of two neighbours, so that the quartiles of 1e308 and 1e-308 need no sum of them.
    quartiles = np.quantile(sizes, (0, 0.25, 0.5, 0.75, 1), method="lower")
    return tuple(float(size) for size in quartiles)


def _size(value: object, where: str) -> float:
    """Check one size."""
    return plain.number(value, where, least=0.0)
