"""Which rows have a target, and what each part of a split should have in the same proportion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import RangeError
from hiddenlogic.table.cells import numbers, texts
from hiddenlogic.table.schema import Schema

# Ten bins keep the parts alike from the smallest to the largest target (deciles).
_MOST_BINS = 10
# A bin of fewer rows than this cannot be shared out 70/15/15.
_ROWS_A_BIN = 10


@dataclass(frozen=True)
class Strata:
    """The rows to share out.

    Attributes
    ----------
    rows : ndarray of int64
        Indices of the rows that have a target, ascending.
    codes : ndarray of int64, shape (n_rows,)
        The class, or the bin of the target, of each of them.
    names : tuple of str
        Of the classes; empty for regression.
    """

    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    names: tuple[str, ...]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Rows of each class or bin."""
        return np.bincount(self.codes, minlength=len(self.names))


def stratify(schema: Schema, frame: pl.DataFrame, rows: NDArray[np.integer] | None) -> Strata:
    """Return the class or the bin of each of these rows, of all where None, that has a target."""
    cells = frame[schema.target.name]
    chosen = np.arange(frame.height) if rows is None else np.sort(rows).astype(np.int64)
    if schema.task == "regression":
        values = numbers(cells)[chosen]
        present = ~np.isnan(values)
        return Strata(chosen[present], _bins(values[present]), ())
    labels = texts(cells.gather(chosen))
    codes = labels.replace_strict(
        list(schema.classes), range(len(schema.classes)), default=None, return_dtype=pl.Int64
    )
    present = codes.is_not_null().to_numpy()
    return Strata(chosen[present], codes.drop_nulls().to_numpy(), schema.classes)


def random_keys(seed: int, height: int, repeats: int = 1) -> NDArray[np.uint64]:
    """Draw a key for each row of a table, shape (repeats, height); sorting by it shuffles.

    Raises
    ------
    RangeError
        If `seed` is negative.

    Notes
    -----
    Raw output of PCG64 orders the rows, as NumPy keeps bit generators but not `Generator.shuffle`
    unchanged between versions (NEP 19).
    """
    if seed < 0:
        raise RangeError(f"`seed` must be a whole number of at least 0; got {seed!r}.")
    return np.random.PCG64(seed).random_raw(repeats * height).reshape(repeats, height)


def _bins(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bin of each value; bins have as many rows each as can be."""
    count = len(values)
    bins = max(1, min(_MOST_BINS, count // _ROWS_A_BIN))
    codes = np.zeros(count, np.int64)
    codes[np.argsort(values, kind="stable")] = np.arange(count) * bins // max(count, 1)
    return codes
