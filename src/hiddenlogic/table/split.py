"""Rows for training, for stopping in time, and for the held-out verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, RangeError, UnknownNameError, did_you_mean
from hiddenlogic.table.given_split import TEST, TRAIN, VALIDATION, given_parts
from hiddenlogic.table.grouped_split import share_out_groups
from hiddenlogic.table.schema import Schema
from hiddenlogic.table.strata import Strata, random_keys, stratify
from hiddenlogic.table.stratified_split import share_out
from hiddenlogic.table.time_split import cut_by_time, moments
from hiddenlogic.table.wording import listing, plural

# Below this the held-out parts have one row each and say nothing.
MIN_ROWS = 10
FRACTIONS = (0.70, 0.15, 0.15)


@dataclass(frozen=True)
class Split:
    """Which rows serve which purpose.

    Attributes
    ----------
    train, validation, test : ndarray of int64
        Row indices from 0, ascending; no row is in two parts.
    notes : tuple of str
        What should be known about the parts, such as classes too small to be shared out.
    how : str
        "at random", "by groups of 'person'", "by time, 'day'" or "as 'part' says".
    """

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]
    notes: tuple[str, ...] = ()
    how: str = "at random"


def split_rows(
    schema: Schema,
    frame: pl.DataFrame,
    *,
    seed: int,
    fractions: tuple[float, float, float] = FRACTIONS,
    groups: str | None = None,
    time: str | None = None,
    split_column: str | None = None,
    rows: NDArray[np.integer] | None = None,
) -> Split:
    r"""Share out the rows: at random, by groups, by time, or as a column says.

    Parameters
    ----------
    schema : Schema
    frame : polars.DataFrame
        Rows without a target are in no part.
    seed : int
        At least 0. The same seed gives the same parts with every version of NumPy.
    fractions : tuple of float
        Of training, validation and test; each greater than 0, their sum 1.
    groups : str, optional
        A column that names groups; no group is in two parts.
    time : str, optional
        A column of dates or numbers: training rows come before all validation rows, these before
        all test rows. Nothing is shuffled, and rows of one moment stay together.
    split_column : str, optional
        A column that holds train, val (or nothing of it) and test. Where no row is for validation,
        these are drawn from the training rows.
    rows : ndarray of integers, optional
        The rows to share out; all where not given. With `folds`, the training rows of a fold.

    Returns
    -------
    Split
        At random and by groups, each class (or range of the target) is in the same proportions in
        every part. At random, a class of three rows or more has at least one in each part; smaller
        ones are for training only, which `notes` say.

    Raises
    ------
    RangeError
        If `fractions` or `seed` is out of range, or more than one of `groups`, `time` and
        `split_column` is given.
    UnknownNameError
        If there is no such column.
    DataError
        If fewer than 10 rows have a target, or the column cannot say what it should.

    Examples
    --------
    >>> import polars as pl
    >>> from hiddenlogic.table import infer_schema
    >>> sales = pl.DataFrame({"week": range(1, 21), "price": [i * 0.5 for i in range(20)],
    ...                       "sold": [i * 1.5 for i in range(20)]})
    >>> split = split_rows(infer_schema(sales), sales, seed=0, time="week")
    >>> split.train[-1], split.validation, split.test
    (np.int64(13), array([14, 15, 16]), array([17, 18, 19]))
    """
    if min(fractions) <= 0 or abs(sum(fractions) - 1) > 1e-9:  # 1e-9: the rounding of decimals
        raise RangeError(
            f"`fractions` must be three numbers greater than 0 whose sum is 1; got {fractions!r}."
        )
    only_one_way(frame, groups=groups, time=time, split_column=split_column)
    keys = random_keys(seed, frame.height)[0]
    strata = stratify(schema, frame, rows)
    if len(strata.rows) < MIN_ROWS:
        raise DataError(
            f"The table has {plural(len(strata.rows), 'row')} with a target; a split into training,"
            f" validation and test rows needs at least {MIN_ROWS}. Add rows."
        )
    notes: tuple[str, ...] = ()
    if groups is not None:
        how = f"by groups of {groups!r}"
        parts = share_out_groups(strata, frame[groups], keys, fractions)
    elif time is not None:
        how = f"by time, {time!r}"
        parts = cut_by_time(time, moments(schema, frame[time], strata.rows), fractions)
    elif split_column is not None:
        how = f"as {split_column!r} says"
        parts, notes = _given(strata, frame[split_column], keys)
    else:
        how = "at random"
        parts, notes = share_out(strata, keys, fractions)
    train, validation, test = (strata.rows[parts == part] for part in (TRAIN, VALIDATION, TEST))
    made = Split(train, validation, test, (*notes, *_unlearned(strata, parts)), how)
    _refuse_empty(made, fractions)
    return made


def only_one_way(frame: pl.DataFrame, **columns: str | None) -> None:
    """Raise for columns that do not exist, or for two ways to split at a time."""
    given = {name: column for name, column in columns.items() if column is not None}
    for column in given.values():
        if column not in frame.columns:
            raise UnknownNameError(
                f"The table has no column {column!r} to split by; it has"
                f" {listing(frame.columns, 10)}.{did_you_mean(column, frame.columns)}"
            )
    if len(given) > 1:
        raise RangeError(
            f"Rows can be split by one column only; got"
            f" {' and '.join(f'`{name}` {column!r}' for name, column in given.items())}."
        )


def _given(
    strata: Strata, cells: pl.Series, keys: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the parts that a column names; draw validation rows where it names none."""
    parts = given_parts(cells, strata.rows)
    if np.any(parts == VALIDATION):
        return parts, ()
    train = np.flatnonzero(parts == TRAIN)
    among = Strata(strata.rows[train], strata.codes[train], strata.names)
    # Of rows that are for training or for stopping in time, as many as in a split by us.
    share = FRACTIONS[1] / (FRACTIONS[0] + FRACTIONS[1])
    drawn, notes = share_out(among, keys, (1 - share, share))
    parts[train] = drawn
    count = plural(int(np.count_nonzero(drawn)), "training row")
    note = f"{cells.name!r} marks no validation rows, so {count} are for validation"
    return parts, (f"{note} (--split-column)", *notes)


def _unlearned(strata: Strata, parts: NDArray[np.int64]) -> tuple[str, ...]:
    """Say which classes no training row has."""
    if not strata.names:
        return ()
    known = np.bincount(strata.codes[parts == TRAIN], minlength=len(strata.names))
    lost = [
        f"{name!r} ({plural(int(size), 'row')})"
        for name, size, trained in zip(strata.names, strata.sizes, known, strict=True)
        if size and not trained
    ]
    if not lost:
        return ()
    return (f"classes without a training row, which nothing can learn: {listing(lost)}",)


def _refuse_empty(split: Split, fractions: Sequence[float]) -> None:
    """Raise if a part has no rows."""
    shares = " / ".join(f"{share:g}" for share in fractions)
    for name in ("train", "validation", "test"):
        if not len(getattr(split, name)):
            raise DataError(
                f"The split {shares} leaves no {name} rows."
                " Add rows (three a class at least), or choose other fractions."
            )
