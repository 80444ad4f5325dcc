"""Arrays of NumPy as columns."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.table.objects import object_column

# What NumPy counts days and moments in, and the nearest unit that polars has without loss.
_UNITS = {"Y": "D", "M": "D", "W": "D", "D": "D", "h": "ms", "m": "ms", "s": "ms", "ms": "ms"} | {
    "us": "us",
    "ns": "ns",
}


def array_column(name: str, cells: NDArray[Any]) -> pl.Series:
    """Return a 1-D array as a column; masked cells, NaN and NaT are missing."""
    if cells.ndim != 1:
        raise DataError(
            f"Column {name!r} must be an array of shape (n_rows,); got the shape {cells.shape}."
        )
    if isinstance(cells, np.ma.MaskedArray):
        masked = cast("np.ma.MaskedArray[Any, Any]", cells)
        return array_column(name, np.asarray(masked.data)).set(
            pl.Series(np.ma.getmaskarray(masked)), None
        )
    match cells.dtype.kind:
        case "b" | "i" | "u":
            return pl.Series(name, np.ascontiguousarray(cells, cells.dtype.newbyteorder("=")))
        case "f":
            # polars knows float32 and float64; the matrix that a network is fed is float32.
            width = np.float32 if cells.dtype.itemsize <= 4 else np.float64
            return pl.Series(name, np.ascontiguousarray(cells, width), nan_to_null=True)
        case "M" | "m":
            return _moments(name, cells)
        case "O" | "U" | "T":
            return object_column(name, cells.tolist())
        case _:
            raise DataError(
                f"Column {name!r} must hold numbers, truth values, text or dates; got"
                f" {cells.dtype}. Convert it, or leave it out."
            )


def _moments(name: str, cells: NDArray[Any]) -> pl.Series:
    """Return dates, moments or durations in a unit that polars has."""
    kind, unit = cells.dtype.kind, np.datetime_data(cells.dtype)[0]
    wanted = _UNITS.get(unit, "ns")
    if kind == "m" and wanted == "D":
        wanted = "ms"
    return pl.Series(name, np.ascontiguousarray(cells.astype(f"{kind}8[{wanted}]")))
