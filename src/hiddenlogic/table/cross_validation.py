"""Cross-validation: every row is in the validation part of one fold."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, RangeError
from hiddenlogic.table.grouped_split import share_out_groups
from hiddenlogic.table.schema import Schema
from hiddenlogic.table.split import Split, only_one_way
from hiddenlogic.table.strata import Strata, random_keys, stratify
from hiddenlogic.table.time_split import cut_by_time, moments
from hiddenlogic.table.wording import listing, plural


def folds(
    schema: Schema,
    frame: pl.DataFrame,
    *,
    k: int = 5,
    repeats: int = 1,
    seed: int = 0,
    stratified: bool = True,
    groups: str | None = None,
    time: str | None = None,
    rows: NDArray[np.integer] | None = None,
) -> list[Split]:
    """Share out the rows into k folds, each of which is held out once while the others train.

    Parameters
    ----------
    schema : Schema
    frame : polars.DataFrame
        Rows without a target are in no part.
    k : int
        At least 2.
    repeats : int
        At least 1: so many times k folds, each time at random anew.
    seed : int
        At least 0. The same seed gives the same folds with every version of NumPy.
    stratified : bool
        Whether each class, or tenth of a target's range, is in equal proportion in every fold.
    groups : str, optional
        A column that names groups; no group is in two folds.
    time : str, optional
        A column of dates or numbers. Rows are cut into k + 1 stretches of time; fold i trains on
        the first i (the window expands) and validates on the next one. Nothing is shuffled.
    rows : ndarray of integers, optional
        The rows to share out, such as those that are not held out for a verdict; all if not given.

    Returns
    -------
    list of Split
        k · repeats of them. `validation` is the fold, `train` the rows to train on, `test` is
        empty. Where a training is stopped by rows of its own, split the training rows again:
        ``split_rows(schema, frame, seed=0, rows=fold.train)``.

    Raises
    ------
    RangeError
        If `k`, `repeats` or `seed` is out of range, both `groups` and `time` are given, or `time`
        with `repeats`, as time happens once.
    UnknownNameError
        If there is no such column.
    DataError
        If there are fewer rows, groups or moments than folds.

    Examples
    --------
    >>> import polars as pl
    >>> from hiddenlogic.table import infer_schema
    >>> flats = pl.DataFrame({"m2": range(20), "rent": [i * 0.5 for i in range(20)]})
    >>> for fold in folds(infer_schema(flats), flats, k=4):
    ...     print(len(fold.train), fold.validation)
    15 [ 3  5  6 14 15]
    15 [ 0  2  9 10 18]
    15 [ 1  7 11 12 19]
    15 [ 4  8 13 16 17]
    """
    _check(k, repeats, time)
    only_one_way(frame, groups=groups, time=time)
    keys = random_keys(seed, frame.height, repeats)
    strata = stratify(schema, frame, rows)
    if not stratified:
        strata = Strata(strata.rows, np.zeros_like(strata.codes), ())
    if len(strata.rows) < k + bool(time):
        raise DataError(
            f"The table has {plural(len(strata.rows), 'row')} with a target; {k} folds need at"
            f" least {k + bool(time)}. Add rows, or take fewer folds."
        )
    if time is not None:
        stretch = cut_by_time(
            time, moments(schema, frame[time], strata.rows), [1 / (k + 1)] * (k + 1)
        )
        pairs = [(stretch < later, stretch == later) for later in range(1, k + 1)]
    else:
        pairs = [
            (fold != held_out, fold == held_out)
            for fold in (_fold_of_each(strata, frame, groups, drawn, k) for drawn in keys)
            for held_out in range(k)
        ]
    notes = _rare(strata, k)
    none = np.zeros(0, np.int64)
    return [Split(strata.rows[train], strata.rows[held], none, notes) for train, held in pairs]


def _fold_of_each(
    strata: Strata, frame: pl.DataFrame, groups: str | None, keys: NDArray[np.uint64], k: int
) -> NDArray[np.int64]:
    """Return the fold of each row; folds differ by one row at most, in all and in each class."""
    if groups is not None:
        return share_out_groups(strata, frame[groups], keys, [1 / k] * k)
    fold = np.empty(len(strata.rows), np.int64)
    fold[np.lexsort((keys[strata.rows], strata.codes))] = np.arange(len(fold)) % k
    return fold


def _check(k: int, repeats: int, time: str | None) -> None:
    """Raise for numbers that are out of range."""
    if k < 2:
        raise RangeError(f"`k` must be a whole number of at least 2; got {k!r}.")
    if repeats < 1:
        raise RangeError(f"`repeats` must be a whole number of at least 1; got {repeats!r}.")
    if time is not None and repeats > 1:
        raise RangeError(
            f"`repeats` must be 1 where rows are split by `time` ({time!r}), as every repeat would"
            f" be the same; got {repeats!r}."
        )


def _rare(strata: Strata, k: int) -> tuple[str, ...]:
    """Say which classes are too rare to be in every fold."""
    rare = [
        f"{name!r} ({plural(size, 'row')})"
        for name, size in zip(strata.names, strata.sizes.tolist(), strict=False)
        if 0 < size < k
    ]
    return (
        (f"classes with fewer than {k} rows are not in every fold: {listing(rare)}",)
        if rare
        else ()
    )
