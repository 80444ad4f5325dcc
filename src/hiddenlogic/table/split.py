"""Rows for training, for stopping in time, and for the held-out verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, RangeError
from hiddenlogic.table.cells import numbers, texts
from hiddenlogic.table.schema import Schema
from hiddenlogic.table.wording import listing, plural

# Below this the held-out parts have one row each and say nothing.
MIN_ROWS = 10
# Ten bins keep the parts alike from the smallest to the largest target (deciles).
_MOST_BINS = 10
# A bin of fewer rows than this cannot be shared out 70/15/15.
_ROWS_A_BIN = 10
# One row for each part.
_ROWS_A_CLASS = 3


@dataclass(frozen=True)
class Split:
    """Which rows serve which purpose.

    Attributes
    ----------
    train, validation, test : ndarray of int64
        Row indices from 0, ascending; together every row that has a target, once.
    notes : tuple of str
        Classes too small to be shared out.
    """

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]
    notes: tuple[str, ...] = ()


def split_rows(
    schema: Schema,
    frame: pl.DataFrame,
    *,
    seed: int,
    fractions: tuple[float, float, float] = (0.70, 0.15, 0.15),
) -> Split:
    """Share out the rows at random, each class (or range of the target) in the same proportions.

    Parameters
    ----------
    schema : Schema
    frame : polars.DataFrame
        Rows without a target are in no part.
    seed : int
        At least 0. The same seed gives the same parts with every version of NumPy.
    fractions : tuple of float
        Of training, validation and test; each greater than 0, their sum 1.

    Returns
    -------
    Split
        A class of three rows or more has at least one in each part; smaller ones are for training
        only, which `notes` say.

    Raises
    ------
    RangeError
        If `fractions` or `seed` is out of range.
    DataError
        If fewer than 10 rows have a target.

    Notes
    -----
    Raw output of PCG64 orders the rows, as NumPy keeps bit generators but not `Generator.shuffle`
    unchanged between versions (NEP 19). Shares are rounded over the running total of the classes,
    so that many small classes do not push the parts out of proportion.
    """
    if min(fractions) <= 0 or abs(sum(fractions) - 1) > 1e-9:  # 1e-9: the rounding of decimals
        raise RangeError(
            f"`fractions` must be three numbers greater than 0 whose sum is 1; got {fractions!r}."
        )
    if seed < 0:
        raise RangeError(f"`seed` must be a whole number of at least 0; got {seed!r}.")
    strata, names, present = _strata(schema, frame)
    rows = np.flatnonzero(present)
    if len(rows) < MIN_ROWS:
        raise DataError(
            f"The table has {plural(len(rows), 'row')} with a target; a split into training,"
            f" validation and test rows needs at least {MIN_ROWS}. Add rows."
        )
    keys = np.random.PCG64(seed).random_raw(frame.height)
    order = rows[np.lexsort((keys[rows], strata[rows]))]
    sizes = np.bincount(strata[rows], minlength=len(names)).tolist()
    parts: tuple[list[NDArray[np.int64]], ...] = ([], [], [])
    start = 0
    for size in sizes:
        validation, test = _held_out(start, size, fractions, is_class=bool(names))
        cuts = (size - validation - test, size - test)
        chosen = np.split(order[start : start + size], cuts)
        for part, members in zip(parts, chosen, strict=True):
            part.append(members)
        start += size
    train, validation, test = (np.sort(np.concatenate(part)) for part in parts)
    made = Split(train, validation, test, _small(names, sizes))
    _refuse_empty(made, fractions)
    return made


def _held_out(
    start: int, size: int, fractions: tuple[float, float, float], *, is_class: bool
) -> tuple[int, int]:
    """Return how many of `size` rows, which follow `start` others, are for validation and test."""
    if is_class and size < _ROWS_A_CLASS:
        return 0, 0
    least = int(is_class)
    wanted = [
        _round_half_up(share * (start + size)) - _round_half_up(share * start)
        for share in fractions[1:]
    ]
    validation = min(max(wanted[0], least), size - 1 - least)
    return validation, min(max(wanted[1], least), size - 1 - validation)


def _small(names: tuple[str, ...], sizes: list[int]) -> tuple[str, ...]:
    """Say which classes are too small to be shared out."""
    small = [
        f"{name!r} ({plural(size, 'row')})"
        for name, size in zip(names, sizes, strict=False)
        if 0 < size < _ROWS_A_CLASS
    ]
    if not small:
        return ()
    return (
        f"classes with fewer than {_ROWS_A_CLASS} rows are for training only: {listing(small)}",
    )


def _refuse_empty(split: Split, fractions: tuple[float, float, float]) -> None:
    """Raise if a part has no rows."""
    shares = " / ".join(f"{share:g}" for share in fractions)
    for name in ("train", "validation", "test"):
        if not len(getattr(split, name)):
            raise DataError(
                f"The split {shares} leaves no {name} rows."
                " Add rows (three a class at least), or choose other fractions."
            )


def _strata(
    schema: Schema, frame: pl.DataFrame
) -> tuple[NDArray[np.int64], tuple[str, ...], NDArray[np.bool_]]:
    """Return each row's class or bin, the names of the classes, and which rows have a target."""
    cells = frame[schema.target.name]
    if schema.task == "regression":
        values = numbers(cells)
        present = ~np.isnan(values)
        count = int(np.count_nonzero(present))
        bins = max(1, min(_MOST_BINS, count // _ROWS_A_BIN))
        strata = np.zeros(len(values), np.int64)
        ranked = np.flatnonzero(present)[np.argsort(values[present], kind="stable")]
        strata[ranked] = np.arange(count) * bins // max(count, 1)
        return strata, (), present
    labels = texts(cells)
    codes = labels.replace_strict(
        list(schema.classes), range(len(schema.classes)), default=None, return_dtype=pl.Int64
    )
    present = codes.is_not_null().to_numpy()
    return codes.fill_null(0).to_numpy(), schema.classes, present


def _round_half_up(value: float) -> int:
    """Round to the nearest whole number; a half always up, where `round` would go to even ones."""
    return int(value + 0.5)
